/** One drawing, every network: their answers side by side, and in words whether they agree. */

import { createBars } from "./bars.js";
import { find, findAll } from "./dom.js";
import { describe } from "./reading.js";

/**
 * @import { Answer } from "./answer.js"
 *
 * @typedef {object} Comparison
 * @property {Map<string, Answer>} answers about this drawing, by the network's name
 * @property {string} chosen the name that the others are compared with
 * @property {boolean} settled the pen is up, and each network has answered about all that is on
 *   the pad
 * @property {boolean} blank
 */

const INVITATION = "Draw, and each of them answers.";

/**
 * Whether networks agree about a drawing.
 *
 * @param {Map<string, Answer>} answers of the server, by the network's name
 * @returns {string} a sentence
 */
export function agreement(answers) {
  /** @type {Map<string, string[]>} */
  const names = new Map(); // what is said → who says it
  for (const [name, answer] of answers) {
    const said = saidBy(answer);
    names.set(said, [...(names.get(said) ?? []), name]);
  }
  if (names.size === 1) return `They all say ${[...names.keys()][0]}.`;
  const groups = [...names].sort(([, some], [, others]) => others.length - some.length);
  const parts = groups.map(
    ([said, who]) => `${listed(who)} ${who.length > 1 ? "say" : "says"} ${said}`,
  );
  return `They disagree: ${parts.join("; ")}.`;
}

/**
 * The number or the digit, or that it is none.
 *
 * @param {Answer} answer
 */
const saidBy = ({ number, digit }) => number ?? (digit === null ? "no digit" : String(digit));

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
  function update({ answers, chosen, settled, blank }) {
    root.classList.toggle("is-comparing", toggle.checked);
    for (const card of cards) card.update(answers, chosen);
    // Judged only when all have spoken: while the pen moves, they do so one after another.
    const words = blank ? INVITATION : settled ? agreement(answers) : "";
    const text = toggle.checked ? words : "";
    if (verdict.textContent !== text) verdict.textContent = text; // or it would be said again
  }

  return {
    get isWanted() {
      return toggle.checked;
    },
    update,
  };
}

/**
 * One network's answer, and whether it is another than that of the chosen one.
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
  let shown; // the answer on the card: most updates are about another one

  /**
   * @param {Map<string, Answer>} answers
   * @param {string} chosen
   */
  function update(answers, chosen) {
    const [answer, other] = [answers.get(name) ?? null, answers.get(chosen) ?? null];
    const differs = answer !== null && other !== null && saidBy(answer) !== saidBy(other);
    root.classList.toggle("is-chosen", name === chosen);
    root.classList.toggle("is-different", differs);
    note.textContent = differs ? `Unlike ${chosen}.` : "";
    if (answer === shown) return;
    shown = answer;
    const words = describe(answer);
    root.dataset.verdict = answer?.verdict ?? "blank";
    figure.textContent = words.figure;
    sentence.textContent = answer === null ? "" : words.sentence;
    bars.update(answer?.digits ? null : answer);
  }

  return { update };
}
