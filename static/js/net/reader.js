/**
 * The questions that follow the pen.
 *
 * Several are on their way, as many as the line needs (line.js), and only the newest of those that
 * wait are kept. The newest answer wins: an older one that comes later is dropped, and is not waited
 * for. While the pen is down, one of the questions on their way may be about another network. When
 * the pen is up, all that wait are sent together: on a slow line their answers come together too.
 *
 * If the server does not answer, its health is checked at growing intervals. If it is busy and says
 * for how long, nothing is asked until then. In both cases one question is sent first, and the
 * others after its answer.
 */

import { reasonOf } from "../answer/words.js";
import * as line from "./line.js";

const PREDICT = "api/predict";
const HEALTH = "health";

// While the pen is down: from one question about another network to the next, and for so long after
// a question of the pen. On a slow line the pen's own network goes first.
const OTHERS_MS = 75;
const TIMEOUT_MS = 8_000;
const FIRST_RETRY_MS = 500; // doubled at each retry …
const LAST_RETRY_MS = 8_000; // … up to this

/**
 * @import { Answer, Question } from "../answer/types.js"
 * @import { Reply } from "./line.js"
 *
 * @typedef {{question: Question, stop: AbortController, number: number}} Sent a question on its way
 * @typedef {"away" | "busy" | null} Trouble of the server
 */

/**
 * @param {object} listeners
 * @param {(answer: Answer, question: Question) => void} listeners.answered
 * @param {(detail: string, question: Question) => void} listeners.refused the server refused the
 *   question; asking again would not help
 * @param {(trouble: Trouble) => void} listeners.trouble the server has trouble, or has none again
 * @returns {{ask: (question: Question, others?: Question[], isUrgent?: boolean) => void,
 *   penUp: () => void, forget: () => void}} others: sent while there is time, the most urgent
 *   first; isUrgent: the pen moves, so send before the next frame; penUp: it has ended a stroke
 */
