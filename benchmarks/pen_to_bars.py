"""From the pen to the bars: the time from a movement of the pen until the page shows its answer.

    python -m benchmarks.pen_to_bars [--quick] [--json FILE]

A real Chromium (headless, no GPU) opens the page of a real gunicorn on a free port. A mouse draws
digit after digit, one movement every 8 ms (125 a second, an ordinary mouse), and does not wait for
the page. A script in the page measures without changing it:

- The clock starts at a movement's own `timeStamp`, when the browser received it. So the time spent
  waiting for a frame or for another answer counts.
- A question carries all movements since the question before it, and its answer is theirs.
- The clock stops after the frame that painted the bars of that answer; their lengths are compared
  with its probabilities. `requestAnimationFrame` runs just before the browser lays out and paints.
  A message posted there arrives just after it has painted.

A movement that is too near to the last one to add a point is answered with the next that adds one.
The delay of the screen (up to one refresh) is not included: no page can change it, and a headless
browser has no screen.
"""

import argparse
import asyncio
import json
import math
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.async_api import Page, async_playwright

from benchmarks.drawing import body
from benchmarks.served import serving
from tests.browser.chromium import FLAGS, find

PERIOD_SECONDS = 0.008  # between two movements of the mouse

WATCH = """
window.pen = { waiting: [], latencies: [], questions: 0, bytes: 0 };
const moved = ({ timeStamp, buttons }) => {
  if (buttons & 1 && timeStamp > (pen.newest ?? 0)) pen.waiting.push((pen.newest = timeStamp));
};
const all = (event) => (event.getCoalescedEvents?.() ?? []).concat(event).forEach(moved);
for (const type of ["pointerrawupdate", "pointermove"]) {
  addEventListener(type, all, { capture: true });
}

const painted = () => new Promise((done) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  port2.postMessage(null);
}));
const lengths = () => [...document.querySelectorAll(".probabilities .bars-item")]
  .map((bar) => Number(bar.style.getPropertyValue("--share")));
let newest = null; // the probabilities of the last answer

async function show(moments, probabilities) {
  newest = probabilities;
  let now;
  const differs = (length, i) => Math.abs(length - probabilities[i]) > 1e-4;
  do {
    now = await painted();
  } while (newest === probabilities && lengths().some(differs));
  pen.latencies.push(...moments.map((moment) => now - moment));
}

const originalFetch = window.fetch;
window.fetch = async (url, options) => {
  if (!String(url).endsWith("api/predict")) return originalFetch(url, options);
  const moments = pen.waiting.splice(0);
  pen.questions += 1;
  pen.bytes += options.body.length;
  const response = await originalFetch(url, options);
  const json = response.json.bind(response);
  response.json = async () => {
    const body = await json();
    show(moments, body.probabilities);
    return body;
  };
  return response;
};
"""


def measure(quick: bool = False) -> dict[str, Any]:
    """Latencies in milliseconds: median, p95, maximum, and a histogram."""
    chromium, seconds = find(), 3 if quick else 20
    with serving(body()) as app:
        noted = asyncio.run(draw_on(f"http://127.0.0.1:{app.port}/", chromium, seconds))
    latencies = sorted(noted["latencies"])
    if len(latencies) < 100:
        raise RuntimeError(f"only {len(latencies)} movements were answered: is the machine busy?")
    return {
        "movements": len(latencies),
        "questions": noted["questions"],
        "body_bytes": round(noted["bytes"] / noted["questions"]),
        "median_ms": round(median(latencies), 1),
        "p95_ms": round(quantiles(latencies, n=20)[-1], 1),
        "most_ms": round(latencies[-1], 1),
        "histogram": histogram(latencies),
    }


def histogram(latencies: list[float]) -> dict[str, int]:
    """The number of latencies in each interval of 4 ms; the last one is open."""
    counts = Counter(min(int(value) // 4 * 4, 48) for value in latencies)
    names = {low: f"{low} to {low + 4} ms" for low in range(0, 48, 4)} | {48: "48 ms or more"}
    return {name: counts[low] for low, name in names.items()}


async def draw_on(url: str, chromium: Path, seconds: float) -> dict[str, Any]:
    """Draw for so many seconds; return what the script in the page noted."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        await page.add_init_script(WATCH)
        await page.goto(url)
        await digits(page, 1)  # the first answers wait for code to be compiled
        await page.evaluate("pen.latencies.length = pen.questions = pen.bytes = 0")
        await digits(page, seconds)
        await page.wait_for_timeout(200)
        noted: dict[str, Any] = await page.evaluate("pen")
        await browser.close()
    return noted


async def digits(page: Page, seconds: float) -> None:
    """Draw zeros and eights, one a second, each on a blank pad, at the speed of a hand."""
    box = await page.locator(".pad-ink").bounding_box()
    assert box is not None
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        await page.mouse.move(*place(box, number, 0.0))
        await page.mouse.down()
        begin = time.monotonic()
        moves = []
        while (done := time.monotonic() - begin) < 1:
            moves.append(asyncio.create_task(page.mouse.move(*place(box, number, done))))
            await asyncio.sleep(PERIOD_SECONDS - (time.monotonic() - begin) % PERIOD_SECONDS)
        await asyncio.gather(*moves)
        await page.mouse.up()
        await page.keyboard.press("Escape")
        number += 1


def place(box: Any, number: int, done: float) -> tuple[float, float]:
    """The place of the pen, in pixels of the window; done: the fraction of the digit drawn."""
    angle = 2 * math.pi * done
    width = math.sin(2 * angle) if number % 2 else math.sin(angle)
    x, y = 0.5 + 0.2 * width, 0.5 - 0.35 * math.cos(angle)
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def main() -> None:
    """Print the table; with --json, write it as JSON too."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="3 seconds instead of 20")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there as well")
    arguments = parser.parse_args()
    found = measure(arguments.quick)
    print(f"{found['movements']} movements, {found['questions']} questions of", end=" ")
    print(f"{found['body_bytes']} bytes; from movement to painted bars:")
    print(f"median {found['median_ms']} ms, p95 {found['p95_ms']} ms, most {found['most_ms']} ms")
    for span, count in found["histogram"].items():
        bar = "█" * round(60 * count / max(found["histogram"].values()))
        print(f"{span:>13} {count:5} {bar}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
