/** The tab of the answer: who reads. The answer itself is always in view beside the pad. */

import { createMeaning } from "../answer/meaning.js";
import { find } from "../page/dom.js";

/** @import { Tab } from "../stage.js" */

/**
 * @param {HTMLElement} root
 * @returns {Tab}
 */
export function create(root) {
  const meaning = createMeaning(find(root, ".meaning", HTMLElement));
  return { update: meaning.update };
}
