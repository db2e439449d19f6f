/**
 * The page: connects pad, tools and reader to everything that shows an answer.
 *
 * The page follows from the drawing, the choices and the last answers. `update` may be called at
 * any time.
 */

import { createBars } from "./bars.js";
import { createChoice } from "./choice.js";
import { createComparison } from "./comparison.js";
import { find } from "./dom.js";
import { createDrawing } from "./drawing.js";
import { createLayers } from "./layers.js";
import { createMode } from "./mode.js";
import { createNumber } from "./number.js";
import { createPad, PEN_WIDTH } from "./pad.js";
import { createPicture } from "./picture.js";
import { createReader } from "./reader.js";
import { createReading } from "./reading.js";
import { createRest } from "./rest.js";
import { createSteps } from "./steps.js";
import { createTools } from "./tools.js";

/**
 * @import { Answer, Question } from "./answer.js"
 *
 * @typedef {{answer: Answer | null, question: Question, refusal: string | null}} Reply the
 *   server's reply to a question: an answer, or the detail of a refusal
 * @typedef {{answer: Answer, question: Question}} Answered
 */

/** @param {string} selector */
const element = (selector) => find(document, selector, HTMLElement);
const inside = find(document, ".inside", HTMLDetailsElement); // the part with the layers

const NO_REPLY = { answer: null, question: null, refusal: null };
const STEPS = "steps"; // the beginning of the subject of questions about steps
/** @type {Reply | typeof NO_REPLY} */
let lastReply = NO_REPLY; // of the chosen network, to the drawing
/** @type {Answer | null} */
let steps = null; // the last answer with steps
/** @type {Map<string, Answered>} */
const answers = new Map(); // by the network's name, the newest last
let away = false;

const drawings = { one: createDrawing(), many: createDrawing() }; // one for each pad
const mode = createMode(element(".mode"), onMode);
const drawing = () => drawings[mode.value];
const pad = createPad(find(document, ".pad-ink", HTMLCanvasElement), drawing, {
  changed: () => ask(true),
  moved: () => {
    rest.restart();
    update();
  },
});
const rest = createRest(update);
const tools = createTools(element(".tools"), drawing, changed);
const bars = createBars(element(".instrument .bars"));
const picture = createPicture(find(document, ".picture-pixels", HTMLCanvasElement));
const layers = createLayers(element(".layers"));
const number = createNumber(element(".number"), update);
const stepByStep = createSteps(find(document, ".steps", HTMLDetailsElement), changed);
const reading = createReading(element(".reading"));
const choice = createChoice(document.body, changed);
const comparison = createComparison(element(".networks"), changed);
const reader = createReader({
  answered: (answer, question) => onReply({ answer, question, refusal: null }),
  refused: (refusal, question) => onReply({ answer: null, question, refusal }),
  away: (isAway) => {
    away = isAway;
    update();
  },
});

/** @param {Reply} reply */
function onReply(reply) {
  const { question, answer } = reply;
  const { model } = question.body;
  if (question.subject.startsWith(STEPS)) {
    steps = answer;
  } else {
    answers.delete(model); // so that it becomes the newest
    if (answer !== null) answers.set(model, { answer, question });
    if (model === choice.model) lastReply = { ...reply, answer: answer ?? lastReply.answer };
  }
  update();
}

/** The other pad was chosen: all replies so far are about the first pad's drawing. */
function onMode() {
  reader.forget();
  answers.clear();
  lastReply = NO_REPLY;
  changed();
}

/** The drawing, a choice or an opened part of the page changed: ask again, and show it. */
function changed() {
  ask();
  update();
}

/**
 * Ask the chosen network, if there is ink.
 *
 * @param {boolean} [isUrgent] whether to send before the next frame
 */
function ask(isUrgent = false) {
  if (drawing().isBlank) {
    reader.forget();
    lastReply = NO_REPLY;
    steps = null;
    return;
  }
  const others = comparison.isWanted ? questionsToOthers() : [];
  if (stepByStep.isWanted && !mode.isMany) others.unshift(questionAboutSteps());
  reader.ask(questionTo(choice.model, inside.open && !mode.isMany), others, isUrgent);
}

/**
 * @param {string} model
 * @param {boolean} [isInside] whether to ask for the layers
 * @returns {Question}
 */
function questionTo(model, isInside = false) {
  /** @type {Question["body"]} */
  const body = { strokes: drawing().strokes, model, layers: isInside };
  if (mode.isMany) body.many = true;
  return { body, subject: subjectOf(model) };
}

/** @returns {Question} */
function questionAboutSteps() {
  const { strokes } = drawing();
  const canvas = { width: 1, height: 1, brush: PEN_WIDTH };
  const body = { strokes, model: choice.model, ...stepByStep.options, canvas };
  return { body, subject: `${STEPS} ${subjectOf(choice.model)}` };
}

/**
 * The subject of a question. It changes when ink is removed, so older answers are dropped.
 *
 * @param {string} model
 */
const subjectOf = (model) => `${model} ${mode.value} ${drawing().sheet}`;

/** The questions to networks that have not answered yet; the one with the oldest answer first. */
function questionsToOthers() {
  const order = [...answers.keys()];
  return choice.models
    .filter((model) => model !== choice.model && !isAnswered(model))
    .sort((one, other) => order.indexOf(one) - order.indexOf(other))
    .map((model) => questionTo(model));
}

/** Show everything as it is now. */
function update() {
  const { answer, refusal } = lastReply;
  const { model, models } = choice;
  const { isBlank, isBeingDrawn } = drawing();
  const { question } = lastReply;
  const isCurrent = question !== null && question.body.model === model && isAbout(question);
  const settled = !isBeingDrawn && (isBlank || isCurrent);
  const rested = !isBeingDrawn && rest.isOver;
  number.update(mode.isMany ? answer : null);
  const opinion = mode.isMany ? number.chosen : answer;
  pad.update();
  picture.update(opinion);
  layers.update(mode.isMany ? null : answer);
  stepByStep.update({ answer: steps, whole: answer, blank: isBlank, rested });
  bars.update(opinion);
  reading.update({ answer, refusal, away, many: mode.isMany, settled, rested });
  tools.update();
  const state = { blank: isBlank, away, drawing: isBeingDrawn, many: mode.isMany };
  for (const [name, is] of Object.entries(state)) document.body.classList.toggle(`is-${name}`, is);
  comparison.update({
    answers: current(),
    chosen: model,
    settled: !isBeingDrawn && models.every(isAnswered),
    rested,
    blank: isBlank,
  });
}

/** Answers by network, in the order of the page, without those about removed ink. */
function current() {
  /** @type {Map<string, Answer>} */
  const found = new Map();
  for (const model of choice.models) {
    const last = answers.get(model);
    if (last?.question.subject === subjectOf(model)) found.set(model, last.answer);
  }
  return found;
}

/** @param {string} model */
function isAnswered(model) {
  const question = answers.get(model)?.question;
  return question !== undefined && question.subject === subjectOf(model) && isAbout(question);
}

/**
 * Whether a question was about the whole drawing as it is now; strokes never change in place.
 *
 * @param {Question} question
 */
function isAbout({ body }) {
  const { strokes } = drawing();
  const old = body.strokes;
  return old.length === strokes.length && strokes.every((stroke, i) => stroke === old[i]);
}

inside.addEventListener("toggle", changed);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
update();
