/** A whole number: each digit under its part of the ink, and one of them chosen to be looked into. */

import { find, findAll } from "./dom.js";

/** @import { Answer, Digit } from "./answer.js" */

const ROOM = 38; // CSS pixels that a digit and its share need side by side
const MARGIN = 0.04; // around the ink of a digit, in heights of the pad: half the pen, and some air

/**
 * Where marks of one width stand in a row: each as near to its place as the others let it.
 *
 * @param {number[]} wanted places of their middles, from left to right
 * @param {number} width of a mark, in the same unit
 * @param {number} row the width of all; the marks are narrower where they would not fit
 * @returns {number[]} places of their middles
 */
export function spread(wanted, width, row) {
  const room = Math.min(width, row / wanted.length);
  /** @type {number[]} */
  const places = [];
  for (const place of wanted) places.push(Math.max(place, (places.at(-1) ?? -room / 2) + room));
  let next = row + room / 2;
  for (let i = places.length - 1; i >= 0; i -= 1) {
    next = Math.min(places[i], next - room);
    places[i] = next;
  }
  return places;
}

/**
 * @param {HTMLElement} root lies on the pad; holds a template for a digit: a box and a button
 * @param {() => void} changed called when another digit is chosen
 * @returns {{chosen: Digit | null, update: (answer: Answer | null) => void}} chosen: the reading
 *   of that digit; answer: of the server, with `digits`; null for a blank pad
 */
export function createNumber(root, changed) {
  const template = find(root, "template", HTMLTemplateElement);
  const list = find(root, "ol", HTMLElement);
  /** @type {Digit[]} */
  let digits = []; // as the server has them, from left to right
  /** @type {number | null} */
  let picked = null; // the place of the one that was chosen by hand …
  let inkThen = 0; // … and how many strokes there were
  /** @type {Answer | null | undefined} */
  let shown; // the answer on the page

  /** Chosen by hand, or else the one that the pen was at last. */
  function place() {
    if (picked !== null && picked < digits.length) return picked;
    const last = digits.map(({ strokes }) => Math.max(...strokes));
    return last.lastIndexOf(Math.max(...last));
  }

  /** @param {HTMLElement} item */
  function pick(item) {
    const index = items().indexOf(item);
    if (index === place() && picked !== null) return;
    picked = index;
    mark();
    changed();
  }

  const items = () => findAll(list, ".number-digit", HTMLElement);

  function make() {
    const copy = document.importNode(template.content, true);
    const item = find(copy, ".number-digit", HTMLElement);
    const button = find(item, "button", HTMLButtonElement);
    for (const type of ["click", "focus"]) button.addEventListener(type, () => pick(item));
    button.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType === "mouse") pick(item); // a finger has to be able to scroll
    });
    return item;
  }

  /** @param {Answer | null} answer */
  function update(answer) {
    if (answer === shown) return;
    shown = answer;
    digits = answer?.digits ?? [];
    const ink = new Set(digits.flatMap(({ strokes }) => strokes)).size;
    if (ink !== inkThen) picked = null; // what was chosen may stand elsewhere, or be gone
    inkThen = ink;
    while (list.children.length > digits.length) list.lastElementChild?.remove();
    while (list.children.length < digits.length) list.append(make());
    for (const [i, item] of items().entries()) fill(item, digits[i]);
    mark();
    arrange();
  }

  function mark() {
    items().forEach((item, i) => {
      const button = find(item, "button", HTMLButtonElement);
      button.setAttribute("aria-pressed", String(i === place()));
    });
  }

  /** Boxes around the ink, and the digits below it. */
  function arrange() {
    const { clientWidth: width, clientHeight: height } = root;
    const middles = digits.map(({ box: [left, , right] }) => ((left + right) / 2) * height);
    const places = spread(middles, ROOM, width);
    items().forEach((item, i) => {
      const [left, top, right, bottom] = digits[i].box;
      const { style } = find(item, ".number-box", HTMLElement);
      style.left = `${(left - MARGIN) * height}px`;
      style.top = `${(top - MARGIN) * height}px`;
      style.width = `${(right - left + 2 * MARGIN) * height}px`;
      style.height = `${(bottom - top + 2 * MARGIN) * height}px`;
      find(item, "button", HTMLButtonElement).style.left = `${places[i]}px`;
    });
  }

  new ResizeObserver(arrange).observe(root);
  return {
    get chosen() {
      return digits[place()] ?? null;
    },
    update,
  };
}

/**
 * Write a digit and its share on its button.
 *
 * @param {HTMLElement} item
 * @param {Digit} digit
 */
function fill(item, { digit, verdict, confidence }) {
  item.dataset.verdict = verdict;
  find(item, ".number-figure", HTMLElement).textContent = String(digit ?? "?");
  // Short, for digits stand close; like everywhere never 100: a network is never certain.
  const share = Math.min(Math.round(confidence * 100), 99);
  const text = digit === null ? "none" : `${share}\u2009%`;
  find(item, ".number-share", HTMLElement).textContent = text;
}
