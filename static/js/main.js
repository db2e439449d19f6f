/**
 * The page: wires pad, tools and reader to everything that shows an answer.
 *
 * All that is on the page follows from the drawing, the choice of a network and what was heard;
 * `update` may be called at any time.
 */

import { createBars } from "./bars.js";
import { createChoice } from "./choice.js";
import { createComparison } from "./comparison.js";
import { createDrawing } from "./drawing.js";
import { createLayers } from "./layers.js";
import { createPad } from "./pad.js";
import { createPicture } from "./picture.js";
import { createReader } from "./reader.js";
import { createReading } from "./reading.js";
import { createTools } from "./tools.js";

const find = (selector) => document.querySelector(selector);
const inside = find(".inside"); // the <details> about the layers

const SILENCE = { answer: null, question: null, refusal: null };
let heard = SILENCE; // the last word about the drawing of the network that is chosen
const answers = new Map(); // {answer, question} by the network's name, the newest last
let away = false;

const drawing = createDrawing();
const pad = createPad(find(".pad-ink"), drawing, changed);
const tools = createTools(find(".tools"), drawing, changed);
const views = [
  createBars(find(".instrument .bars")),
  createPicture(find(".picture-pixels")),
  createLayers(find(".layers")),
];
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
  const { model } = news.question;
  answers.delete(model); // so that it becomes the newest
  if (news.answer !== null) answers.set(model, news);
  if (model === choice.model) heard = { ...news, answer: news.answer ?? heard.answer };
  update();
}

/** The drawing, the choice or the wish to see more changed: ask again, and show it. */
function changed() {
  if (drawing.isBlank) {
    reader.forget();
    heard = SILENCE;
  } else {
    reader.ask(questionTo(choice.model, inside.open), comparison.isWanted ? toTheOthers() : []);
  }
  update();
}

function questionTo(model, layers = false) {
  return { strokes: drawing.strokes, model, layers, subject: subjectOf(model) };
}

/** An answer about ink that was taken away since has nothing to say about what is left. */
const subjectOf = (model) => `${model} ${drawing.sheet}`;

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
  const isUp = !drawing.isBeingDrawn;
  document.body.classList.toggle("is-blank", drawing.isBlank);
  document.body.classList.toggle("is-away", away);
  pad.update();
  tools.update();
  for (const view of views) view.update(answer);
  const isRead = heard.question?.model === model && isAbout(heard.question);
  reading.update({ answer, refusal, away, settled: isUp && (drawing.isBlank || isRead) });
  comparison.update({
    answers: current(),
    chosen: model,
    settled: isUp && models.every(isAnswered),
    blank: drawing.isBlank,
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
function isAbout(asked) {
  const { strokes } = drawing;
  const old = asked.strokes;
  return old.length === strokes.length && strokes.every((stroke, i) => stroke === old[i]);
}

inside.addEventListener("toggle", changed);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
update();
