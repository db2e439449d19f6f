/** The tab of the steps from the pen to 28 × 28, and the answer if one of them is left out. */

import { describe } from "../answer/words.js";
import { createStudy } from "../net/study.js";
import { PEN_WIDTH } from "../pad/pad.js";
import {
  bytesFrom,
  colourOf,
  contextOf,
  find,
  findAll,
  paintPixels,
  setAttribute,
  setText,
} from "../page/dom.js";

/**
 * @import { Answer, Body, Layer } from "../answer/types.js"
 * @import { Stage, State, Tab, Wants } from "../stage.js"
 */

const INVITATION = "Draw something, and you see its steps here.";
const READING = "Reading …";
const ALL_ON = "Switch a step off: is it still read?";
const WIDE = 2.5; // width of the pad for a whole number, in its heights

/**
 * @param {HTMLElement} root holds a .step for each picture, with its name in the answer in
 *   data-step; checkboxes that switch steps off, with their names as values; and a .steps-answer
 * @param {Stage} stage
 * @returns {Tab}
 */
export function create(root, stage) {
  const switches = findAll(root, "input[type=checkbox]", HTMLInputElement);
  const pictures = findAll(root, ".step", HTMLElement).map((step) => ({
    name: step.dataset.step ?? "",
    canvas: find(step, "canvas", HTMLCanvasElement),
  }));
  const result = find(root, ".steps-answer", HTMLElement);
  const figure = find(root, ".steps-figure", HTMLElement);
  const sentence = find(root, ".steps-sentence", HTMLElement);
  const note = find(root, ".steps-note", HTMLElement);
  const voice = find(root, ".steps-voice", HTMLElement);
  /** @type {{answer: Answer | null, colour: string} | undefined} */
  let shown; // on the page; most updates do not change it
  /** @type {Answer | null} */
  let answer = null; // the last one with steps
  let wasMany = false; // whether it is about a digit of a number

  // Only a whole number is read before it is known which strokes are the chosen digit.
  const study = createStudy(
    stage,
    "api/predict",
    ({ many, drawing, digit }) => (many && !drawing && digit.length > 0 ? body() : null),
    (found) => {
      if (!stage.state.many) return;
      answer = found;
      update(stage.state);
    },
  );
  for (const one of switches) one.addEventListener("change", stage.changed);

  /** @returns {Body} */
  function body() {
    const { digit, model, many } = stage.state;
    const normalise = Object.fromEntries(switches.map(({ value, checked }) => [value, checked]));
    const canvas = { width: many ? WIDE : 1, height: 1, brush: PEN_WIDTH };
    return { strokes: digit, model, steps: true, normalise, canvas };
  }

  /** @param {State} state */
  function update(state) {
    if (state.blank || state.many !== wasMany) answer = null;
    wasMany = state.many;
    study.update(state);
    for (const one of switches) one.closest(".step")?.classList.toggle("is-off", !one.checked);
    describeAnswer(state);
    const colour = colourOf(root);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    for (const { name, canvas } of pictures) paint(canvas, answer?.steps?.[name]);
  }

  /** @param {State} state */
  function describeAnswer({ opinion, blank, settled, rested }) {
    const words = describe(answer, { rested });
    setAttribute(result, "data-verdict", answer?.verdict ?? "blank");
    setText(figure, words.figure);
    const isAll = switches.every(({ checked }) => checked);
    const waiting = blank ? INVITATION : READING;
    setText(sentence, answer === null ? waiting : isAll ? ALL_ON : words.sentence);
    const differs = answer !== null && opinion !== null && answer.digit !== opinion.digit;
    setText(note, isAll || !differs ? "" : `With every step: ${resultOf(opinion)}.`);
    // With every step on, it is the answer that the page has spoken already.
    if (isAll) setText(voice, "");
    else if (settled && rested) setText(voice, `${sentence.textContent} ${note.textContent}`);
  }

  /** @returns {Wants} */
  function wants() {
    if (stage.state.many) return {};
    const question = stage.question(body(), "steps", (found) => {
      answer = found;
    });
    return { others: [question] };
  }

  return { update, wants, left: study.stop };
}

/**
 * The digit, or "no digit".
 *
 * @param {{digit: number | null}} opinion
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
