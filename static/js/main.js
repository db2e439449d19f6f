/**
 * The heart of the page: the pen, the questions to the server, and the first answer.
 *
 * All other parts are loaded after the first paint (page/parts.js). They share the stage, which is
 * described in stage.js. What is shown follows from the drawing, the choices and the last answers,
 * so `update` may be called at any time.
 */

import { classifyPage, createBars, createPicture, createReading } from "./answer/views.js";
import { createReader } from "./net/reader.js";
import { createDrawing, firstPoints, isSame } from "./pad/drawing.js";
import { createPad } from "./pad/pad.js";
import { find, findAll } from "./page/dom.js";

/**
 * @import { Answer, Body, Question, Reply } from "./answer/types.js"
 * @import { Stroke } from "./pad/drawing.js"
 * @import { Stage, State } from "./stage.js"
 */

const REST_MS = 800; // longer than most pauses between two strokes of one digit

/** @param {string} selector */
const element = (selector) => find(document, selector, HTMLElement);
/** @param {string} selector */
const canvas = (selector) => find(document, selector, HTMLCanvasElement);

/** @type {Omit<Reply, "question"> & {question: Question | null}} */
const NO_REPLY = { answer: null, question: null, refusal: null };
let lastReply = NO_REPLY; // of the chosen network
/** @type {Map<string, {answer: Answer, question: Question}>} */
const answers = new Map(); // by the network's name, the newest last
let trouble = /** @type {string | null} */ (null); // of the server: "away" or "busy"
/** @type {ReturnType<typeof setTimeout> | null} */
let rest = null; // the timer until the pen has rested
/** @type {Record<"whole" | "strokes", readonly Stroke[]> & {points: number} | null} */
let moment = null; // of a replay: of the whole drawing only these strokes are read

const drawings = { one: createDrawing(), many: createDrawing() }; // one for each pad
const isMany = find(document, "input[name=mode][value=many]", HTMLInputElement);
const models = findAll(document, "input[name=model]", HTMLInputElement).map(({ value }) => value);
const model = () => document.body.dataset.network ?? "";
const drawing = () => (isMany.checked ? drawings.many : drawings.one);
const strokes = () => {
  if (moment !== null && !isSame(moment.whole, drawing().strokes)) moment = null; // changed since
  return moment?.strokes ?? drawing().strokes;
};

const pad = createPad(canvas(".pad-ink"), canvas(".pad-marks"), drawing, strokes, {
  changed: () => ask(true),
  moved,
});
const bars = createBars(element(".probabilities .bars"));
const picture = createPicture(canvas(".picture-pixels"));
const reading = createReading(element(".reading"));
const reader = createReader({
  answered: (answer, question) => onReply({ answer, question, refusal: null }),
  refused: (refusal, question) => onReply({ answer: null, question, refusal }),
  trouble: (found) => {
    trouble = found;
    update();
  },
});

/** @type {((state: State) => void)[]} */
const views = [
  pad.update,
  ({ opinion }) => picture.update(opinion),
  ({ opinion, rested }) => bars.update(opinion, rested),
  reading.update,
  classifyPage,
];
/** @type {Stage} */
const stage = {
  get drawing() {
    return drawing();
  },
  get state() {
    return stateNow();
  },
  number: null,
  wants: new Set(),
  show: (view) => views.push(view),
  question: (body, name, answered) => {
    return { body, subject: `${name} ${subjectOf(body.model)}`, answered };
  },
  changed,
  update,
  marks: pad.mark,
  outline: picture.outline,
  moment: (points) => {
    if (points === (moment?.points ?? null)) return;
    const whole = drawing().strokes;
    moment = points === null ? null : { points, whole, strokes: firstPoints(whole, points) };
    changed();
  },
  open: () => {}, // the lens replaces it
};

function moved() {
  if (!drawing().isBeingDrawn) reader.penUp();
  if (rest !== null) clearTimeout(rest);
  rest = setTimeout(() => {
    rest = null;
    update();
  }, REST_MS);
  update();
}

