/**
 * What is painted: the maps of a layer, the ten glyphs, and the frame on the pad.
 */

import { bytesFrom, colourOf } from "../../page/dom.js";
import { FULL_DIFFERENCE, glyphPixels, limitFor, palette } from "./tint.js";

/**
 * @import { Layer } from "../../answer/types.js"
 * @import { Painting } from "./layer.js"
 * @import { Colours } from "./tint.js"
 */

const FRAME_PX = 2; // of the pad, at a height of 280 pixels
export const GLYPHS = [10, 12, 7]; // their count, height and width

/**
 * @param {Layer} layer
 * @param {Colours} colours
 * @returns {Painting}
 */
export function paintingOf({ shape, low, high, data }, colours) {
  const limit = limitFor(Math.max(-low, high));
  const table = palette({ low, high }, limit, colours);
  return { shape, limit, pixels: Uint32Array.from(bytesFrom(data), (byte) => table[byte]) };
}

/**
 * @param {Layer} maps
 * @returns {number[]} map, row and column of the unit with the largest value
 */
export function strongestUnit({ shape: [, height, width], data }) {
  const bytes = bytesFrom(data);
  const place = bytes.indexOf(Math.max(...bytes));
  const [map, inMap] = [Math.floor(place / (height * width)), place % (height * width)];
  return [map, Math.floor(inMap / width), inMap % width];
}

/**
 * @param {string[]} codes
 * @param {Layer} f6
 * @param {Colours} colours
 * @returns {Painting}
 */
export function glyphs(codes, { low, high, data }, colours) {
  const values = Float64Array.from(bytesFrom(data), (byte) => low + (byte / 255) * (high - low));
  return { shape: GLYPHS, limit: FULL_DIFFERENCE, pixels: glyphPixels(codes, values, colours) };
}

/**
 * A painter of a frame on the pad.
 *
 * @param {number[]} field left, top, right, bottom in heights of the pad
 * @param {HTMLElement[]} tokens plus, minus, paper, text
 * @returns {(context: CanvasRenderingContext2D, height: number) => void}
 */
export function painterOf([left, top, right, bottom], [, , paper, text]) {
  return (context, height) => {
    const line = (FRAME_PX * height) / 280;
    for (const [token, width] of /** @type {[HTMLElement, number][]} */ ([
      [paper, 2.5 * line],
      [text, line],
    ])) {
      context.strokeStyle = colourOf(token);
      context.lineWidth = width;
      const [x, y] = [left * height, top * height];
      context.strokeRect(x, y, (right - left) * height, (bottom - top) * height);
    }
  };
}
