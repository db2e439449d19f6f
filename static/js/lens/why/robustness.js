/** How far the answer holds: a sentence, a map of turns and slants, and a row of lines. */

import { find, findAll, setText } from "../../page/dom.js";
import { aboutRobustness } from "./words.js";

/** @import { Robustness } from "./words.js" */

const NONE = "·"; // in place of a digit

/** @param {HTMLElement} root */
export function createRobustness(root) {
  const words = find(root, ".robustness-words", HTMLElement);
  const tables = findAll(root, "tbody", HTMLElement).map((body) =>
    findAll(body, "td", HTMLTableCellElement),
  );
  /** @type {Robustness | null | undefined} */
  let shown;

  /**
   * @param {Robustness | null} robustness
   * @param {string} waiting what to say while there is none
   */
  function update(robustness, waiting) {
    setText(words, robustness === null ? waiting : aboutRobustness(robustness));
    if (robustness === shown) return;
    shown = robustness;
    const digits = [(robustness?.map ?? []).flatMap((row) => row.digits), robustness?.lines.digits];
    for (const [i, cells] of tables.entries()) {
      for (const [k, cell] of cells.entries()) {
        const digit = digits[i]?.[k];
        setText(cell, digit === undefined ? "" : digit === null ? NONE : String(digit));
        cell.classList.toggle("is-same", digit != null && digit === robustness?.digit);
      }
    }
  }

  return { update };
}
