/** The answer in words: the digit in large, a sentence, and a live region for screen readers. */

import { find } from "./dom.js";

/**
 * @import { Answer, Digit } from "./answer.js"
 *
 * @typedef {object} State
 * @property {Answer | null} answer null for a blank pad
 * @property {string | null} refusal the detail of a refusal
 * @property {boolean} away whether the server cannot be reached
 * @property {boolean} many whether the pad is for a whole number
 * @property {boolean} settled the pen is up and the answer is about the whole drawing
 * @property {boolean} rested the pen is up, and has been for a moment
 */

/**
 * Words for a confidence: the lowest probability that each fits, the highest first.
 *
 * @type {[number, string][]}
 */
const CONFIDENCE_WORDS = [
  [0.99, "almost certainly"],
  [0.9, "very likely"],
  [0, "probably"],
];

const BLANK = "Any digit from 0 to 9, as you would write it.";
const BLANK_NUMBER = "Any whole number, as you would write it.";
const AWAY =
  "The network cannot be reached just now. Your drawing is kept, and is read when it is back.";
const UNFINISHED = { figure: "·", sentence: "Still reading …" };
const NOT_A_DIGIT = "That does not look like a digit.";
const ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");

/**
 * Whether the drawing, or a part of a whole number, is no digit; or not yet: the 4 before its
 * second stroke.
 *
 * @param {Answer | null} answer
 */
export const isNoDigit = (answer) =>
  answer !== null &&
  (answer.digits ?? [answer]).some(({ verdict }) => verdict === "not-a-digit");

/**
 * Put an answer into words.
 *
 * @param {Answer | null} answer of the server; null for a blank pad
 * @param {object} [state]
 * @param {boolean} [state.many] whether a blank pad is for a whole number
 * @param {boolean} [state.rested] whether the pen has rested; before, no drawing is called no digit
 * @returns {{figure: string, sentence: string}} figure: the digit or number, "?", "·" or empty
 */
export function describe(answer, { many = false, rested = true } = {}) {
  if (isNoDigit(answer) && !rested) return UNFINISHED;
  if (answer?.digits) return describeNumber(answer.number ?? "", answer.digits);
  if (answer === null || answer.verdict === "blank") {
    return { figure: "", sentence: many ? BLANK_NUMBER : BLANK };
  }
  if (answer.verdict === "not-a-digit") return { figure: "?", sentence: NOT_A_DIGIT };
  const { verdict, digit, confidence } = answer;
  const sentence =
    verdict === "unsure"
      ? `${either(answer, "A")}?`
      : `${a(Number(digit), "A")}, ${howSure(confidence)}.`;
  return { figure: String(digit), sentence };
}

/**
 * @param {string} number
 * @param {Digit[]} digits
 */
function describeNumber(number, digits) {
  if (digits.length === 0) return describe(null, { many: true });
  const strange = digits.findIndex(({ verdict }) => verdict === "not-a-digit");
  const open = digits.findIndex(({ verdict }) => verdict === "unsure");
  // The number is right only if all its digits are.
  const all = digits.reduce((product, { confidence }) => product * confidence, 1);
  let sentence = `${number}, ${howSure(all)}.`;
  if (strange >= 0) sentence = `${nth(strange)} does not look like a digit.`;
  else if (open >= 0) sentence = `${nth(open)}: ${either(digits[open], "a")}?`;
  return { figure: number, sentence };
}

/** @param {number} confidence */
const howSure = (confidence) => CONFIDENCE_WORDS.find(([min]) => confidence >= min)?.[1] ?? "";

/**
 * "The third", counted from the left.
 *
 * @param {number} place
 */
const nth = (place) => (place < ORDINALS.length ? `The ${ORDINALS[place]}` : "One of them");

/**
 * "a 7", but "an 8".
 *
 * @param {number} digit
 * @param {"a" | "A"} article
 */
const a = (digit, article) => `${article}${digit === 8 ? "n" : ""} ${digit}`;

/**
 * "a 4 or a 9": the two most probable digits.
 *
 * @param {{alternatives?: number[], probabilities: number[]}} opinion
 * @param {"a" | "A"} article
 */
function either({ alternatives, probabilities }, article) {
  const order = [...probabilities.keys()].sort((i, j) => probabilities[j] - probabilities[i]);
  const [one, other] = alternatives?.length === 2 ? alternatives : order;
  return `${a(one, article)} or ${a(other, "a")}`;
}

/**
 * @param {HTMLElement} root
 * @returns {{update: (state: State) => void}}
 */
export function createReading(root) {
  const figure = find(root, ".reading-figure", HTMLElement);
  const sentence = find(root, ".reading-sentence", HTMLElement);
  const voice = find(root, ".reading-voice", HTMLElement);
  let spoken = BLANK; // the invitation to draw is on the page; it need not be read out

  /** @param {State} state */
  function update({ answer, refusal, away, many, settled, rested }) {
    const words = describe(answer, { many, rested });
    const text = away ? AWAY : (refusal ?? words.sentence);
    const verdict = answer?.digits ? "number" : answer?.verdict;
    root.dataset.verdict = words.figure === "" ? "blank" : verdict;
    if (figure.textContent !== words.figure) {
      figure.textContent = words.figure;
      figure.style.setProperty("--length", String(words.figure.length)); // scales it down
    }
    if (sentence.textContent !== text) sentence.textContent = text;
    // Answers come many times a second; a screen reader says only the last.
    if (((settled && words !== UNFINISHED) || away) && text !== spoken) {
      spoken = text;
      voice.textContent = text;
    }
  }

  return { update };
}
