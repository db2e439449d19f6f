/** Parts of a stroke as the pad draws it: a smooth curve between the middles of its points. */

/** @import { Point, Stroke } from "../../pad/drawing.js" */

const STEP = 0.25; // points of the stroke from one point of a part to the next

/**
 * @param {Point} a
 * @param {Point} b
 * @param {number} t from 0 at a to 1 at b
 * @returns {Point}
 */
const between = ([ax, ay], [bx, by], t) => [ax + (bx - ax) * t, ay + (by - ay) * t];

/**
 * A place on the curve that the pad draws through a stroke.
 *
 * @param {Stroke} stroke
 * @param {number} place in points, from 0 to its last one
 * @returns {Point}
 */
export function pointAt(stroke, place) {
  const last = stroke.length - 1;
  if (last < 2) return between(stroke[0], stroke[last], last === 0 ? 0 : place);
  const i = Math.min(Math.max(Math.round(place), 1), last);
  const begin = i === 1 ? stroke[0] : between(stroke[i - 1], stroke[i], 0.5);
  if (i === last) return between(begin, stroke[last], (place - last) * 2 + 1);
  const end = between(stroke[i], stroke[i + 1], 0.5);
  const t = i === 1 ? place / 1.5 : place - i + 0.5;
  return between(between(begin, stroke[i], t), between(stroke[i], end, t), t);
}

/**
 * @param {Stroke} stroke
 * @param {number} from a place, in points
 * @param {number} to a later one
 * @returns {Point[]} the curve between the two
 */
export function partOf(stroke, from, to) {
  const steps = Math.max(1, Math.ceil((to - from) / STEP));
  return Array.from({ length: steps + 1 }, (_, i) =>
    pointAt(stroke, from + ((to - from) * i) / steps),
  );
}
