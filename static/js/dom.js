/** Find elements of the page by selector, and check their class. */

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T} the first element that fits
 * @throws {Error} if there is none: the template lacks an element that a module needs
 */
export function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (element instanceof type) return element;
  throw new Error(`${selector}: found ${element}, wanted ${type.name}`);
}

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T[]} all elements that fit, in the order of the page
 */
export function findAll(root, selector, type) {
  const elements = [...root.querySelectorAll(selector)];
  return elements.flatMap((element) => (element instanceof type ? [element] : []));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 * @throws {Error} if the canvas is used for something else
 */
export function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("the canvas has no 2D context");
  return context;
}
