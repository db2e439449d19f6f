"""A mouse that draws on the page's pad, at the speed of a hand, and does not wait for the page."""

import asyncio
import math
import time
from typing import Any

from playwright.async_api import Page

PERIOD_SECONDS = 0.008  # between two movements of the mouse


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
