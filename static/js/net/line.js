/**
 * The line to the server: requests, and how many questions may be on their way.
 *
 * The pen may have as many unanswered questions as one a frame needs over this line: the time to the
 * answer, measured at every answer, divided by a frame. It is fewer where answers are slower than
 * the fastest ones lately: then the server, or this browser, is at its limit. After a 429, a 503 or
 * no answer at all it is one, and grows again answer by answer.
 */

const FRAME_MS = 1_000 / 60;
const MOST = 4; // unanswered questions, those of all parts of the page together
const CONNECTIONS = 6; // of a browser to one server, with HTTP/1.1
const LATELY_MS = 5_000; // the fastest answer of this time, and of as long before, counts
const SMOOTHING = 1 / 8; // the weight of the newest answer in the mean time
const USUAL = 1.25; // answers that take so many times the fastest one are not slow
const ANSWERS = 8; // in a row, after trouble, until one more may be unanswered
const LONG_MS = 10_000; // until a request is given up

/**
 * @typedef {{ok: boolean, status: number, body: any}} Reply body: JSON; null if it is none
 */

let freeAt = -Infinity; // until then the server wants no question
let count = 0; // of all requests
let newest = 0; // the number of the newest request with an answer
/** @type {Map<AbortController, {number: number, isOfPen: boolean}>} */
const onWay = new Map(); // those without an answer, the oldest first
let most = MOST; // fewer for a while after trouble
let answers = 0; // since `most` has changed
let mean = Infinity; // milliseconds to an answer
let [fastest, fastestBefore] = [Infinity, Infinity]; // the same, of `LATELY_MS` each
let since = -Infinity; // when the first of the two begins

/** The time to the fastest answer lately; 0: nothing was measured. */
const best = () => {
  const least = Math.min(fastest, fastestBefore);
  return least === Infinity ? 0 : least;
};

/** How many questions of the moving pen may be unanswered: 1 to 4. */
export function places() {
  if (best() === 0) return 1;
  const needed = Math.min(most, Math.ceil(best() / FRAME_MS));
  return Math.ceil(needed * Math.min(1, (USUAL * best()) / mean));
}

/** Milliseconds from one question of the moving pen to the next: so they are evenly spread. */
export const gap = () => Math.max(FRAME_MS, best() / places());

/**
 * How many more requests may be sent now. Those that a newer one has overtaken are not waited for.
 *
 * @param {boolean} [isPenUp] whether the pen needs none: then all connections may be used
 */
export function room(isPenUp = false) {
  const unanswered = [...onWay.values()].filter(({ number }) => number > newest).length;
  return (isPenUp && most === MOST ? CONNECTIONS : most) - unanswered;
}

/** Whether there is room for a question that the pen can do without. */
export const hasSpare = () => most === MOST && room() > 0;

/**
 * The answer to a request is not wanted any more. It is stopped only if another needs its connection:
 * with HTTP/1.1 a stopped request costs the connection, and a new one costs a round trip or two.
 *
 * @param {AbortController} stop
 */
export function giveUp(stop) {
  const own = onWay.get(stop);
  if (own !== undefined) own.number = 0;
}

/** Stop the oldest question of the pen that is not waited for, if there is no connection left. */
function makeRoom() {
  if (onWay.size < CONNECTIONS) return;
  for (const [stop, { number, isOfPen }] of onWay) {
    if (isOfPen && number <= newest) return stop.abort();
  }
}

/** Milliseconds until the server wants questions again; 0 if it does now. */
export const busyFor = () => Math.max(0, freeAt - performance.now());

/** @param {number} status of an answer */
const isGood = (status) => status < 500 && status !== 429;

/** A question of the pen was answered. @param {number} milliseconds */
function measure(milliseconds) {
  const now = performance.now();
  if (now > since + LATELY_MS) [since, fastestBefore, fastest] = [now, fastest, Infinity];
  fastest = Math.min(fastest, milliseconds);
  mean = mean === Infinity ? milliseconds : mean + SMOOTHING * (milliseconds - mean);
  answers += 1;
  if (most < MOST && answers >= ANSWERS) [most, answers] = [most + 1, 0];
}

/** The server is busy or away. */
export function struggles() {
  [most, answers] = [1, 0];
}

/**
 * Send a question and wait for its answer.
 *
 * @param {string} path relative to the page
 * @param {BodyInit} body JSON as text, or a picture
 * @param {AbortController} stop
 * @param {{type?: string, timeout?: number, isOfPen?: boolean}} [more] type: the media type of the
 *   body; isOfPen: whether the time to its answer says how fast the line is
 * @returns {Promise<Reply | null>} null: the server is away or busy, or the question was dropped
 */
export async function post(path, body, stop, more = {}) {
  if (busyFor() > 0) return null;
  const { type = "application/json", timeout = LONG_MS, isOfPen = false } = more;
  const options = { method: "POST", headers: { "Content-Type": type }, body };
  const reply = await request(path, options, stop, timeout, isOfPen);
  if (reply === null || isGood(reply.status)) return reply;
  struggles();
  return null;
}

/**
 * Send a request, and wait for the JSON of the response.
 *
 * @param {string} url
 * @param {RequestInit} options
 * @param {AbortController} stop
 * @param {number} timeout in milliseconds
 * @param {boolean} [isOfPen]
 * @returns {Promise<Reply | null>} null if it was aborted, if it timed out, or if no server answers
 */
export async function request(url, options, stop, timeout, isOfPen = false) {
  makeRoom();
  count += 1;
  const [number, began] = [count, performance.now()];
  onWay.set(stop, { number, isOfPen });
  stop.signal.addEventListener("abort", () => onWay.delete(stop));
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const response = await fetch(url, { ...options, signal: stop.signal, cache: "no-store" });
    const body = await response.json().catch(() => null); // a proxy's error page is no JSON
    newest = Math.max(newest, number);
    const isMeasured = isOfPen && number === newest && isGood(response.status);
    if (isMeasured) measure(performance.now() - began);
    const seconds = Number(response.headers.get("Retry-After") ?? 0); // NaN if it is a date
    if (seconds > 0) freeAt = performance.now() + 1000 * seconds;
    return { ok: response.ok, status: response.status, body };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    onWay.delete(stop);
  }
}
