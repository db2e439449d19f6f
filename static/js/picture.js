/** The 28 × 28 picture that is the network's input. */

import { colourOf } from "./colours.js";
import { bytesFrom, paintPixels } from "./pixels.js";

/** @import { Opinion } from "./answer.js" */

const SIDE_PX = 28; // width and height

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {{update: (answer: Opinion | null) => void}} null for a blank pad
 */
export function createPicture(canvas) {
  /** @type {{answer: Opinion | null, colour: string} | undefined} */
  let shown; // on the page; most updates do not change it

  /** @param {Opinion | null} answer */
  function update(answer) {
    const colour = colourOf(canvas);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    const values = answer === null ? new Uint8Array(SIDE_PX * SIDE_PX) : bytesFrom(answer.image);
    paintPixels(canvas, values, SIDE_PX);
  }

  return { update };
}
