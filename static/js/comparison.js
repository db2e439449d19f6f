/** One drawing, every network: their answers side by side, and in words whether they agree. */

import { createBars } from "./bars.js";
import { describe } from "./reading.js";

const INVITATION = "Draw, and each of them answers.";

/**
 * Whether networks agree about a drawing.
 *
 * @param {Map<string, object>} answers of the server, by the network's name
 * @returns {string} a sentence
 */
export function agreement(answers) {
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

/** The number or the digit, or that it is none. */
const saidBy = ({ number, digit }) => number ?? (digit === null ? "no digit" : String(digit));

/** "one", "one and two", "one, two and three" */
const listed = (names) =>
  [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

/**
 * @param {HTMLElement} root holds a .network with data-network for each network
 * @param {() => void} changed called when the comparison is asked for, or no longer
 * @returns {{isWanted: boolean, update: (state: object) => void}} state: {answers, chosen,
 *   settled, blank}; answers: of this drawing, by name; chosen: the name that the others are held
 *   against; settled: the pen is up and each network has answered about all that is on the pad
 */
export function createComparison(root, changed) {
  const toggle = root.querySelector(".networks-toggle");
  const verdict = root.querySelector(".networks-agreement");
  const cards = [...root.querySelectorAll(".network")].map(createCard);
  toggle.addEventListener("change", changed);

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

/** One network's answer, and whether it is another than that of the chosen one. */
function createCard(root) {
  const name = root.dataset.network;
  const bars = createBars(root.querySelector(".bars"));
  const figure = root.querySelector(".network-figure");
  const sentence = root.querySelector(".network-sentence");
  const note = root.querySelector(".network-note");
  let shown; // the answer on the card: most updates are about another one

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
