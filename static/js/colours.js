/** The colour of an element by the style sheets, read once for each set of colours. */

// To read a style makes the browser compute all of them, which it would do once a frame anyway.
/** @type {WeakMap<Element, string>} */
let known = new WeakMap();
for (const set of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(set).addEventListener("change", () => {
    known = new WeakMap();
  });
}

/**
 * @param {Element} element
 * @returns {string} its CSS colour
 */
export function colourOf(element) {
  const colour = known.get(element) ?? getComputedStyle(element).color;
  known.set(element, colour);
  return colour;
}
