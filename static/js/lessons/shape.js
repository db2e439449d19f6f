/**
 * A simple comparison of shapes: which form of forms.js a drawing is nearest to.
 *
 * It uses no network. Two challenges need a judge besides the network that is to be fooled.
 *
 * @import { Point, Stroke } from "../pad/drawing.js"
 */

import { boxOf } from "../pad/box.js";
import { FORMS } from "./forms.js";

const POINTS = 64; // on each drawing and each form, at equal distances along the ink
const LEAST_SIDE = 0.35; // of the longer side; a thin drawing is stretched no more than to this
// Mean distance to the nearest point, in sides of the square. Beyond, it is no form of these.
const FARTHEST = 0.09;

/** @type {{name: string, points: Point[]}[] | undefined} */
let forms; // made when first needed

/**
 * @param {readonly Stroke[]} strokes in any unit
 * @returns {string | null} "0" to "9" or a letter; null if no form is near
 */
export function nearestForm(strokes) {
  forms ??= FORMS.map(([name, ...lines]) => ({ name, points: evenly(lines.map(pairs)) }));
  const points = evenly(strokes);
  if (points.length === 0) return null;
  const distances = forms.map((form) => ({ ...form, distance: distance(points, form.points) }));
  const nearest = distances.reduce((best, form) => (form.distance < best.distance ? form : best));
  return nearest.distance <= FARTHEST ? nearest.name : null;
}

/** @param {string | null} form @returns {boolean} */
export const isLetter = (form) => form !== null && /^[A-Za-z]$/.test(form);

/** The letters that it knows. */
export const LETTERS = FORMS.map(([name]) => name).filter(isLetter);

/** @param {number[]} line x, y, x, y … @returns {Point[]} */
const pairs = (line) =>
  line.flatMap((x, i) => (i % 2 === 0 ? [/** @type {Point} */ ([x, line[i + 1]])] : []));

/**
 * Points at equal distances along all strokes, moved and scaled to a square of side 1.
 *
 * @param {readonly Stroke[]} strokes
 * @returns {Point[]} none for a drawing without any length
 */
function evenly(strokes) {
  const pieces = strokes.flatMap((stroke) =>
    stroke.slice(1).map((to, i) => ({ from: stroke[i], to, length: lengthOf(stroke[i], to) })),
  );
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  if (total === 0) return [];
  const { left, top, width, height } = boxOf(strokes);
  const least = LEAST_SIDE * Math.max(width, height);
  const [across, down] = [Math.max(width, least), Math.max(height, least)];
  /** @type {Point[]} */
  const points = [];
  let passed = 0; // length of the ink before this piece
  for (const { from, to, length } of pieces) {
    while (points.length < POINTS && (points.length + 0.5) * (total / POINTS) <= passed + length) {
      const part = ((points.length + 0.5) * (total / POINTS) - passed) / length;
      const x = from[0] + part * (to[0] - from[0]) - left - width / 2;
      const y = from[1] + part * (to[1] - from[1]) - top - height / 2;
      points.push([x / across, y / down]);
    }
    passed += length;
  }
  return points;
}

/** @param {Point} one @param {Point} other */
const lengthOf = ([x, y], [toX, toY]) => Math.hypot(toX - x, toY - y);

/**
 * The mean distance from a point to the nearest one of the other drawing, both ways.
 *
 * @param {readonly Point[]} some
 * @param {readonly Point[]} others
 */
const distance = (some, others) => (oneWay(some, others) + oneWay(others, some)) / 2;

/** @param {readonly Point[]} some @param {readonly Point[]} others */
const oneWay = (some, others) =>
  some.reduce((sum, point) => sum + nearestTo(point, others), 0) / some.length;

/** @param {Point} point @param {readonly Point[]} others */
const nearestTo = (point, others) =>
  others.reduce((least, other) => Math.min(least, lengthOf(point, other)), Infinity);
