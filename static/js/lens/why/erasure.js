/** The smallest erasure found: in words, applied to the drawing, and put back. */

import { isSame } from "../../pad/drawing.js";
import { find, setAttribute, setText } from "../../page/dom.js";
import { aboutErasure } from "./words.js";

/**
 * @import { Stroke } from "../../pad/drawing.js"
 * @import { Stage, State } from "../../stage.js"
 * @import { Why } from "./words.js"
 */

/**
 * The drawing after an erasure. Of a whole number only the digit at hand is changed.
 *
 * @param {readonly Stroke[]} strokes of the whole drawing
 * @param {readonly Stroke[]} digit those of the digit at hand
 * @param {readonly Stroke[]} rest what is left of it
 * @returns {Stroke[]}
 */
export const erased = (strokes, digit, rest) => [
  ...strokes.filter((stroke) => !digit.includes(stroke)),
  ...rest,
];

/**
 * @param {HTMLElement} root
 * @param {Stage} stage
 */
export function createErasure(root, stage) {
  const words = find(root, ".why-erasure-words", HTMLElement);
  const button = find(root, "button", HTMLButtonElement);
  /** @type {Why | null} */
  let why = null;
  /** @type {readonly Stroke[] | null} */
  let applied = null; // the drawing that an erasure has left

  button.addEventListener("click", () => {
    const { strokes, digit, moment } = stage.state;
    if (isApplied()) {
      applied = null;
      stage.drawing.undo();
    } else if (why?.erasure && moment === null) {
      stage.drawing.replace(erased(strokes, digit, why.erasure.strokes));
      applied = stage.drawing.strokes;
    } else {
      return;
    }
    stage.changed();
  });

  const isApplied = () => applied !== null && isSame(applied, stage.drawing.strokes);

  /**
   * @param {Why | null} next
   * @param {State} state
   */
  function update(next, { opinion, moment }) {
    why = next;
    setText(words, why === null ? "" : aboutErasure(why, opinion?.digit ?? null));
    setText(button, isApplied() ? "Put it back" : "Erase it");
    const isReady = isApplied() || (why?.erasure != null && moment === null);
    setAttribute(button, "aria-disabled", String(!isReady));
  }

  return { update };
}
