/** The two maps of the pixels, each with a printed scale; zero is paper. */

import { bytesFrom, colourOf, contextOf, find, findAll, paintPixels, setText } from "../../page/dom.js";
import { paintSigned, valuesOf as valuesIn } from "../signed.js";
import { short } from "./words.js";

/**
 * @import { Opinion } from "../../answer/types.js"
 * @import { Pixels, Why } from "./words.js"
 */

const SIDE_PX = 28;
const STEP = 1 / 255; // of the range: bytes are no finer, so a value so small counts as zero

/**
 * The values of a map, each from -1 to 1, and the value that 1 stands for.
 *
 * @param {Pixels} pixels
 */
export function valuesOf({ low, high, data }) {
  const most = Math.max(Math.abs(low), Math.abs(high));
  const least = STEP * (high - low);
  const values = valuesIn({ low, high, data });
  return { most, values: values.map((value) => (Math.abs(value) < least ? 0 : value / most)) };
}

/** @param {HTMLElement} root holds a .why-map with data-map for each map */
export function createMaps(root) {
  const maps = findAll(root, ".why-map", HTMLElement).map((map) => ({
    name: /** @type {"gradient" | "occlusion"} */ (map.dataset.map),
    paper: find(map, ".why-paper", HTMLCanvasElement),
    canvas: find(map, ".why-values", HTMLCanvasElement),
    least: find(map, ".why-least", HTMLElement),
    most: find(map, ".why-most", HTMLElement),
  }));
  /** @type {unknown[]} */
  let shown = [];

  /**
   * @param {Why | null} why
   * @param {Opinion | null} opinion
   */
  function update(why, opinion) {
    const colours = maps.length > 0 ? [colourOf(maps[0].most), colourOf(maps[0].least)] : [];
    const wanted = [why, why && opinion, ...colours];
    if (wanted.every((value, i) => value === shown[i])) return;
    shown = wanted;
    for (const { name, paper, canvas, least, most } of maps) {
      contextOf(canvas).clearRect(0, 0, SIDE_PX, SIDE_PX);
      contextOf(paper).clearRect(0, 0, SIDE_PX, SIDE_PX);
      const found = why === null ? null : valuesOf(why[name]);
      setText(most, found === null ? "+" : `+${short(found.most)}`);
      setText(least, found === null ? "−" : `−${short(found.most)}`);
      if (found === null || opinion === null) continue;
      paintPixels(paper, bytesFrom(opinion.image), SIDE_PX);
      paintSigned(canvas, found.values, SIDE_PX, 1, { plus: most, minus: least });
    }
  }

  return { update };
}
