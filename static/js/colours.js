/** The colour of an element by the style sheets, looked up once for each colour scheme. */

// Looking up one style makes the browser compute all styles. It does so once a frame anyway.
/** @type {WeakMap<Element, string>} */
let cache = new WeakMap();
for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(query).addEventListener("change", () => {
    cache = new WeakMap();
  });
}

/**
 * @param {Element} element
 * @returns {string} its CSS colour
 */
export function colourOf(element) {
  const colour = cache.get(element) ?? getComputedStyle(element).color;
  cache.set(element, colour);
  return colour;
}
