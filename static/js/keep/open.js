/**
 * Open a picture of a digit: by button, by camera, dropped anywhere on the page, or pasted. Its
 * strokes land on the pad. Whatever is dropped never replaces the page.
 */

import { post } from "../net/study.js";
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
const DROPPING_MS = 300; // from one dragover to the next, at most

/**
 * @param {HTMLElement} root holds a button, two file fields, and a list for devices with a camera
 * @param {HTMLElement} panel where the steps are shown
 * @param {Stage} stage
 * @param {Notice} notice
 */
export function createOpen(root, panel, stage, notice) {
  const button = find(root, "button[aria-expanded]", HTMLButtonElement);
  const files = find(root, "input:not([capture])", HTMLInputElement);
  const camera = find(root, "input[capture]", HTMLInputElement);
  const menu = createMenu(root);
  const opened = createOpened(panel, stage);
  /** @type {AbortController | null} */
  let sent = null; // the picture on its way

  /** @param {File} file */
  async function open(file) {
    menu.close();
    if (!isPicture(file)) {
      notice.say(`“${file.name}” is no picture. Wanted: ${WANTED}.`);
      return;
    }
    sent?.abort();
    const own = new AbortController();
    sent = own;
    notice.say("Reading your picture …");
    const picture = await prepared(file);
    const { model } = stage.state;
    const path = `api/strokes?model=${encodeURIComponent(model)}`;
    const reply = await post(path, picture, own, picture.type);
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
  acceptDropped(open, () => notice.say(`That is no file. Wanted: ${WANTED}.`));
  document.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    open(file);
  });
}

/**
 * @param {(file: File) => void} open
 * @param {() => void} refuse called for text and other things that are no file
 */
function acceptDropped(open, refuse) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault(); // the page takes it; the browser would open it in place of the page
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.dataTransfer.dropEffect = "copy";
    document.body.classList.add("is-dropping");
    clearTimeout(timer);
    timer = setTimeout(end, DROPPING_MS);
  }

  function end() {
    document.body.classList.remove("is-dropping");
  }

  /** @param {DragEvent} event */
  function drop(event) {
    event.preventDefault();
    end();
    const files = [...(event.dataTransfer?.files ?? [])];
    const file = files.find(isPicture) ?? files[0];
    if (file) open(file);
    else refuse();
  }

  document.addEventListener("dragover", over);
  document.addEventListener("dragenter", over);
  document.addEventListener("drop", drop);
}

/**
 * A refusal of the server as a sentence.
 *
 * @param {string} detail
 */
const sentence = (detail) => `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
