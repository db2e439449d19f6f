/**
 * The page: wires pad, tools and reader to everything that shows an answer.
 *
 * All that is on the page follows from the drawing and from `heard`, and `update` may be called
 * at any time.
 */

import { createBars } from "./bars.js";
import { createDrawing } from "./drawing.js";
import { createLayers } from "./layers.js";
import { createPad } from "./pad.js";
import { createPicture } from "./picture.js";
import { createReader } from "./reader.js";
import { createReading } from "./reading.js";
import { createTools } from "./tools.js";

const find = (selector) => document.querySelector(selector);
const inside = find(".inside"); // the <details> about the layers
const networks = find(".networks"); // the <select>, if there is a choice

let heard = { answer: null, question: null, refusal: null }; // the last word of the server
let away = false;

const drawing = createDrawing();
const pad = createPad(find(".pad-ink"), drawing, changed);
const tools = createTools(find(".tools"), drawing, changed);
const views = [
  createBars(find(".bars")),
  createPicture(find(".picture-pixels")),
  createLayers(find(".layers")),
];
const reading = createReading(find(".reading"));
const reader = createReader({
  answered: (answer, question) => hear({ answer, question, refusal: null }),
  refused: (refusal, question) => hear({ answer: heard.answer, question, refusal }),
  away: (isAway) => {
    away = isAway;
    update();
  },
});

function hear(news) {
  heard = news;
  update();
}

/** The drawing, the network or the wish to see its layers changed: ask again, and show it. */
function changed() {
  if (drawing.isBlank) {
    reader.forget();
    heard = { answer: null, question: null, refusal: null };
  } else {
    reader.ask(question());
  }
  update();
}

function question() {
  const { strokes, sheet } = drawing;
  const model = networks?.value ?? document.body.dataset.network;
  return { strokes, model, layers: inside.open, subject: `${model} ${sheet}` };
}

/** Show everything as it is now. */
function update() {
  const { answer, refusal } = heard;
  const settled = !drawing.isBeingDrawn && (drawing.isBlank || isAbout(heard.question));
  document.body.classList.toggle("is-blank", drawing.isBlank);
  document.body.classList.toggle("is-away", away);
  pad.update();
  tools.update();
  for (const view of views) view.update(answer);
  reading.update({ answer, refusal, away, settled });
}

/** Whether a question was about all that is on the pad now; strokes never change in place. */
function isAbout(asked) {
  const { strokes } = drawing;
  const old = asked?.strokes ?? [];
  return old.length === strokes.length && strokes.every((stroke, i) => stroke === old[i]);
}

function chooseNetwork() {
  const address = new URL(location.href);
  address.searchParams.set("model", networks.value);
  history.replaceState(null, "", address);
  changed();
}

if (networks !== null) {
  const wanted = new URLSearchParams(location.search).get("model");
  if ([...networks.options].some(({ value }) => value === wanted)) networks.value = wanted;
  networks.addEventListener("change", chooseNetwork);
}
inside.addEventListener("toggle", changed);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
update();
