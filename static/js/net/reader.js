/**
 * Requests to the server, and the questions that follow the pen.
 *
 * One question at a time is on its way, and only the newest of those that wait are kept. A
 * movement of the pen is sent at once, so that its answer may come before the next frame. All
 * other questions wait for a frame, so that many changes at once are one question. When the pen is
 * up, all that wait are sent together: on a slow line their answers come together too. If the
 * server does not answer, its health is checked at growing intervals, and they are sent once it is
 * back.
 */

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

/**
 * @import { Answer, Question } from "../answer/types.js"
 *
 * @typedef {{question: Question, stop: AbortController, number: number}} Sent a question on its way
 * @typedef {{ok: boolean, status: number, body: any}} Reply body: JSON; null if it is none
 */

/**
 * @param {object} listeners
 * @param {(answer: Answer, question: Question) => void} listeners.answered
 * @param {(detail: string, question: Question) => void} listeners.refused the server refused the
 *   question; asking again would not help
 * @param {(away: boolean) => void} listeners.away the server went away, or came back
 * @returns {{ask: (question: Question, others?: Question[], isUrgent?: boolean) => void,
 *   penUp: () => void, forget: () => void}} others: sent while there is time, the most urgent
 *   first; isUrgent: the pen moves, so send before the next frame; penUp: it has ended a stroke
 */
export function createReader({ answered, refused, away }) {
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
  let hasFrame = false; // an animation frame is requested that sends the next question
  let hasTimer = false; // a timer runs that sends the next question
  let sentAt = -Infinity; // when a question was last sent
  /** @type {number | null} */
  let retry = null; // the timer while the server is away
  let interval = FIRST_RETRY_MS;
  let isAway = false;

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
    if (retry === null) setAway(false);
  }

  function penUp() {
    isPenUp = true;
    if (others.length > 0 && retry === null) sendTogether();
  }

  /** Send the next question: now, after a pause, or in the next frame. */
  function schedule() {
    const rest = sentAt + PAUSE_MS - performance.now();
    if (waiting === null || !isWaitingUrgent) {
      if (hasFrame) return;
      hasFrame = true;
      requestAnimationFrame(() => {
        hasFrame = false;
        sendNext();
      });
    } else if (rest <= 0) {
      sendNext();
    } else if (!hasTimer) {
      hasTimer = true;
      setTimeout(() => {
        hasTimer = false;
        sendNext();
      }, rest);
    }
  }

  function sendNext() {
    if (sent !== null || retry !== null) return;
    if (!isPenUp || others.length === 0) {
      if (waiting !== null || others.length > 0) send(takeNext());
    } else if (together.size === 0) {
      sendTogether();
    }
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
      const [question] = others.splice(0, 1);
      takenAt = -Infinity; // after one of the others, `waiting` comes first again
      return question;
    }
    const question = waiting;
    waiting = null;
    takenAt = performance.now();
    return question;
  }

  /** Keep a question without an answer, if there is no newer one. @param {Sent} own */
  function putBack({ question, number }) {
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
    const text = JSON.stringify(question.body);
    const reply = await post(PREDICT, text, own.stop, { timeout: TIMEOUT_MS });
    if (sent !== own && !together.delete(own)) return; // forgotten meanwhile
    if (sent === own) sent = null;
    if (reply === null || (reply.ok && !reply.body)) {
      putBack(own);
      if (retry === null) retryLater();
      return;
    }
    interval = FIRST_RETRY_MS;
    setAway(false);
    if (own.number > (answeredUpTo.get(question.subject) ?? -1)) {
      answeredUpTo.set(question.subject, own.number);
      if (reply.ok) answered(reply.body, question);
      else refused(reasonOf(reply), question);
    }
    if (sent === null && together.size === 0) answeredUpTo.clear();
    schedule();
  }

  /** @param {boolean} value */
  function setAway(value) {
    if (value === isAway) return;
    isAway = value;
    away(isAway);
  }

  function retryLater() {
    setAway(true);
    retry = setTimeout(checkHealth, interval);
    interval = Math.min(interval * 2, LAST_RETRY_MS);
  }

  async function checkHealth() {
    const response = await request(HEALTH, {}, new AbortController(), TIMEOUT_MS);
    if (!response?.ok) {
      retryLater();
      return;
    }
    retry = null;
    if (waiting === null && others.length === 0) setAway(false);
    schedule(); // the server counts as away until it has answered a question
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
  const options = { method: "POST", headers: { "Content-Type": type }, body };
  const reply = await request(path, options, stop, timeout);
  return reply === null || reply.status >= 500 ? null : reply;
}

/** The reason of a refusal. @param {Reply} refusal */
export const reasonOf = ({ status, body }) => body?.detail ?? `The server answered ${status}.`;

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
    return { ok: response.ok, status: response.status, body };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
