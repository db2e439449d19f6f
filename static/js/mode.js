/** What is to be drawn: one digit, or a whole number on a wide pad. */

/**
 * @param {HTMLElement} root holds two radio buttons, "one" and "many"
 * @param {() => void} changed called after each choice
 * @returns {{value: "one" | "many", isMany: boolean}}
 */
export function createMode(root, changed) {
  const radios = [...root.querySelectorAll("input[type=radio]")];
  for (const radio of radios) radio.addEventListener("change", changed);

  const mode = {
    get value() {
      return radios.find(({ checked }) => checked).value;
    },
    get isMany() {
      return mode.value === "many";
    },
  };
  return mode;
}
