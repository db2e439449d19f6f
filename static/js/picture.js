/** The 28 × 28 picture that the network really gets. */

import { colourOf } from "./colours.js";
import { bytesFrom, paintPixels } from "./pixels.js";

const SIDE = 28; // pixels

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {{update: (answer: object | null) => void}} null for a blank pad
 */
export function createPicture(canvas) {
  let shown; // {answer, colour}: most updates are about something else

  function update(answer) {
    const colour = colourOf(canvas);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    const values = answer === null ? new Uint8Array(SIDE * SIDE) : bytesFrom(answer.image);
    paintPixels(canvas, values, SIDE);
  }

  return { update };
}
