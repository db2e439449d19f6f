/** Undo, redo and clear: by button and by key. */

import { findAll } from "./dom.js";

/**
 * @import { Drawing } from "./drawing.js"
 *
 * @typedef {"undo" | "redo" | "clear"} Command
 */

/** @type {Record<string, Command>} */
const KEYS = { Backspace: "undo", Delete: "clear", Escape: "clear" };

// Where a key edits text. A radio button or checkbox has no use for ours.
const FIELDS = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";

/**
 * Which command a key stands for.
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
 * @returns {{update: () => void}} update shows which commands would do something
 */
export function createTools(root, drawing, changed) {
  const buttons = findAll(root, "[data-command]", HTMLButtonElement).map((button) => ({
    button,
    command: /** @type {Command} */ (button.dataset.command),
  }));
  const would = {
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
    const isInField = event.target instanceof Element && event.target.closest(FIELDS);
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
      // Not `disabled`: that would take the keyboard's focus away from the button just pressed.
      button.setAttribute("aria-disabled", String(!would[command]()));
    }
  }

  return { update };
}
