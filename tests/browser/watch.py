"""Read a page in a test: its questions, its ink, its bars, its text."""

from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page

REST = 1_000  # milliseconds: longer than the pen must rest before further questions are asked

# Runs before the page's own scripts. It records every question of a reading, and how many questions
# of any kind were pending at once.
WATCH = """
window.watch = { asked: [], open: 0, most: 0 };
const originalFetch = window.fetch;
window.fetch = async (url, options) => {
  if (String(url).endsWith("api/predict")) watch.asked.push(JSON.parse(options.body));
  watch.open += 1;
  watch.most = Math.max(watch.most, watch.open);
  try {
    return await originalFetch(url, options);
  } finally {
    watch.open -= 1;
  }
};
"""


def settle(page: Page) -> None:
    """Wait until every question is answered and shown."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise(requestAnimationFrame);
          const task = () => new Promise((done) => setTimeout(done));
          // An event may wait behind this call: a fold says `toggle` in a task of its own.
          do { await task(); await frame(); await frame(); } while (watch.open > 0);
          await frame();
        }"""
    )


def rest(page: Page) -> None:
    """Wait until the pen has rested, and what is asked then is shown."""
    # The page's own clock, so that the page's timers end before this one.
    page.evaluate("(rest) => new Promise((done) => setTimeout(done, rest))", REST)
    settle(page)


def wait_for_parts(page: Page) -> None:
    """Wait until everything is there that is loaded after the first paint."""
    page.locator("#panel-answer[aria-busy=false]").wait_for(state="attached")


def open_tab(page: Page, name: str) -> None:
    """Open a tab of the lens, and wait until its module and its style sheet are there."""
    # The lens is loaded after the first paint.
    page.locator("#panel-answer[aria-busy=false]").wait_for(state="attached")
    page.locator(f"#tab-{name}").click()
    page.locator(f"#panel-{name}[aria-busy=false]").wait_for(state="attached")
    settle(page)


def address(page: Page, path: str) -> str:
    """The address of a path of the page's server, whatever the address of the page is."""
    return urljoin(page.url, path)


def asked(page: Page) -> list[dict[str, Any]]:
    """Every question so far, the newest last."""
    questions: list[dict[str, Any]] = page.evaluate("watch.asked")
    return questions


# Width, height and the opacity of each pixel (0 … 255) of a canvas. They are read from a copy,
# because browsers draw a canvas that is read often in another way.
PIXELS = """
  const pixels = (canvas) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    return data.filter((_, i) => i % 4 === 3);
  };
"""


def ink_in(page: Page, selector: str) -> list[float]:
    """The ink on each of these canvases, in pixels."""
    found: list[float] = page.evaluate(
        f"""(selector) => {{ {PIXELS}
          const ink = (canvas) => pixels(canvas).reduce((sum, alpha) => sum + alpha / 255, 0);
          return [...document.querySelectorAll(selector)].map(ink);
        }}""",
        selector,
    )
    return found


def ink(page: Page) -> float:
    """The fraction of the pad that is covered with ink."""
    fraction: float = page.evaluate(
        f"""() => {{ {PIXELS}
          const all = pixels(document.querySelector(".pad-ink"));
          return all.filter((alpha) => alpha > 127).length / all.length;
        }}"""
    )
    return fraction


def bar_lengths(page: Page) -> list[float]:
    """The lengths of the chosen network's ten bars on the screen, 0 … 1."""
    lengths: list[float] = page.evaluate(
        """() => [...document.querySelectorAll(".probabilities .bars-item")].map((bar) =>
             Number(bar.style.getPropertyValue("--share")))"""
    )
    return lengths


def sentence(page: Page) -> str:
    """The sentence on the page."""
    return page.locator(".reading-sentence").inner_text()


def figure(page: Page) -> str:
    """The digit in large, or nothing."""
    return page.locator(".reading-figure").text_content() or ""
