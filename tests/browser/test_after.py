"""The line under the sentence: what can be done with an answer once the pen has rested."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import ONE, OVER, SEVEN, THREE, Mouse, Pen, Stroke, draw
from tests.browser.numbers import NUMBER, choose_pad, count_strokes, of_number
from tests.browser.test_reader import answer
from tests.browser.watch import (
    asked,
    bar_lengths,
    figure,
    ink,
    rest,
    sentence,
    settle,
    wait_for_parts,
)

NO_DIGIT = {"verdict": "not-a-digit", "digit": None}
OFFER = "Two digits? Read them as a number →"


def offered(page: Page) -> list[str]:
    """What the line offers, from left to right."""
    return page.locator(".after button:visible").all_inner_texts()


def half(stroke: Stroke, left: float) -> Stroke:
    """A digit of half the size, so that two of them fit side by side."""
    return [(left + 0.5 * x, 0.25 + 0.5 * y) for x, y in stroke]


def test_the_line_comes_when_the_pen_has_rested_and_goes_with_the_next_stroke(
    any_pen: Pen,
) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    wait_for_parts(page)
    assert offered(page) == []
    draw(any_pen, SEVEN)
    rest(page)
    assert offered(page) == ["Why 7, not 1?", "Replay", "Not right?"]
    any_pen.down((0.5, 0.5))
    settle(page)
    assert offered(page) == []
    any_pen.up()
    page.keyboard.press("Escape")
    rest(page)
    assert offered(page) == []


@pytest.mark.parametrize("window", [{}, PHONE, {"viewport": {"width": 844, "height": 390}}])
def test_the_space_of_the_line_is_reserved(open_page: OpenPage, window: dict[str, Any]) -> None:
    page = open_page(**window)
    wait_for_parts(page)
    places = """() => [...document.querySelectorAll(".picture, .bars-track, .after, .tabs")]
        .map((element) => JSON.stringify(element.getBoundingClientRect()))"""
    before = page.evaluate(places)
    draw(Mouse(page), SEVEN)
    rest(page)
    assert len(offered(page)) == 3
    assert page.evaluate(places) == before
    box = page.locator(".after").bounding_box()
    assert box is not None
    for button in page.locator(".after button:visible").all():
        inner = button.bounding_box()
        assert inner is not None
        assert inner["height"] >= 40
        assert box["y"] <= inner["y"]
        assert inner["y"] + inner["height"] <= box["y"] + box["height"]


def test_why_opens_its_tab(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    rest(page)
    page.get_by_role("button", name="Why 7, not 1?").click()
    expect(page.get_by_role("tab", name="Why")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize(("button", "event"), [("Replay", "replay"), ("Not right?", "not-right")])
def test_the_other_offers_are_events_for_other_parts(
    mouse: Mouse, page: Page, button: str, event: str
) -> None:
    draw(mouse, SEVEN)
    rest(page)
    page.evaluate(
        "name => document.addEventListener(name, () => { watch.told = (watch.told ?? 0) + 1; })",
        event,
    )
    page.locator(".after").get_by_role("button", name=button).click()
    assert page.evaluate("watch.told") == 1


def test_the_question_why_is_about_the_chosen_digit_of_a_number(mouse: Mouse, page: Page) -> None:
    choose_pad(page, "A whole number")
    count_strokes(page)
    for stroke in NUMBER[:2]:
        draw(mouse, stroke)
    rest(page)
    assert offered(page)[0].startswith("Why 1, not ")
    page.locator(".number-digit button").first.click()
    assert offered(page)[0].startswith("Why 0, not ")


@pytest.mark.parametrize("digits", [(ONE, SEVEN), (THREE, SEVEN)], ids=["17", "37"])
def test_two_digits_are_offered_as_a_number_and_carried_over(
    any_pen: Pen, digits: tuple[Stroke, Stroke]
) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    for stroke, left in zip(digits, (0, 0.5), strict=True):
        draw(any_pen, half(stroke, left))
    rest(page)
    assert offered(page) == [OFFER]
    number = "17" if digits[0] is ONE else "37"

    page.get_by_role("button", name=OFFER).click()
    settle(page)
    expect(page.get_by_role("radio", name="A whole number")).to_be_checked()
    expect(page.get_by_role("radio", name="A whole number")).to_be_focused()
    assert figure(page) == number
    xs = [x for stroke in asked(page)[-1]["strokes"] for x, _ in stroke]
    assert 0.75 < min(xs) < max(xs) < 1.75  # in the middle of a pad of 2.5

    page.keyboard.press("Control+z")
    settle(page)
    assert ink(page) == 0  # as the wide pad was before
    page.keyboard.press("Control+y")
    settle(page)
    assert figure(page) == number
    choose_pad(page, "One digit")
    settle(page)
    assert ink(page) > 0  # the drawing is still there too


def test_whether_there_are_two_digits_is_asked_once(mouse: Mouse, page: Page) -> None:
    def fulfill(route: Route) -> None:
        body: Any = route.request.post_data_json
        one = answer(4) | NO_DIGIT
        route.fulfill(json=of_number(body["strokes"]) if body.get("many") else one)

    page.route("**/api/predict", fulfill)
    for stroke in (half(ONE, 0), half(SEVEN, 0.5)):
        draw(mouse, stroke)
    rest(page)
    assert offered(page) == [OFFER]
    rest(page)
    assert [question.get("many", False) for question in asked(page)].count(True) == 1
    draw(mouse, OVER)
    settle(page)
    assert offered(page) == []


def test_a_digit_is_not_asked_about_as_a_number(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    rest(page)
    assert not any(question.get("many") for question in asked(page))


LETTERS: dict[str, list[Stroke]] = {
    "heart": [[(0.5, 0.3), (0.35, 0.15), (0.2, 0.3), (0.3, 0.55), (0.5, 0.85), (0.7, 0.55),
               (0.8, 0.3), (0.65, 0.15), (0.5, 0.3)]],
    "H": [[(0.3, 0.1), (0.3, 0.9)], [(0.7, 0.1), (0.7, 0.9)], [(0.3, 0.5), (0.7, 0.5)]],
    "W": [[(0.1, 0.1), (0.3, 0.9), (0.5, 0.3), (0.7, 0.9), (0.9, 0.1)]],
}  # fmt: skip


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_no_number_and_has_no_bars(mouse: Mouse, page: Page, name: str) -> None:
    for stroke in LETTERS[name]:
        draw(mouse, stroke)
    rest(page)
    assert sentence(page) == "That does not look like a digit."
    assert offered(page) == ["Replay", "Not right?"]
    assert bar_lengths(page) == [0] * 10
    assert set(page.locator(".probabilities .bars-share").all_inner_texts()) == {"–"}
