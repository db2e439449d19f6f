/**
 * Questions that are asked once the pen has rested: they take longer than a reading.
 *
 * A study asks again when the drawing, the network or its own body has changed, and only while it is
 * updated, that is while its part of the page is in view.
 */

import { reasonOf } from "../answer/words.js";
import { hasSpare, post } from "./line.js";

/**
 * @import { Stage, State } from "../stage.js"
 *
 * @typedef {(answer: any, refusal: string | null) => void} Shown answer: the JSON of the server, null while there
 *   is none; refusal: the server's reason for having none
 */

const BUSY_MS = 2_000; // until a server that is busy, or away, is asked again
const FULL_MS = 100; // until a study is sent that found too many other questions on their way

/**
 * @param {Stage} stage
 * @param {string} path of the endpoint, relative to the page, such as "api/why"
 * @param {(state: State) => object | null} bodyOf the JSON of the question; null: nothing to ask
 * @param {Shown} shown called when there is an answer, and when it no longer fits the drawing
 * @returns {{update: (state: State) => void, stop: () => void}} stop: the part is out of view
 */
export function createStudy(stage, path, bodyOf, shown) {
  let asked = ""; // the body, as text, of the answer on the page or on its way
  /** @type {AbortController | null} */
  let sent = null;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let retry = null;

  /** @param {State} state */
  function update(state) {
    const body = state.blank ? null : bodyOf(state);
    const text = body === null ? "" : JSON.stringify(body);
    if (text === asked) return;
    if (asked !== "") drop();
    if (text === "" || !state.rested || !state.settled || retry !== null) return;
    if (hasSpare()) send(text);
    else again(FULL_MS);
  }

  /** @param {number} milliseconds */
  function again(milliseconds) {
    retry = setTimeout(() => {
      retry = null;
      stage.update();
    }, milliseconds);
  }

  /** What is shown, or on its way, is about another drawing. */
  function drop() {
    stop();
    asked = "";
    shown(null, null);
  }

  function stop() {
    sent?.abort();
    if (retry !== null) clearTimeout(retry);
    [sent, retry] = [null, null];
  }

  /** @param {string} text */
  async function send(text) {
    const own = new AbortController();
    [sent, asked] = [own, text];
    const reply = await post(path, text, own);
    if (sent !== own) return; // it was dropped meanwhile
    sent = null;
    if (reply === null) {
      asked = "";
      again(BUSY_MS);
    } else if (reply.ok) {
      shown(reply.body, null);
    } else {
      shown(null, reasonOf(reply));
    }
  }

  /** Out of view: what is on its way is given up, and asked again when the part comes back. */
  function leave() {
    if (sent !== null) asked = "";
    stop();
  }

  return { update, stop: leave };
}
