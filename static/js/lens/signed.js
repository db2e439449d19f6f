/** Small maps with values above and below zero: two colours, and zero is paper. */

import { bytesFrom, colourOf, contextOf } from "../page/dom.js";

/**
 * The values of an array for display.
 *
 * @param {{data: string, low: number, high: number}} array
 * @returns {number[]}
 */
export function valuesOf({ data, low, high }) {
  return [...bytesFrom(data)].map((byte) => low + (byte / 255) * (high - low));
}

/**
 * Paint values: the farther from zero, the more colour.
 *
 * @param {HTMLCanvasElement} canvas gets one pixel for each value
 * @param {number[]} values row by row
 * @param {number} width in pixels
 * @param {number} most the value, above or below zero, that has the full colour
 * @param {{plus: Element, minus: Element}} colours elements that have the two colours
 */
export function paintSigned(canvas, values, width, most, { plus, minus }) {
  const height = values.length / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = contextOf(canvas);
  context.clearRect(0, 0, width, height);
  const [above, below] = [colourOf(plus), colourOf(minus)];
  values.forEach((value, i) => {
    context.globalAlpha = Math.min(Math.abs(value) / most, 1);
    context.fillStyle = value > 0 ? above : below;
    context.fillRect(i % width, Math.floor(i / width), 1, 1);
  });
}
