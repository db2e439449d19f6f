/**
 * The way to the network and back: the only module that knows an address.
 *
 * One question at a time is on its way, at most one starts in a frame, and of those that wait
 * only the newest is kept. If the server does not answer, it is asked after at growing
 * intervals until it is back; then the question that waits is sent.
 */

const PREDICT = "api/predict";
const HEALTH = "health";

const PATIENCE = 8_000; // milliseconds to wait for an answer
const FIRST_RETRY = 500; // milliseconds, doubled each time …
const LAST_RETRY = 8_000; // … up to this

/**
 * @typedef {object} Question
 * @property {readonly import("./drawing.js").Stroke[]} strokes
 * @property {string} model name of the network
 * @property {boolean} layers whether to send what every layer saw
 * @property {string} subject an answer is dropped once a question on another subject is asked
 */

/**
 * @param {object} listeners
 * @param {(answer: object, question: Question) => void} listeners.answered
 * @param {(detail: string, question: Question) => void} listeners.refused the server understood
 *   the question and will not answer it; asking again would not help
 * @param {(away: boolean) => void} listeners.away the server went away, or came back
 * @returns {{ask: (question: Question) => void, forget: () => void}}
 */
export function createReader({ answered, refused, away }) {
  let waiting = null; // the newest question not yet sent
  let sent = null; // {question, stop}: the one on its way
  let frame = null; // the animation frame in which the next one starts
  let retry = null; // the timer while the server is away
  let interval = FIRST_RETRY;
  let isAway = false;

  function ask(question) {
    if (sent !== null && sent.question.subject !== question.subject) forget();
    waiting = question;
    next();
  }

  /** Drop the question that waits, and the answer that is on its way. */
  function forget() {
    waiting = null;
    sent?.stop.abort();
    sent = null;
    if (retry === null) tell(false);
  }

  function next() {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      if (waiting !== null && sent === null && retry === null) send();
    });
  }

  async function send() {
    const mine = { question: waiting, stop: new AbortController() };
    sent = mine;
    waiting = null;
    const reply = await post(mine);
    if (sent !== mine) return; // forgotten meanwhile
    sent = null;
    if (reply === null) {
      waiting ??= mine.question;
      lost();
      return;
    }
    interval = FIRST_RETRY;
    tell(false);
    if (reply.answer) answered(reply.answer, mine.question);
    else refused(reply.detail, mine.question);
    next();
  }

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
    if (waiting === null) tell(false);
    next(); // and only an answer proves that it is back: being healthy is not all
  }

  return { ask, forget };
}

/** Send one question: {answer}, {detail} of a refusal, or null if no server is there. */
async function post({ question, stop }) {
  const { strokes, model, layers } = question;
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ strokes, model, layers }),
  };
  const response = await request(PREDICT, options, stop);
  if (response === null || response.status >= 500) return null;
  const { ok, status, body } = response;
  if (ok) return body && { answer: body };
  return { detail: body?.detail ?? `The server answered ${status}.` };
}

/** {ok, status, body} with the JSON come in; null if stopped, too late or nobody there. */
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
