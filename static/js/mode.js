/** The choice between one digit and a whole number on a wide pad. */

import { find, findAll } from "./dom.js";

/**
 * @param {HTMLElement} root holds two radio buttons, "one" and "many"
 * @param {() => void} changed called after each choice
 * @returns {{value: "one" | "many", isMany: boolean}}
 */
export function createMode(root, changed) {
  const radios = findAll(root, "input[type=radio]", HTMLInputElement);
  for (const radio of radios) radio.addEventListener("change", changed);

  const mode = {
    /** @returns {"one" | "many"} */
    get value() {
      return find(root, "input:checked", HTMLInputElement).value === "many" ? "many" : "one";
    },
    get isMany() {
      return mode.value === "many";
    },
  };
  return mode;
}
