/**
 * Requests to the server, and the questions that follow the pen.
 *
 * One question at a time is on its way, and only the newest of those that wait are kept. A movement
 * of the pen is sent at once, so that its answer may come before the next frame. All other questions
 * wait for a frame, so that many changes at once are one question. When the pen is up, all that wait
 * are sent together: on a slow line their answers come together too. If the server does not answer,
 * its health is checked at growing intervals. If it is busy and says for how long, nothing is asked
 * until then. In both cases one question is sent first, and the others after its answer.
 */

import { reasonOf } from "../answer/words.js";

const PREDICT = "api/predict";
const HEALTH = "health";

// For so long after a first question was sent, others may be. On a fast connection all networks
// then follow the pen; on a slow one the chosen network goes first.
const FRESH_MS = 50;
// From one urgent question to the next: an ordinary mouse moves every 8 ms. A gaming mouse moves
// every 1 ms, but so many answers cannot be seen.
const PAUSE_MS = 5;
const TIMEOUT_MS = 8_000; // of such a question
const LONG_MS = 10_000; // of any other
const FIRST_RETRY_MS = 500; // doubled at each retry …
const LAST_RETRY_MS = 8_000; // … up to this
let freeAt = -Infinity; // until then the server wants no question

/**
 * @import { Answer, Question } from "../answer/types.js"
 *
 * @typedef {{question: Question, stop: AbortController, number: number}} Sent a question on its way
 * @typedef {{ok: boolean, status: number, body: any}} Reply body: JSON; null if it is none
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
  let isWaitingUrgent = false;
  let isPenUp = true;
  /** @type {Question[]} */
  let others = []; // further questions not yet sent, the next one first
  let takenAt = -Infinity; // when a question was last taken from `waiting`
  /** @type {Sent | null} */
  let sent = null; // the question on its way that the next one waits for
  /** @type {Set<Sent>} */
  const together = new Set(); // questions on their way that were sent when the pen was up
  let count = 0; // of all questions that were sent
  /** @type {Map<string, number>} */
  const answeredUpTo = new Map(); // by subject: the number of its newest question with an answer
  /** @type {Set<string>} */
  const planned = new Set(); // "frame", "pause": when one of them ends, the next question is sent
  let sentAt = -Infinity; // when a question was last sent
  /** @type {number | null} */
  let retry = null; // the timer while the server is away or busy
  let interval = FIRST_RETRY_MS;
  /** @type {Trouble} */
  let told = null;

  /** @param {Question} question @param {Question[]} [further] @param {boolean} [isUrgent] */
  function ask(question, further = [], isUrgent = false) {
    const subjects = [question, ...further].map(({ subject }) => subject);
    if (sent !== null && !subjects.includes(sent.question.subject)) forget();
    for (const own of together) {
      if (!subjects.includes(own.question.subject) && together.delete(own)) own.stop.abort();
    }
    waiting = question;
    others = further;
    isWaitingUrgent = isUrgent;
    isPenUp = !isUrgent;
    schedule();
  }

  /** Drop the questions that wait, and the answers that are on their way. */
  function forget() {
    sent?.stop.abort();
    [waiting, others, sent] = [null, [], null];
    for (const own of together) own.stop.abort();
    together.clear();
    if (retry === null) tell(null);
  }

  function penUp() {
    isPenUp = true;
    if (others.length > 0 && retry === null) sendTogether();
    else if (told === "busy" && isDone()) tell(null);
  }

  /** Whether all is answered. */
  const isDone = () => isPenUp && !waiting && others.length === 0 && !sent && together.size === 0;

  /** Send the next question: now, after a pause, or in the next frame. */
  function schedule() {
    const rest = sentAt + PAUSE_MS - performance.now();
    if (waiting === null || !isWaitingUrgent) plan("frame", requestAnimationFrame);
    else if (rest > 0) plan("pause", (send) => setTimeout(send, rest));
    else sendNext();
  }

  /** @param {string} kind @param {(send: () => void) => void} start */
  function plan(kind, start) {
    if (planned.has(kind)) return;
    planned.add(kind);
    start(() => {
      planned.delete(kind);
      sendNext();
    });
  }

  function sendNext() {
    if (sent !== null || retry !== null) return;
    if (!isPenUp || others.length === 0) {
      if (waiting !== null || others.length > 0) send(takeNext());
    } else if (together.size === 0) sendTogether();
  }

  /** Send all that wait; older questions on their way may still be answered. */
  function sendTogether() {
    const questions = waiting === null ? others : [waiting, ...others];
    [waiting, others] = [null, []];
    for (const question of questions) send(question);
    if (sent !== null) together.add(sent);
    sent = null;
  }

  /** Remove the next question from those that wait. @returns {Question} */
  function takeNext() {
    const isFresh = performance.now() - takenAt < FRESH_MS;
    if (waiting === null || (isFresh && others.length > 0)) {
      takenAt = -Infinity; // after one of the others, `waiting` comes first again
      return others.splice(0, 1)[0];
    }
    const question = waiting;
    waiting = null;
    takenAt = performance.now();
    return question;
  }

  /** Keep a question without an answer, if there is no newer one. @param {Sent} own */
  function failed({ question, number }) {
    if (retry === null) retryLater();
    const isOwn = (/** @type {Question | null} */ other) => other?.subject === question.subject;
    const newer = [sent, ...together].filter((other) => (other?.number ?? -1) > number);
    const isOld = number < (answeredUpTo.get(question.subject) ?? -1);
    const all = [waiting, ...others, ...newer.map((other) => other?.question ?? null)];
    if (isOld || all.some(isOwn)) return;
    if (waiting === null) waiting = question;
    else others = [question, ...others];
  }

  /** @param {Question} question */
  async function send(question) {
    const own = { question, stop: new AbortController(), number: count };
    count += 1;
    if (sent !== null) together.add(sent);
    sent = own;
    sentAt = performance.now();
    const body = JSON.stringify(question.body);
    const reply = await post(PREDICT, body, own.stop, { timeout: TIMEOUT_MS });
    if (sent !== own && !together.delete(own)) return; // forgotten meanwhile
    if (sent === own) sent = null;
    if (reply === null || (reply.ok && !reply.body)) return failed(own);
    interval = FIRST_RETRY_MS;
    if (told === "away" || isDone()) tell(null); // "busy" is told until then: it would flicker
    if (own.number > (answeredUpTo.get(question.subject) ?? -1)) {
      answeredUpTo.set(question.subject, own.number);
      if (reply.ok) answered(reply.body, question);
      else refused(reasonOf(reply), question);
    }
    if (sent === null && together.size === 0) answeredUpTo.clear();
    schedule();
  }

  /** @param {Trouble} found */
  function tell(found) {
    if (found === told) return;
    told = found;
    trouble(found);
  }

  function retryLater() {
    const rest = freeAt - performance.now();
    tell(rest > 0 ? "busy" : "away");
    retry = setTimeout(retryNow, rest > 0 ? rest : interval);
    if (rest <= 0) interval = Math.min(interval * 2, LAST_RETRY_MS);
  }

  /** Ask one question; the server counts as away, or busy, until it has answered it. */
  async function retryNow() {
    const stop = new AbortController();
    if (told === "away" && !(await request(HEALTH, {}, stop, TIMEOUT_MS))?.ok) return retryLater();
    retry = null;
    if (waiting !== null || others.length > 0) send(takeNext());
    else tell(null);
  }

  return { ask, penUp, forget };
}

