/**
 * The page: wires pad, tools and reader to everything that shows an answer.
 *
 * All that is on the page follows from the drawing, what was chosen and what was heard; `update`
 * may be called at any time.
 */

import { createBars } from "./bars.js";
import { createChoice } from "./choice.js";
import { createComparison } from "./comparison.js";
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

const find = (selector) => document.querySelector(selector);
const inside = find(".inside"); // the <details> about the layers

const SILENCE = { answer: null, question: null, refusal: null };
const STEPS = "steps"; // the subject of questions about them begins with it
let heard = SILENCE; // the last word about the drawing of the network that is chosen
let steps = null; // the last answer about its steps
const answers = new Map(); // {answer, question} by the network's name, the newest last
let away = false;

const drawings = { one: createDrawing(), many: createDrawing() }; // a pad has its own
const mode = createMode(find(".mode"), turned);
const drawing = () => drawings[mode.value];
const pad = createPad(find(".pad-ink"), drawing, { changed: () => ask(true), moved: update });
const tools = createTools(find(".tools"), drawing, changed);
const bars = createBars(find(".instrument .bars"));
const picture = createPicture(find(".picture-pixels"));
const layers = createLayers(find(".layers"));
const number = createNumber(find(".number"), update);
const stepByStep = createSteps(find(".steps"), changed);
const reading = createReading(find(".reading"));
const choice = createChoice(document.body, changed);
const comparison = createComparison(find(".networks"), changed);
const reader = createReader({
  answered: (answer, question) => hear({ answer, question, refusal: null }),
  refused: (refusal, question) => hear({ answer: null, question, refusal }),
  away: (isAway) => {
    away = isAway;
    update();
  },
});

function hear(news) {
  const { question, answer } = news;
  const { model } = question.body;
  if (question.subject.startsWith(STEPS)) {
    steps = answer;
  } else {
    answers.delete(model); // so that it becomes the newest
    if (answer !== null) answers.set(model, news);
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

/** Ask the chosen network, if there is ink; isUrgent: not even to wait for the next frame. */
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

function questionTo(model, isInside = false) {
  const body = { strokes: drawing().strokes, model, layers: isInside };
  if (mode.isMany) body.many = true;
  return { body, subject: subjectOf(model) };
}

function aboutSteps() {
  const { strokes } = drawing();
  const canvas = { width: 1, height: 1, brush: PEN };
  const body = { strokes, model: choice.model, ...stepByStep.options, canvas };
  return { body, subject: `${STEPS} ${subjectOf(choice.model)}` };
}

/** An answer about ink that was taken away since has nothing to say about what is left. */
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
  const isRead = heard.question?.body.model === model && isAbout(heard.question);
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
  const isCurrent = (model) => answers.get(model)?.question.subject === subjectOf(model);
  const models = choice.models.filter(isCurrent);
  return new Map(models.map((model) => [model, answers.get(model).answer]));
}

function isAnswered(model) {
  const question = answers.get(model)?.question;
  return question?.subject === subjectOf(model) && isAbout(question);
}

/** Whether a question was about all that is on the pad now; strokes never change in place. */
function isAbout({ body }) {
  const { strokes } = drawing();
  const old = body.strokes;
  return old.length === strokes.length && strokes.every((stroke, i) => stroke === old[i]);
}

inside.addEventListener("toggle", changed);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
update();
