/** Thin curves on a canvas: how values between 0 and 1 changed from moment to moment. */

import { colourOf, contextOf } from "./dom.js";

/**
 * @typedef {object} Curve
 * @property {(number | null)[]} values one for each moment, between 0 and 1; null leaves a gap
 * @property {boolean} [strong] whether it stands out
 * @property {string} [label] written at its peak
 */

const PALE = 0.45; // opacity of the curves that do not stand out
const FAINT = 0.07; // of the gaps
const LABEL_PX = 13; // CSS pixels: the height of a label
const HAS_LED = 0.5; // the curve of a digit that was once as probable as this has a label
const MARGIN = 0.04; // above and below the curves, in heights of the canvas

/**
 * Ten curves: how probable each digit was at each moment.
 *
 * @param {(number[] | null)[]} moments the probabilities of the digits 0 to 9; null leaves a gap
 * @param {number | null} final the digit that stands out, and comes last
 * @returns {Curve[]}
 */
export function curvesOfDigits(moments, final) {
  const digits = [...Array(10).keys()].sort((i, j) => Number(i === final) - Number(j === final));
  return digits.map((digit) => {
    const values = moments.map((probabilities) => probabilities?.[digit] ?? null);
    const hasLed = values.some((value) => value !== null && value >= HAS_LED);
    return { values, strong: digit === final, label: hasLed ? String(digit) : undefined };
  });
}

/**
 * Paint curves from the left edge to the right edge of a canvas, in its CSS colour.
 *
 * @param {HTMLCanvasElement} canvas gets as many pixels as it has on the screen
 * @param {Curve[]} curves all have the same gaps
 * @param {object} [more]
 * @param {number | null} [more.at] the index of a moment that is marked
 * @param {string} [more.gap] what is written into gaps, where there is room
 */
export function paintCurves(canvas, curves, { at = null, gap = "" } = {}) {
  const density = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * density);
  const height = Math.round(canvas.clientHeight * density);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = contextOf(canvas);
  context.clearRect(0, 0, width, height);
  context.strokeStyle = context.fillStyle = colourOf(canvas);
  context.lineJoin = context.lineCap = "round";
  const step = width / Math.max((curves[0]?.values.length ?? 1) - 1, 1);
  for (const [from, to] of gapsIn(curves[0]?.values ?? [])) {
    fillGap(context, from * step, to * step, gap, density);
  }
  for (const curve of curves) {
    context.globalAlpha = curve.strong ? 1 : PALE;
    context.lineWidth = (curve.strong ? 2 : 1) * density;
    const points = placesOf(curve.values, width, height);
    for (const part of partsOf(points)) stroke(context, part);
    if (curve.label) write(context, curve.label, points, curve.strong ?? false, density);
  }
  if (at === null) return;
  context.globalAlpha = 1;
  const x = Math.min(Math.max(at * step - density, 0), width - 2 * density);
  context.fillRect(x, 0, 2 * density, height);
}

/**
 * The points of a curve on a canvas; null where there is a gap.
 *
 * @param {(number | null)[]} values
 * @param {number} width
 * @param {number} height
 * @returns {([number, number] | null)[]}
 */
function placesOf(values, width, height) {
  const step = width / Math.max(values.length - 1, 1);
  const [top, range] = [MARGIN * height, (1 - 2 * MARGIN) * height];
  return values.map((value, i) =>
    value === null ? null : [i * step, top + (1 - value) * range],
  );
}

/**
 * Cut a list at its gaps.
 *
 * @template T
 * @param {(T | null)[]} list
 * @returns {T[][]} the parts between the gaps, none of them empty
 */
export function partsOf(list) {
  /** @type {T[][]} */
  const parts = [[]];
  for (const item of list) {
    if (item === null) parts.push([]);
    else parts[parts.length - 1].push(item);
  }
  return parts.filter(({ length }) => length > 0);
}

/**
 * The gaps in a list: between which of its other items they are.
 *
 * @param {(unknown | null)[]} list
 * @returns {[from: number, to: number][]} indices; those of the ends where there are no others
 */
export function gapsIn(list) {
  /** @type {[number, number][]} */
  const gaps = [];
  list.forEach((item, i) => {
    if (item !== null) return;
    const next = Math.min(i + 1, list.length - 1);
    if (i > 0 && list[i - 1] === null) gaps[gaps.length - 1][1] = next;
    else gaps.push([Math.max(i - 1, 0), next]);
  });
  return gaps;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} right
 * @param {string} words
 * @param {number} density
 */
function fillGap(context, left, right, words, density) {
  const { height } = context.canvas;
  context.globalAlpha = FAINT;
  context.fillRect(left, 0, right - left, height);
  context.font = `italic ${LABEL_PX * density}px ${getComputedStyle(context.canvas).fontFamily}`;
  if (context.measureText(words).width > right - left) return;
  context.globalAlpha = 1;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(words, (left + right) / 2, height / 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number][]} points
 */
function stroke(context, points) {
  context.beginPath();
  context.moveTo(...points[0]);
  for (const point of points) context.lineTo(...point); // one point alone is a dot
  context.stroke();
}

/**
 * Write a label below the peak of a curve, beside the line.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} label
 * @param {([number, number] | null)[]} points
 * @param {boolean} isStrong
 * @param {number} density pixels of the canvas for each CSS pixel
 */
function write(context, label, points, isStrong, density) {
  const { width, height } = context.canvas;
  const present = points.filter((point) => point !== null);
  const high = Math.min(...present.map(([, y]) => y));
  const peaks = present.filter(([, y]) => y <= high + height / 50);
  const [x, y] = peaks[Math.floor(peaks.length / 2)] ?? [0, 0];
  const size = LABEL_PX * density;
  context.globalAlpha = 1;
  const { fontFamily } = getComputedStyle(context.canvas);
  context.font = `${isStrong ? "bold " : ""}${size}px ${fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const half = context.measureText(label).width / 2 + density;
  const top = Math.min(y + 3 * density, height - size);
  context.fillText(label, Math.min(Math.max(x, half), width - half), top);
}
