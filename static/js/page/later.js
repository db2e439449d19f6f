/** Parts of the page that are loaded when they are first used: labels and challenges. */

import { find } from "./dom.js";
import { sheetOf } from "./sheet.js";

/** @import { Stage } from "../stage.js" */

/** @param {Stage} stage */
export function createLater(stage) {
  createTeachLater(stage);
  createLessonsLater(stage);
}

/**
 * The dialog with the labels opens when an answer is called wrong, and by a button.
 *
 * @param {Stage} stage
 */
function createTeachLater(stage) {
  const dialog = find(document, ".teach", HTMLDialogElement);
  /** @type {Promise<{open: (strokes: import("../stage.js").State["strokes"]) => void}> | null} */
  let made = null;

  async function load() {
    const [{ createTeach }] = await Promise.all([import("../keep/teach.js"), sheetOf(dialog)]);
    return createTeach(dialog);
  }

  /** @param {boolean} isAbout whether it is about the drawing on the pad */
  async function open(isAbout) {
    made ??= load();
    const { open } = await made;
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
  let isLoaded = false;

  async function load() {
    if (isLoaded) return;
    isLoaded = true;
    const [{ createLessons }] = await Promise.all([import("../lessons/panel.js"), sheetOf(list)]);
    createLessons(lesson, list, stage);
  }

  if (!lesson.hidden || list.open) load();
  list.addEventListener("toggle", load);
}
