/** Share a drawing: as a link that holds it, or as a file. */

import { find, findAll, setText } from "../page/dom.js";
import { createMenu } from "./menu.js";
import { widthOfPad } from "./place.js";
import { download, pngOf, questionOf, svgOf } from "./save.js";

/**
 * @import { Stage } from "../stage.js"
 * @import { Sheet } from "./save.js"
 */

const COPIED = "Copied. Whoever opens the link sees this drawing.";
const TO_COPY = "Copy the link from the field above.";
const TOO_LONG = "This drawing is too long for a link. Save it as a file.";
const NO_FILE = "This browser could not make the file.";
const NAME = "drawing";

/** @type {Record<string, (sheet: Sheet) => Promise<Blob>>} */
const FILES = {
  png: pngOf,
  svg: async (sheet) => new Blob([svgOf(sheet)], { type: "image/svg+xml" }),
  json: async (sheet) => new Blob([questionOf(sheet)], { type: "application/json" }),
};

/**
 * @param {HTMLElement} root a menu with commands in data-share, a field for the link, and a status
 * @param {Stage} stage
 * @param {() => Promise<string | null>} fragment of what is on the page now
 */
export function createShare(root, stage, fragment) {
  const field = find(root, "input", HTMLInputElement);
  const status = find(root, "[role=status]", HTMLElement);
  const commands = findAll(root, "[data-share]", HTMLButtonElement);
  let ready = Promise.resolve(); // when the link is in the field

  async function prepare() {
    const text = await fragment();
    field.value = text === null ? "" : linkOf(text);
    setText(status, text === null ? TOO_LONG : "");
    for (const button of commands) {
      const { share: name = "" } = button.dataset;
      if (name === "send") button.hidden = !navigator.share;
      const isUseless = name in FILES ? stage.drawing.isBlank : text === null;
      button.setAttribute("aria-disabled", String(isUseless));
    }
  }

  /** @param {HTMLButtonElement} button */
  async function run(button) {
    await ready;
    if (button.getAttribute("aria-disabled") === "true") return;
    const { share: name = "" } = button.dataset;
    if (name === "link") setText(status, (await copied(field)) ? COPIED : TO_COPY);
    else if (name === "send") await send();
    else await save(name);
  }

  async function send() {
    try {
      await navigator.share({ title: document.title, url: field.value });
    } catch {
      // The visitor has closed the list of programs.
    }
  }

  /** @param {string} name of the kind of file */
  async function save(name) {
    const { many, model } = stage.state;
    const sheet = { strokes: stage.drawing.strokes, width: widthOfPad(), model, many };
    try {
      download(`${NAME}.${name}`, await FILES[name](sheet));
      menu.close();
    } catch {
      setText(status, NO_FILE);
    }
  }

  const menu = createMenu(root, () => {
    ready = prepare();
  });
  for (const button of commands) button.addEventListener("click", () => run(button));
  field.addEventListener("focus", () => field.select());
}

/**
 * The address of the whole page with this fragment, also where it is shown in a frame.
 *
 * @param {string} fragment
 */
const linkOf = (fragment) => `${location.origin}${location.pathname}#${fragment}`;

/**
 * Copy the text of a field; browsers allow it on pages with TLS only, older ones by another way.
 *
 * @param {HTMLInputElement} field
 * @returns {Promise<boolean>} whether it was copied
 */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}
