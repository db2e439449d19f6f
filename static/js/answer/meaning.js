/** What a percentage means: how often answers this sure were right, when it was measured. */

import { find, setText } from "../page/dom.js";
import { wholePercent } from "./words.js";

/**
 * @import { State } from "../stage.js"
 *
 * @typedef {[from: number, to: number, images: number, right: number]} Bin the answers with a
 *   confidence in this range: how many there were, and how many were right
 * @typedef {{drawings: Bin[], digits: Bin[]}} Reliability of a network: measured on drawings by
 *   other people, and on the test images of its data set
 */

const ENOUGH = 30; // answers; fewer say little
const WAITING = "Draw a digit. Then it says here how often an answer as sure as this was right.";

/**
 * @param {number} confidence between 0 and 1
 * @param {Reliability | undefined} reliability
 * @returns {string} a sentence or two
 */
export function meaningOf(confidence, reliability) {
  const drawings = binOf(confidence, reliability?.drawings);
  const digits = binOf(confidence, reliability?.digits);
  if (drawings && drawings[2] >= ENOUGH) return counted(drawings, "drawings by other people");
  const few = drawings
    ? `Of drawings by other people only ${drawings[2]} were read this surely, and ${drawings[3]} ` +
      "of them right: too few to tell."
    : "No drawing by other people was read just this surely.";
  if (digits && digits[2] >= ENOUGH) return `${few} ${counted(digits, "digits of the test set")}`;
  return drawings || digits ? few : "How often an answer this sure is right was not measured.";
}

/**
 * @param {number} confidence
 * @param {Bin[]} [bins]
 */
const binOf = (confidence, bins = []) =>
  bins.find(([from, to]) => confidence >= from && (confidence < to || to === 1));

/**
 * @param {Bin} bin
 * @param {string} what was read
 */
function counted([from, to, images, right], what) {
  const range = `${Math.round(from * 100)} to ${Math.round(to * 100)}\u2009%`;
  const all = `Of ${images.toLocaleString("en")} ${what} that it read this surely (${range})`;
  if (right === images) return `${all}, all were right.`;
  return `${all}, ${right.toLocaleString("en")} were right: ${ofHundred(right / images)} of 100.`;
}

/**
 * A fraction below 1 of a hundred; near a hundred with one place, and never rounded up to it.
 *
 * @param {number} fraction
 */
const ofHundred = (fraction) =>
  fraction < 0.985 ? String(Math.round(fraction * 100)) : Math.min(99.9, fraction * 100).toFixed(1);

/**
 * @param {HTMLElement} root has the reliability of each network, by its name, in data-reliability
 * @returns {{update: (state: State) => void}}
 */
export function createMeaning(root) {
  const summary = find(root, "summary", HTMLElement);
  const words = find(root, ".meaning-words", HTMLElement);
  const question = summary.textContent ?? "";
  /** @type {Record<string, Reliability>} */
  const measured = JSON.parse(root.dataset.reliability ?? "{}");

  /** @param {State} state */
  function update({ opinion, blank, model, drawing }) {
    if (drawing) return; // the per cents change many times a second
    const isDigit = !blank && (opinion?.verdict === "digit" || opinion?.verdict === "unsure");
    const confidence = isDigit ? (opinion?.confidence ?? 0) : 0;
    setText(summary, isDigit ? `What does ${wholePercent(confidence)}\u2009% mean?` : question);
    setText(words, isDigit ? meaningOf(confidence, measured[model]) : WAITING);
  }

  return { update };
}
