/**
 * The page: wires pad, tools and reader to everything that shows an answer.
 *
 * All that is on the page follows from the drawing, what was chosen and what was heard; `update`
 * may be called at any time.
 */

import { createBars } from "./bars.js";
import { createChoice } from "./choice.js";
import { createComparison } from "./comparison.js";
import { find } from "./dom.js";
import { createDrawing } from "./drawing.js";
import { createLayers } from "./layers.js";
import { createMode } from "./mode.js";
import { createNumber } from "./number.js";
import { createPad, PEN } from "./pad.js";
import { createPicture } from "./picture.js";
import { createReader } from "./reader.js";
import { createReading } from "./reading.js";
import { createSteps } from "./steps.js";
import { createTools } from "./tools.js";

/**
 * @import { Answer, Question } from "./answer.js"
 *
 * @typedef {{answer: Answer | null, question: Question, refusal: string | null}} News what the
 *   server said to a question: an answer, or the detail of a refusal
 * @typedef {{answer: Answer, question: Question}} Answered
 */

/** @param {string} selector */
const element = (selector) => find(document, selector, HTMLElement);
const inside = find(document, ".inside", HTMLDetailsElement); // about the layers

const SILENCE = { answer: null, question: null, refusal: null };
const STEPS = "steps"; // the subject of questions about them begins with it
/** @type {News | typeof SILENCE} */
let heard = SILENCE; // the last word about the drawing of the network that is chosen
/** @type {Answer | null} */
let steps = null; // the last answer about its steps
/** @type {Map<string, Answered>} */
const answers = new Map(); // by the network's name, the newest last
let away = false;

const drawings = { one: createDrawing(), many: createDrawing() }; // a pad has its own
const mode = createMode(element(".mode"), turned);
const drawing = () => drawings[mode.value];
const pad = createPad(find(document, ".pad-ink", HTMLCanvasElement), drawing, {
  changed: () => ask(true),
  moved: update,
});
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
  answered: (answer, question) => hear({ answer, question, refusal: null }),
  refused: (refusal, question) => hear({ answer: null, question, refusal }),
  away: (isAway) => {
    away = isAway;
    update();
  },
});

/** @param {News} news */
function hear(news) {
  const { question, answer } = news;
  const { model } = question.body;
  if (question.subject.startsWith(STEPS)) {
    steps = answer;
  } else {
    answers.delete(model); // so that it becomes the newest
    if (answer !== null) answers.set(model, { answer, question });
    if (model === choice.model) heard = { ...news, answer: answer ?? heard.answer };
  }
  update();
}

/** Another pad: nothing that was said is about what is drawn there. */
function turned() {
  reader.forget();
  answers.clear();
  heard = SILENCE;
  changed();
}

/** The drawing, a choice or the wish to see more changed: ask again, and show it. */
function changed() {
  ask();
  update();
}

/**
 * Ask the chosen network, if there is ink.
 *
 * @param {boolean} [isUrgent] not even to wait for the next frame
 */
function ask(isUrgent = false) {
  if (drawing().isBlank) {
    reader.forget();
    heard = SILENCE;
    steps = null;
    return;
  }
  const others = comparison.isWanted ? toTheOthers() : [];
  if (stepByStep.isWanted && !mode.isMany) others.unshift(aboutSteps());
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
function aboutSteps() {
  const { strokes } = drawing();
  const canvas = { width: 1, height: 1, brush: PEN };
  const body = { strokes, model: choice.model, ...stepByStep.options, canvas };
  return { body, subject: `${STEPS} ${subjectOf(choice.model)}` };
}

/**
 * An answer about ink that was taken away since has nothing to say about what is left.
 *
 * @param {string} model
 */
const subjectOf = (model) => `${model} ${mode.value} ${drawing().sheet}`;

/** What is still to be asked of the other networks, first the one not heard for longest. */
function toTheOthers() {
  const order = [...answers.keys()];
  return choice.models
    .filter((model) => model !== choice.model && !isAnswered(model))
    .sort((one, other) => order.indexOf(one) - order.indexOf(other))
    .map((model) => questionTo(model));
}

/** Show everything as it is now. */
function update() {
  const { answer, refusal } = heard;
  const { model, models } = choice;
  const { isBlank, isBeingDrawn } = drawing();
  const { question } = heard;
  const isRead = question !== null && question.body.model === model && isAbout(question);
  const settled = !isBeingDrawn && (isBlank || isRead);
  number.update(mode.isMany ? answer : null);
  const seen = mode.isMany ? number.chosen : answer;
  pad.update();
  picture.update(seen);
  layers.update(mode.isMany ? null : answer);
  stepByStep.update({ answer: steps, whole: answer, blank: isBlank });
  bars.update(seen);
  reading.update({ answer, refusal, away, many: mode.isMany, settled });
  tools.update();
  const state = { blank: isBlank, away, drawing: isBeingDrawn, many: mode.isMany };
  for (const [name, is] of Object.entries(state)) document.body.classList.toggle(`is-${name}`, is);
  comparison.update({
    answers: current(),
    chosen: model,
    settled: !isBeingDrawn && models.every(isAnswered),
    blank: isBlank,
  });
}

/** Answers by network, in the order of the page, without those about ink that is gone. */
function current() {
  /** @type {Map<string, Answer>} */
  const found = new Map();
  for (const model of choice.models) {
    const heard = answers.get(model);
    if (heard?.question.subject === subjectOf(model)) found.set(model, heard.answer);
  }
  return found;
}

/** @param {string} model */
function isAnswered(model) {
  const question = answers.get(model)?.question;
  return question !== undefined && question.subject === subjectOf(model) && isAbout(question);
}

/**
 * Whether a question was about all that is on the pad now; strokes never change in place.
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
