/** The keyboard as a pen: arrow keys move it while the pad has the focus, space puts it down. */

import { setText } from "../page/dom.js";

/** @import { Cursor } from "./cursor.js" */

const SQUARES = 28; // of the pad, from top to bottom
const STEP = 1 / SQUARES; // in heights of the pad
const FINE_STEP = STEP / 4;
const SPEECH_MS = 300; // after the last key: a screen reader says only where the pen stops

/** @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * Where the pen is, in few words.
 *
 * @param {{point: readonly [number, number], isDown: boolean}} pen point: in heights of the pad
 * @returns {string} like "Pen down, column 14, row 10."
 */
export function wordsOf({ point: [x, y], isDown }) {
  const [column, row] = [x, y].map((value) => Math.round(value * SQUARES));
  return `Pen ${isDown ? "down" : "up"}, column ${column}, row ${row}.`;
}

/**
 * @param {HTMLCanvasElement} canvas the pad, which can have the focus
 * @param {HTMLElement} voice a status; screen readers say what is written into it
 * @param {Cursor} cursor
 */
export function createKeys(canvas, voice, cursor) {
  /** @type {Set<string>} */
  const held = new Set(); // arrow keys; two at once move the pen aslant
  let isKeyed = false; // whether the focus came by keyboard; else the keys scroll the page
  /** @type {ReturnType<typeof setTimeout>} */
  let speech;

  function say() {
    clearTimeout(speech);
    speech = setTimeout(() => setText(voice, wordsOf(cursor)), SPEECH_MS);
  }

  /** @param {number} step in heights of the pad */
  function move(step) {
    let [x, y] = cursor.point;
    for (const key of held) {
      x += ARROWS[key][0] * step;
      y += ARROWS[key][1] * step;
    }
    cursor.to(x, y);
    say();
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const { key, shiftKey, repeat } = event;
    if (!isKeyed || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key in ARROWS) {
      held.add(key);
      move(shiftKey ? FINE_STEP : STEP);
    } else if (key === " ") {
      if (repeat) return event.preventDefault();
      if (cursor.isDown) cursor.up();
      else cursor.down();
      say();
    } else {
      return;
    }
    event.preventDefault(); // else the page scrolls
  }

  function focus() {
    isKeyed = canvas.matches(":focus-visible");
    if (isKeyed) cursor.show(true);
  }

  function leave() {
    if (!isKeyed) return;
    isKeyed = false;
    held.clear();
    cursor.up();
    cursor.show(false);
    clearTimeout(speech);
    setText(voice, "");
  }

  canvas.addEventListener("keydown", press);
  canvas.addEventListener("keyup", ({ key }) => held.delete(key));
  canvas.addEventListener("focus", focus);
  canvas.addEventListener("blur", leave);
  canvas.addEventListener("pointerdown", leave, { capture: true }); // another pen draws now
  if (document.activeElement === canvas) focus();
}
