/** The tab of the answer: who reads. The answer itself is always in view beside the pad. */

import { createMeaning } from "../answer/meaning.js";
import { find, findAll } from "../page/dom.js";

/** @import { Stage, Tab } from "../stage.js" */

/**
 * @param {HTMLElement} root holds a button that leads to all networks, where there are several
 * @param {Stage} stage
 * @returns {Tab}
 */
export function create(root, stage) {
  const meaning = createMeaning(find(root, ".meaning", HTMLElement));
  for (const button of findAll(root, ".answer-reader button", HTMLButtonElement)) {
    button.addEventListener("click", () => {
      stage.open("compare");
      find(document, "#tab-compare", HTMLButtonElement).focus(); // this button is out of view
    });
  }
  return { update: meaning.update };
}
