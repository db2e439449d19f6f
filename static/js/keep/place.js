/** Where the strokes of a picture land on the pad. */

import { find } from "../page/dom.js";

/** @import { Point, Stroke } from "../pad/drawing.js" */

const HEIGHT = 0.7; // of the ink at most, in heights of the pad
const MARGIN = 0.15; // beside the ink at least

/**
 * Strokes in the middle of a pad, as large as a person would write.
 *
 * @param {readonly Stroke[]} strokes in any unit, at least one point
 * @param {number} width of the pad, in its heights
 * @returns {Stroke[]} in heights of the pad
 */
export function fitted(strokes, width) {
  const points = strokes.flat();
  const [left, top, right, bottom] = [
    ...[0, 1].map((axis) => Math.min(...points.map((point) => point[axis]))),
    ...[0, 1].map((axis) => Math.max(...points.map((point) => point[axis]))),
  ];
  const room = [(width - 2 * MARGIN) / (right - left), HEIGHT / (bottom - top)];
  const scale = Math.min(...room.filter(Number.isFinite), Number.MAX_VALUE);
  /** @param {number} value */
  const round = (value) => Math.round(value * 1e4) / 1e4;
  /**
   * @param {number} value
   * @param {number} middle
   * @param {number} target
   */
  const moved = (value, middle, target) =>
    round(value === middle ? target : target + (value - middle) * scale);
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => /** @type {Point} */ ([
      moved(x, (left + right) / 2, width / 2),
      moved(y, (top + bottom) / 2, 1 / 2),
    ])),
  );
}

/**
 * The width of the pad, in its heights.
 *
 * @returns {number}
 */
export function widthOfPad() {
  const { width, height } = find(document, ".pad-ink", HTMLCanvasElement).getBoundingClientRect();
  return height > 0 ? width / height : 1;
}
