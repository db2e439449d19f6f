/**
 * The chosen unit, asked for again whenever drawing, network or choice has changed.
 *
 * One request at a time, where the pen leaves room; of the questions that wait only the newest is
 * kept.
 */

import { hasSpare, post } from "../../net/line.js";
import { isSame } from "../../pad/drawing.js";

/**
 * @import { Stroke } from "../../pad/drawing.js"
 * @import { Unit } from "./unit.js"
 *
 * @typedef {object} Wanted
 * @property {readonly Stroke[]} strokes
 * @property {string} model
 * @property {string} layer
 * @property {readonly number[]} index
 */

const UNIT = "api/unit";
const PAUSE_MS = 100; // between two questions: numbers that change more often cannot be read

/**
 * @param {(unit: Unit, wanted: Wanted) => void} shown
 * @returns {{want: (wanted: Wanted | null) => void}} null: nothing is asked any more
 */
export function createFollower(shown) {
  /** @type {Wanted | null} */
  let waiting = null;
  /** @type {Wanted | null} */
  let last = null; // that was answered, or is on its way
  /** @type {AbortController | null} */
  let sent = null;
  let hasTimer = false;

  /** @param {Wanted | null} wanted */
  function want(wanted) {
    if (wanted === null) {
      sent?.abort();
      [waiting, last, sent] = [null, null, null];
    } else if (last === null || !isEqual(wanted, last)) {
      waiting = wanted;
      send();
    } else {
      waiting = null;
    }
  }

  async function send() {
    if (waiting === null || sent !== null || hasTimer) return;
    if (!hasSpare()) return later();
    const [wanted, own] = [waiting, new AbortController()];
    [last, waiting, sent] = [wanted, null, own];
    const reply = await post(UNIT, JSON.stringify(wanted), own);
    if (sent !== own) return; // dropped
    sent = null;
    if (reply === null) last = null; // away: the next update asks again
    else if (reply.ok) shown(reply.body, wanted);
    later();
  }

  function later() {
    hasTimer = true;
    setTimeout(() => {
      hasTimer = false;
      send();
    }, PAUSE_MS);
  }

  return { want };
}

/**
 * @param {Wanted} one
 * @param {Wanted} other
 */
function isEqual(one, other) {
  const names = (/** @type {Wanted} */ { model, layer, index }) => [model, layer, ...index].join();
  return names(one) === names(other) && isSame(one.strokes, other.strokes);
}
