/** A whole number: each digit stands under its ink, and one of them is chosen for the details. */

import { wholePercent } from "../answer/words.js";
import { find, findAll, setAttribute, setText } from "../page/dom.js";

/** @import { Answer, Digit } from "../answer/types.js" */

const MARK_WIDTH = 2.375; // of a digit with its confidence, in heights of the page's text
const BOX_MARGIN = 0.04; // around the ink, in heights of the pad: half the pen's width, and a gap

/**
 * Move marks in a row apart until none overlaps another; each stays as near as it can.
 *
 * @param {number[]} wanted the wanted middles of the marks, from left to right
 * @param {number} width of a mark, in the same unit
 * @param {number} row the width of the row; if the marks do not fit, they are narrower
 * @returns {number[]} the middles of the marks
 */
export function spread(wanted, width, row) {
  const spacing = Math.min(width, row / wanted.length);
  /** @type {number[]} */
  const places = [];
  for (const place of wanted) {
    places.push(Math.max(place, (places.at(-1) ?? -spacing / 2) + spacing));
  }
  let next = row + spacing / 2;
  for (let i = places.length - 1; i >= 0; i -= 1) {
    next = Math.min(places[i], next - spacing);
    places[i] = next;
  }
  return places;
}

/**
 * @param {HTMLElement} root lies on the pad; holds a template for a digit: a box and a button
 * @param {() => void} changed called when another digit is chosen
 * @returns {{chosen: Digit | null, update: (answer: Answer | null) => void}} chosen: the answer
 *   about that digit; answer: of the server, with `digits`; null for a blank pad
 */
export function createNumber(root, changed) {
  const template = find(root, "template", HTMLTemplateElement);
  const list = find(root, "ol", HTMLElement);
  /** @type {Digit[]} */
  let digits = []; // of the answer, from left to right
  /** @type {number | null} */
  let picked = null; // the index of the digit that the visitor chose
  let strokeCount = 0; // of the last answer
  /** @type {Answer | null | undefined} */
  let shown; // the answer on the page

  /** The index of the digit that the visitor chose, or else of the one drawn last. */
  function chosenIndex() {
    if (picked !== null && picked < digits.length) return picked;
    const last = digits.map(({ strokes }) => Math.max(...strokes));
    return last.lastIndexOf(Math.max(...last));
  }

  /** @param {HTMLElement} item */
  function pick(item) {
    const index = items().indexOf(item);
    if (index === chosenIndex() && picked !== null) return;
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
    const count = new Set(digits.flatMap(({ strokes }) => strokes)).size;
    if (count !== strokeCount) picked = null; // the index may belong to another digit now
    strokeCount = count;
    while (list.children.length > digits.length) list.lastElementChild?.remove();
    while (list.children.length < digits.length) list.append(make());
    for (const [i, item] of items().entries()) fill(item, digits[i]);
    mark();
    arrange();
  }

  function mark() {
    items().forEach((item, i) => {
      const button = find(item, "button", HTMLButtonElement);
      setAttribute(button, "aria-pressed", String(i === chosenIndex()));
    });
  }

  /** Boxes around the ink, and the digits below it. */
  function arrange() {
    const { clientWidth: width, clientHeight: height } = root;
    const middles = digits.map(({ box: [left, , right] }) => ((left + right) / 2) * height);
    const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const places = spread(middles, MARK_WIDTH * text, width);
    items().forEach((item, i) => {
      const [left, top, right, bottom] = digits[i].box;
      const { style } = find(item, ".number-box", HTMLElement);
      style.left = `${(left - BOX_MARGIN) * height}px`;
      style.top = `${(top - BOX_MARGIN) * height}px`;
      style.width = `${(right - left + 2 * BOX_MARGIN) * height}px`;
      style.height = `${(bottom - top + 2 * BOX_MARGIN) * height}px`;
      find(item, "button", HTMLButtonElement).style.left = `${places[i]}px`;
    });
  }

  new ResizeObserver(arrange).observe(root);
  return {
    get chosen() {
      return digits[chosenIndex()] ?? null;
    },
    update,
  };
}

/**
 * Write a digit and its confidence on its button.
 *
 * @param {HTMLElement} item
 * @param {Digit} digit
 */
function fill(item, { digit, verdict, confidence }) {
  setAttribute(item, "data-verdict", verdict);
  setText(find(item, ".number-figure", HTMLElement), String(digit ?? "?"));
  const text = digit === null ? "none" : `${wholePercent(confidence)}\u2009%`;
  setText(find(item, ".number-share", HTMLElement), text);
}
