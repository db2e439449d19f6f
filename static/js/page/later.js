/** Parts of the page that are loaded when they are first used. */

import { acceptDropped } from "../keep/drop.js";
import { find } from "./dom.js";
import { once, sheetOf } from "./load.js";

const AWAY = "The server cannot be reached. Please try again in a moment.";

/**
 * @import { Notice } from "../keep/notice.js"
 * @import { Stage, State } from "../stage.js"
 */

/**
 * @param {Stage} stage
 * @param {Notice} notice
 * @param {() => Promise<string | null>} fragment of a link to what is on the page now
 */
export function createLater(stage, notice, fragment) {
  createOpenLater(stage, notice);
  createShareLater(stage, notice, fragment);
  createNumberLater(stage);
  createAfterLater(stage);
  createReplayLater(stage);
  createTeachLater(stage);
  createLessonsLater(stage);
}

/**
 * A picture is opened by a button, dropped, or pasted.
 *
 * @param {Stage} stage
 * @param {Notice} notice
 */
function createOpenLater(stage, notice) {
  const root = find(document, ".open", HTMLElement);
  const make = madeByClick(root, notice, async () => {
    const { createOpen } = await import("../keep/open.js");
    return createOpen(root, find(document, ".opened", HTMLElement), stage, notice);
  });
  acceptDropped(async (file) => (await make())?.open(file));
}

/**
 * @param {Stage} stage
 * @param {Notice} notice
 * @param {() => Promise<string | null>} fragment
 */
function createShareLater(stage, notice, fragment) {
  const root = find(document, ".share", HTMLElement);
  madeByClick(root, notice, async () => {
    const { createShare } = await import("../keep/share.js");
    await fragment(); // loads what makes links
    createShare(root, stage, fragment);
  });
  // The page for a frame has a link to the whole page, which takes the drawing along.
  const whole = document.querySelector(".whole a");
  whole?.addEventListener("click", () => {
    const address = new URL(location.href);
    address.searchParams.delete("embed");
    whole.setAttribute("href", address.href);
  });
}

/**
 * The first click on a button makes what it is for; then the click is repeated.
 *
 * @template T
 * @param {HTMLElement} root holds the button first
 * @param {Notice} notice
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T | null>} makes it without a click; null if the server cannot be reached
 */
function madeByClick(root, notice, load) {
  const button = find(root, "button", HTMLButtonElement);
  /** @type {Promise<T | null> | null} */
  let made = null;

  function make() {
    made ??= load().catch(() => {
      made = null;
      notice.say(AWAY);
      return null;
    });
    return made;
  }

  button.addEventListener("click", async () => {
    if (made === null && (await make()) !== null) button.click();
  });
  return make;
}

/**
 * The digits of a number are marked once the wide pad was chosen.
 *
 * @param {Stage} stage
 */
function createNumberLater(stage) {
  loadWhen(stage, ({ many }) => many, async () => {
    const { createNumber } = await import("../pad/number.js");
    stage.number = createNumber(find(document, ".number", HTMLElement), stage.update);
    stage.update();
  });
}

/**
 * There is an answer to do something with once a first stroke is drawn.
 *
 * @param {Stage} stage
 */
function createAfterLater(stage) {
  loadWhen(stage, hasInk, async () => {
    const { createAfter } = await import("../answer/after.js");
    const many = find(document, "input[name=mode][value=many]", HTMLInputElement);
    createAfter(find(document, ".after", HTMLElement), stage, many);
    stage.update();
  });
}

/** @param {State} state */
const hasInk = ({ blank, drawing }) => !blank && !drawing;

/**
 * There is something to replay once a first stroke is drawn.
 *
 * @param {Stage} stage
 */
function createReplayLater(stage) {
  loadWhen(stage, hasInk, async () => {
    const { createReplay } = await import("../pad/replay.js");
    createReplay(find(document, ".replay", HTMLElement), stage);
    stage.update();
  });
}

/**
 * Load a part when the page is first in such a state; while the server is away, each update tries.
 *
 * @param {Stage} stage
 * @param {(state: State) => boolean} isDue
 * @param {() => Promise<void>} load
 */
function loadWhen(stage, isDue, load) {
  let isLoaded = false;
  stage.show((state) => {
    if (isLoaded || !isDue(state)) return;
    isLoaded = true;
    load().catch(() => {
      isLoaded = false;
    });
  });
}

/**
 * The dialog with the labels opens when an answer is called wrong, and by a button.
 *
 * @param {Stage} stage
 */
function createTeachLater(stage) {
  const dialog = find(document, ".teach", HTMLDialogElement);
  const made = once(async () => {
    const [{ createTeach }] = await Promise.all([import("../keep/teach.js"), sheetOf(dialog)]);
    return createTeach(dialog);
  });

  /** @param {boolean} isAbout whether it is about the drawing on the pad */
  async function open(isAbout) {
    const { open } = await made();
    open(isAbout ? stage.state.digit : []);
  }

  document.addEventListener("not-right", () => open(true));
  const button = document.querySelector(".teach-open"); // the page for a frame has none
  button?.addEventListener("click", () => open(false));
}

/**
 * The challenges begin at once if the link names one, else when their list is opened.
 *
 * @param {Stage} stage
 */
function createLessonsLater(stage) {
  const list = find(document, ".challenges", HTMLDetailsElement);
  const lesson = find(document, ".lesson", HTMLElement);
  const load = once(async () => {
    list.ariaBusy = "true";
    const [{ createLessons }] = await Promise.all([import("../lessons/panel.js"), sheetOf(list)]);
    createLessons(lesson, list, stage);
    list.ariaBusy = "false";
  });

  if (!lesson.hidden || list.open) load();
  list.addEventListener("toggle", load);
}
