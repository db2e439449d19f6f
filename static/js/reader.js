/**
 * The way to the network and back: the only module that knows an address.
 *
 * One question at a time is on its way, and of those that wait only the newest are kept. What the
 * pen does is asked at once, for an answer before the next frame is worth having; all else waits
 * for a frame, so that many changes at once are one question. If the server does not answer, it is asked after at growing
 * intervals until it is back; then the questions that wait are sent.
 */

const PREDICT = "api/predict";
const HEALTH = "health";

// Milliseconds for which the answer to the first question of all is new enough that others may
// be asked meanwhile: on a fast way all follow the pen, on a slow one the first goes first.
const FRESH = 50;
// Milliseconds from one question to the next: as often as an ordinary mouse moves. A mouse for games
// moves eight times as often, and nobody sees so many answers.
const PAUSE = 5;
const PATIENCE = 8_000; // milliseconds to wait for an answer
const FIRST_RETRY = 500; // milliseconds, doubled each time …
const LAST_RETRY = 8_000; // … up to this

/**
 * @import { Answer, Question } from "./answer.js"
 *
 * @typedef {{question: Question, stop: AbortController}} Sent a question on its way
 * @typedef {{answer?: Answer, detail?: string}} Reply an answer, or the detail of a refusal
 */

/**
 * @param {object} listeners
 * @param {(answer: Answer, question: Question) => void} listeners.answered
 * @param {(detail: string, question: Question) => void} listeners.refused the server understood
 *   the question and will not answer it; asking again would not help
 * @param {(away: boolean) => void} listeners.away the server went away, or came back
 * @returns {{ask: (question: Question, others?: Question[], isUrgent?: boolean) => void,
 *   forget: () => void}} others: to be asked while there is time, the most urgent first; isUrgent:
 *   not even to wait for the next frame
 */
export function createReader({ answered, refused, away }) {
  /** @type {Question | null} */
  let waiting = null; // the newest question not yet sent
  let isPressing = false; // whether that one is urgent
  /** @type {Question[]} */
  let behind = []; // others that wait, the next one first
  let sentFirst = -Infinity; // when a question was last taken from `waiting`
  /** @type {Sent | null} */
  let sent = null; // the one on its way
  let isStarting = false; // whether an animation frame is asked for, in which the next one starts …
  let isPausing = false; // … or a timer runs that starts it
  let sentLast = -Infinity; // when a question was last sent
  /** @type {number | null} */
  let retry = null; // the timer while the server is away
  let interval = FIRST_RETRY;
  let isAway = false;

  /**
   * @param {Question} question
   * @param {Question[]} [others]
   * @param {boolean} [isUrgent]
   */
  function ask(question, others = [], isUrgent = false) {
    const subjects = [question, ...others].map(({ subject }) => subject);
    if (sent !== null && !subjects.includes(sent.question.subject)) forget();
    waiting = question;
    behind = others;
    isPressing = isUrgent;
    next();
  }

  /** Drop the questions that wait, and the answer that is on its way. */
  function forget() {
    waiting = null;
    behind = [];
    sent?.stop.abort();
    sent = null;
    if (retry === null) tell(false);
  }

  /** See to it that what waits is sent: now, after a pause, or in the next frame. */
  function next() {
    const rest = sentLast + PAUSE - performance.now();
    if (waiting === null || !isPressing) {
      if (isStarting) return;
      isStarting = true;
      requestAnimationFrame(() => {
        isStarting = false;
        go();
      });
    } else if (rest <= 0) {
      go();
    } else if (!isPausing) {
      isPausing = true;
      setTimeout(() => {
        isPausing = false;
        go();
      }, rest);
    }
  }

  function go() {
    const isFree = sent === null && retry === null;
    if (isFree && (waiting !== null || behind.length > 0)) send(take());
  }

  /**
   * Of the questions that wait, the one to be sent now.
   *
   * @returns {Question}
   */
  function take() {
    const isFresh = performance.now() - sentFirst < FRESH;
    if (waiting === null || (isFresh && behind.length > 0)) {
      const [question, ...others] = behind;
      behind = others;
      sentFirst = -Infinity; // after one of them, the pen again
      return question;
    }
    const question = waiting;
    waiting = null;
    sentFirst = performance.now();
    return question;
  }

  /**
   * Keep a question that got no answer, unless a newer one on its subject waits.
   *
   * @param {Question} question
   */
  function putBack(question) {
    if ([waiting, ...behind].some((other) => other?.subject === question.subject)) return;
    if (waiting === null) waiting = question;
    else behind = [question, ...behind];
  }

  /** @param {Question} question */
  async function send(question) {
    const mine = { question, stop: new AbortController() };
    sent = mine;
    sentLast = performance.now();
    const reply = await post(mine);
    if (sent !== mine) return; // forgotten meanwhile
    sent = null;
    if (reply === null) {
      putBack(question);
      lost();
      return;
    }
    interval = FIRST_RETRY;
    tell(false);
    if (reply.answer) answered(reply.answer, question);
    else refused(reply.detail ?? "", question);
    next();
  }

  /** @param {boolean} news */
  function tell(news) {
    if (news === isAway) return;
    isAway = news;
    away(isAway);
  }

  function lost() {
    tell(true);
    retry = setTimeout(lookAgain, interval);
    interval = Math.min(interval * 2, LAST_RETRY);
  }

  async function lookAgain() {
    const response = await request(HEALTH, {}, new AbortController());
    if (!response?.ok) {
      lost();
      return;
    }
    retry = null;
    if (waiting === null && behind.length === 0) tell(false);
    next(); // and only an answer proves that it is back: being healthy is not all
  }

  return { ask, forget };
}

/**
 * Send one question.
 *
 * @param {Sent} sent
 * @returns {Promise<Reply | null>} null if no server is there
 */
async function post({ question, stop }) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question.body),
  };
  const response = await request(PREDICT, options, stop);
  if (response === null || response.status >= 500) return null;
  const { ok, status, body } = response;
  if (ok) return body && { answer: body };
  return { detail: body?.detail ?? `The server answered ${status}.` };
}

/**
 * Ask, and wait for the JSON of the answer.
 *
 * @param {string} url
 * @param {RequestInit} options
 * @param {AbortController} stop
 * @returns {Promise<{ok: boolean, status: number, body: any} | null>} null if it was stopped, if it
 *   took too long, or if no server answers
 */
async function request(url, options, stop) {
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(url, { ...options, signal: stop.signal, cache: "no-store" });
    const body = await response.json().catch(() => null); // a proxy's page is not for us
    return { ok: response.ok, status: response.status, body };
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}
