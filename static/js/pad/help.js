/** The list of the keys, two switches beside it, and the keys that work everywhere on the page. */

import { find } from "../page/dom.js";
import { isForPage } from "./tools.js";

/**
 * @param {HTMLDialogElement} dialog with a switch for taps and one for the single keys
 * @param {HTMLButtonElement} opener
 * @param {object} listeners
 * @param {(digit: string) => void} listeners.sample draw a sample
 * @param {(isOn: boolean) => void} listeners.taps whether taps draw
 */
export function createHelp(dialog, opener, { sample, taps }) {
  const tapped = find(dialog, "input[name=taps]", HTMLInputElement);
  const single = find(dialog, "input[name=single]", HTMLInputElement);

  /** @param {KeyboardEvent} event */
  function press(event) {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || event.repeat) return;
    if (!single.checked || !isForPage(event)) return;
    if (key === "?") dialog.showModal();
    else if (/^[0-9]$/.test(key)) sample(key);
    else return;
    event.preventDefault();
  }

  for (const box of [tapped, single]) {
    box.checked = remembered(box);
    box.addEventListener("change", () => remember(box));
  }
  tapped.addEventListener("change", () => taps(tapped.checked));
  taps(tapped.checked);
  document.addEventListener("keydown", press);
  opener.addEventListener("click", () => dialog.showModal());
  find(dialog, "button", HTMLButtonElement).addEventListener("click", () => dialog.close());
}

/**
 * The last choice on this device, or that of the template. A browser may forbid to keep any.
 *
 * @param {HTMLInputElement} box
 */
function remembered({ name, defaultChecked }) {
  try {
    return (localStorage.getItem(name) ?? String(defaultChecked)) === "true";
  } catch {
    return defaultChecked;
  }
}

/** @param {HTMLInputElement} box */
function remember({ name, checked }) {
  try {
    localStorage.setItem(name, String(checked));
  } catch {
    // It holds until the page is left.
  }
}
