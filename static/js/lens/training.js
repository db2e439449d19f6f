/** The tab of the training: the drawing read by the network as it was while it learned. */

import { createBars } from "../answer/views.js";
import { percent } from "../answer/words.js";
import { post } from "../net/line.js";
import { createStudy } from "../net/study.js";
import { curvesOfDigits, paintCurves } from "../page/curves.js";
import { colourOf, find, findAll, setHidden, setText } from "../page/dom.js";
import { createTimeline } from "../page/timeline.js";
import { paintSigned, valuesOf } from "./signed.js";

/**
 * @import { Layer } from "../answer/types.js"
 * @import { Stage, State, Tab } from "../stage.js"
 *
 * @typedef {object} Snapshot the network after so many passes through its examples
 * @property {number} epoch
 * @property {number} loss
 * @property {number} accuracy
 * @property {number | null} digit
 * @property {number[]} probabilities
 * @property {Layer & {low: number, high: number}} kernels
 */

const INVITATION = "Draw a digit, and each of them reads it.";
const PATH = "api/snapshots";
const SIDE = 5; // of a kernel
const PARTS = new Map([
  [1 / 8, { tick: "⅛", words: "an eighth" }],
  [1 / 4, { tick: "¼", words: "a quarter" }],
  [1 / 2, { tick: "½", words: "half" }],
]);

/**
 * How long a network had been trained.
 *
 * @param {number} epoch passes through all examples
 * @returns {string} the beginning of a sentence
 */
export function whenOf(epoch) {
  if (epoch === 0) return "Before any training";
  const part = PARTS.get(epoch)?.words;
  if (part) return `After seeing ${part} of its examples`;
  return `After seeing all its examples ${epoch === 1 ? "once" : `${epoch} times`}`;
}

/**
 * @param {HTMLElement} root
 * @param {Stage} stage
 * @returns {Tab}
 */
export function create(root, stage) {
  const all = find(root, ".training", HTMLElement);
  const none = find(root, ".training-none", HTMLElement);
  const trained = (all.dataset.models ?? "").split(" ");
  const figure = find(root, ".training-figure", HTMLElement);
  const sentence = find(root, ".training-sentence", HTMLElement);
  const note = find(root, ".training-note", HTMLElement);
  const bars = createBars(find(root, ".bars", HTMLElement));
  const course = createCourse(root);
  /** @type {Map<string, Snapshot[]>} */
  const courses = new Map(); // by network: what does not depend on the drawing
  /** @type {Snapshot[] | null} */
  let snapshots = null; // about the drawing
  let model = ""; // that the timeline is about

  const timeline = createTimeline(find(root, ".timeline", HTMLElement), () => stage.update());
  const study = createStudy(
    stage,
    PATH,
    ({ digit, drawing, model: name }) => {
      const isReady = !drawing && digit.length > 0 && trained.includes(name);
      return isReady ? { strokes: digit, model: name } : null;
    },
    (answer) => {
      snapshots = answer?.snapshots ?? null;
      const moments = (snapshots ?? []).map(({ probabilities }) => probabilities);
      const final = snapshots?.at(-1)?.digit ?? null;
      timeline.draw(snapshots === null ? [] : curvesOfDigits(moments, final));
      update(stage.state);
    },
  );

  /** @param {string} name of a network */
  async function load(name) {
    courses.set(name, []);
    const body = JSON.stringify({ strokes: [], model: name });
    const reply = await post(PATH, body, new AbortController());
    if (reply?.ok) courses.set(name, reply.body.snapshots);
    else courses.delete(name); // asked again when something changes
    stage.update();
  }

  /** @param {State} state */
  function update(state) {
    const has = trained.includes(state.model);
    setHidden(all, !has);
    setHidden(none, has);
    setText(find(none, ".training-model", HTMLElement), state.model);
    study.update(state);
    if (!has) return;
    if (!courses.has(state.model)) load(state.model);
    const moments = courses.get(state.model) ?? [];
    if (moments.length === 0) return;
    if (model !== state.model) {
      model = state.model;
      timeline.stop();
      timeline.range(moments.length, moments.length - 1);
      course.use(moments);
    }
    const at = Math.min(timeline.index, moments.length - 1);
    course.show(at);
    timeline.paint();
    describe(state, moments[at], snapshots?.[at] ?? null);
  }

  /**
   * @param {State} state
   * @param {Snapshot} moment
   * @param {Snapshot | null} read the same, with what it says of the drawing
   */
  function describe({ blank, opinion }, { epoch }, read) {
    const said = read === null || read.digit === null ? null : read;
    const words =
      said === null ? "" : `It ${epoch === 0 ? "guesses" : "says"} ${said.digit}, ${share(said)}.`;
    setText(figure, said === null ? "" : String(said.digit));
    setText(sentence, words || (blank ? INVITATION : "Reading …"));
    const isNone = said !== null && opinion?.verdict === "not-a-digit";
    setText(note, isNone ? "Here no drawing is turned away: each counts as a digit." : "");
    bars.update(said === null ? null : opinionOf(said));
    timeline.say(`${whenOf(epoch)}.`, `${whenOf(epoch)}. ${words}`.trim());
  }

  return { update, left: () => timeline.stop() };
}

