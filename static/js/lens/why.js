/**
 * The tab Why: two digits are compared on the drawing at hand.
 *
 * The server leaves out each piece of the strokes, maps the pixels (api/why), and tries how far the
 * drawing may be changed (api/robustness). Both are asked once the pen has rested; the second only
 * once its part of the page has been in view.
 */

import { createStudy } from "../net/study.js";
import { isSame } from "../pad/drawing.js";
import { find, findAll, setText } from "../page/dom.js";
import { createChooser } from "./why/chooser.js";
import { createErasure } from "./why/erasure.js";
import { createInk, painterOf } from "./why/ink.js";
import { createMaps } from "./why/maps.js";
import { createRobustness } from "./why/robustness.js";
import { lead } from "./why/words.js";

/**
 * @import { Stage, State, Tab } from "../stage.js"
 * @import { Stroke } from "../pad/drawing.js"
 * @import { Painter } from "../pad/pad.js"
 * @import { Robustness, Why } from "./why/words.js"
 */

const WEIGHING = "Its ink is being weighed …";
const TRYING = "It is being turned and slanted …";

/**
 * @param {HTMLElement} root
 * @param {Stage} stage
 * @returns {Tab}
 */
export function create(root, stage) {
  const whole = find(root, ".why", HTMLElement);
  const title = find(root, ".why-title", HTMLElement);
  const words = find(root, ".why-lead", HTMLElement);
  const voice = find(root, ".why-voice", HTMLElement);
  const names = findAll(root, "[data-why]", HTMLElement);
  const chooser = createChooser(root, stage.update);
  const ink = createInk(find(root, ".why-ink", HTMLElement), stage.update);
  const erasure = createErasure(find(root, ".why-erasure", HTMLElement), stage);
  const maps = createMaps(root);
  const section = find(root, ".robustness", HTMLElement);
  const robust = createRobustness(section);
  const isSeen = createSight(section, stage.update);
  /** @type {Why | null} */
  let why = null;
  /** @type {string | null} */
  let refusal = null;
  /** @type {Robustness | null} */
  let robustness = null;
  /** @type {State | null} */
  let about = null; // the drawing and the network that the choice of two digits belongs to
  /** @type {{wanted: unknown[], painter: Painter} | null} */
  let painted = null;

  const whyStudy = createStudy(stage, "api/why", whyBody, (answer, reason) => {
    [why, refusal] = [answer, reason];
    if (answer !== null || reason !== null) stage.update(); // else it is being updated
  });
  const robustStudy = createStudy(stage, "api/robustness", robustBody, (answer) => {
    robustness = answer;
    if (answer !== null) stage.update();
  });

  /** @param {State} state */
  function whyBody({ digit, model }) {
    return digit.length === 0 || chooser.pair === null
      ? null
      : { strokes: digit, model, digits: chooser.pair };
  }

  /** @param {State} state */
  function robustBody({ digit, model }) {
    return digit.length === 0 || !isSeen(digit) ? null : { strokes: digit, model };
  }

  /** @param {State} state */
  function update(state) {
    const opinion = state.blank ? null : state.opinion;
    whole.classList.toggle("is-empty", opinion === null);
    if (state.model !== about?.model || !isSame(state.digit, about.digit)) about = state;
    chooser.update(opinion, about);
    const { pair } = chooser;
    if (pair !== null) {
      setText(title, `Why ${pair[0]} and not ${pair[1]}?`);
      for (const name of names) setText(name, String(pair[name.dataset.why === "for" ? 0 : 1]));
    }
    whyStudy.update(state);
    robustStudy.update(state);
    show(state, opinion);
  }

  /**
   * @param {State} state
   * @param {State["opinion"]} opinion
   */
  function show(state, opinion) {
    const { pair } = chooser;
    const found = pair === null ? null : why;
    const result = found && pair ? aboutLead(found, pair, state) : refusal;
    setText(words, result ?? WEIGHING);
    if (result !== null) setText(voice, result); // a screen reader hears results only
    ink.update(found, pair);
    erasure.update(found, state);
    maps.update(found, opinion);
    robust.update(robustness, TRYING);
    mark(found, state);
  }

  /**
   * Paint the pieces over the ink.
   *
   * @param {Why | null} found
   * @param {State} state
   */
  function mark(found, { digit }) {
    if (found === null || found.pieces.length === 0) {
      painted = null;
      stage.marks(null);
      return;
    }
    const { chosen, colours } = ink;
    const wanted = [found, chosen, ...Object.values(colours)];
    if (!painted?.wanted.every((value, i) => value === wanted[i])) {
      painted = { wanted, painter: painterOf(found, digit, chosen, colours) };
    }
    stage.marks(painted.painter);
  }

  function left() {
    whyStudy.stop();
    robustStudy.stop();
  }

  return { update, left };
}

/**
 * @param {Why} why
 * @param {[number, number]} pair
 * @param {State} state
 */
function aboutLead({ difference }, pair, { opinion, rested }) {
  const words = `${lead(difference, pair)}, in the scores before they become per cent.`;
  const isNone = opinion?.verdict === "not-a-digit" && rested;
  return isNone ? `This is no digit to it; among the ten, ${words}` : words;
}

/**
 * Tells whether a part of the page has been in view since the drawing changed.
 *
 * @param {HTMLElement} section
 * @param {() => void} changed called when it comes into view
 */
function createSight(section, changed) {
  let isVisible = false;
  /** @type {readonly Stroke[]} */
  let seen = []; // the drawing that it was in view with
  new IntersectionObserver(([{ isIntersecting }]) => {
    isVisible = isIntersecting;
    if (isVisible) changed();
  }).observe(section);

  /** @param {readonly Stroke[]} drawing */
  return (drawing) => {
    if (isVisible) seen = drawing;
    return isSame(seen, drawing);
  };
}
