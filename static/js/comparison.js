/** The answers of all networks to one drawing, side by side, and a sentence whether they agree. */

import { createBars } from "./bars.js";
import { find, findAll } from "./dom.js";
import { describe, isNoDigit } from "./reading.js";

/**
 * @import { Answer } from "./answer.js"
 *
 * @typedef {object} Comparison
 * @property {Map<string, Answer>} answers to this drawing, by the network's name
 * @property {string} chosen the name of the network that the others are compared with
 * @property {boolean} settled the pen is up, and each network has answered to the whole drawing
 * @property {boolean} rested the pen is up, and has been for a moment
 * @property {boolean} blank
 */

const INVITATION = "Draw, and each of them answers.";

/**
 * Say whether networks agree about a drawing.
 *
 * @param {Map<string, Answer>} answers of the server, by the network's name
 * @returns {string} a sentence
 */
export function agreement(answers) {
  /** @type {Map<string, string[]>} */
  const names = new Map(); // the networks' names, by their result
  for (const [name, answer] of answers) {
    const result = resultOf(answer);
    names.set(result, [...(names.get(result) ?? []), name]);
  }
  if (names.size === 1) return `They all say ${[...names.keys()][0]}.`;
  const groups = [...names].sort(([, some], [, others]) => others.length - some.length);
  const parts = groups.map(
    ([result, group]) => `${listed(group)} ${group.length > 1 ? "say" : "says"} ${result}`,
  );
  return `They disagree: ${parts.join("; ")}.`;
}

/**
 * The number, the digit, or "no digit".
 *
 * @param {Answer} answer
 */
const resultOf = ({ number, digit }) => number ?? (digit === null ? "no digit" : String(digit));

/**
 * "one", "one and two", "one, two and three"
 *
 * @param {string[]} names
 */
const listed = (names) =>
  [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

/**
 * @param {HTMLElement} root holds a .network with data-network for each network
 * @param {() => void} changed called when the comparison is asked for, or no longer
 * @returns {{isWanted: boolean, update: (state: Comparison) => void}}
 */
export function createComparison(root, changed) {
  const toggle = find(root, ".networks-toggle", HTMLInputElement);
  const verdict = find(root, ".networks-agreement", HTMLElement);
  const cards = findAll(root, ".network", HTMLElement).map(createCard);
  toggle.addEventListener("change", changed);

  /** @param {Comparison} state */
  function update({ answers, chosen, settled, rested, blank }) {
    root.classList.toggle("is-comparing", toggle.checked);
    for (const card of cards) card.update(answers, chosen, rested);
    // While the pen moves, the networks answer one after another. So the sentence waits for all.
    const isReady = settled && (rested || ![...answers.values()].some(isNoDigit));
    const words = blank ? INVITATION : isReady ? agreement(answers) : "";
    const text = toggle.checked ? words : "";
    if (verdict.textContent !== text) verdict.textContent = text; // a new text is read out
  }

  return {
    get isWanted() {
      return toggle.checked;
    },
    update,
  };
}

/**
 * One network's answer, and whether it differs from that of the chosen network.
 *
 * @param {HTMLElement} root
 */
function createCard(root) {
  const name = root.dataset.network ?? "";
  const bars = createBars(find(root, ".bars", HTMLElement));
  const figure = find(root, ".network-figure", HTMLElement);
  const sentence = find(root, ".network-sentence", HTMLElement);
  const note = find(root, ".network-note", HTMLElement);
  /** @type {Answer | null | undefined} */
  let shown; // the answer on the card; most updates do not change it
  let wasRested = true; // when it was shown

  /**
   * @param {Map<string, Answer>} answers
   * @param {string} chosen
   * @param {boolean} rested
   */
  function update(answers, chosen, rested) {
    const [answer, other] = [answers.get(name) ?? null, answers.get(chosen) ?? null];
    const differs = answer !== null && other !== null && resultOf(answer) !== resultOf(other);
    root.classList.toggle("is-chosen", name === chosen);
    root.classList.toggle("is-different", differs);
    note.textContent = differs ? `Unlike ${chosen}.` : "";
    if (answer === shown && rested === wasRested) return;
    [shown, wasRested] = [answer, rested];
    const words = describe(answer, { rested });
    root.dataset.verdict = answer?.verdict ?? "blank";
    figure.textContent = words.figure;
    sentence.textContent = answer === null ? "" : words.sentence;
    bars.update(answer?.digits ? null : answer);
  }

  return { update };
}
