/**
 * A drawing and its choices as the fragment of an address, the part after "#", and back. Browsers
 * never send this part to a server.
 *
 *     v1&mode=many&tab=inside&model=lenet-32&ink=…
 *
 * `v1` is the version of this form, and of the ink in ink.js. Choices that are left out are the
 * page's first ones.
 */

import { DamagedError, lettersOf, strokesOf } from "./ink.js";

/**
 * @import { Stroke } from "../pad/drawing.js"
 *
 * @typedef {object} Kept
 * @property {readonly Stroke[]} strokes
 * @property {"one" | "many"} mode
 * @property {string} tab name of the tab that is open
 * @property {string} model name of the network
 *
 * @typedef {{kept: Partial<Kept> | null, fault: string | null}} Found both null: nothing is kept
 *   there; a fault is a sentence for the reader
 */

const VERSION = 1;
const DAMAGED = "This link is damaged or was cut off, so its drawing cannot be shown.";
const TOO_NEW = "This link was made by a newer version of this page, which this one cannot read.";

/**
 * @param {Kept} kept
 * @param {{tab: string, model: string}} first the page's first choices, which are left out
 * @returns {string | null} the fragment without "#"; null if the drawing is too long for one
 */
export function encode({ strokes, mode, tab, model }, first) {
  const parts = [`v${VERSION}`];
  if (mode !== "one") parts.push(`mode=${mode}`);
  if (tab !== first.tab) parts.push(`tab=${encodeURIComponent(tab)}`);
  if (model !== first.model) parts.push(`model=${encodeURIComponent(model)}`);
  if (strokes.length > 0) {
    const ink = lettersOf(strokes);
    if (ink === null) return null;
    parts.push(`ink=${ink}`);
  }
  return parts.join("&");
}

/**
 * Never throws, whatever stands there.
 *
 * @param {string} fragment with or without "#"
 * @returns {Found}
 */
export function decode(fragment) {
  const text = fragment.replace(/^#/, "");
  const version = /^v(\d{1,6})(&|$)/.exec(text);
  if (version === null) return { kept: null, fault: null };
  if (Number(version[1]) !== VERSION) return { kept: null, fault: TOO_NEW };
  const values = new URLSearchParams(text);
  const [mode, tab, model, ink] = ["mode", "tab", "model", "ink"].map((name) => values.get(name));
  /** @type {Partial<Kept>} */
  const kept = {};
  if (mode === "one" || mode === "many") kept.mode = mode;
  if (tab) kept.tab = tab;
  if (model) kept.model = model;
  try {
    kept.strokes = ink === null ? [] : strokesOf(ink);
  } catch (error) {
    if (error instanceof DamagedError) return { kept: null, fault: DAMAGED };
    throw error;
  }
  return { kept, fault: null };
}
