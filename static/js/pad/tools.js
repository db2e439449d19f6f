/** Undo, redo and clear: by button and by key. */

import { findAll, setAttribute } from "../page/dom.js";

/**
 * @import { Stage } from "../stage.js"
 *
 * @typedef {"undo" | "redo" | "clear"} Command
 */

/** @type {Record<string, Command>} */
const KEYS = { Backspace: "undo", Delete: "clear", Escape: "clear" };

// Elements in which a key edits text. Radio buttons, checkboxes and sliders do not use these keys.
const TEXT_FIELDS =
  "input:not([type=radio], [type=checkbox], [type=range]), select, textarea, [contenteditable]";

/**
 * The command of a key.
 *
 * @param {KeyboardEvent} event
 * @returns {Command | null}
 */
export function commandOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (altKey) return null;
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (letter === "z") return shiftKey ? "redo" : "undo";
    return letter === "y" && !shiftKey ? "redo" : null;
  }
  if (shiftKey) return null;
  return KEYS[key] ?? null;
}

/**
 * Whether a key means the page: not a form field, an open dialog, or what has used it already.
 *
 * @param {KeyboardEvent} event
 */
export function isForPage({ target, defaultPrevented }) {
  const isInField = target instanceof Element && target.closest(TEXT_FIELDS) !== null;
  return !isInField && !defaultPrevented && document.querySelector("dialog:modal") === null;
}

/**
 * @param {HTMLElement} root holds buttons with data-command
 * @param {Stage} stage
 * @param {() => boolean} back takes back one step of a line that is still being drawn, instead of
 *   the whole line; false if there is none
 */
export function createTools(root, stage, back) {
  const buttons = findAll(root, "[data-command]", HTMLButtonElement).map((button) => ({
    button,
    command: /** @type {Command} */ (button.dataset.command),
  }));

  /** @param {Command} command */
  function run(command) {
    if (command === "undo" && back()) return;
    stage.moment(null);
    stage.drawing[command]();
    stage.changed();
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const command = commandOf(event);
    if (command === null || !isForPage(event)) return;
    event.preventDefault();
    run(command);
  }

  /** Disable the commands that would change nothing. */
  function update() {
    const { canUndo, canRedo, isBlank } = stage.drawing;
    const isUseful = { undo: canUndo, redo: canRedo, clear: !isBlank };
    for (const { button, command } of buttons) {
      // `disabled` would take the keyboard focus away from the button just pressed.
      setAttribute(button, "aria-disabled", String(!isUseful[command]));
    }
  }

  for (const { button, command } of buttons) {
    button.addEventListener("click", () => run(command));
  }
  document.addEventListener("keydown", press);
  stage.show(update);
}
