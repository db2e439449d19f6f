/** Small grey pictures: decode the server's base64 and paint it on a canvas. */

import { colourOf } from "./colours.js";
import { contextOf } from "./dom.js";

/**
 * @param {string} text base64
 * @returns {Uint8Array}
 */
export function bytesFrom(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/**
 * Paint grey values as ink: 0 is transparent, 255 the full CSS colour of the canvas.
 *
 * @param {HTMLCanvasElement} canvas gets one pixel for each value
 * @param {Uint8Array} values row by row
 * @param {number} width in pixels; the height follows
 */
export function paintPixels(canvas, values, width) {
  const height = values.length / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const picture = new ImageData(width, height);
  values.forEach((value, i) => {
    picture.data[4 * i + 3] = value;
  });
  const context = contextOf(canvas);
  context.putImageData(picture, 0, 0);
  context.globalCompositeOperation = "source-in"; // keeps the opacity, replaces the colour
  context.fillStyle = colourOf(canvas);
  context.fillRect(0, 0, width, height);
}
