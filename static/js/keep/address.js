/**
 * The address of the page keeps the drawing, the kind of pad, the tab and the network: reload, back
 * and a copied address bring them back. It is written when the pen has rested, in place of the old
 * one, so that "back" leaves the page at once.
 */

import { findAll } from "../page/dom.js";

/**
 * @import { Kept } from "./fragment.js"
 * @import { Notice } from "./notice.js"
 * @import { Stage, State } from "../stage.js"
 */

const codec = () => import("./fragment.js"); // loaded when there is something to keep
const PAUSE_MS = 100; // after a change, so that many changes at once are written once

/**
 * @param {Stage} stage
 * @param {Notice} notice says what is wrong with a link
 * @returns {{fragment: () => Promise<string | null>}} fragment: of what is on the page now; null
 *   if the drawing is too long for a link
 */
export function createAddress(stage, notice) {
  const first = { tab: tabNow(), model: firstOf("model") };
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  /** @type {unknown[]} */
  let seen = []; // what the address was last written for

  /** @returns {Kept} */
  function now() {
    const { many, model } = stage.state;
    return { strokes: stage.drawing.strokes, mode: many ? "many" : "one", tab: tabNow(), model };
  }

  const fragment = async () => (await codec()).encode(now(), first);
  // page/choice.js writes the network before "#".
  const named = () => new URLSearchParams(location.search).get("model");

  /** What an address is made of; strokes never change in place. */
  function parts() {
    const { strokes, mode, tab, model } = now();
    return [mode, tab, model, ...strokes];
  }

  /** @param {State} state */
  function update({ rested }) {
    if (!rested || timer !== null) return;
    const found = parts();
    if (found.length === seen.length && found.every((value, i) => value === seen[i])) return;
    seen = found;
    timer = setTimeout(write, PAUSE_MS);
  }

  async function write() {
    const found = await codec().catch(() => null);
    timer = null;
    if (found === null || stage.drawing.isBeingDrawn) {
      seen = []; // the server is away, or the pen is down: it is written later
      return;
    }
    const text = found.encode(now(), { ...first, model: named() ?? first.model });
    if (text === null) return; // the last one that fits stays
    const address = new URL(location.href);
    address.hash = text === "v1" ? "" : text;
    if (address.href === location.href) return;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      seen = []; // Safari allows a hundred changes in half a minute; the next one is soon enough
    }
  }

  /** Show what a link keeps: the one with which the page was opened, or one that was put in later. */
  async function read() {
    if (location.hash === "") return;
    const { decode } = await codec();
    const { kept, fault } = decode(location.hash);
    if (fault !== null) notice.say(`${fault} The pad is empty.`);
    if (fault !== null && !stage.drawing.isBlank) stage.drawing.clear();
    if (kept === null) {
      if (fault !== null) stage.changed();
      return;
    }
    choose("mode", kept.mode ?? "one");
    if (kept.model === undefined && named() === null) choose("model", first.model);
    if (kept.model !== undefined && !choose("model", kept.model)) {
      notice.say(`This link asks for the network “${kept.model}”, which is not served here.`);
    }
    stage.moment(null);
    const strokes = kept.strokes ?? [];
    if (strokes.length > 0) stage.drawing.replace(strokes);
    else stage.drawing.clear();
    stage.open(kept.tab ?? first.tab);
    stage.changed();
  }

  seen = parts();
  read();
  window.addEventListener("hashchange", read);
  stage.show(update);
  return { fragment };
}

const tabNow = () => document.body.dataset.tab ?? "";

/** @param {string} name of radio buttons */
const radiosOf = (name) => findAll(document, `input[name=${name}]`, HTMLInputElement);

/**
 * The choice with which the server sends the page.
 *
 * @param {string} name of radio buttons
 */
const firstOf = (name) =>
  radiosOf(name).find(({ defaultChecked }) => defaultChecked)?.value ?? "";

/**
 * Choose a radio button as a visitor would.
 *
 * @param {string} name
 * @param {string} value
 * @returns {boolean} whether there is such a choice
 */
function choose(name, value) {
  const radio = radiosOf(name).find((one) => one.value === value);
  if (radio && !radio.checked) radio.click();
  return radio !== undefined;
}
