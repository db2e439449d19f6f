/** The tab of all networks: their answers side by side, and a sentence whether they agree. */

import { createBars } from "../answer/views.js";
import { describe, isNoDigit } from "../answer/words.js";
import { find, findAll, setAttribute, setText } from "../page/dom.js";

/**
 * @import { Answer } from "../answer/types.js"
 * @import { State, Tab } from "../stage.js"
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
 * @returns {Tab}
 */
export function create(root) {
  const verdict = find(root, ".networks-agreement", HTMLElement);
  const cards = findAll(root, ".network", HTMLElement).map(createCard);

  /** @param {State} state */
  function update({ answers, model, complete, rested, blank }) {
    for (const card of cards) card.update(answers, model, rested);
    // While the pen moves, the networks answer one after another. So the sentence waits for all.
    const isReady = complete && (rested || ![...answers.values()].some(isNoDigit));
    setText(verdict, blank ? INVITATION : isReady ? agreement(answers) : "");
  }

  return { update, wants: () => ({ all: true }) };
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
    setText(note, differs ? `Unlike ${chosen}.` : "");
    if (answer === shown && rested === wasRested) return;
    [shown, wasRested] = [answer, rested];
    const words = describe(answer, { rested });
    const verdict = answer?.verdict ?? "blank";
    setAttribute(root, "data-verdict", verdict);
    setText(figure, words.figure);
    setText(sentence, answer === null ? "" : words.sentence);
    bars.update(answer?.digits ? null : answer); // no digit has no bars: flat ones look measured
  }

  return { update };
}
