/** Open a picture of a digit, by button, camera, drop or paste: its strokes land on the pad. */

import { post } from "../net/line.js";
import { find } from "../page/dom.js";
import { isPicture, prepared } from "./files.js";
import { createMenu } from "./menu.js";
import { createOpened } from "./opened.js";
import { fitted, widthOfPad } from "./place.js";

/**
 * @import { Notice } from "./notice.js"
 * @import { Stage } from "../stage.js"
 */

const WANTED = "a picture: PNG, JPEG, WebP, GIF or BMP";
const AWAY = "The server cannot be reached, or is busy. Please try again in a moment.";
const NO_INK = "No ink was found in this picture. Dark lines on light paper are found best.";

/**
 * @param {HTMLElement} root holds a button, two file fields, and a list for devices with a camera
 * @param {HTMLElement} panel where the steps are shown
 * @param {Stage} stage
 * @param {Notice} notice
 * @returns {{open: (file: File | null) => void}} null: something was dropped that is no file
 */
export function createOpen(root, panel, stage, notice) {
  const button = find(root, "button[aria-expanded]", HTMLButtonElement);
  const files = find(root, "input:not([capture])", HTMLInputElement);
  const camera = find(root, "input[capture]", HTMLInputElement);
  const menu = createMenu(root);
  const opened = createOpened(panel, stage);
  /** @type {AbortController | null} */
  let sent = null; // the picture on its way

  /** @param {File | null} file */
  async function open(file) {
    menu.close();
    if (file === null || !isPicture(file)) {
      const found = file === null ? "That is no file" : `“${file.name}” is no picture`;
      notice.say(`${found}. Wanted: ${WANTED}.`);
      return;
    }
    sent?.abort();
    const own = new AbortController();
    sent = own;
    notice.say("Reading your picture …");
    const picture = await prepared(file);
    const { model } = stage.state;
    const path = `api/strokes?model=${encodeURIComponent(model)}`;
    const reply = await post(path, picture, own, { type: picture.type });
    if (sent !== own) return; // another picture was opened meanwhile
    sent = null;
    if (reply === null) notice.say(AWAY);
    else if (!reply.ok) notice.say(sentence(reply.body?.detail ?? `status ${reply.status}`));
    else show(file, reply.body);
  }

  /**
   * @param {File} file
   * @param {any} answer of the server
   */
  function show(file, { strokes, steps }) {
    opened.show(file, steps);
    if (strokes.length === 0) {
      notice.say(NO_INK);
      return;
    }
    notice.close();
    stage.moment(null);
    stage.drawing.replace(fitted(strokes, widthOfPad()));
    stage.changed();
  }

  // A mouse chooses a file at once. A device with a camera is asked which.
  button.addEventListener("click", () => {
    if (matchMedia("(pointer: coarse)").matches) return;
    menu.close();
    files.click();
  });
  find(root, "[data-open=file]", HTMLButtonElement).addEventListener("click", () => files.click());
  find(root, "[data-open=camera]", HTMLButtonElement).addEventListener("click", () =>
    camera.click(),
  );
  for (const field of [files, camera]) {
    field.addEventListener("change", () => {
      const [file] = field.files ?? [];
      field.value = ""; // so that the same picture can be opened again
      if (file) open(file);
    });
  }
  return { open };
}

/**
 * A refusal of the server as a sentence.
 *
 * @param {string} detail
 */
const sentence = (detail) => `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
