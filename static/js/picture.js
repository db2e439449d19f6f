/** The 28 × 28 picture that the network really gets. */

import { colourOf } from "./colours.js";
import { bytesFrom, paintPixels } from "./pixels.js";

/** @import { Opinion } from "./answer.js" */

const SIDE = 28; // pixels

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {{update: (answer: Opinion | null) => void}} null for a blank pad
 */
export function createPicture(canvas) {
  /** @type {{answer: Opinion | null, colour: string} | undefined} */
  let shown; // most updates are about something else

  /** @param {Opinion | null} answer */
  function update(answer) {
    const colour = colourOf(canvas);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    const values = answer === null ? new Uint8Array(SIDE * SIDE) : bytesFrom(answer.image);
    paintPixels(canvas, values, SIDE);
  }

  return { update };
}
