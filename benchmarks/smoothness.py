"""Question 8: how smoothly the page draws while a tab of the lens is open.

    python -m benchmarks.smoothness [--quick] [--json FILE]

A real Chromium (headless, no GPU) opens the page of a real gunicorn. A mouse draws digit after
digit, one movement every 8 ms, first on the machine as it is, then with the page's processor slowed
down by a factor of 4, as Chromium's developer tools do it. The page counts its frames while the pen
is down. Chromium's own trace has the tasks of the page's thread: what a script, the layout and the
painting of one event took together. A task that waits for a core counts as longer, so only a quiet
machine tells the truth.
"""

import asyncio
import json
from collections.abc import Sequence
from itertools import product
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.common import Row, command, spread
from benchmarks.drawing import body
from benchmarks.mouse import digits
from benchmarks.served import serving
from tests.browser.chromium import FLAGS, find

TABS = ("answer", "steps", "inside", "why", "compare", "training")
QUICK_TABS = ("answer", "inside")
MACHINES = {"": 1, ", slowed down 4 times": 4}  # by name: the factor of the throttling
FRAMES_WANTED = {1: 50.0, 4: 40.0}  # a second
TASK_WANTED = 50.0  # milliseconds, on the machine as it is

TASKS = "disabled-by-default-devtools.timeline"  # the part of Chromium's trace that has them
COUNT = """
window.pen = { frames: 0, seconds: 0 };
let began = null; // when the pen went down
const frame = () => {
  if (began !== null) pen.frames += 1;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
addEventListener("pointerdown", () => { began = performance.now(); }, { capture: true });
addEventListener("pointerup", () => {
  pen.seconds += (performance.now() - began) / 1000;
  began = null;
}, { capture: true });
"""

Round = tuple[float, float]  # frames a second, the longest task in ms


def measure(quick: bool) -> list[Row]:
    """For each machine and tab: frames a second; on the machine as it is, the longest task too."""
    tabs, rounds, seconds = (QUICK_TABS, 1, 1) if quick else (TABS, 2, 2)
    with serving(body()) as app:
        url = f"http://127.0.0.1:{app.port}/"
        found = asyncio.run(rounds_of_all(url, tabs, rounds, seconds))
    rows = []
    for (machine, tab), times in found.items():
        frames, tasks = zip(*times, strict=True)
        factor, what = MACHINES[machine], f"the pen draws, tab “{tab}”{machine}"
        wanted = FRAMES_WANTED[factor]
        rows.append(Row(8, what, spread(frames), "frames/s", at_least=wanted))
        if factor == 1:
            longest = f"{what}, longest task"
            rows.append(Row(8, longest, spread(tasks), "ms", at_most=TASK_WANTED))
    return rows


async def rounds_of_all(
    url: str, tabs: Sequence[str], rounds: int, seconds: float
) -> dict[tuple[str, str], list[Round]]:
    """The rounds by machine and tab; each round measures everything once."""
    found: dict[tuple[str, str], list[Round]] = {pair: [] for pair in product(MACHINES, tabs)}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for _ in range(rounds):
            for (machine, tab), measured in found.items():
                page = await opened(browser, url, tab, MACHINES[machine])
                measured.append(await one_round(browser, page, seconds))
                await page.close()
        await browser.close()
    return found


async def opened(browser: Browser, url: str, tab: str, factor: int) -> Page:
    """The page with a tab open, warm, on a processor that is slowed down by a factor."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.add_init_script(COUNT)
    await page.goto(url)
    for name in ("answer", tab):  # the first is open, and loaded after the first paint
        await page.locator(f"#tab-{name}").click()
        await page.locator(f"#panel-{name}[aria-busy=false]").wait_for(state="attached")
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": factor})
    await digits(page, 1)  # the first answers wait for code to be compiled
    return page


async def one_round(browser: Browser, page: Page, seconds: float) -> Round:
    """Draw for so many seconds."""
    await page.evaluate("pen.frames = pen.seconds = 0")
    await browser.start_tracing(page=page, categories=[TASKS, "-*"])
    await digits(page, seconds)
    trace = json.loads(await browser.stop_tracing())
    pen = await page.evaluate("pen")
    return pen["frames"] / pen["seconds"], max(tasks_in(trace["traceEvents"]))


def tasks_in(events: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of each task of the page's thread, from Chromium's trace.

    Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
    """
    names = [event for event in events if event["name"] == "thread_name"]
    threads = {
        (event["pid"], event["tid"]) for event in names if event["args"]["name"] == "CrRendererMain"
    }
    tasks = [event for event in events if event["name"] == "RunTask" and event["ph"] == "X"]
    return [task["dur"] / 1000 for task in tasks if (task["pid"], task["tid"]) in threads]


if __name__ == "__main__":
    command(measure)
