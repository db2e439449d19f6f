/** All parts of the page that the first screen can do without; loaded after the first paint. */

import { createAddress } from "../keep/address.js";
import { createNotice } from "../keep/notice.js";
import { createLens } from "../lens/lens.js";
import { createWays } from "../pad/ways.js";
import { createChoice } from "./choice.js";
import { find } from "./dom.js";
import { createLater } from "./later.js";

/** @import { Stage } from "../stage.js" */

/** @param {string} selector */
const element = (selector) => find(document, selector, HTMLElement);

/** @param {Stage} stage */
export function createParts(stage) {
  createChoice(document.body, stage.changed);
  createWays(element(".desk"), stage);
  const lens = createLens(element(".tabs"), stage, () => {});
  stage.open = lens.open;
  const notice = createNotice(element(".notice"), stage);
  const address = createAddress(stage, notice);
  createLater(stage, notice, address.fragment);
  stage.changed();
}
