/** The tab of the answer: who reads. The answer itself is always in view beside the pad. */

import { find } from "../page/dom.js";

/** @import { Stage, Tab } from "../stage.js" */

/**
 * @param {HTMLElement} root holds a button that leads to all networks
 * @param {Stage} stage
 * @returns {Tab}
 */
export function create(root, stage) {
  const others = find(root, "button", HTMLButtonElement);
  others.addEventListener("click", async () => {
    await stage.open("compare");
    find(document, "#tab-compare", HTMLButtonElement).focus(); // this button is out of view
  });
  return { update: () => {} };
}