/** @type {WeakMap<Snapshot, import("../answer/types.js").Opinion>} */
const opinions = new WeakMap(); // bars change only for another one

/** @param {Snapshot} snapshot */
function opinionOf(snapshot) {
  const { digit, probabilities } = snapshot;
  const made = opinions.get(snapshot) ?? {
    ...{ verdict: /** @type {const} */ ("digit"), digit, alternatives: [], probabilities },
    ...{ confidence: Math.max(...probabilities), image: "" },
  };
  opinions.set(snapshot, made);
  return made;
}

/** @param {Snapshot} snapshot */
const share = ({ probabilities }) => percent(Math.max(...probabilities));

/**
 * The course of the training: ticks, kernels, loss and accuracy. It does not depend on the drawing.
 *
 * @param {HTMLElement} root
 */
function createCourse(root) {
  const ticks = find(root, ".training-ticks", HTMLElement);
  const maps = findAll(root, ".training-maps canvas", HTMLCanvasElement);
  const plus = find(root, ".training-high", HTMLElement);
  const minus = find(root, ".training-low", HTMLElement);
  const chart = find(root, ".training-chart", HTMLCanvasElement);
  const accuracy = find(root, ".training-accuracy", HTMLElement);
  const loss = find(root, ".training-loss", HTMLElement);
  /** @type {Snapshot[]} */
  let moments = [];
  /** @type {number[][]} */
  let kernels = []; // the values of each moment
  let most = 1; // the largest of them, above or below zero
  let painted = ""; // the moment and the colours

  /** @param {Snapshot[]} next */
  function use(next) {
    [moments, painted] = [next, ""];
    kernels = moments.map((moment) => valuesOf(moment.kernels));
    most = Math.max(...kernels.flat().map(Math.abs));
    ticks.replaceChildren(
      ...moments.map(({ epoch }) => {
        const tick = document.createElement("li");
        tick.textContent = PARTS.get(epoch)?.tick ?? String(epoch);
        return tick;
      }),
    );
    setText(plus, `+${most.toFixed(2)}`);
    setText(minus, `−${most.toFixed(2)}`);
    const [first, last] = [moments[0], moments[moments.length - 1]];
    const rise = `Accuracy rises from ${percent(first.accuracy)} to ${percent(last.accuracy)}`;
    const fall = `loss falls from ${first.loss.toFixed(2)} to ${last.loss.toFixed(2)}`;
    chart.setAttribute("aria-label", `${rise}, ${fall}.`);
  }

  /** @param {number} at the index of the moment */
  function show(at) {
    const colours = [plus, minus, chart].map(colourOf);
    const now = [at, ...colours].join();
    if (now === painted) return;
    painted = now;
    maps.forEach((canvas, i) => {
      const values = kernels[at].slice(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
      paintSigned(canvas, values, SIDE, most, { plus, minus });
    });
    const highest = Math.max(...moments.map((moment) => moment.loss));
    const curves = [
      { values: moments.map((moment) => moment.loss / highest), label: "loss" },
      { values: moments.map((moment) => moment.accuracy), strong: true, label: "accuracy" },
    ];
    paintCurves(chart, curves, { at });
    setText(accuracy, `It reads ${percent(moments[at].accuracy)} of new digits right.`);
    setText(loss, `Loss ${moments[at].loss.toFixed(2)}: less is better, guessing has 2.30.`);
  }

  new ResizeObserver(() => {
    const at = Number(painted.split(",")[0]);
    if (painted === "") return;
    painted = "";
    show(at);
  }).observe(chart);
  return { use, show };
}
