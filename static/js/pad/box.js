/** The box around a drawing. */

/** @import { Stroke } from "./drawing.js" */

/**
 * @param {readonly Stroke[]} strokes at least one point
 * @returns {{left: number, top: number, width: number, height: number}} in the unit of the strokes
 */
export function boxOf(strokes) {
  const points = strokes.flat();
  /** @param {0 | 1} axis */
  const range = (axis) => {
    const values = points.map((point) => point[axis]);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    return [low, values.reduce((a, b) => Math.max(a, b), -Infinity) - low];
  };
  const [[left, width], [top, height]] = [range(0), range(1)];
  return { left, top, width, height };
}