/**
 * Send a question and wait for its answer.
 *
 * @param {string} path relative to the page
 * @param {BodyInit} body JSON as text, or a picture
 * @param {AbortController} stop
 * @param {{type?: string, timeout?: number}} [more] type: the media type of the body
 * @returns {Promise<Reply | null>} null: the server is away or busy, or the question was dropped
 */
export async function post(path, body, stop, { type = "application/json", timeout = LONG_MS } = {}) {
  if (performance.now() < freeAt) return null;
  const options = { method: "POST", headers: { "Content-Type": type }, body };
  const reply = await request(path, options, stop, timeout);
  return reply === null || reply.status >= 500 || reply.status === 429 ? null : reply;
}

/**
 * Send a request, and wait for the JSON of the response.
 *
 * @param {string} url
 * @param {RequestInit} options
 * @param {AbortController} stop
 * @param {number} timeout in milliseconds
 * @returns {Promise<Reply | null>} null if it was aborted, if it timed out, or if no server answers
 */
async function request(url, options, stop, timeout) {
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const response = await fetch(url, { ...options, signal: stop.signal, cache: "no-store" });
    const body = await response.json().catch(() => null); // a proxy's error page is no JSON
    const seconds = Number(response.headers.get("Retry-After") ?? 0); // NaN if it is a date
    if (seconds > 0) freeAt = performance.now() + 1000 * seconds;
    return { ok: response.ok, status: response.status, body };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
