/**
 * The checks of the six challenges: each is a function of what the page shows, and of what the
 * challenge remembers from its last check.
 *
 * A check is asked only about an answer to the whole drawing, with the pen up.
 *
 * @import { Answer } from "../answer/types.js"
 * @import { Stroke } from "../pad/drawing.js"
 *
 * @typedef {object} View a part of the page's state
 * @property {readonly Stroke[]} strokes of the drawing, at least one; in heights of the pad
 * @property {Answer} answer of the chosen network
 * @property {Map<string, Answer>} answers of all networks that have answered, by name
 * @property {string[]} models the names of all networks
 *
 * @typedef {object} Result
 * @property {boolean} done
 * @property {string} progress how far it is, in words
 * @property {string} hint what may help; empty if it is done
 *
 * @typedef {{strokes: readonly Stroke[], digit: number}} Read
 */

import { percent } from "../answer/words.js";
import { boxOf } from "../pad/box.js";
import { isLetter, LETTERS, nearestForm } from "./shape.js";

const SMALL = 10; // per cent of the pad's height
const BOTH = 0.3; // the least probability of each of two digits
const DOT = 0.05; // the longest side of a dot, in heights of the pad
const REMEMBERED = 50; // drawings

/** @param {number} fraction of the pad's height */
const inPercent = (fraction) => `${Math.round(fraction * 100)}\u2009%`;

/** "4", or "no digit". @param {Answer} answer */
const resultOf = ({ digit }) => (digit === null ? "no digit" : String(digit));

/** "that of a 4". @param {string | null} form of a digit or a letter */
const shapeOf = (form) => (form === null ? "none that this page knows" : `that of ${named(form)}`);

/** @param {string} form */
const named = (form) =>
  isLetter(form) ? `the letter ${form}` : `a${form === "8" ? "n" : ""} ${form}`;

/** "It reads 4", or "It sees no digit". @param {Answer} answer */
const reads = ({ digit }) => (digit === null ? "It sees no digit" : `It reads ${digit}`);

/**
 * A 4 that is read as 9. That it is a 4, says a comparison of shapes.
 *
 * @param {View} view
 * @returns {Result}
 */
export function fourAsNine({ strokes, answer }) {
  const form = nearestForm(strokes);
  if (form !== "4") {
    return {
      done: false,
      progress: `${reads(answer)}. Its shape is not that of a 4, but ${shapeOf(form)}.`,
      hint: "Begin with a 4 that anybody would read.",
    };
  }
  if (answer.digit === 9) {
    return { done: true, progress: "Its shape is that of a 4. It reads 9.", hint: "" };
  }
  return {
    done: false,
    progress: `Its shape is that of a 4. ${reads(answer)}.`,
    hint: "Close the top of the 4, or make its corners round, a little more each time.",
  };
}

/**
 * @param {View} view
 * @param {number} [smallest] the size of the smallest 8 so far
 * @returns {Result & {memory: number | undefined}}
 */
export function smallestEight({ strokes, answer }, smallest) {
  const { width, height } = boxOf(strokes);
  const size = Math.max(width, height);
  const isEight = answer.verdict === "digit" && answer.digit === 8;
  const memory = isEight ? Math.min(size, smallest ?? size) : smallest;
  const best = memory === undefined ? "" : ` Your smallest so far: ${inPercent(memory)}.`;
  const high = `${inPercent(size)} of the pad's height`;
  const now = isEight ? `An 8 of ${high}.` : `${reads(answer)}; wanted is a sure 8.`;
  const done = memory !== undefined && Math.round(memory * 100) <= SMALL; // as it is shown
  const hint = isEight
    ? `Smaller: the goal is ${SMALL}\u2009%.`
    : "Draw slowly. It is brought to one size before it is read, so your hand sets the limit.";
  return { done, progress: now + best, hint: done ? "" : hint, memory };
}

/**
 * Every network gives another answer.
 *
 * @param {View} view
 * @param {number} [most] the most different digits so far
 * @returns {Result & {memory: number | undefined}}
 */
