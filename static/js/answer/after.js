/**
 * The line under the sentence: what can be done with an answer once the pen has rested.
 *
 * Other parts of the page listen for its events on `document`:
 *
 *     "replay"     the drawing is to be replayed from its first point
 *     "not-right"  the visitor says that the answer is wrong
 */

import { createStudy } from "../net/study.js";
import { find, setHidden, setText } from "../page/dom.js";
import { isSeveral, whyNot } from "./words.js";

/**
 * @import { Answer } from "./types.js"
 * @import { Stage, State } from "../stage.js"
 */

const COUNTS = ["", "", "Two", "Three", "Four"];
const WIDE = 2.5; // the width of the pad for a number, in its heights; that of one digit is square

/**
 * @param {HTMLElement} root holds the buttons .after-why, .after-replay, .after-wrong, .after-many
 * @param {Stage} stage
 * @param {HTMLInputElement} many the radio button of the pad for a whole number
 */
export function createAfter(root, stage, many) {
  /** @param {string} name */
  const button = (name) => find(root, `.after-${name}`, HTMLButtonElement);
  const [why, replay, wrong, offer] = ["why", "replay", "wrong", "many"].map(button);
  let count = 0; // of the digits that were found in a drawing that is none; 0: none were sought

  // A drawing that is no digit may be two of them. The server can tell; it is asked once.
  const study = createStudy(stage, "api/predict", bodyOf, (/** @type {Answer | null} */ answer) => {
    count = isSeveral(answer) ? (answer?.digits?.length ?? 0) : 0;
    stage.update();
  });

  /** @param {State} state */
  function bodyOf({ many, answer, strokes, model, rested, moment }) {
    if (many || !rested || moment !== null || answer?.verdict !== "not-a-digit") return null;
    return { strokes, model, many: true };
  }

  /** @param {State} state */
  function update(state) {
    study.update(state);
    const { blank, rested, settled, opinion, refusal, away } = state;
    const isReady = !blank && rested && settled && !away && refusal === null && opinion !== null;
    const question = isReady ? whyNot(opinion) : "";
    setHidden(why, question === "");
    if (question !== "") setText(why, question);
    for (const button of [replay, wrong]) setHidden(button, !isReady || count > 0);
    setHidden(offer, !isReady || count === 0);
    if (count > 0) {
      setText(offer, `${COUNTS[count] ?? "Several"} digits? Read them as a number →`);
    }
  }

  /** The strokes go to the middle of the wide pad; undo brings back what was there before. */
  function readAsNumber() {
    const left = (WIDE - 1) / 2;
    const strokes = stage.drawing.strokes.map((stroke) =>
      stroke.map(([x, y]) => /** @type {const} */ ([x + left, y])),
    );
    many.click();
    many.focus({ preventScroll: true }); // this button is about to disappear
    stage.drawing.replace(strokes);
    stage.changed();
  }

  /** @param {string} name of the event */
  const tell = (name) => document.dispatchEvent(new CustomEvent(name));
  why.addEventListener("click", () => stage.open("why"));
  replay.addEventListener("click", () => tell("replay"));
  wrong.addEventListener("click", () => tell("not-right"));
  offer.addEventListener("click", readAsNumber);
  stage.show(update);
}
