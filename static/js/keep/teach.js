/**
 * "Not right?": the visitor says what a drawing is. The labels stay on this device; they can be
 * looked at, deleted, exported for train.py, and imported.
 */

import { find, findAll, setText } from "../page/dom.js";
import { createGallery, paintDrawing } from "./gallery.js";
import { NotKeptError, openLabels } from "./labels.js";
import { fromFile, isDigit, LinesError, rounded, toLines } from "./lines.js";

/**
 * @import { Stroke } from "../pad/drawing.js"
 * @import { Kept, Labels } from "./labels.js"
 * @import { Kind } from "./lines.js"
 */

const FILES = { digits: "my-digits.jsonl", "no digits": "my-no-digits.jsonl" };
const KEPT = "Kept on this device. Nothing leaves it.";
const NOT_KEPT =
  "This browser keeps nothing for this page, as in some private windows. Your labels last until " +
  "you close the page: export them before.";
const LATER_MS = 60_000; // after this a download has begun

/**
 * @param {HTMLDialogElement} root
 * @returns {Promise<{open: (strokes: readonly Stroke[]) => Promise<void>}>} open: shows it, with a
 *   question about this drawing; without strokes only what is kept
 */
export async function createTeach(root) {
  /** @param {string} name */
  const button = (name) => find(root, `.teach-${name}`, HTMLButtonElement);
  const status = find(root, ".teach-status", HTMLElement);
  const title = find(root, "h2", HTMLElement);
  const ask = find(root, ".teach-ask", HTMLElement);
  const picture = find(root, ".teach-drawing", HTMLCanvasElement);
  const choices = findAll(root, "[data-label]", HTMLButtonElement);
  const file = find(root, ".teach-file", HTMLInputElement);
  const labels = await openLabels();
  const gallery = createGallery(
    find(root, ".teach-gallery", HTMLElement),
    find(root, "template", HTMLTemplateElement),
    button("more"),
    (key) => act(() => remove(key)),
  );
  /** @type {readonly Stroke[]} */
  let strokes = []; // of the drawing that gets a label
  /** @type {Kept[]} */
  let all = [];

  /**
   * Do something with the labels, show what is kept then, and say what was done.
   *
   * @param {() => Promise<string>} action
   */
  async function act(action) {
    let words = "";
    try {
      words = await action();
    } catch (problem) {
      if (!(problem instanceof NotKeptError)) throw problem;
      words = problem.message;
    }
    await show();
    setText(status, words);
  }

  async function show() {
    all = await labels.all();
    const count = all.length;
    setText(title, count === 0 ? "Your drawings" : `Your drawings: ${count.toLocaleString("en")}`);
    gallery.update(all);
    const isKept = { digits: all.some(isDigit), others: !all.every(isDigit), clear: count > 0 };
    for (const [name, is] of Object.entries(isKept)) button(name).hidden = !is;
    disarm();
    ask.hidden = strokes.length === 0;
    const label = labelOf(strokes);
    for (const choice of choices) {
      choice.setAttribute("aria-pressed", String(choice.dataset.label === label));
    }
  }

  /** @param {readonly Stroke[]} drawing */
  const keptAs = (drawing) => all.filter((kept) => isSame(kept.strokes, drawing));
  /** @param {readonly Stroke[]} drawing */
  const labelOf = (drawing) => keptAs(drawing)[0]?.label;

  /** @param {string} label */
  async function give(label) {
    const before = keptAs(strokes);
    await labels.add([{ label, strokes, time: new Date().toISOString() }]);
    for (const { key, label: old } of before) if (old !== label) await labels.remove(key);
    return `${named(label)}. ${labels.lasts ? KEPT : NOT_KEPT}`;
  }

  /** @param {number} key */
  async function remove(key) {
    const place = all.findIndex((drawing) => drawing.key === key);
    await labels.remove(key);
    focusAfter(place);
    return "Deleted.";
  }

  /** The button that was pressed is about to go. @param {number} place */
  function focusAfter(place) {
    const items = findAll(root, ".teach-item button", HTMLButtonElement);
    (items[place + 1] ?? items[place - 1] ?? button("close")).focus();
  }

  /** @param {Kind} kind */
  function save(kind) {
    const url = URL.createObjectURL(new Blob([toLines(all, kind)], { type: "application/jsonl" }));
    const link = document.createElement("a");
    [link.href, link.download] = [url, FILES[kind]];
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), LATER_MS);
    const count = all.filter((drawing) => isDigit(drawing) === (kind === "digits")).length;
    setText(status, `${FILES[kind]}: ${drawings(count)}.`);
  }

  /** @param {readonly File[]} files */
  async function load(files) {
    /** @type {string[]} */
    const said = [];
    for (const one of files) {
      try {
        said.push(`${one.name}: ${await take(one, labels)}`);
      } catch (problem) {
        if (!(problem instanceof LinesError)) throw problem;
        said.push(`${one.name} is not imported. ${problem.message}`);
      }
    }
    return `${said.join(" ")}${labels.lasts ? "" : ` ${NOT_KEPT}`}`;
  }

  async function clear() {
    if (!arm()) return;
    await act(async () => {
      await labels.clear();
      button("close").focus();
      return "All are deleted.";
    });
  }

  /** The first press asks, the second deletes. @returns {boolean} whether it is the second */
  function arm() {
    const isArmed = button("clear").classList.toggle("is-armed");
    setText(button("clear"), isArmed ? `Delete all ${drawings(all.length)}? Press again` : ALL);
    return !isArmed;
  }

  function disarm() {
    button("clear").classList.remove("is-armed");
    setText(button("clear"), ALL);
  }

  for (const choice of choices) {
    choice.addEventListener("click", () => act(() => give(choice.dataset.label ?? "")));
  }
  button("digits").addEventListener("click", () => save("digits"));
  button("others").addEventListener("click", () => save("no digits"));
  button("clear").addEventListener("click", clear);
  button("clear").addEventListener("blur", disarm);
  button("import").addEventListener("click", () => file.click());
  button("close").addEventListener("click", () => root.close());
  file.addEventListener("change", () => {
    const files = [...(file.files ?? [])];
    file.value = ""; // so that the same file can be chosen again
    act(() => load(files));
  });
  root.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the keys of the pad (Escape clears it) mean nothing here
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && !ask.hidden) choices.find(({ dataset }) => dataset.label === event.key)?.focus();
    if (isPlain && !ask.hidden && isDigit({ label: event.key })) act(() => give(event.key));
  });
  root.addEventListener("click", (event) => {
    if (event.target === root) root.close(); // beside it
  });

  /** @param {readonly Stroke[]} drawing */
  async function open(drawing) {
    strokes = drawing;
    await act(async () => (labels.lasts ? "" : NOT_KEPT));
    if (!root.open) root.showModal();
    paintDrawing(picture, strokes);
    if (strokes.length > 0) choices[0].focus();
  }

  return { open };
}

const ALL = "Delete all";

/** @param {string} label */
const named = (label) => (isDigit({ label }) ? `A${label === "8" ? "n" : ""} ${label}` : "No digit");

/** @param {number} count */
const drawings = (count) => `${count.toLocaleString("en")} ${count === 1 ? "drawing" : "drawings"}`;

/**
 * Take the drawings of a file.
 *
 * @param {File} file
 * @param {Labels} labels
 */
async function take(file, labels) {
  const found = await fromFile(file);
  const added = await labels.add(found);
  const old = found.length - added;
  return `${drawings(added)} came in${old > 0 ? `, ${old.toLocaleString("en")} were here` : ""}.`;
}

/**
 * Kept strokes are rounded.
 *
 * @param {readonly Stroke[]} kept
 * @param {readonly Stroke[]} drawing
 */
const isSame = (kept, drawing) => JSON.stringify(kept) === JSON.stringify(rounded(drawing));
