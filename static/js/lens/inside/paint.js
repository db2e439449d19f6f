/** What is painted: the maps of a layer, the ten glyphs, and the frame on the pad. */

import { bytesFrom, colourOf } from "../../page/dom.js";
import { FULL_DIFFERENCE, glyphPixels, limitFor, palette, rgbFrom } from "./tint.js";

/**
 * @import { Answer, Layer } from "../../answer/types.js"
 * @import { Painting } from "./layer.js"
 * @import { Colours } from "./tint.js"
 * @import { Inside } from "./unit.js"
 */

const FRAME_PX = 2; // of the pad, at a height of 280 pixels
const BLACK = /** @type {const} */ ([0, 0, 0]);
/** @type {{texts: string, colours: Colours}} the colours that were looked up last */
let last = { texts: "", colours: { plus: BLACK, minus: BLACK, paper: BLACK, text: BLACK } };
/**
 * The values that a layer shows: its own, or those of F6 where the outputs are glyphs.
 *
 * @param {string} name of the layer
 * @param {Inside} network
 * @param {Answer | null} answer
 * @returns {Layer | null} null too where the answer is still that of another network
 */
export function valuesOf(name, { shown, shapes, codes }, answer) {
  const source = codes !== null && name === "output" ? "f6" : name;
  const layer = answer?.layers?.[shown[source]] ?? null;
  return layer !== null && count(layer.shape) === count(shapes[source]) ? layer : null;
}

/** @param {readonly number[]} shape */
const count = (shape) => shape.reduce((product, side) => product * side, 1);

/**
 * @param {string} name of the layer
 * @param {Inside} network
 * @param {Layer} values as `valuesOf` gives them
 * @param {Colours} colours
 * @returns {Painting}
 */
export function paintingOf(name, { codes }, { low, high, data }, colours) {
  const bytes = bytesFrom(data);
  if (codes !== null && name === "output") {
    const f6 = Float64Array.from(bytes, (byte) => low + (byte / 255) * (high - low));
    return { limit: FULL_DIFFERENCE, pixels: glyphPixels(codes, f6, colours) };
  }
  const limit = limitFor(Math.max(-low, high));
  const [table, pixels] = [palette({ low, high }, limit, colours), new Uint32Array(bytes.length)];
  for (let i = 0; i < bytes.length; i += 1) pixels[i] = table[bytes[i]];
  return { limit, pixels };
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
 * The colours of the style sheet: the same object until one of them changes.
 *
 * @param {HTMLElement[]} tokens elements that have them: plus, minus, paper, text
 * @returns {Colours}
 */
export function coloursOf(tokens) {
  const texts = tokens.map(colourOf);
  if (texts.join() !== last.texts) {
    const [plus, minus, paper, text] = texts.map(rgbFrom);
    last = { texts: texts.join(), colours: { plus, minus, paper, text } };
  }
  return last.colours;
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
