"""The first load on a slow line: 400 ms there and back, 400 kbit/s in each direction.

    python -m benchmarks.first_load [--quick] [--json FILE]

A real Chromium with an empty cache opens the page of a real gunicorn, and slows the line down
itself (Network.emulateNetworkConditions). The clock starts when the address is opened.

- The pad draws once its module listens to the pen. This is what "interactive" means here: the
  style sheet has arrived then too, because a script waits for it.
- A stroke is drawn at once. The second time is when the page shows the digit that was read.
"""

import json
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.common import Row, command, exactly, spread
from benchmarks.drawing import body
from benchmarks.served import serving
from tests.browser.chromium import FLAGS, find
from tests.browser.hand import SEVEN, Mouse, draw

LATENCY_MS = 400
BITS_A_SECOND = 400_000
WANTED_SECONDS = 3.0

# No event says that the pad listens to the pen.
WATCH = """
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...rest) {
  const isPad = this instanceof HTMLCanvasElement && type === "pointerdown";
  if (isPad) window.padReady ??= performance.now();
  return listen.call(this, type, ...rest);
};
"""
# The moment at which an expression is true.
MOMENT = """async () => {
  while (!(%s)) await new Promise((done) => setTimeout(done, 5));
  return performance.now();
}"""
READY, ANSWERED = "window.padReady", "document.querySelector('.reading-figure')?.textContent.trim()"


def measure(quick: bool) -> list[Row]:
    """Rounds with an empty cache each."""
    with serving(body()) as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        url = f"http://127.0.0.1:{app.port}/"
        found = [load(browser, url) for _ in range(2 if quick else 7)]
        browser.close()
    (requests,) = {one["requests"] for one in found}
    return [
        Row(
            9,
            "slow 3G: address to a pad that draws",
            spread([one["ready"] for one in found]),
            "s",
            at_most=WANTED_SECONDS,
        ),
        Row(9, "slow 3G: and the first answer", spread([one["answered"] for one in found]), "s"),
        Row(9, "slow 3G: requests until the pad draws", exactly(requests), "requests", at_most=9),
        Row(9, "slow 3G: bytes of them", exactly(found[0]["bytes"] / 1e3), "kB"),
    ]


def load(browser: Browser, url: str) -> dict[str, Any]:
    """Seconds until the pad draws and until a stroke is answered; requests and bytes until then."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    slow_down(page)
    page.add_init_script(WATCH)
    page.goto(url, wait_until="commit")
    page.evaluate(MOMENT % READY)
    draw(Mouse(page), SEVEN)
    answered = page.evaluate(MOMENT % ANSWERED)
    ready = page.evaluate("padReady")
    files = json.loads(
        page.evaluate(
            """JSON.stringify(["navigation", "resource"]
                 .flatMap((type) => performance.getEntriesByType(type))
                 .map(({ startTime, transferSize }) => [startTime, transferSize]))"""
        )
    )
    early = [size for start, size in files if start < ready]
    context.close()
    return {
        "ready": ready / 1e3,
        "answered": answered / 1e3,
        "requests": len(early),
        "bytes": sum(early),
    }


def slow_down(page: Page) -> None:
    """Make the line of this page a slow one."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    rate = BITS_A_SECOND / 8  # bytes a second
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": rate,
            "uploadThroughput": rate,
        },
    )


if __name__ == "__main__":
    command(measure)
