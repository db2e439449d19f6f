"""A mouse that draws on the page's pad, at the speed of a hand, and does not wait for the page.

Its events are sent by Chromium's own protocol. Playwright's `page.mouse` runs two scripts in the
page at every movement with a pressed button, to find out whether something is dragged. At 125
movements a second they would delay what is measured.
"""

import asyncio
import math
import time
from typing import Any

from playwright.async_api import Page

PERIOD_SECONDS = 0.008  # between two movements of the mouse


async def digits(page: Page, seconds: float, rest: float = 0.0) -> None:
    """Draw zeros and eights, one a second, each on a blank pad, at the speed of a hand.

    rest: seconds between the end of a digit and clearing the pad
    """
    session = await page.context.new_cdp_session(page)
    box = await page.locator(".pad-ink").bounding_box()
    assert box is not None

    async def send(kind: str, done: float, button: str = "left") -> None:
        x, y = place(box, number, done)
        event = {"type": kind, "x": x, "y": y, "button": button, "clickCount": 1}
        await session.send("Input.dispatchMouseEvent", event)

    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        await send("mouseMoved", 0.0, "none")
        await send("mousePressed", 0.0)
        begin = time.monotonic()
        moves = []
        while (done := time.monotonic() - begin) < 1:
            moves.append(asyncio.create_task(send("mouseMoved", done)))
            await asyncio.sleep(PERIOD_SECONDS - (time.monotonic() - begin) % PERIOD_SECONDS)
        await asyncio.gather(*moves)
        await send("mouseReleased", 1.0)
        await asyncio.sleep(rest)
        await page.keyboard.press("Escape")
        number += 1
    await session.detach()


def place(box: Any, number: int, done: float) -> tuple[float, float]:
    """The place of the pen, in pixels of the window; done: the fraction of the digit drawn."""
    angle = 2 * math.pi * done
    width = math.sin(2 * angle) if number % 2 else math.sin(angle)
    x, y = 0.5 + 0.2 * width, 0.5 - 0.35 * math.cos(angle)
    return box["x"] + x * box["width"], box["y"] + y * box["height"]
