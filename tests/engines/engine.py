"""What a smoke test asks of an engine, whatever its driver."""

import json
import time
from collections.abc import Iterable
from typing import Any, Protocol

from tests.browser.hand import Stroke, between

PATIENCE = 10.0  # seconds until a page must show what is awaited, on a busy machine
MOVE = 8  # milliseconds of one movement of the pen


class Engine(Protocol):
    """A browser with one window.

    pens: the kinds of pointer that its driver has, of "mouse", "touch" and "pen"
    """

    pens: tuple[str, ...]

    def open(self, url: str) -> None:
        """Open an address and wait until it is loaded."""

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited; RuntimeError if it throws."""

    def act(self, sources: list[dict[str, Any]]) -> None:
        """Input by the WebDriver standard: https://www.w3.org/TR/webdriver2/#actions."""

    def resize(self, width: int, height: int) -> None:
        """Give the page so many CSS pixels."""

    def complaints(self) -> list[str]:
        """Errors and warnings of the page's scripts since the last call."""


def draw(engine: Engine, strokes: Iterable[Stroke], pen: str = "mouse") -> None:
    """Draw strokes, in widths and heights of the pad, with one kind of pointer."""
    box = engine.run(
        """(() => { const pad = document.querySelector(".pad-ink");
          pad.scrollIntoView({ block: "nearest", behavior: "instant" });
          return pad.getBoundingClientRect(); })()"""
    )
    for stroke in strokes:
        places = [
            {"x": round(box["x"] + x * box["width"]), "y": round(box["y"] + y * box["height"])}
            for x, y in between(stroke)
        ]
        moves = [{"type": "pointerMove", "duration": MOVE, **place} for place in places]
        moves[0]["duration"] = 0
        down, up = ({"type": f"pointer{what}", "button": 0} for what in ("Down", "Up"))
        actions = [moves[0], down, *moves[1:], up]
        source = {"type": "pointer", "id": f"the {pen}", "parameters": {"pointerType": pen}}
        engine.act([{**source, "actions": actions}])


def press(engine: Engine, *keys: str) -> None:
    """Press keys together and let them go; names as in `KEYS`, or characters."""
    values = [KEYS.get(key, key) for key in keys]
    actions = [{"type": "keyDown", "value": value} for value in values]
    actions += [{"type": "keyUp", "value": value} for value in reversed(values)]
    engine.act([{"type": "key", "id": "the keyboard", "actions": actions}])


# https://www.w3.org/TR/webdriver2/#keyboard-actions
KEYS = {"Backspace": "\ue003", "Escape": "\ue00c", "Control": "\ue009", "Enter": "\ue007"}


def click(engine: Engine, selector: str) -> None:
    """Click in the middle of the first element of a selector, after it was scrolled into view."""
    x, y = engine.run(
        f"""(() => {{ const element = document.querySelector({json.dumps(selector)});
          element.scrollIntoView({{ block: "center", behavior: "instant" }});
          const {{ left, top, width, height }} = element.getBoundingClientRect();
          return [left + width / 2, top + height / 2]; }})()"""
    )
    place = {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}
    down, up = ({"type": f"pointer{what}", "button": 0} for what in ("Down", "Up"))
    source = {"type": "pointer", "id": "the mouse", "parameters": {"pointerType": "mouse"}}
    engine.act([{**source, "actions": [place, down, up]}])


def text(selector: str) -> str:
    """The expression for the text of the first element of a selector."""
    return f"document.querySelector({json.dumps(selector)}).textContent"


def wait(engine: Engine, expression: str, wanted: object = True) -> None:
    """Wait until an expression has a value; AssertionError shows the one that it has instead."""
    end = time.monotonic() + PATIENCE
    while (found := engine.run(expression)) != wanted:
        if time.monotonic() > end:
            raise AssertionError(f"{expression} is {found!r}, wanted {wanted!r}")
        time.sleep(0.05)
