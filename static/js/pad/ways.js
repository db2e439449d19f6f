/** All ways to draw beside the pen: tools, samples, keys and taps. */

import { find } from "../page/dom.js";
import { createCursor } from "./cursor.js";
import { createHelp } from "./help.js";
import { createKeys } from "./keys.js";
import { createSamples } from "./samples.js";
import { createTaps } from "./taps.js";
import { createTools } from "./tools.js";

/** @import { Stage } from "../stage.js" */

/**
 * @param {HTMLElement} desk holds the pad, its tools and the list of keys
 * @param {Stage} stage
 */
export function createWays(desk, stage) {
  const canvas = find(desk, ".pad-ink", HTMLCanvasElement);
  const cursor = createCursor(find(desk, ".pad-cursor", HTMLElement), canvas, stage);
  createTools(find(desk, ".tools", HTMLElement), stage, cursor.back);
  createKeys(canvas, find(desk, ".pad-voice", HTMLElement), cursor);
  const taps = createTaps(canvas, find(desk, ".tools-lift", HTMLButtonElement), cursor);
  stage.show(taps.update);
  const samples = createSamples(find(desk, ".samples", HTMLElement), canvas, stage);
  const dialog = find(desk, ".help", HTMLDialogElement);
  const opener = find(desk, ".tools-help", HTMLButtonElement);
  createHelp(dialog, opener, { sample: samples.draw, taps: taps.use });
}
