/** The tab of the steps from the pen to 28 × 28, and the answer if one of them is left out. */

import { describe } from "../answer/words.js";
import { bytesFrom, colourOf, contextOf, find, findAll, paintPixels, setText } from "../page/dom.js";
import { PEN_WIDTH } from "../pad/pad.js";

/**
 * @import { Answer, Layer } from "../answer/types.js"
 * @import { Stage, State, Tab, Wants } from "../stage.js"
 */

const INVITATION = "Draw something, and its answer comes here.";

/**
 * @param {HTMLElement} root holds a .step for each picture, with its name in the answer in
 *   data-step; checkboxes that switch steps off, with their names as values; and a .steps-answer
 * @param {Stage} stage
 * @returns {Tab}
 */
export function create(root, stage) {
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
  /** @type {Answer | null} */
  let answer = null; // the last one with steps
  for (const one of switches) one.addEventListener("change", stage.changed);

  /** @param {State} state */
  function update({ answer: whole, blank, rested }) {
    if (blank) answer = null;
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
    setText(figure, words.figure);
    setText(sentence, blank || answer === null ? INVITATION : words.sentence);
    const isAll = switches.every(({ checked }) => checked);
    const differs = answer !== null && whole !== null && answer.digit !== whole.digit;
    setText(note, isAll || !differs ? "" : `With every step: ${resultOf(whole)}.`);
  }

  /** @returns {Wants} */
  function wants() {
    const { strokes, model, many } = stage.state;
    if (many) return {};
    const normalise = Object.fromEntries(switches.map(({ value, checked }) => [value, checked]));
    const canvas = { width: 1, height: 1, brush: PEN_WIDTH };
    const body = { strokes, model, steps: true, normalise, canvas };
    const question = stage.question(body, "steps", (found) => {
      answer = found;
    });
    return { others: [question] };
  }

  return { update, wants };
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