export function createReader({ answered, refused, trouble }) {
  /** @type {Question | null} */
  let waiting = null; // the newest question not yet sent
  /** @type {Question[]} */
  let others = []; // further questions not yet sent, the next one first
  let isDue = false; // whether they may be sent; else they wait for a frame
  let isPenUp = true;
  /** @type {Set<Sent>} */
  const sent = new Set(); // on their way, the oldest first
  let chosen = ""; // the subject of the question that goes before all others
  let [count, newest] = [0, 0]; // of all that were sent; the number of the newest with an answer
  /** @type {Map<string, number>} */
  const answeredUpTo = new Map(); // by subject: the number of its newest question with an answer
  let [sentAt, othersAt] = [-Infinity, -Infinity]; // when a question, and one of the others, was sent
  let [hasFrame, hasPause] = [false, false]; // whether the next frame sends; or the end of a pause
  /** @type {number | null} */
  let retry = null; // the timer while the server is away or busy
  let interval = FIRST_RETRY_MS;
  /** @type {Trouble} */
  let told = null;

  /** @param {Question} question @param {Question[]} [further] @param {boolean} [isUrgent] */
  function ask(question, further = [], isUrgent = false) {
    const subjects = [question, ...further].map(({ subject }) => subject);
    for (const own of sent) if (!subjects.includes(own.question.subject)) drop(own);
    [waiting, others, chosen] = [question, further, question.subject];
    [isDue, isPenUp] = [isUrgent, !isUrgent];
    schedule();
  }

  /** Drop the questions that wait, and the answers that are on their way. */
  function forget() {
    for (const own of sent) drop(own);
    [waiting, others] = [null, []];
    if (retry === null) tell(null);
  }

  /** @param {Sent} own */
  function drop(own) {
    sent.delete(own);
    line.giveUp(own.stop);
  }

  function penUp() {
    isPenUp = isDue = true;
    schedule();
    if (told === "busy" && isDone()) tell(null);
  }

  /** @param {Sent} own */
  const isOvertaken = ({ number }) => number < newest;

  /** @param {Sent} own */
  const isOther = ({ question }) => question.subject !== chosen;

  /** The questions that are waited for. */
  const unanswered = () => [...sent].filter((own) => !isOvertaken(own));

  /** Whether all is answered. */
  const isDone = () => isPenUp && !waiting && others.length === 0 && unanswered().length === 0;

  /** Send what there is room for: now, or in the next frame. */
  function schedule() {
    if (isDue) {
      for (let next = takeNext(); next !== null; next = takeNext()) send(next);
    } else if (!hasFrame) {
      hasFrame = true;
      requestAnimationFrame(() => {
        [hasFrame, isDue] = [false, true];
        schedule();
      });
    }
  }

  /** Remove the next question from those that wait; null: none may be sent now. */
  function takeNext() {
    if (retry !== null || (waiting === null && others.length === 0)) return null;
    if (!isPenUp) return takeForPen();
    const room = line.room(others.length > 0);
    const isFirst = waiting !== null && others.length === 0;
    if (room <= 0 || (isFirst && unanswered().length >= line.places())) return null;
    return take();
  }

  /** Remove the first question of those that wait. */
  function take(isOthersTurn = waiting === null) {
    if (isOthersTurn) return others.shift() ?? null;
    const question = waiting;
    waiting = null;
    return question;
  }

  /** While the pen is down: its own question, or right after one of these, one of the others. */
  function takeForPen() {
    const now = performance.now();
    const rest = sentAt + line.gap() - now;
    if (rest > 0) return later(rest);
    const asked = unanswered();
    if (line.room() <= 0 || asked.length >= line.places()) return null;
    const mayOthers = others.length > 0 && line.hasSpare() && !asked.some(isOther);
    const restOfOthers = othersAt + OTHERS_MS - now;
    const isFresh = waiting === null || now < sentAt + OTHERS_MS;
    if (mayOthers && restOfOthers <= 0 && isFresh) {
      othersAt = now;
      return take(true);
    }
    return waiting === null && mayOthers ? later(restOfOthers) : take(false);
  }

  /** @param {number} milliseconds @returns {null} */
  function later(milliseconds) {
    if (hasPause) return null;
    hasPause = true;
    setTimeout(() => {
      hasPause = false;
      schedule();
    }, Math.ceil(milliseconds));
    return null;
  }

  /** @param {Question} question */
  async function send(question) {
    count += 1;
    const own = { question, stop: new AbortController(), number: count };
    sent.add(own);
    sentAt = performance.now();
    const body = JSON.stringify(question.body);
    const reply = await line.post(PREDICT, body, own.stop, { timeout: TIMEOUT_MS, isOfPen: true });
    if (!sent.delete(own)) return; // dropped meanwhile
    if (reply === null || (reply.ok && !reply.body)) failed(own);
    else show(reply, own);
    schedule();
  }

  /** @param {Reply} reply @param {Sent} own */
  function show(reply, { question, number }) {
    newest = Math.max(newest, number);
    interval = FIRST_RETRY_MS;
    if (told === "away" || isDone()) tell(null); // "busy" is told until then: it would flicker
    const isNewest = number > (answeredUpTo.get(question.subject) ?? 0);
    if (isNewest) answeredUpTo.set(question.subject, number);
    if (sent.size === 0) answeredUpTo.clear();
    if (isNewest && reply.ok) answered(reply.body, question);
    else if (isNewest) refused(reasonOf(reply), question);
  }

  /** @param {Sent} own */
  function failed(own) {
    keep(own);
    if (isOvertaken(own) && line.busyFor() === 0) return; // only this one was lost
    line.struggles();
    if (retry === null) retryLater();
  }

  /** Ask a question again, if there is no newer one. @param {Sent} own */
  function keep({ question, number }) {
    const newer = [...sent].filter((other) => other.number > number);
    const all = [waiting, ...others, ...newer.map((other) => other.question)];
    const isOld = number < (answeredUpTo.get(question.subject) ?? 0);
    if (isOld || all.some((other) => other?.subject === question.subject)) return;
    if (waiting === null) waiting = question;
    else others = [question, ...others];
  }

  /** @param {Trouble} found */
  function tell(found) {
    if (found === told) return;
    told = found;
    trouble(found);
  }

  /** @param {number} [rest] milliseconds until the server wants a question */
  function retryLater(rest = line.busyFor()) {
    tell(rest > 0 ? "busy" : "away");
    retry = setTimeout(retryNow, rest > 0 ? rest : interval);
    if (rest <= 0) interval = Math.min(interval * 2, LAST_RETRY_MS);
  }

  /** Ask one question; the server counts as away, or busy, until it has answered it. */
  async function retryNow() {
    const rest = line.busyFor(); // a timer may end a fraction of a millisecond early
    if (rest > 0) return retryLater(rest);
    const stop = new AbortController();
    const isBack = told !== "away" || (await line.request(HEALTH, {}, stop, TIMEOUT_MS))?.ok;
    if (!isBack) return retryLater();
    retry = null;
    const next = take();
    if (next === null) tell(null);
    else send(next);
  }

  return { ask, penUp, forget };
}
