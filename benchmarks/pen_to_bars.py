"""Question 5: from the pen to the bars, over lines of several lengths.

    python -m benchmarks.pen_to_bars [--round-trip MS …] [--emulated] [--quick] [--json FILE]

A real Chromium (headless, no GPU) opens the page of a real gunicorn. Between them is a proxy that
makes the line slow (slow_line.py); with --emulated, Chromium's own emulation does it, for requests
alone. A mouse draws digit after digit, one movement every 8 ms (125 a second, an ordinary mouse),
and does not wait for the page. A script in the page measures without changing it:

- The clock starts at a movement's own `timeStamp`, when the browser received it. So the time spent
  waiting for a frame or for another answer counts.
- A question carries all movements since the question before it. Its answer is theirs, and that of
  all older movements whose answers have not come yet or never will.
- The clock stops after the frame that painted the bars of that answer, or of a newer one.
  `requestAnimationFrame` runs just before the browser lays out and paints. A message posted there
  arrives just after it has painted.

A movement that is too near to the last one to add a point is answered with the next that adds one.
A digit is cleared only when its last answers have had the time to come. Answers and questions are
counted until then, and divided by the seconds for which the pen was down. The delay of the screen
(up to one refresh) is not included: no page can change it, and a headless browser has no screen.
The last rows are of a line on which one answer in twenty comes a second late.
"""

import argparse
import asyncio
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.async_api import async_playwright

from benchmarks.common import Row, as_json, exactly, markdown
from benchmarks.drawing import body
from benchmarks.mouse import digits
from benchmarks.served import serving
from benchmarks.slow_line import slow_line
from tests.browser.chromium import FLAGS, find

ROUND_TRIPS = (0, 20, 50, 100, 200)  # milliseconds
QUICK_ROUND_TRIPS = (0, 100)
LATE, LATE_ROUND_TRIP = 0.05, 100
MOST_MEDIAN, MOST_P95 = 40, 90  # milliseconds beyond the round trip
LEAST_ANSWERS = {100: 25, 200: 15}  # a second, by round trip
REST_SECONDS = 0.3  # and two round trips: between the end of a digit and clearing it
MOST_QUESTIONS = 60  # a second: one a frame

WATCH = """
window.pen = { latencies: [], shownAt: [], answers: 0, questions: 0, bytes: 0, seconds: 0 };
let waiting = []; // the moments of movements that are in no question yet
let asked = []; // the questions without an answer, the oldest first
let began = null; // when the pen went down; null: it is up
let digit = 0; // the number of digits that were begun
let last = 0; // the moment of the last movement
const moved = ({ timeStamp, buttons }) => {
  if (buttons & 1 && timeStamp > last) waiting.push((last = timeStamp));
};
const all = (event) => (event.getCoalescedEvents?.() ?? []).concat(event).forEach(moved);
for (const type of ["pointerrawupdate", "pointermove"]) {
  addEventListener(type, all, { capture: true });
}
addEventListener("pointerdown", () => {
  [waiting, asked, began] = [[], [], performance.now()];
  digit += 1;
  pen.shownAt.push(null); // a new digit
}, { capture: true });
addEventListener("pointerup", () => {
  pen.seconds += (performance.now() - began) / 1000;
  began = null;
});

const painted = () => new Promise((done) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  port2.postMessage(null);
}));
const lengths = () => [...document.querySelectorAll(".probabilities .bars-item")]
  .map((bar) => Number(bar.style.getPropertyValue("--share")));
let newest = null; // the probabilities of the newest answer

async function show(moments, probabilities) {
  newest = probabilities;
  const own = digit;
  let now;
  const differs = (length, i) => Math.abs(length - newest[i]) > 1e-4;
  do {
    now = await painted();
    if (digit !== own) return; // it was cleared before the bars were painted
  } while (lengths().some(differs));
  pen.answers += 1;
  if (began !== null) pen.shownAt.push(now);
  pen.latencies.push(...moments.map((moment) => now - moment));
}

const originalFetch = window.fetch;
window.fetch = async (url, options) => {
  if (!String(url).endsWith("api/predict")) return originalFetch(url, options);
  const own = { moments: waiting };
  waiting = [];
  asked.push(own);
  pen.questions += 1;
  pen.bytes += options.body.length;
  const response = await originalFetch(url, options);
  const json = response.json.bind(response);
  response.json = async () => {
    const body = await json();
    if (!asked.includes(own)) return body; // a newer one was answered, or the digit is gone
    const answered = asked.splice(0, asked.indexOf(own) + 1);
    show(answered.flatMap(({ moments }) => moments), body.probabilities);
    return body;
  };
  return response;
};
"""


