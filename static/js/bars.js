/** Ten bars: the probability of each digit. */

import { find, findAll } from "./dom.js";

/** @import { Opinion } from "./answer.js" */

/**
 * A probability in per cent. Below 1 it is at most "99.9 %": rounding must not say certain.
 *
 * @param {number} probability between 0 and 1
 * @returns {string} like "97.3 %"
 */
export function percent(probability) {
  const rounded = Math.round(probability * 1000) / 10;
  return `${(probability < 1 ? Math.min(rounded, 99.9) : 100).toFixed(1)}\u2009%`;
}

/**
 * @param {HTMLElement} root a list with one item for each digit, in order
 * @returns {{update: (answer: Opinion | null) => void}} null for a blank pad
 */
export function createBars(root) {
  const bars = findAll(root, ".bars-item", HTMLElement).map(createBar);
  /** @type {Opinion | null | undefined} */
  let shown; // the answer on the bars; most updates do not change it

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
 * One bar. It touches the page only where its value changes: most bars stay as they are.
 *
 * @param {HTMLElement} item
 */
function createBar(item) {
  const label = find(item, ".bars-share", HTMLElement);
  /** @type {string | undefined} */
  let shownLength;

  /**
   * @param {number | null} probability
   * @param {boolean} isLeading
   */
  function update(probability, isLeading) {
    const length = (probability ?? 0).toFixed(6); // the last place is far less than a pixel
    if (length !== shownLength) item.style.setProperty("--share", length);
    shownLength = length;
    const text = probability === null ? "–" : percent(probability);
    if (label.textContent !== text) label.textContent = text;
    item.classList.toggle("is-leading", isLeading);
  }

  return { update };
}
