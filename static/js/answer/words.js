/** An answer in words. No element of the page is touched here. */

/** @import { Answer, Digit, Opinion } from "./types.js" */

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

export const BLANK = "Any digit from 0 to 9, as you would write it.";
const BLANK_NUMBER = "Any whole number, as you would write it.";
export const AWAY_BLANK = "The network cannot be reached just now.";
export const AWAY = `${AWAY_BLANK} Your drawing is kept, and is read when it is back.`;
export const BUSY_BLANK = "The server is busy at the moment.";
export const BUSY = `${BUSY_BLANK} Your drawing is kept, and is read when there is room.`;
const UNFINISHED = { figure: "·", sentence: "Still reading …" };
const NOT_A_DIGIT = "That does not look like a digit.";
const ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");

/**
 * A probability in per cent. It is at most "99.9 %": no network is ever certain, and a float that
 * is exactly 1 was rounded.
 *
 * @param {number} probability between 0 and 1
 * @returns {string} like "97.3 %"
 */
export const percent = (probability) =>
  `${Math.min(Math.round(probability * 1000) / 10, 99.9).toFixed(1)}\u2009%`;

/**
 * A probability in per cent without decimals, at most "99". Bars and the digits of a number use
 * it: more places would say more than was measured, and would not fit.
 *
 * @param {number} probability between 0 and 1
 * @returns {string} like "97"
 */
export const wholePercent = (probability) =>
  String(Math.min(Math.round(probability * 100), 99));

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
 * Whether a drawing is surely several digits. A letter may be cut into two; then a stroke is in
 * both of them, or one of them is unsure.
 *
 * @param {Answer | null} answer about a whole number
 */
export function isSeveral(answer) {
  const digits = answer?.digits ?? [];
  const strokes = digits.flatMap(({ strokes }) => strokes);
  const isEachRead = digits.every(({ verdict }) => verdict === "digit");
  return digits.length > 1 && isEachRead && new Set(strokes).size === strokes.length;
}

/**
 * The question why the likeliest digit is not the next one.
 *
 * @param {Opinion} opinion
 * @returns {string} empty where no digit was read
 */
export function whyNot({ digit, alternatives, probabilities }) {
  if (digit === null) return "";
  const [one, other] = bestTwo({ alternatives, probabilities });
  return `Why ${one}, not ${other}?`;
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
  if (strange >= 0) sentence = describeStrange(digits, strange);
  else if (open >= 0) sentence = `${nth(open)}: ${either(digits[open], "a")}?`;
  return { figure: number, sentence };
}

/**
 * What of a number cannot be read.
 *
 * @param {Digit[]} digits
 * @param {number} first the first that is none
 */
function describeStrange(digits, first) {
  const count = digits.filter(({ verdict }) => verdict === "not-a-digit").length;
  if (count === 1) return `${nth(first)} does not look like a digit.`;
  return `${count} of these do not look like digits.`;
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
  const [one, other] = bestTwo({ alternatives, probabilities });
  return `${a(one, article)} or ${a(other, "a")}`;
}

/**
 * The two most probable digits, the likelier first.
 *
 * @param {{alternatives?: number[], probabilities: number[]}} opinion
 */
function bestTwo({ alternatives, probabilities }) {
  return alternatives?.length === 2 ? alternatives : byProbability(probabilities).slice(0, 2);
}

/**
 * The digits, the most probable one first.
 *
 * @param {number[]} probabilities of the digits 0 to 9
 */
export const byProbability = (probabilities) =>
  [...probabilities.keys()].sort((i, j) => probabilities[j] - probabilities[i]);

/**
 * The reason of a refusal.
 *
 * @param {{status: number, body: any}} refusal
 * @returns {string}
 */
export const reasonOf = ({ status, body }) => body?.detail ?? `The server answered ${status}.`;
