"""A whole number on the wide pad: strokes to draw there, and answers of a server."""

from typing import Any

from playwright.sync_api import Page, Route

from tests.browser.hand import ONE, SEVEN, THREE, Stroke
from tests.browser.test_reader import answer


def choose_pad(page: Page, pad: str) -> None:
    """Choose a pad: "One digit" or "A whole number"."""
    page.get_by_role("radio", name=pad).check()


def placed(stroke: Stroke, place: int) -> Stroke:
    """A digit at one of four places on the wide pad, from left to right."""
    return [(0.04 + 0.22 * place + 0.2 * x, y) for x, y in stroke]


NUMBER = [placed(ONE, 0), placed(SEVEN, 1), placed(THREE, 2), placed(SEVEN, 3)]  # 1737


def of_number(strokes: list[Any], *readings: dict[str, Any]) -> dict[str, Any]:
    """The server's answer about strokes that are a digit each; readings: of the first ones."""
    digits = []
    for i, stroke in enumerate(strokes):
        xs, ys = [x for x, _ in stroke], [y for _, y in stroke]
        place = {"box": [min(xs), min(ys), max(xs), max(ys)], "strokes": [i]}
        digits.append({**(readings[i] if i < len(readings) else answer(i)), **place})
    number = "".join("?" if digit["digit"] is None else str(digit["digit"]) for digit in digits)
    return {"model": "lenet", "verdict": "not-a-digit", "number": number, "digits": digits}


def count_strokes(page: Page, *readings: dict[str, Any]) -> None:
    """Let the server read each stroke of a number as a digit: the readings, then 0, 1, 2 …"""

    def fulfill(route: Route) -> None:
        body: Any = route.request.post_data_json
        strokes = body["strokes"]
        route.fulfill(json=of_number(strokes, *readings) if body.get("many") else answer(7))

    page.route("**/api/predict", fulfill)
