/** A button that opens a list of commands above it. */

import { find } from "../page/dom.js";

/**
 * @param {HTMLElement} root holds a button with aria-expanded and a .menu-list
 * @param {() => void} [opened] called when it opens
 * @returns {{close: () => void}}
 */
export function createMenu(root, opened = () => {}) {
  const button = find(root, "button[aria-expanded]", HTMLButtonElement);
  const list = find(root, ".menu-list", HTMLElement);

  /** @param {boolean} isOpen */
  function show(isOpen) {
    if (isOpen) opened();
    list.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }

  /** @param {boolean} takesFocus whether the keyboard goes back to the button */
  function close(takesFocus) {
    if (list.hidden) return;
    show(false);
    if (takesFocus) button.focus();
  }

  button.addEventListener("click", () => show(list.hidden !== false));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.preventDefault(); // Escape would clear the pad
    close(true);
  });
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !root.contains(relatedTarget)) close(false);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !root.contains(target)) close(false);
  });

  return { close: () => close(list.contains(document.activeElement)) };
}
