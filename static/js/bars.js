/** Ten bars: how probable each digit is. */

import { find, findAll } from "./dom.js";

/** @import { Opinion } from "./answer.js" */

/**
 * A probability as people read it. Never "100.0 %": a network is never certain.
 *
 * @param {number} share between 0 and 1
 * @returns {string} like "97.3 %"
 */
export function percent(share) {
  const rounded = Math.round(share * 1000) / 10;
  return `${(share < 1 ? Math.min(rounded, 99.9) : 100).toFixed(1)}\u2009%`;
}

/**
 * @param {HTMLElement} root a list with one item for each digit, in order
 * @returns {{update: (answer: Opinion | null) => void}} null for a blank pad
 */
export function createBars(root) {
  const bars = findAll(root, ".bars-item", HTMLElement).map(createBar);
  /** @type {Opinion | null | undefined} */
  let shown; // most updates are about something else

  /** @param {Opinion | null} answer */
  function update(answer) {
    if (answer === shown) return;
    shown = answer;
    /** @type {(number | null | undefined)[]} */
    const leading = answer?.alternatives?.length ? answer.alternatives : [answer?.digit];
    bars.forEach((bar, digit) => {
      bar.update(answer?.probabilities?.[digit] ?? null, leading.includes(digit));
    });
  }

  return { update };
}

/**
 * One of them. While the pen moves most stay as they are, and are spared the work of a change.
 *
 * @param {HTMLElement} item
 */
function createBar(item) {
  const share = find(item, ".bars-share", HTMLElement);
  /** @type {string | undefined} */
  let length; // as shown

  /**
   * @param {number | null} probability
   * @param {boolean} isLeading
   */
  function update(probability, isLeading) {
    const wanted = (probability ?? 0).toFixed(6); // far less than a pixel
    if (wanted !== length) item.style.setProperty("--share", wanted);
    length = wanted;
    const text = probability === null ? "–" : percent(probability);
    if (share.textContent !== text) share.textContent = text;
    item.classList.toggle("is-leading", isLeading);
  }

  return { update };
}
