/** The page of the networks: a link to a network, such as /models#lenet, opens its section. */

/** @param {string} hash "#" and the id of a details element */
function unfold(hash) {
  const details = document.getElementById(hash.slice(1));
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  details.scrollIntoView();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href^='#']");
  if (link) unfold(link.getAttribute("href") ?? ""); // even if the address stays the same
});
addEventListener("hashchange", () => unfold(location.hash));
unfold(location.hash);
