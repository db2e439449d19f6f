/** What shows an answer on the page: ten bars, the 28 × 28 picture, the figure and its sentence. */

import {
  bytesFrom,
  colourOf,
  find,
  findAll,
  paintPixels,
  setAttribute,
  setHidden,
  setText,
} from "../page/dom.js";
import { AWAY, AWAY_BLANK, BUSY, BUSY_BLANK, describe, wholePercent } from "./words.js";

/**
 * @import { Opinion } from "./types.js"
 * @import { State } from "../stage.js"
 */

/**
 * @param {HTMLElement} root a list with one item for each digit, in order
 * @returns {{update: (opinion: Opinion | null, rested?: boolean) => void}} null for a blank pad;
 *   rested: whether the pen has; then a drawing that is no digit has no bars, because flat ones
 *   would look measured
 */
export function createBars(root) {
  const bars = findAll(root, ".bars-item", HTMLElement).map(createBar);
  /** @type {Opinion | null | undefined} */
  let shown; // the answer on the bars; most updates do not change it

  /**
   * @param {Opinion | null} opinion
   * @param {boolean} [rested]
   */
  function update(opinion, rested = true) {
    const answer = rested && opinion?.verdict === "not-a-digit" ? null : opinion;
    if (answer === shown) return;
    shown = answer;
    /** @type {(number | null | undefined)[]} */
    const leading = answer?.alternatives?.length ? answer.alternatives : [answer?.digit];
    bars.forEach((bar, digit) => {
      bar.update(answer?.probabilities?.[digit] ?? null, leading.includes(digit));
    });
  }

  return { update };
}

/**
 * One bar. It touches the page only where its value changes: most bars stay as they are.
 *
 * @param {HTMLElement} item
 */
function createBar(item) {
  const label = find(item, ".bars-number", HTMLElement);
  /** @type {string | undefined} */
  let shownLength;

  /**
   * @param {number | null} probability
   * @param {boolean} isLeading
   */
  function update(probability, isLeading) {
    const length = (probability ?? 0).toFixed(6); // the last place is far less than a pixel
    if (length !== shownLength) item.style.setProperty("--share", length);
    shownLength = length;
    setText(label, probability === null ? "–" : wholePercent(probability));
    item.classList.toggle("is-told", probability !== null);
    item.classList.toggle("is-leading", isLeading);
  }

  return { update };
}

const SIDE_PX = 28; // width and height

/**
 * The 28 × 28 picture that is the network's input, and a frame on it.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {{update: (answer: Opinion | null) => void, outline: (box: number[] | null) => void}}
 *   update: null for a blank pad; outline: left, top, right, bottom in pixels of the picture
 */
export function createPicture(canvas) {
  /** @type {{answer: Opinion | null, colour: string} | undefined} */
  let shown; // on the page; most updates do not change it
  const frame = document.createElement("span");
  frame.className = "picture-outline";
  frame.hidden = true;
  canvas.after(frame);

  /** @param {Opinion | null} answer */
  function update(answer) {
    const colour = colourOf(canvas);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    const values = answer === null ? new Uint8Array(SIDE_PX * SIDE_PX) : bytesFrom(answer.image);
    paintPixels(canvas, values, SIDE_PX);
  }

  /** @param {number[] | null} box */
  function outline(box) {
    setHidden(frame, box === null);
    if (box === null) return;
    const [left, top, right, bottom] = box;
    const sides = { left, top, width: right - left, height: bottom - top };
    for (const [side, pixels] of Object.entries(sides)) {
      frame.style.setProperty(side, `calc(${pixels} * var(--pixel))`);
    }
  }

  return { update, outline };
}

/**
 * @param {HTMLElement} root
 * @returns {{update: (state: State) => void}}
 */
export function createReading(root) {
  const figure = find(root, ".reading-figure", HTMLElement);
  const sentence = find(root, ".reading-sentence", HTMLElement);
  const voice = find(root, ".reading-voice", HTMLElement);

  /** @param {State} state */
  function update({ answer, refusal, away, busy, blank, many, settled, rested, moment }) {
    const words = describe(answer, { many, rested });
    let text = refusal ?? words.sentence;
    if (away) text = blank ? AWAY_BLANK : AWAY;
    else if (busy) text = blank ? BUSY_BLANK : BUSY;
    const verdict = words.figure === "" ? "blank" : (answer?.verdict ?? "blank");
    setAttribute(root, "data-verdict", verdict);
    if (figure.textContent !== words.figure) {
      figure.textContent = words.figure;
      figure.style.setProperty("--length", String(words.figure.length)); // scales it down
    }
    setText(sentence, text);
    // Answers come many times a second. Screen readers have only the voice, and say the last; a
    // replay speaks for itself.
    if ((settled && rested && moment === null) || away || busy) setText(voice, text);
  }

  return { update };
}

/**
 * Write the state into the classes of the page, for the style sheets.
 *
 * @param {State} state
 */
export function classifyPage(state) {
  for (const name of /** @type {const} */ (["blank", "away", "drawing", "many"])) {
    document.body.classList.toggle(`is-${name}`, state[name]);
  }
}
