/** The steps from the pen to 28 × 28, and the answer if one of them is left out. */

import { colourOf } from "./colours.js";
import { contextOf, find, findAll } from "./dom.js";
import { bytesFrom, paintPixels } from "./pixels.js";
import { describe } from "./reading.js";

/**
 * @import { Answer, Layer } from "./answer.js"
 *
 * @typedef {object} Options fields of the question
 * @property {true} steps
 * @property {Record<string, boolean>} normalise
 *
 * @typedef {object} State
 * @property {Answer | null} answer with `steps`, to a question with these options
 * @property {Answer | null} whole the answer of the same network with no step left out
 * @property {boolean} blank
 * @property {boolean} rested the pen is up, and has been for a moment
 */

const INVITATION = "Draw something, and its answer comes here.";

/**
 * @param {HTMLDetailsElement} root holds a .step for each picture, with its name in the answer in
 *   data-step; checkboxes that switch steps off, with their names as values; and a .steps-answer
 * @param {() => void} changed called when the part is opened or closed, or a step is switched
 * @returns {{isWanted: boolean, options: Options, update: (state: State) => void}}
 */
export function createSteps(root, changed) {
  const switches = findAll(root, "input[type=checkbox]", HTMLInputElement);
  const pictures = findAll(root, ".step", HTMLElement).map((step) => ({
    step,
    name: step.dataset.step ?? "",
    canvas: find(step, "canvas", HTMLCanvasElement),
  }));
  const result = find(root, ".steps-answer", HTMLElement);
  const figure = find(root, ".steps-figure", HTMLElement);
  const sentence = find(root, ".steps-sentence", HTMLElement);
  const note = find(root, ".steps-note", HTMLElement);
  /** @type {{answer: Answer | null, colour: string} | undefined} */
  let shown; // on the page; most updates do not change it
  root.addEventListener("toggle", changed);
  for (const one of switches) one.addEventListener("change", changed);

  /** @param {State} state */
  function update({ answer, whole, blank, rested }) {
    if (!root.open) return;
    for (const one of switches) one.closest(".step")?.classList.toggle("is-off", !one.checked);
    describeAnswer(answer, whole, blank, rested);
    const colour = colourOf(root);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    for (const { name, canvas } of pictures) paint(canvas, answer?.steps?.[name]);
  }

  /**
   * @param {Answer | null} answer
   * @param {Answer | null} whole
   * @param {boolean} blank
   * @param {boolean} rested
   */
  function describeAnswer(answer, whole, blank, rested) {
    const words = describe(answer, { rested });
    result.dataset.verdict = answer?.verdict ?? "blank";
    figure.textContent = words.figure;
    sentence.textContent = blank || answer === null ? INVITATION : words.sentence;
    const isAll = switches.every(({ checked }) => checked);
    const differs = answer !== null && whole !== null && answer.digit !== whole.digit;
    note.textContent = isAll || !differs ? "" : `With every step: ${resultOf(whole)}.`;
  }

  return {
    get isWanted() {
      return root.open;
    },
    get options() {
      const normalise = Object.fromEntries(switches.map(({ value, checked }) => [value, checked]));
      return { steps: /** @type {const} */ (true), normalise };
    },
    update,
  };
}

/**
 * The digit, or "no digit".
 *
 * @param {Answer} answer
 */
const resultOf = ({ digit }) => (digit === null ? "no digit" : digit);

/**
 * Paint the picture of a step; without one, clear the canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Layer | undefined} step
 */
function paint(canvas, step) {
  if (!step) contextOf(canvas).clearRect(0, 0, canvas.width, canvas.height);
  else paintPixels(canvas, bytesFrom(step.data), step.shape[1]);
}
