"""The steps from the pen to the picture: each is shown and can be left out."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.hand import OVER, SEVEN, Mouse, Stroke, draw, trace
from tests.browser.numbers import NUMBER, choose_pad
from tests.browser.test_reader import answer, hold, wait_for
from tests.browser.watch import asked, figure, ink_in, open_tab, settle

STEPS = ["drawn", "smoothed", "cropped", "redrawn", "centred", "picture"]
SPECK: Stroke = [(0.9 + 0.06 * x, 0.9 + 0.06 * y) for x, y in SEVEN]  # far too small, in a corner


@pytest.fixture
def opened(page: Page) -> Page:
    """The page with that tab open."""
    open_tab(page, "steps")
    return page


def test_the_steps_are_asked_for_only_while_they_are_shown(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    assert not any(question.get("steps") for question in asked(page))
    open_tab(page, "steps")
    assert about_steps(page)[-1]["canvas"] == {"width": 1, "height": 1, "brush": 0.05}
    open_tab(page, "answer")
    before = len(about_steps(page))
    draw(mouse, OVER)
    settle(page)
    assert len(about_steps(page)) == before


def test_every_step_has_its_picture_and_its_words(mouse: Mouse, opened: Page) -> None:
    draw(mouse, SEVEN)
    settle(opened)
    assert [step.get_attribute("data-step") for step in opened.locator(".step").all()] == STEPS
    assert inked(opened).keys() == set(STEPS)
    assert min(inked(opened).values()) > 0
    assert all(step.locator("p").inner_text() for step in opened.locator(".step").all())
    expect(opened.locator(".steps-figure")).to_have_text("7")
    opened.keyboard.press("Escape")
    settle(opened)
    assert set(inked(opened).values()) == {0}
    expect(opened.locator(".steps-figure")).to_have_text("")


def test_a_step_left_out_is_left_out_there_and_nowhere_else(mouse: Mouse, opened: Page) -> None:
    draw(mouse, SPECK)
    settle(opened)
    expect(opened.locator(".steps-figure")).to_have_text("7")
    whole = inked(opened)["picture"]
    opened.get_by_role("checkbox", name="Cropped").uncheck()
    settle(opened)
    wanted = {"smooth": True, "size": False, "pen": True, "centre": True}
    assert about_steps(opened)[-1]["normalise"] == wanted
    assert inked(opened)["picture"] < whole / 4  # without scaling the ink stays small
    assert figure(opened) == "7"


@pytest.mark.parametrize(
    ("name", "option"),
    [("Smoothed", "smooth"), ("Cropped", "size"), ("Redrawn", "pen"), ("Centred", "centre")],
)
def test_every_switch_leaves_out_its_own_step(
    mouse: Mouse, opened: Page, name: str, option: str
) -> None:
    draw(mouse, SEVEN)
    opened.get_by_role("checkbox", name=name).uncheck()
    settle(opened)
    normalise = about_steps(opened)[-1]["normalise"]
    assert [key for key, is_on in normalise.items() if not is_on] == [option]
    expect(opened.locator(".steps-sentence")).not_to_be_empty()


def test_an_answer_that_differs_from_the_full_one_is_pointed_out(
    mouse: Mouse, opened: Page
) -> None:
    def fulfill(route: Route) -> None:
        body: Any = route.request.post_data_json
        changes: dict[str, Any] = {}
        if body.get("steps"):
            changes = {"verdict": "not-a-digit", "digit": None, "steps": {}}
        route.fulfill(json=answer(7) | changes)

    opened.route("**/api/predict", fulfill)
    draw(mouse, SEVEN)
    opened.get_by_role("checkbox", name="Centred").uncheck()
    settle(opened)
    expect(opened.locator(".steps-sentence")).to_have_text("That does not look like a digit.")
    expect(opened.locator(".steps-note")).to_have_text("With every step: 7.")
    voice = opened.locator(".steps-voice")
    expect(voice).to_have_text("That does not look like a digit. With every step: 7.")
    opened.get_by_role("checkbox", name="Centred").check()
    expect(voice).to_have_text("")  # the answer to the whole is spoken beside the pad
    expect(opened.locator(".steps-note")).to_have_text("")


def test_while_the_answer_is_on_its_way_nobody_is_asked_to_draw(mouse: Mouse, opened: Page) -> None:
    sentence = opened.locator(".steps-sentence")
    expect(sentence).to_have_text("Draw something, and you see its steps here.")
    held = hold(opened)
    trace(mouse, SEVEN)
    wait_for(opened, held, 1)
    expect(sentence).to_have_text("Reading …")
    mouse.up()  # now the steps need not wait for the answer that is on its way
    wait_for(opened, held, 3)
    assert {"steps" in body_of(route) for route in held[1:]} == {True, False}
    for route in held:
        route.fulfill(json=answer(7) | {"steps": {}})
    expect(sentence).to_have_text("Switch a step off: is it still read?")


def body_of(route: Route) -> dict[str, Any]:
    """The question that is on its way."""
    body: Any = route.request.post_data_json
    return dict(body)


def test_the_steps_follow_the_pen_and_do_not_delay_the_bars(mouse: Mouse, opened: Page) -> None:
    draw(mouse, SEVEN)
    settle(opened)
    newest = [question["strokes"] for question in asked(opened)]
    assert about_steps(opened)[-1]["strokes"] == newest[-1]
    kinds = ["steps" in question for question in asked(opened)]
    assert (True, True) not in pairwise(kinds)  # a question for the bars comes next


def test_of_a_whole_number_the_steps_of_the_chosen_digit_are_shown(
    mouse: Mouse, opened: Page
) -> None:
    choose_pad(opened, "A whole number")
    for stroke in NUMBER:
        draw(mouse, stroke)
    settle(opened)
    opened.locator(".number-digit button").nth(0).click()
    expect(opened.locator(".steps-figure")).to_have_text("1", timeout=15_000)
    question = about_steps(opened)[-1]
    assert len(question["strokes"]) == 1
    assert question["canvas"]["width"] == 2.5
    assert min(inked(opened).values()) > 0
    opened.locator(".number-digit button").nth(1).click()
    expect(opened.locator(".steps-figure")).to_have_text("7", timeout=15_000)
    expect(opened.locator(".panel-steps .for-many")).to_contain_text("the chosen digit")


def test_the_steps_fit_on_a_phone(phone: Page) -> None:
    open_tab(phone, "steps")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for label in phone.locator(".step label").all():
        box = label.bounding_box()
        assert box
        assert box["height"] >= 44


def about_steps(page: Page) -> list[dict[str, Any]]:
    """The questions about steps so far."""
    return [question for question in asked(page) if question.get("steps")]


def inked(page: Page) -> dict[str, float]:
    """The ink in the picture of each step, in pixels."""
    return dict(zip(STEPS, ink_in(page, ".step canvas"), strict=True))
