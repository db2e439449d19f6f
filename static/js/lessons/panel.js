/** The challenge that is on: its task above the pad, how far it is, and the list of all six. */

import { find, findAll, setText } from "../page/dom.js";
import { withLesson } from "./address.js";
import { CHALLENGES, challengeAfter, challengeNamed } from "./challenges.js";
import { createDone } from "./done.js";

/**
 * @import { Stage, State } from "../stage.js"
 * @import { Challenge } from "./challenges.js"
 * @import { Result } from "./checks.js"
 */

/**
 * @param {HTMLElement} root above the pad; its data-lesson names the challenge of the link
 * @param {HTMLElement} list has a .challenge with data-challenge for each of them
 * @param {Stage} stage
 */
export function createLessons(root, list, stage) {
  /** @param {string} name */
  const words = (name) => find(root, `.lesson-${name}`, HTMLElement);
  const [title, caption, progress, hint, voice] = [
    "title",
    "caption",
    "progress",
    "hint",
    "voice",
  ].map(words);
  const [next, leave] = [words("next"), words("leave")];
  const done = createDone();
  /** @type {Challenge | null} */
  let challenge = null; // the one that is on
  /** @type {unknown} */
  let memory; // of its check
  /** @type {unknown[]} */
  let checked = []; // what the last check was about
  let met = false; // by the drawing that is on the pad

  /** @param {string} name */
  function begin(name) {
    const item = itemOf(name);
    history.replaceState(history.state, "", withLesson(location.href, name));
    setText(title, find(item, ".challenge-title", HTMLElement).textContent ?? "");
    setText(caption, find(item, ".challenge-task", HTMLElement).textContent ?? "");
    start(challengeNamed(name));
    root.scrollIntoView({ block: "nearest" });
    next.focus({ preventScroll: true });
  }

  /** @param {Challenge | null} wanted */
  function start(wanted) {
    [challenge, memory, checked] = [wanted, undefined, []];
    show({ done: false, progress: "", hint: "" });
    setText(voice, wanted === null ? "" : `${title.textContent}. ${caption.textContent}`);
    root.hidden = false;
    title.hidden = next.hidden = wanted === null;
    document.body.classList.add("has-lesson");
    if (wanted !== null && stage.state.many) oneDigit().click();
    stage.changed();
  }

  function end() {
    challenge = null;
    history.replaceState(history.state, "", withLesson(location.href, null));
    root.hidden = true;
    document.body.classList.remove("has-lesson");
    delete document.body.dataset.hide;
    oneDigit().focus({ preventScroll: true }); // the button that was pressed is gone
    stage.changed();
  }

  /** @param {Result} result */
  function show(result) {
    met = result.done;
    root.classList.toggle("is-done", met);
    setText(progress, met ? `Done. ${result.progress}` : result.progress);
    setText(hint, result.hint);
  }

  /** @param {State} state */
  function update(state) {
    if (challenge === null) return;
    const { strokes, answer, answers, models, blank, settled, rested } = state;
    if (blank) checked = [];
    if (blank && !met && memory === undefined) show({ done: false, progress: "", hint: "" });
    if (blank || !settled || answer === null || state.many || state.moment !== null) return;
    if (answer.digit === null && !rested) return; // not a digit, or not yet
    if (isNew([answer, ...strokes, ...(challenge.asksAll ? answers.values() : [])])) {
      const result = challenge.check({ strokes, answer, answers, models }, memory);
      memory = result.memory;
      show(result);
      if (result.done) celebrate(challenge.name);
    }
    // Answers come often; a screen reader says how far it is once the pen has rested.
    if (rested || met) setText(voice, `${progress.textContent} ${hint.textContent}`);
  }

  /** @param {unknown[]} about what a check would be about */
  function isNew(about) {
    const isSame = about.length === checked.length && about.every((one, i) => one === checked[i]);
    checked = about;
    return !isSame;
  }

  /** @param {string} name */
  function celebrate(name) {
    done.add(name);
    tick();
  }

  function tick() {
    for (const { name } of CHALLENGES) {
      const mark = find(itemOf(name), ".challenge-done", HTMLElement);
      setText(mark, done.names.has(name) ? "Done." : "");
    }
  }

  /** @param {string} name @returns {HTMLElement} */
  const itemOf = (name) => find(list, `[data-challenge="${name}"]`, HTMLElement);

  for (const link of findAll(list, ".challenge-title", HTMLAnchorElement)) {
    const name = link.closest(".challenge")?.getAttribute("data-challenge") ?? "";
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window
      event.preventDefault();
      begin(name);
    });
  }
  next.addEventListener("click", () => {
    if (challenge === null) return;
    stage.drawing.clear();
    begin(challengeAfter(challenge, done.names).name);
  });
  leave.addEventListener("click", end);
  stage.show(update);
  stage.wants.add(() => ({ all: challenge?.asksAll ?? false }));
  tick();
  if (!root.hidden) start(challengeNamed(root.dataset.lesson));
}

const oneDigit = () => find(document, "input[name=mode][value=one]", HTMLInputElement);
