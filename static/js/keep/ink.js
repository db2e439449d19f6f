/**
 * Strokes as a short text, and back.
 *
 * The text has letters of base64url, 6 bits each. A whole number takes 5 bits of a letter, and the
 * sixth says that it goes on in the next one. A stroke is its number of points, then the way to each
 * point from the one before it, across and down, in steps of 1/512 of the pad's height. The last two
 * letters are a check: a text that was cut off or changed is known as such.
 */

/** @import { Point, Stroke } from "../pad/drawing.js" */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STEPS = 512; // to a height of the pad
const MORE = 32; // the sixth bit of a letter
const LARGEST = MORE ** 4; // a number; larger ones are in no drawing
const CHECK_LETTERS = 2;
const MOST_LETTERS = 8_000; // some programs cut longer addresses
const MOST_STROKES = 1_000; // the server takes no more
const MOST_POINTS = 20_000;
const LOWEST = -1; // a coordinate, in heights of the pad
const HIGHEST = 16;

// How far apart points may be and how far from the line, in steps, that they are left out. The pad
// rounds corners between points that are far apart, so the first gap is small. The others are for
// scribbles whose text would be too long.
const THINNINGS = [
  [15, 0.6],
  [30, 1.5],
  [60, 3],
  [120, 8],
];
const MOST_LEFT_OUT = 64; // points in a row

/** A text that is no ink. */
export class DamagedError extends Error {}

/**
 * @param {readonly Stroke[]} strokes
 * @returns {string | null} their text; null if it is too long even when they are thinned
 */
export function lettersOf(strokes) {
  for (const [number, [gap, tolerance]] of THINNINGS.entries()) {
    const letters = spelled(strokes.map((s) => stepsOf(s, number > 0, gap, tolerance)));
    if (letters.length <= MOST_LETTERS) return letters + checkOf(letters);
  }
  return null;
}

/**
 * The points of a stroke in steps. One that came from a link is not thinned again: so ink does not
 * change however often it is kept.
 *
 * @param {Stroke} stroke
 * @param {boolean} always whether to thin it even so
 * @param {number} gap
 * @param {number} tolerance
 * @returns {Point[]}
 */
function stepsOf(stroke, always, gap, tolerance) {
  /** @type {Point[]} */
  const points = stroke.map(([x, y]) => [x * STEPS, y * STEPS]);
  const isFromLink = points.every((point) => point.every(Number.isInteger));
  const kept = isFromLink && !always ? points : thinned(points, gap, tolerance);
  return kept.map(([x, y]) => [Math.round(x), Math.round(y)]);
}

/**
 * Points without those that lie on the line between their neighbours.
 *
 * @param {readonly Point[]} points
 * @param {number} gap the largest distance between two points, unless they are neighbours
 * @param {number} tolerance the largest distance of a point from the line
 * @returns {Point[]}
 */
export function thinned(points, gap, tolerance) {
  const kept = [points[0]];
  let last = 0; // the index of the last point that was kept
  for (let i = 1; i < points.length; i += 1) {
    const next = points[i + 1];
    const between = points.slice(last + 1, i + 1);
    const isNeeded =
      next === undefined ||
      between.length > MOST_LEFT_OUT ||
      Math.hypot(next[0] - points[last][0], next[1] - points[last][1]) > gap ||
      between.some((point) => distance(point, points[last], next) > tolerance);
    if (!isNeeded) continue;
    kept.push(points[i]);
    last = i;
  }
  return kept;
}

/**
 * The distance of a point from the line between two others.
 *
 * @param {Point} point
 * @param {Point} start
 * @param {Point} end
 */
function distance([x, y], [startX, startY], [endX, endY]) {
  const [acrossX, acrossY] = [endX - startX, endY - startY];
  const squared = acrossX ** 2 + acrossY ** 2;
  const along = squared && ((x - startX) * acrossX + (y - startY) * acrossY) / squared;
  const part = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - startX - part * acrossX, y - startY - part * acrossY);
}

/** @param {readonly (readonly Point[])[]} strokes in steps */
function spelled(strokes) {
  const letters = [];
  let [lastX, lastY] = [0, 0];
  for (const stroke of strokes) {
    if (stroke.length === 0) continue;
    letters.push(spelledNumber(stroke.length));
    for (const [x, y] of stroke) {
      letters.push(spelledNumber(signed(x - lastX)), spelledNumber(signed(y - lastY)));
      [lastX, lastY] = [x, y];
    }
  }
  return letters.join("");
}

/**
 * 0, −1, 1, −2, 2 … as 0, 1, 2, 3, 4 …
 *
 * @param {number} value
 */
const signed = (value) => (value < 0 ? -2 * value - 1 : 2 * value);

/** @param {number} value a whole number, 0 or more */
function spelledNumber(value) {
  let [rest, letters] = [value, ""];
  while (rest >= MORE) {
    letters += LETTERS[MORE + (rest % MORE)];
    rest = Math.floor(rest / MORE);
  }
  return letters + LETTERS[rest];
}

/**
 * Two letters that nearly always change with the ink.
 *
 * @param {string} letters
 */
function checkOf(letters) {
  let sum = letters.length;
  for (const letter of letters) sum = (33 * sum + LETTERS.indexOf(letter)) % 4096;
  return LETTERS[sum >> 6] + LETTERS[sum & 63];
}

/**
 * @param {string} ink
 * @returns {Stroke[]}
 * @throws {DamagedError} where no strokes have this text
 */
export function strokesOf(ink) {
  const [letters, check] = [ink.slice(0, -CHECK_LETTERS), ink.slice(-CHECK_LETTERS)];
  if (letters === "" || checkOf(letters) !== check) throw new DamagedError();
  const numbers = numbersIn(letters);
  const strokes = [];
  let [place, points, x, y] = [0, 0, 0, 0];
  while (place < numbers.length) {
    const count = numbers[place];
    points += count;
    if (count === 0 || points > MOST_POINTS || place + 2 * count >= numbers.length) {
      throw new DamagedError();
    }
    /** @type {Point[]} */
    const stroke = [];
    for (place += 1; stroke.length < count; place += 2) {
      [x, y] = [x + unsigned(numbers[place]), y + unsigned(numbers[place + 1])];
      stroke.push([x / STEPS, y / STEPS]);
    }
    strokes.push(stroke);
  }
  const values = strokes.flat(2);
  if (strokes.length > MOST_STROKES || values.some((value) => value < LOWEST || value > HIGHEST)) {
    throw new DamagedError();
  }
  return strokes;
}

/** @param {number} value */
const unsigned = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

/**
 * @param {string} letters
 * @throws {DamagedError}
 */
function numbersIn(letters) {
  const numbers = [];
  let [number, unit] = [0, 1];
  for (const letter of letters) {
    const value = LETTERS.indexOf(letter);
    if (value < 0 || unit > LARGEST) throw new DamagedError();
    number += (value % MORE) * unit;
    unit *= MORE;
    if (value >= MORE) continue;
    numbers.push(number);
    [number, unit] = [0, 1];
  }
  if (unit > 1) throw new DamagedError();
  return numbers;
}
