/** From the pen to 28 × 28, step by step, and what becomes of the answer without one of them. */

import { colourOf } from "./colours.js";
import { bytesFrom, paintPixels } from "./pixels.js";
import { describe } from "./reading.js";

const INVITATION = "Draw something, and its answer comes here.";

/**
 * @param {HTMLDetailsElement} root holds a .step for each picture, with data-step its name in the
 *   answer; checkboxes that switch steps off, with their names as values; and a .steps-answer
 * @param {() => void} changed called when the steps are wanted, or no longer, or others are
 * @returns {{isWanted: boolean, options: object, update: (state: object) => void}} options: what to
 *   ask for; state: {answer, whole, blank}; answer: with `steps`, to a question with those
 *   options; whole: the answer of the same network with no step left out
 */
export function createSteps(root, changed) {
  const switches = [...root.querySelectorAll("input[type=checkbox]")];
  const pictures = [...root.querySelectorAll(".step")].map((step) => ({
    step,
    name: step.dataset.step,
    canvas: step.querySelector("canvas"),
  }));
  const result = root.querySelector(".steps-answer");
  const figure = root.querySelector(".steps-figure");
  const sentence = root.querySelector(".steps-sentence");
  const note = root.querySelector(".steps-note");
  let shown; // {answer, colour}: most updates are about something else
  root.addEventListener("toggle", changed);
  for (const one of switches) one.addEventListener("change", changed);

  function update({ answer, whole, blank }) {
    if (!root.open) return;
    for (const one of switches) one.closest(".step").classList.toggle("is-off", !one.checked);
    say(answer, whole, blank);
    const colour = colourOf(root);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    for (const { name, canvas } of pictures) paint(canvas, answer?.steps?.[name]);
  }

  function say(answer, whole, blank) {
    const words = describe(answer);
    result.dataset.verdict = answer?.verdict ?? "blank";
    figure.textContent = words.figure;
    sentence.textContent = blank || answer === null ? INVITATION : words.sentence;
    const isAll = switches.every(({ checked }) => checked);
    const differs = answer !== null && whole !== null && answer.digit !== whole.digit;
    note.textContent = isAll || !differs ? "" : `With every step: ${saidBy(whole)}.`;
  }

  return {
    get isWanted() {
      return root.open;
    },
    get options() {
      const normalise = Object.fromEntries(switches.map(({ value, checked }) => [value, checked]));
      return { steps: true, normalise };
    },
    update,
  };
}

/** The digit, or that it is none. */
const saidBy = ({ digit }) => (digit === null ? "no digit" : digit);

/** A step's picture as the server sends it, or bare paper. */
function paint(canvas, step) {
  if (!step) canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  else paintPixels(canvas, bytesFrom(step.data), step.shape[1]);
}
