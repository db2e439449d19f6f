/** Replay: a slider over the moments of the drawing, and what the network believed at each. */

import { byProbability } from "../answer/words.js";
import { createStudy } from "../net/study.js";
import { curvesOfDigits } from "../page/curves.js";
import { createTimeline } from "../page/timeline.js";
import { isSame } from "./drawing.js";

/**
 * @import { Verdict } from "../answer/types.js"
 * @import { Stage, State } from "../stage.js"
 * @import { Stroke } from "./drawing.js"
 *
 * @typedef {object} Moment what the network said after so many points
 * @property {number} points
 * @property {Verdict} verdict
 * @property {number | null} digit
 * @property {number[]} probabilities of the digits 0 to 9
 */

const MOST = 40; // moments, as many as the server reads
const INVITATION = "Slide back to see what it believed before.";

/**
 * After how many points each moment is: evenly spaced, the last one after all.
 *
 * @param {readonly Stroke[]} strokes
 * @returns {number[]}
 */
export function momentsOf(strokes) {
  const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  const count = Math.min(MOST, points);
  return Array.from({ length: count }, (_, i) => Math.round((points * (i + 1)) / count));
}

/**
 * What the network believed at a moment, beside what it says of the whole drawing.
 *
 * @param {Moment[]} moments
 * @param {number} at the index of the moment
 * @returns {string} a sentence
 */
export function belief(moments, at) {
  const [now, end] = [moments[at], moments[moments.length - 1]];
  if (now === end) return INVITATION;
  if (now.verdict === "not-a-digit" || now.digit === null) return "Here it saw no digit.";
  if (now.verdict === "unsure") {
    const [one, other] = byProbability(now.probabilities);
    return `Here it was unsure: ${one} or ${other}.`;
  }
  if (now.digit !== end.digit) {
    return `Here it ${end.digit === null ? "" : "still "}believed ${now.digit}.`;
  }
  const later = moments.slice(at);
  const stays = later.every(({ digit, verdict }) => digit === end.digit && verdict === "digit");
  const isFirst = stays && moments[at - 1]?.digit !== end.digit;
  if (isFirst) return `From here on it believed ${now.digit}.`;
  if (stays) return `Here it already believed ${now.digit}.`;
  return `Here it believed ${now.digit} for a moment.`;
}

/**
 * The curves of the ten digits, with gaps where it saw no digit.
 *
 * @param {Moment[]} moments
 */
export function curvesOf(moments) {
  const shown = moments.map(({ verdict, probabilities }) =>
    verdict === "not-a-digit" ? null : probabilities,
  );
  return curvesOfDigits(shown, moments.at(-1)?.digit ?? null);
}

/**
 * @param {HTMLElement} root a timeline; it keeps its place while nothing is drawn
 * @param {Stage} stage
 */
export function createReplay(root, stage) {
  /** @type {readonly Stroke[]} */
  let strokes = []; // of the drawing that the slider is about
  /** @type {number[]} */
  let points = []; // of each moment
  /** @type {Moment[] | null} */
  let moments = null; // the answer of the server
  let isInView = true;

  const timeline = createTimeline(root, (index) => {
    const isWhole = index >= points.length - 1;
    stage.moment(isWhole ? null : points[index]);
  });
  const study = createStudy(
    stage,
    "api/replay",
    ({ drawing, many, model }) =>
      drawing || many || !isInView ? null : { strokes: stage.drawing.strokes, model },
    (answer) => {
      moments = answer?.moments ?? null;
      timeline.draw(moments === null ? [] : curvesOf(moments));
      if (moments !== null) points = moments.map((moment) => moment.points);
      update(stage.state);
    },
  );
  new IntersectionObserver(([{ isIntersecting }]) => {
    isInView = isIntersecting;
    if (isInView) stage.update();
  }).observe(root);

  /** @param {State} state */
  function update(state) {
    const all = stage.drawing.strokes;
    if (!isSame(all, strokes)) {
      strokes = all;
      points = momentsOf(all);
      timeline.stop();
    }
    const blank = all.length === 0;
    if (root.inert !== blank) root.inert = blank;
    const { moment } = state;
    const found = moment === null ? -1 : points.findIndex((count) => count >= moment);
    const at = Math.max(found < 0 ? points.length - 1 : found, 0);
    timeline.range(points.length, at);
    timeline.say(wordsOf(state, at));
    timeline.paint();
  }

  /**
   * @param {State} state
   * @param {number} at the index of the moment
   */
  function wordsOf({ blank, many, answer, settled, moment }, at) {
    if (blank && moment === null) return "";
    if (many && moment === null) return INVITATION;
    if (many) return settled ? `Here it read ${answer?.number || "nothing"}.` : "";
    return moments === null ? "" : belief(moments, at);
  }

  stage.show((state) => {
    study.update(state);
    update(state);
  });
  document.addEventListener("replay", () => {
    root.scrollIntoView({ block: "nearest" });
    timeline.play();
  });
}
