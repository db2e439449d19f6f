/** The 28 × 28 picture that the network really gets. */

import { bytesFrom, paintPixels } from "./pixels.js";

const SIDE = 28; // pixels

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {{update: (answer: object | null) => void}} null for a blank pad
 */
export function createPicture(canvas) {
  function update(answer) {
    const values = answer === null ? new Uint8Array(SIDE * SIDE) : bytesFrom(answer.image);
    paintPixels(canvas, values, SIDE);
  }

  return { update };
}
