/** A sentence at the lower edge of the window: what a link or a picture was refused for. */

import { find, setText } from "../page/dom.js";

/**
 * @import { Stage } from "../stage.js"
 *
 * @typedef {ReturnType<typeof createNotice>} Notice
 */

/**
 * @param {HTMLElement} root a live region that holds a .notice-line with a .notice-words and a button
 * @param {Stage} stage drawing closes the notice
 */
export function createNotice(root, stage) {
  const line = find(root, ".notice-line", HTMLElement);
  const words = find(root, ".notice-words", HTMLElement);

  function close() {
    if (line.hidden) return;
    line.hidden = true;
    setText(words, "");
  }

  find(root, "button", HTMLButtonElement).addEventListener("click", close);
  stage.show(({ drawing }) => drawing && close());

  return {
    close,
    /** @param {string} sentence */
    say(sentence) {
      line.hidden = false;
      setText(words, sentence);
    },
  };
}
