"""From the pen to the bars: how long after a movement of the pen the page shows what it changed.

    python -m benchmarks.pen_to_bars [--quick] [--json FILE]

A real Chromium (headless, no GPU) opens the page of a real gunicorn on a free port, and a mouse
draws digit after digit, one movement every 8 ms (125 a second, an ordinary mouse), whether or
not the page has kept up. Inside the page, without a change to it:

- the clock starts at a movement's own `timeStamp`: when the browser got it, before any script
  knew of it, so time spent waiting for a frame or for another answer counts;
- each question is noted with the number of points that it carries, and a movement is answered by
  the first answer to a question with a point at least as new;
- the clock stops after the frame that painted the bars of that answer (their lengths are held
  against its probabilities): `requestAnimationFrame` runs just before the browser lays out and
  paints, and a message posted there arrives just after it has.

Movements that add no point (nearer to the last than the page thinks worth a point) are answered
by the next that does, as their ink is. What the screen adds after that (up to one refresh) is no
part of it: no page can change that, and a headless browser has no screen.
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

PERIOD = 0.008  # seconds between two movements of the mouse

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
const lengths = () => [...document.querySelectorAll(".instrument .bars-item")]
  .map((bar) => Number(bar.style.getPropertyValue("--share")));
let newest = null; // the probabilities that came last

async function show(moments, probabilities) {
  newest = probabilities;
  let now;
  const differs = (length, i) => Math.abs(length - probabilities[i]) > 1e-4;
  do {
    now = await painted();
  } while (newest === probabilities && lengths().some(differs));
  pen.latencies.push(...moments.map((moment) => now - moment));
}

const fetchAsEver = window.fetch;
window.fetch = async (url, options) => {
  if (!String(url).endsWith("api/predict")) return fetchAsEver(url, options);
  const moments = pen.waiting.splice(0);
  pen.questions += 1;
  pen.bytes += options.body.length;
  const response = await fetchAsEver(url, options);
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
    """Latencies in milliseconds: median, p95, most, and how many there are by whole frames."""
    chromium, seconds = find(), 3 if quick else 20
    with serving(body()) as app:
        seen = asyncio.run(drawn(f"http://127.0.0.1:{app.port}/", chromium, seconds))
    latencies = sorted(seen["latencies"])
    if len(latencies) < 100:
        raise RuntimeError(f"only {len(latencies)} movements were answered: is the machine busy?")
    return {
        "movements": len(latencies),
        "questions": seen["questions"],
        "body_bytes": round(seen["bytes"] / seen["questions"]),
        "median_ms": round(median(latencies), 1),
        "p95_ms": round(quantiles(latencies, n=20)[-1], 1),
        "most_ms": round(latencies[-1], 1),
        "histogram": histogram(latencies),
    }


def histogram(latencies: list[float]) -> dict[str, int]:
    """How many there are in every 4 ms, those from 48 ms on together."""
    counts = Counter(min(int(value) // 4 * 4, 48) for value in latencies)
    names = {low: f"{low} to {low + 4} ms" for low in range(0, 48, 4)} | {48: "48 ms or more"}
    return {name: counts[low] for low, name in names.items()}


async def drawn(url: str, chromium: Path, seconds: float) -> dict[str, Any]:
    """Draw for so many seconds; what the page saw of it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        await page.add_init_script(WATCH)
        await page.goto(url)
        await digits(page, 1)  # the first answers wait for code to be compiled
        await page.evaluate("pen.latencies.length = pen.questions = pen.bytes = 0")
        await digits(page, seconds)
        await page.wait_for_timeout(200)
        seen: dict[str, Any] = await page.evaluate("pen")
        await browser.close()
    return seen


async def digits(page: Page, seconds: float) -> None:
    """Eights and zeros, one a second, each on a clean pad; a real hand's speed and curves."""
    box = await page.locator(".pad-ink").bounding_box()
    assert box is not None
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        await page.mouse.move(*place(box, turn, 0.0))
        await page.mouse.down()
        begin = time.monotonic()
        moves = []
        while (done := time.monotonic() - begin) < 1:
            moves.append(asyncio.create_task(page.mouse.move(*place(box, turn, done))))
            await asyncio.sleep(PERIOD - (time.monotonic() - begin) % PERIOD)
        await asyncio.gather(*moves)
        await page.mouse.up()
        await page.keyboard.press("Escape")
        turn += 1


def place(box: Any, turn: int, done: float) -> tuple[float, float]:
    """Where the pen is, in pixels of the window; done: the share of the digit that is drawn."""
    angle = 2 * math.pi * done
    width = math.sin(2 * angle) if turn % 2 else math.sin(angle)
    x, y = 0.5 + 0.2 * width, 0.5 - 0.35 * math.cos(angle)
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def main() -> None:
    """Print the table, and write it as JSON where that is asked for."""
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