@dataclass(frozen=True)
class Found:
    """What a page noted: latencies and the longest wait in ms, answers and questions a second."""

    latencies: list[float]
    answers: float
    questions: float
    body_bytes: float
    longest: float


def measure(round_trips: tuple[int, ...], seconds: float, *, emulated: bool = False) -> list[Row]:
    """The rows of each line, and of one whose answers are sometimes late."""
    rows = []
    with serving(body()) as app:
        for round_trip in round_trips:
            found = over_a_line(app.port, round_trip, seconds, emulated=emulated)
            rows += rows_of(round_trip, found)
        if not emulated:
            rows += rows_when_late(over_a_line(app.port, LATE_ROUND_TRIP, seconds, LATE))
    return rows


def over_a_line(
    port: int, round_trip: int, seconds: float, late: float = 0.0, *, emulated: bool = False
) -> Found:
    """Draw for so many seconds, the server being so many milliseconds away."""
    with slow_line(port, 0 if emulated else round_trip, late) as near:
        url = f"http://127.0.0.1:{near}/"
        rest = REST_SECONDS + 2 * round_trip / 1000
        noted = asyncio.run(draw_on(url, find(), seconds, rest, round_trip if emulated else 0))
    if len(noted["latencies"]) < 50:
        raise RuntimeError(f"only {len(noted['latencies'])} movements were answered")
    times = noted["shownAt"]
    gaps = [b - a for a, b in pairwise(times) if a and b]
    return Found(
        sorted(noted["latencies"]),
        noted["answers"] / noted["seconds"],
        noted["questions"] / noted["seconds"],
        noted["bytes"] / noted["questions"],
        max(gaps),
    )


def rows_of(round_trip: int, found: Found) -> list[Row]:
    """The rows of a line with this round trip."""
    what = f"pen to bars, a round trip of {round_trip} ms"
    answers, questions = exactly(found.answers), exactly(found.questions)
    low, middle, high = quantiles(found.latencies, n=4)
    most = MOST_QUESTIONS if round_trip == 0 else None
    p95 = exactly(quantiles(found.latencies, n=20)[-1])
    return [
        Row(5, f"{what}, median", (low, middle, high), "ms", None, round_trip + MOST_MEDIAN),
        Row(5, f"{what}, 95th percentile", p95, "ms", None, round_trip + MOST_P95),
        Row(5, f"{what}, answers", answers, "/s", LEAST_ANSWERS.get(round_trip)),
        Row(5, f"{what}, questions", questions, "/s", None, most),
    ]


def rows_when_late(found: Found) -> list[Row]:
    """The rows of a line on which some answers are late."""
    what = f"pen to bars, {LATE_ROUND_TRIP} ms, one answer in {1 / LATE:.0f} a second late"
    return [
        Row(5, f"{what}, longest time without one", exactly(found.longest), "ms", None, 500),
        Row(5, f"{what}, median", exactly(median(found.latencies)), "ms"),
        Row(5, f"{what}, answers", exactly(found.answers), "/s"),
    ]


async def draw_on(
    url: str, chromium: Path, seconds: float, rest: float, emulated: float = 0.0
) -> dict[str, Any]:
    """Draw for so many seconds; return what the script in the page noted.

    rest: seconds for the last answers of each digit
    emulated: milliseconds that Chromium's own emulation adds to each request
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        await page.add_init_script(WATCH)
        if emulated:
            session = await page.context.new_cdp_session(page)
            rates = {"downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
            await session.send("Network.emulateNetworkConditions", {"latency": emulated, **rates})
        await page.goto(url)
        await digits(page, 2, rest)  # the first answers wait for code to be compiled
        await page.evaluate("Object.assign(pen, { latencies: [], shownAt: [], seconds: 0 })")
        await page.evaluate("pen.answers = pen.questions = pen.bytes = 0")
        await digits(page, seconds, rest)
        noted: dict[str, Any] = await page.evaluate("pen")
        await browser.close()
    return noted


def main() -> None:
    """Print the table; with --json, write it as JSON too."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--round-trip", type=int, nargs="+", metavar="MS")
    parser.add_argument("--emulated", action="store_true", help="by Chromium instead of a proxy")
    parser.add_argument("--quick", action="store_true", help="3 seconds a line instead of 12")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    args = parser.parse_args()
    usual = QUICK_ROUND_TRIPS if args.quick else ROUND_TRIPS
    seconds = 3 if args.quick else 12
    rows = measure(tuple(args.round_trip or usual), seconds, emulated=args.emulated)
    if args.json:
        args.json.write_text(json.dumps(as_json(rows), indent=2, ensure_ascii=False) + "\n")
    print(markdown(rows))


if __name__ == "__main__":
    main()
