/** Style sheets that come with the part of the page that needs them. */

/**
 * Load the style sheet of a part of the page, if it has one that is not there yet.
 *
 * @param {HTMLElement} part has its address in data-sheet
 * @returns {Promise<void>} settled when it has arrived, or cannot be had
 */
export async function sheetOf(part) {
  const href = part.dataset.sheet;
  if (!href || document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const arrived = new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
  });
  document.head.append(link);
  await arrived;
}