export function fiveAnswers({ answers, models }, most = 0) {
  if (models.length < 5) {
    const hint = `This server has ${models.length}, so it cannot be met here.`;
    return { done: false, progress: "This challenge needs five networks.", hint, memory: most };
  }
  if (!models.every((model) => answers.has(model))) {
    return { done: false, progress: "Waiting for all five …", hint: "", memory: most };
  }
  const results = models.flatMap((model) => answers.get(model)?.digit ?? []);
  const count = new Set(results).size;
  const memory = Math.max(most, count);
  const list = models.map((model) => resultOf(/** @type {Answer} */ (answers.get(model))));
  const now = `${numbered(count)}: ${list.join(", ")}.`;
  const best = memory > count ? ` Your most: ${memory}.` : "";
  return {
    done: count >= 5,
    progress: now + best,
    hint:
      count >= 5
        ? ""
        : results.length === 0
          ? "They must take it for a digit: begin with one, then spoil it."
          : "Add a stroke, or bend one, and keep what divides them.",
    memory,
  };
}

/** @param {number} count */
const numbered = (count) =>
  count === 1 ? "One digit" : count === 0 ? "No digit" : `${count} different digits`;

/**
 * 3 and 5 share the probability.
 *
 * @param {View} view
 * @returns {Result}
 */
export function betweenThreeAndFive({ answer }) {
  const isRead = answer.verdict === "digit" || answer.verdict === "unsure";
  const [three, five] = [answer.probabilities[3], answer.probabilities[5]];
  const done = isRead && three >= BOTH && five >= BOTH;
  const shares = `3: ${percent(three)}, 5: ${percent(five)}.`;
  const less = three < five ? 3 : 5;
  return {
    done,
    progress: isRead ? shares : `${reads(answer)}.`,
    hint: done
      ? ""
      : `Both must have ${inPercent(BOTH)}. ${
          isRead ? `Bend the upper left a little towards a ${less}.` : "Begin with a 3."
        }`,
  };
}

/**
 * A letter that is read as a digit. That it is a letter, says a comparison of shapes.
 *
 * @param {View} view
 * @returns {Result}
 */
export function letterAsDigit({ strokes, answer }) {
  const form = nearestForm(strokes);
  if (!isLetter(form)) {
    return {
      done: false,
      progress: `${reads(answer)}. Its shape is ${shapeOf(form)}.`,
      hint: `Draw one of these letters: ${LETTERS.join(" ")}.`,
    };
  }
  const done = answer.verdict === "digit";
  return {
    done,
    progress: `Its shape is that of the letter ${form}. ${reads(answer)}${
      answer.verdict === "unsure" ? ", but is not sure" : ""
    }.`,
    hint: done ? "" : "Which digit has this shape nearly? Slant it, or bend a line, towards that.",
  };
}

/**
 * Two drawings that differ in one dot are read as two digits.
 *
 * @param {View} view
 * @param {readonly Read[]} [earlier] what was read before
 * @returns {Result & {memory: readonly Read[]}}
 */
export function oneDot({ strokes, answer }, earlier = []) {
  const { digit } = answer;
  const memory = digit === null ? earlier : [...earlier, { strokes, digit }].slice(-REMEMBERED);
  const pairs = earlier.filter((read) => differInOneDot(read.strokes, strokes));
  const pair = pairs.find((read) => digit !== null && read.digit !== digit) ?? pairs.at(-1);
  if (pair === undefined) {
    return {
      done: false,
      progress: `${reads(answer)}.`,
      hint: "Wait for the answer, then tap once: one dot, anywhere on the pad.",
      memory,
    };
  }
  const [fewer, more] =
    pair.strokes.length < strokes.length
      ? [String(pair.digit), resultOf(answer)]
      : [resultOf(answer), String(pair.digit)];
  const done = digit !== null && pair.digit !== digit;
  return {
    done,
    progress: `Without the dot: ${fewer}. With it: ${more}.`,
    hint: done
      ? ""
      : "Undo the dot and set it elsewhere. A dot far away makes the digit smaller in its picture.",
    memory,
  };
}

/**
 * @param {readonly Stroke[]} some
 * @param {readonly Stroke[]} others
 */
function differInOneDot(some, others) {
  const [fewer, more] = some.length < others.length ? [some, others] : [others, some];
  if (more.length !== fewer.length + 1 || fewer.length === 0) return false;
  const { width, height } = boxOf([more[fewer.length]]);
  return Math.max(width, height) <= DOT && fewer.every((stroke, i) => isSame(stroke, more[i]));
}

/** @param {Stroke} one @param {Stroke} other */
const isSame = (one, other) =>
  one === other ||
  (one.length === other.length &&
    one.every(([x, y], i) => x === other[i][0] && y === other[i][1]));
