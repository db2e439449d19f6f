/** Undo, redo and clear: by button and by key. */

import { findAll } from "./dom.js";

/**
 * @import { Drawing } from "./drawing.js"
 *
 * @typedef {"undo" | "redo" | "clear"} Command
 */

/** @type {Record<string, Command>} */
const KEYS = { Backspace: "undo", Delete: "clear", Escape: "clear" };

// Elements in which a key edits text. Radio buttons and checkboxes do not use these keys.
const TEXT_FIELDS = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";

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
 * @param {HTMLElement} root holds buttons with data-command
 * @param {() => Drawing} drawing the one on the pad
 * @param {() => void} changed called after each command
 * @returns {{update: () => void}} update disables the commands that would change nothing
 */
export function createTools(root, drawing, changed) {
  const buttons = findAll(root, "[data-command]", HTMLButtonElement).map((button) => ({
    button,
    command: /** @type {Command} */ (button.dataset.command),
  }));
  const isUseful = {
    undo: () => drawing().canUndo,
    redo: () => drawing().canRedo,
    clear: () => !drawing().isBlank,
  };

  /** @param {Command} command */
  function run(command) {
    drawing()[command]();
    changed();
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const command = commandOf(event);
    const isInField = event.target instanceof Element && event.target.closest(TEXT_FIELDS);
    if (command === null || isInField || event.defaultPrevented) return;
    event.preventDefault();
    run(command);
  }

  for (const { button, command } of buttons) {
    button.addEventListener("click", () => run(command));
  }
  document.addEventListener("keydown", press);

  function update() {
    for (const { button, command } of buttons) {
      // `disabled` would take the keyboard focus away from the button just pressed.
      button.setAttribute("aria-disabled", String(!isUseful[command]()));
    }
  }

  return { update };
}