/** @param {Reply} reply */
function onReply(reply) {
  const { question, answer } = reply;
  if (question.answered) {
    question.answered(answer);
  } else {
    answers.delete(question.body.model); // so that it becomes the newest
    if (answer !== null) answers.set(question.body.model, { answer, question });
    if (question.body.model === model()) {
      lastReply = { ...reply, answer: answer ?? lastReply.answer };
    }
  }
  update();
}

/** The drawing, a choice or an opened part of the page changed: ask again, and show it. */
function changed() {
  ask();
  update();
}

/** The other pad was chosen: all replies so far are about the first pad's drawing. */
function onMode() {
  moment = null;
  reader.forget();
  answers.clear();
  lastReply = NO_REPLY;
  changed();
}

/**
 * Ask the chosen network, if there is ink.
 *
 * @param {boolean} [isUrgent] whether to send before the next frame
 */
function ask(isUrgent = false) {
  if (strokes().length === 0) {
    reader.forget();
    lastReply = NO_REPLY;
    return;
  }
  const wants = [...stage.wants].map((want) => want());
  const fields = Object.assign({}, ...wants.map((want) => want.fields));
  const others = wants.flatMap((want) => want.others ?? []);
  if (wants.some(({ all }) => all)) others.push(...questionsToOthers());
  reader.ask(questionTo(model(), fields), others, isUrgent);
}

/**
 * @param {string} name of the network
 * @param {Partial<Body>} [fields]
 * @returns {Question}
 */
function questionTo(name, fields = {}) {
  /** @type {Body} */
  const body = { strokes: strokes(), model: name, ...fields };
  if (isMany.checked) body.many = true;
  return { body, subject: subjectOf(name) };
}

/**
 * The subject of a question. It changes when ink is removed, so older answers are dropped.
 *
 * @param {string} name of the network
 */
const subjectOf = (name) =>
  `${name} ${isMany.checked} ${drawing().sheet} ${moment === null ? "" : moment.points}`;

/** The questions to networks that have not answered yet; the one with the oldest answer first. */
function questionsToOthers() {
  const order = [...answers.keys()];
  return models
    .filter((name) => name !== model() && !isAnswered(name))
    .sort((one, other) => order.indexOf(one) - order.indexOf(other))
    .map((name) => questionTo(name));
}

/** @returns {State} */
function stateNow() {
  const { answer, refusal, question } = lastReply;
  const many = isMany.checked;
  const blank = strokes().length === 0;
  const up = !drawing().isBeingDrawn;
  const chosen = many ? (stage.number?.chosen ?? null) : null;
  return {
    strokes: strokes(),
    digit: many ? (chosen?.strokes ?? []).map((i) => strokes()[i]).filter(Boolean) : strokes(),
    blank,
    drawing: !up,
    rested: up && rest === null,
    settled: up && (blank || isAnswered(model(), question)),
    complete: up && (blank || models.every((name) => isAnswered(name))),
    many,
    model: model(),
    models,
    answer,
    answers: current(),
    opinion: many ? chosen : answer,
    refusal,
    away: trouble === "away",
    busy: trouble === "busy",
    sheet: drawing().sheet,
    moment: moment?.points ?? null,
  };
}

/** Show everything as it is now. */
function update() {
  stage.number?.update(isMany.checked ? lastReply.answer : null);
  const state = stateNow();
  for (const view of views) view(state);
}

/** Answers by network, in the order of the page, without those about removed ink. */
function current() {
  /** @type {Map<string, Answer>} */
  const found = new Map();
  for (const name of models) {
    const last = answers.get(name);
    if (last?.question.subject === subjectOf(name)) found.set(name, last.answer);
  }
  return found;
}

/**
 * Whether the drawing as it is now was read by this network.
 *
 * @param {string} name of the network
 * @param {Question | null} [question] its last question
 */
function isAnswered(name, question = answers.get(name)?.question ?? null) {
  const isAbout = question?.subject === subjectOf(name);
  return isAbout && isSame(question.body.strokes, strokes());
}

element(".mode").addEventListener("change", onMode);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
update();
requestAnimationFrame(() => {
  setTimeout(async () => (await import("./page/parts.js")).createParts(stage));
});
