/** The networks in numbers: a link to a network, such as /models#lenet, unfolds it. */

/** @param {string} hash "#" and the id of a fold */
function unfold(hash) {
  const fold = document.getElementById(hash.slice(1));
  if (!(fold instanceof HTMLDetailsElement)) return;
  fold.open = true;
  fold.scrollIntoView();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href^='#']");
  if (link) unfold(link.getAttribute("href") ?? ""); // even if the address stays the same
});
addEventListener("hashchange", () => unfold(location.hash));
unfold(location.hash);
