/** Modules and style sheets that come with the part of the page that needs them. */

/**
 * Load something when it is first wanted. If that fails, the next call tries again.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>} all calls get the same; so they go on in the order of the calls
 */
export function once(load) {
  /** @type {Promise<T> | null} */
  let made = null;
  return () => {
    made ??= load().catch((error) => {
      made = null;
      throw error;
    });
    return made;
  };
}

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
