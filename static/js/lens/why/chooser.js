/** The two digits that are compared: ten bars, two of which are pressed. */

import { byProbability, percent } from "../../answer/words.js";
import { findAll, setAttribute } from "../../page/dom.js";

/**
 * @import { Opinion } from "../../answer/types.js"
 *
 * @typedef {[number, number]} Pair the digit that is asked about, and the one it is compared with
 */

const ROLES = ["for", "against"];

/**
 * The two most probable digits, the likelier first.
 *
 * @param {number[]} probabilities
 * @returns {Pair}
 */
export function twoBest(probabilities) {
  const [first, second] = byProbability(probabilities);
  return [first, second];
}

/**
 * The pair after a digit was pressed: one of the two swaps them, any other becomes the second.
 *
 * @param {Pair} pair
 * @param {number} digit
 * @returns {Pair}
 */
export const pressed = ([first, second], digit) =>
  digit === first || digit === second ? [second, first] : [first, digit];

/**
 * @param {HTMLElement} root holds a .why-bar for each digit
 * @param {() => void} changed called after a digit was pressed
 * @returns {{pair: Pair | null, update: (opinion: Opinion | null, key: unknown) => void}} pair: null
 *   while there is no answer; key: changes with the drawing, and then the two best are chosen anew
 */
export function createChooser(root, changed) {
  const bars = findAll(root, ".why-bar", HTMLButtonElement);
  /** @type {Pair | null} */
  let pair = null;
  /** @type {Pair | null} */
  let chosen = null; // by the visitor
  /** @type {unknown} */
  let about = null; // the key of that choice
  /** @type {Opinion | null | undefined} */
  let shown;

  /** @param {MouseEvent} event */
  function press(event) {
    const bar = /** @type {HTMLButtonElement} */ (event.currentTarget);
    if (pair === null) return;
    chosen = pressed(pair, Number(bar.dataset.digit));
    changed();
  }

  /**
   * @param {Opinion | null} opinion
   * @param {unknown} key
   */
  function update(opinion, key) {
    if (key !== about) [about, chosen] = [key, null];
    const next = opinion === null ? null : (chosen ?? twoBest(opinion.probabilities));
    if (shown === opinion && String(next) === String(pair)) return;
    shown = opinion;
    pair = next;
    for (const [digit, bar] of bars.entries()) show(bar, pair?.indexOf(digit) ?? -1);
  }

  /**
   * @param {HTMLButtonElement} bar
   * @param {number} place in the pair, or -1
   */
  function show(bar, place) {
    const share = shown?.probabilities[Number(bar.dataset.digit)] ?? 0;
    const length = share.toFixed(4);
    if (bar.style.getPropertyValue("--share") !== length) {
      bar.style.setProperty("--share", length);
    }
    const role = ROLES[place] ?? "";
    setAttribute(bar, "data-role", role);
    setAttribute(bar, "aria-pressed", String(role !== ""));
    const label = [bar.dataset.digit, percent(share), role].filter(Boolean).join(", ");
    setAttribute(bar, "aria-label", label);
  }

  for (const bar of bars) bar.addEventListener("click", press);
  return {
    get pair() {
      return pair;
    },
    update,
  };
}
