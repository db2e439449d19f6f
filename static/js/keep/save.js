/** A drawing as files: a picture, a line drawing, and a question to the API. */

import { PEN_WIDTH } from "../pad/pad.js";
import { contextOf } from "../page/dom.js";

/**
 * @import { Stroke } from "../pad/drawing.js"
 *
 * @typedef {object} Sheet
 * @property {readonly Stroke[]} strokes in heights of the pad
 * @property {number} width of the pad, in its heights
 * @property {string} model the chosen network
 * @property {boolean} many whether it is a whole number
 */

const HEIGHT = 1000; // of the line drawing, in its units; of the picture, in pixels
const INK = "#000";
const PAPER = "#fff";

/**
 * A line drawing, with the curves and the pen of the pad.
 *
 * @param {Sheet} sheet
 * @returns {string} SVG
 */
export function svgOf({ strokes, width }) {
  const size = `${round(width * HEIGHT)} ${HEIGHT}`;
  const path = strokes.map(pathOf).join("");
  const pen = `stroke-width="${PEN_WIDTH * HEIGHT}" stroke-linecap="round" stroke-linejoin="round"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}">`,
    `<path fill="${PAPER}" d="M0 0H${round(width * HEIGHT)}V${HEIGHT}H0z"/>`,
    `<path fill="none" stroke="${INK}" ${pen} d="${path}"/>`,
    "</svg>\n",
  ].join("\n");
}

/**
 * The same as a picture: dark ink on white paper.
 *
 * @param {Sheet} sheet
 * @returns {Promise<Blob>} PNG
 * @throws {Error} if the browser cannot make one
 */
export async function pngOf({ strokes, width }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * HEIGHT), HEIGHT];
  const context = contextOf(canvas);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = INK;
  context.lineWidth = PEN_WIDTH * HEIGHT;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) context.stroke(new Path2D(pathOf(stroke)));
  return new Promise((made, failed) => {
    canvas.toBlob((blob) => (blob ? made(blob) : failed(new Error("no picture"))), "image/png");
  });
}

/**
 * A question for POST /api/predict.
 *
 * @param {Sheet} sheet
 * @returns {string} JSON
 */
export function questionOf({ strokes, model, many }) {
  const body = many ? { strokes, model, many } : { strokes, model };
  return `${JSON.stringify(body)}\n`;
}

/**
 * Let the browser save a file.
 *
 * @param {string} name
 * @param {Blob} blob
 */
export function download(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it later
}

/**
 * The path of a stroke: curves between the midpoints of its points, as on the pad.
 *
 * @param {Stroke} stroke
 */
function pathOf(stroke) {
  const points = stroke.map(([x, y]) => [round(x * HEIGHT), round(y * HEIGHT)]);
  const [first, ...rest] = points;
  if (rest.length === 0) return `M${first.join(" ")}h0`; // a dot as wide as the pen
  const curves = rest.slice(0, -1).map(([x, y], i) => {
    const [nextX, nextY] = rest[i + 1];
    return `Q${x} ${y} ${round((x + nextX) / 2)} ${round((y + nextY) / 2)}`;
  });
  return `M${first.join(" ")}${curves.join("")}L${rest[rest.length - 1].join(" ")}`;
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
