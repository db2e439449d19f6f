"""Drawing in the browser tests: digits as strokes, and a mouse or a finger to draw them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Protocol

from playwright.sync_api import Page

Point = tuple[float, float]  # in widths of the pad, x right, y down
Stroke = list[Point]

ONE: Stroke = [(0.53, 0.12), (0.52, 0.3), (0.5, 0.5), (0.49, 0.7), (0.47, 0.88)]
THREE: Stroke = [
    *[(0.31, 0.24), (0.38, 0.16), (0.5, 0.13), (0.62, 0.18), (0.66, 0.28), (0.6, 0.39)],
    *[(0.47, 0.46), (0.6, 0.51), (0.69, 0.62), (0.66, 0.76), (0.53, 0.86), (0.38, 0.85)],
    (0.29, 0.77),
]
SEVEN: Stroke = [
    *[(0.26, 0.2), (0.38, 0.2), (0.5, 0.19), (0.62, 0.19), (0.74, 0.2)],
    *[(0.67, 0.34), (0.6, 0.48), (0.54, 0.64), (0.49, 0.8), (0.46, 0.88)],
]
FOUR: list[Stroke] = [
    [(0.42, 0.14), (0.36, 0.34), (0.29, 0.56), (0.5, 0.56), (0.74, 0.56)],
    [(0.61, 0.34), (0.6, 0.6), (0.58, 0.88)],
]
OVER: Stroke = [(0.2, 0.3), (0.8, 0.3)]  # two lines for tests that need ink and no digit
UNDER: Stroke = [(0.2, 0.7), (0.8, 0.7)]
DIGITS = {1: ONE, 3: THREE, 7: SEVEN}


class Pen(Protocol):
    def down(self, point: Point) -> None: ...
    def move(self, point: Point) -> None: ...
    def up(self) -> None: ...


class Mouse:
    """The mouse, its left button the pen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def down(self, point: Point) -> None:
        assert_in_window(self.page, point)
        self.move(point)
        self.page.mouse.down()

    def move(self, point: Point) -> None:
        self.page.mouse.move(*on_screen(self.page, point))

    def up(self) -> None:
        self.page.mouse.up()


class Finger:
    """One finger, as input of the browser: it scrolls and zooms if the page allows it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session = page.context.new_cdp_session(page)

    def down(self, point: Point) -> None:
        assert_in_window(self.page, point)
        self.touch("touchStart", point)

    def move(self, point: Point) -> None:
        self.touch("touchMove", point)

    def up(self) -> None:
        self.touch("touchEnd")

    def touch(self, kind: str, *points: Point) -> None:
        """An event of the touch screen, with every finger that is on it."""
        places = [on_screen(self.page, point) for point in points]
        fingers: list[dict[str, Any]] = [
            {"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)
        ]
        event = {"type": kind, "touchPoints": fingers}
        self._session.send("Input.dispatchTouchEvent", event)


class Stylus:
    """A pen on the glass, as input of the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session = page.context.new_cdp_session(page)

    def down(self, point: Point) -> None:
        assert_in_window(self.page, point)
        self._send("mousePressed", point)

    def move(self, point: Point) -> None:
        self._send("mouseMoved", point)

    def up(self) -> None:
        self._send("mouseReleased", self._last)

    def _send(self, kind: str, point: Point) -> None:
        self._last = point
        x, y = on_screen(self.page, point)
        event = {"type": kind, "x": x, "y": y, "pointerType": "pen", "button": "left"}
        self._session.send("Input.dispatchMouseEvent", {**event, "buttons": 1, "clickCount": 1})


def on_screen(page: Page, point: Point) -> Point:
    """A point of the pad in CSS pixels of the window."""
    box = page.locator(".pad-ink").bounding_box()
    assert box is not None, "the pad is not on the page"
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def assert_in_window(page: Page, point: Point) -> None:
    """A pen that is put down outside the window draws nothing, and no event says so."""
    x, y = on_screen(page, point)
    width, height = page.evaluate("[innerWidth, innerHeight]")
    assert 0 <= x < width, f"the pen is put down at {x}, in a window {width} wide"
    assert 0 <= y < height, f"the pen is put down at {y}, in a window {height} high"


def between(stroke: Stroke, steps: int = 2) -> Iterator[Point]:
    """The stroke's points with more points between them, as from a real pen."""
    yield stroke[0]
    for (x, y), (to_x, to_y) in pairwise(stroke):
        for step in range(1, steps + 1):
            yield x + (to_x - x) * step / steps, y + (to_y - y) * step / steps


def draw(pen: Pen, stroke: Stroke) -> None:
    """One stroke from pen down to pen up."""
    trace(pen, stroke)
    pen.up()


def trace(pen: Pen, stroke: Stroke) -> None:
    """One stroke; the pen stays down."""
    first, *others = between(stroke)
    pen.down(first)
    for point in others:
        pen.move(point)
