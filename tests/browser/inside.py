"""Control the tab Inside, and read its maps and numbers."""

import re
from typing import Any

from playwright.sync_api import Page

from model.insight import LAYERS
from tests.browser.watch import open_tab, settle

# Counts questions about units, and how many of them were pending at once.
WATCH_UNITS = """() => {
  watch.units = { asked: [], open: 0, most: 0 };
  const fetchBefore = window.fetch;
  window.fetch = async (url, options) => {
    if (!String(url).endsWith("api/unit")) return fetchBefore(url, options);
    watch.units.asked.push(JSON.parse(options.body));
    watch.units.open += 1;
    watch.units.most = Math.max(watch.units.most, watch.units.open);
    try {
      return await fetchBefore(url, options);
    } finally {
      watch.units.open -= 1;
    }
  };
}"""


def open_inside(page: Page) -> None:
    page.evaluate(WATCH_UNITS)
    open_tab(page, "inside")


def settle_units(page: Page) -> None:
    """Wait until all is answered and shown, the chosen unit too."""
    settle(page)
    page.wait_for_timeout(150)  # longer than the pause between two questions about units
    page.wait_for_function("() => watch.units.open === 0")
    settle(page)


def units_asked(page: Page) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = page.evaluate("watch.units.asked")
    return asked


def place_in(page: Page, layer: str, x: float, y: float) -> tuple[float, float]:
    """A point of a layer's maps on the screen, scrolled into view; x and y from 0 to 1."""
    maps = page.locator(f"[data-layer={layer}] .inside-maps")
    maps.evaluate("element => element.scrollIntoView({ block: 'nearest' })")
    settle(page)
    box = maps.bounding_box()
    assert box is not None, layer
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def click(page: Page, layer: str, x: float = 0.31, y: float = 0.31) -> None:
    page.mouse.click(*place_in(page, layer, x, y))
    settle_units(page)


def name(page: Page) -> str:
    return page.locator(".unit-name").inner_text()


def value(page: Page) -> str:
    return page.locator(".unit-value").inner_text()


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-").replace("+", ""))


def sum_rows(page: Page) -> list[tuple[str, str, str]]:
    """The lines of the sum: what is added, how much, and the sum so far."""
    rows = page.locator(".unit-sum tr").all()
    return [tuple(row.locator(".cell").all_inner_texts()) for row in rows]  # type: ignore[misc]


def tables(page: Page) -> list[list[float]]:
    """The numbers of each table that is shown."""
    shown = page.locator(".unit-table:visible").all()
    return [[number(text) for text in t.locator("td").all_inner_texts()] for t in shown]


def painted(page: Page) -> dict[str, bool]:
    """Of each layer whether its canvas has more than one colour."""
    found: dict[str, bool] = page.evaluate(
        """(layers) => Object.fromEntries(layers.map((name) => {
          const canvas = document.querySelector(`[data-layer=${name}] canvas`);
          const { width, height } = canvas;
          const copy = new OffscreenCanvas(width, height).getContext("2d");
          copy.drawImage(canvas, 0, 0);
          const pixels = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
          return [name, new Set(pixels).size > 1];
        }))""",
        list(LAYERS),
    )
    return found


def index_in(text: str) -> list[int]:
    """The numbers in the name of a unit."""
    return [int(found) for found in re.findall(r"(?:map|row|column|unit|digit) (\d+)", text)]
