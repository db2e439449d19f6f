/** What the tab Why says. No element of the page is touched here. */

/**
 * @import { Verdict } from "../../answer/types.js"
 *
 * @typedef {object} Piece a piece of a stroke
 * @property {number} stroke the number of the stroke, counted from 0
 * @property {number} from where it begins, in points: 12.4 lies between point 12 and point 13
 * @property {number} to where it ends
 * @property {number} effect by how much the lead of the first digit falls without it
 *
 * @typedef {object} Erasure
 * @property {number[]} pieces their numbers
 * @property {number} digit the answer while the rest stays in its place
 * @property {[number, number][][]} strokes the drawing without them
 * @property {{verdict: Verdict, digit: number | null}} redrawn the answer to them as a new drawing
 *
 * @typedef {object} Pixels a map of 28 × 28 pixels
 * @property {number} low the value of the byte 0
 * @property {number} high the value of the byte 255
 * @property {string} data base64
 *
 * @typedef {object} Why the answer of api/why
 * @property {number} difference of the two scores
 * @property {Piece[]} pieces
 * @property {Erasure | null} erasure
 * @property {Pixels} gradient
 * @property {Pixels} occlusion
 *
 * @typedef {object} Row answers to changed drawings
 * @property {(number | null)[]} digits
 * @property {number[]} confidences
 *
 * @typedef {object} Robustness the answer of api/robustness
 * @property {number | null} digit
 * @property {Row[]} map for each slant the answers to all turns
 * @property {Row} lines the answers to thinner and thicker lines
 * @property {number[]} widths of these lines
 * @property {{turn: number[], slant: number[], width: number[]} | null} survives
 */

const LITTLE = 0.05; // of the largest effect: a smaller one matters little
const MOST_STROKES = 40; // beyond it the server makes no pieces
const MOST_DEGREES = 90; // that the server tries

/**
 * A number with few places; 12.34 → "12.3".
 *
 * @param {number} value
 */
export const short = (value) => Math.abs(value).toFixed(Math.abs(value) < 9.95 ? 1 : 0);

/**
 * @param {number} difference of the scores of the first and the second digit
 * @param {[number, number]} digits
 */
export function lead(difference, [first, second]) {
  const [leader, other] = difference < 0 ? [second, first] : [first, second];
  return `${leader} leads ${other} by ${difference < 0 ? short(-difference) : short(difference)}`;
}

/**
 * @param {Why} why
 * @param {number} index of the piece; -1 for none
 * @param {[number, number]} digits
 */
export function aboutPiece({ pieces, difference }, index, digits) {
  if (pieces.length === 0) return `There are too many strokes: more than ${MOST_STROKES}.`;
  if (index < 0) return "Move the slider to look at one piece.";
  const { effect } = pieces[index];
  const largest = Math.max(...pieces.map((piece) => Math.abs(piece.effect)));
  const without = `Without it, ${lead(difference - effect, digits)}.`;
  const name = `Piece ${index + 1} of ${pieces.length}`;
  if (Math.abs(effect) <= LITTLE * largest) return `${name} matters little. ${without}`;
  return `${name} speaks for ${effect > 0 ? digits[0] : digits[1]}. ${without}`;
}

/**
 * @param {Why} why
 * @param {number | null} answer the digit that is read now
 */
export function aboutErasure({ pieces, erasure }, answer) {
  if (erasure === null) {
    return pieces.length < 2
      ? "There are no pieces to erase."
      : "None was found: without any connected half of the ink it would say the same.";
  }
  const { digit, redrawn } = erasure;
  const count = erasure.pieces.length;
  const part = count === 1 ? "the dashed piece" : `the ${count} dashed pieces`;
  const first = `Without ${part}, and with the rest in its place, it reads ${digit}.`;
  if (redrawn.digit === null) return `${first} As a new drawing the rest is no digit to it.`;
  if (redrawn.digit === answer) {
    return `${first} But a new drawing is moved and scaled, and then the rest is still ${answer}.`;
  }
  if (redrawn.digit === digit) return `${first} As a new drawing the rest is ${digit} to it, too.`;
  return `${first} As a new drawing, moved and scaled, the rest is ${redrawn.digit} to it.`;
}

/** @param {Robustness} robustness */
export function aboutRobustness({ digit, survives }) {
  if (digit === null) return "Only a digit can be tried: this is none to the network.";
  if (survives === null) return "There is too much ink to try it.";
  const { turn, slant, width } = survives;
  const least = Math.min(...turn);
  const first =
    least === MOST_DEGREES
      ? `Your ${digit} survives every turn that was tried`
      : `Your ${digit} survives a turn of ${least}°`;
  return (
    `${first}: it stays ${digit} when it is turned by ${sides(turn)}, or slanted by ` +
    `${sides(slant)}, or redrawn with a line of ${times(width[0])} to ${times(width[1])} times ` +
    "the usual width."
  );
}

/** @param {number[]} degrees to the left and to the right */
const sides = ([left, right]) => `up to ${left}° to the left and ${right}° to the right`;

/** @param {number} width */
const times = (width) => String(Number(width.toPrecision(2)));
