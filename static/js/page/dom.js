/** Elements, texts, events, colours, and small grey pictures. */

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

/**
 * Write a text, if it is another one: assistive technology and tests see only what changes.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Write an attribute, if it is another one.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Hide or show, if that changes something.
 *
 * @param {HTMLElement} element
 * @param {boolean} isHidden
 */
export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

// Events -----------------------------------------------------------------------------------------

/**
 * The single events that the browser has coalesced into one.
 *
 * @param {PointerEvent} event
 */
export function eventsIn(event) {
  // Missing on pages served without TLS, and empty for anything but a move.
  const coalesced = event.getCoalescedEvents?.() ?? [];
  return coalesced.length > 0 ? coalesced : [event];
}

/**
 * Call back when the window moves to another screen, or the page is zoomed.
 *
 * @param {() => void} callback
 */
export function whenDensityChanges(callback) {
  const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const changed = () => {
    callback();
    whenDensityChanges(callback);
  };
  density.addEventListener("change", changed, { once: true });
}

// Colours ----------------------------------------------------------------------------------------

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

// Pictures ---------------------------------------------------------------------------------------

/**
 * @param {string} text base64
 * @returns {Uint8Array}
 */
export function bytesFrom(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/**
 * Paint grey values as ink: 0 is transparent, 255 the full CSS colour of the canvas.
 *
 * @param {HTMLCanvasElement} canvas gets one pixel for each value
 * @param {Uint8Array} values row by row
 * @param {number} width in pixels; the height follows
 */
export function paintPixels(canvas, values, width) {
  const height = values.length / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const picture = new ImageData(width, height);
  values.forEach((value, i) => {
    picture.data[4 * i + 3] = value;
  });
  const context = contextOf(canvas);
  context.putImageData(picture, 0, 0);
  context.globalCompositeOperation = "source-in"; // keeps the opacity, replaces the colour
  context.fillStyle = colourOf(canvas);
  context.fillRect(0, 0, width, height);
}
