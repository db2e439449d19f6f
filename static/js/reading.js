/** What the network says, in words: the digit in large, a sentence, and a voice for it. */

/** How sure the network must be (probability) for which words; the first that fits is said. */
const WORDS = [
  [0.99, "almost certainly"],
  [0.9, "very likely"],
  [0, "probably"],
];

const BLANK = "Any digit from 0 to 9, as you would write it.";
const AWAY =
  "The network cannot be reached just now. Your drawing is kept, and is read when it is back.";
const NOT_A_DIGIT = "That does not look like a digit.";

/**
 * Put an answer into words.
 *
 * @param {object | null} answer of the server; null for a blank pad
 * @returns {{figure: string, sentence: string}} figure: the digit to show in large, if any
 */
export function describe(answer) {
  if (answer === null || answer.verdict === "blank") return { figure: "", sentence: BLANK };
  if (answer.verdict === "not-a-digit") return { figure: "?", sentence: NOT_A_DIGIT };
  const { digit, confidence } = answer;
  const sentence =
    answer.verdict === "unsure"
      ? `${a(digit, "A")}, or perhaps ${a(second(answer), "a")}.`
      : `${a(digit, "A")}, ${WORDS.find(([least]) => confidence >= least)[1]}.`;
  return { figure: String(digit), sentence };
}

/** "a 7", but "an 8". */
const a = (digit, article) => `${article}${digit === 8 ? "n" : ""} ${digit}`;

/** The second most probable digit. */
function second({ probabilities, digit }) {
  const others = probabilities.map((share, other) => (other === digit ? -1 : share));
  return others.indexOf(Math.max(...others));
}

/**
 * @param {HTMLElement} root
 * @returns {{update: (state: object) => void}} state: {answer, refusal, away, settled};
 *   settled: the pen is up and the answer is about all that is on the pad
 */
export function createReading(root) {
  const figure = root.querySelector(".reading-figure");
  const sentence = root.querySelector(".reading-sentence");
  const voice = root.querySelector(".reading-voice");
  let spoken = BLANK; // nobody needs to hear about the pad they have not touched

  function update({ answer, refusal, away, settled }) {
    const words = describe(answer);
    const text = away ? AWAY : (refusal ?? words.sentence);
    root.dataset.verdict = answer?.verdict ?? "blank";
    figure.textContent = words.figure;
    sentence.textContent = text;
    // Ten readings a second are a pleasure to see and a torment to hear: only the last is said.
    if ((settled || away) && text !== spoken) {
      spoken = text;
      voice.textContent = text;
    }
  }

  return { update };
}
