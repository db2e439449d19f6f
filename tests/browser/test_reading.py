"""The real network reads digits while they are drawn."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import (
    DIGITS,
    ONE,
    OVER,
    SEVEN,
    THREE,
    UNDER,
    Finger,
    Mouse,
    between,
    draw,
    trace,
)
from tests.browser.watch import asked, bar_lengths, figure, ink, sentence, settle

Hand = Mouse | Finger


@pytest.mark.parametrize("digit", DIGITS)
def test_the_right_bar_grows_during_the_stroke_and_wins(any_pen: Hand, digit: int) -> None:
    page = any_pen.page
    series = [bar_lengths(page)[digit]]
    first, *others = between(DIGITS[digit])
    any_pen.down(first)
    for i, point in enumerate(others):
        any_pen.move(point)
        if i % 3 == 2 or point == others[-1]:
            settle(page)
            series.append(bar_lengths(page)[digit])
    before_pen_up = len(asked(page))

    assert series[0] == 0
    assert series[-1] > 0.8, f"the bar of {digit} went {series}"
    assert len(set(series)) > 2, f"the bar of {digit} went {series}"
    assert before_pen_up >= len(series) - 1

    any_pen.up()
    settle(page)
    assert max(range(10), key=bar_lengths(page).__getitem__) == digit
    assert figure(page) == str(digit)
    assert sentence(page).startswith(f"A {digit}, ")
    expect(page.locator(".probabilities .is-leading .bars-digit")).to_have_text(str(digit))


def test_the_bar_on_the_screen_is_as_long_as_its_probability(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    draw(Mouse(page), SEVEN)
    settle(page)
    drawn = page.evaluate(
        """() => [...document.querySelectorAll(".probabilities .bars-item")].map((bar) =>
             bar.querySelector(".bars-fill").getBoundingClientRect().width /
             bar.querySelector(".bars-track").getBoundingClientRect().width)"""
    )
    assert drawn == pytest.approx(bar_lengths(page), abs=1e-4)
    assert sum(drawn) == pytest.approx(1, abs=1e-3)


def test_the_picture_on_the_page_is_the_one_that_the_network_got(mouse: Mouse, page: Page) -> None:
    draw(mouse, THREE)
    settle(page)
    with page.expect_response("**/api/predict") as response:
        page.keyboard.press("Backspace")  # a blank pad asks no question …
        page.keyboard.press("Control+Shift+z")  # … so this is the one question
    settle(page)
    shown = page.evaluate(
        """() => {
          const canvas = document.querySelector(".picture-pixels");
          const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
          return btoa(String.fromCharCode(...data.filter((_, i) => i % 4 === 3)));
        }"""
    )
    assert shown == response.value.json()["image"]


def test_a_blank_pad_invites_and_shows_no_number(page: Page) -> None:
    expect(page.locator(".pad-invitation")).to_be_visible()
    assert figure(page) == ""
    assert bar_lengths(page) == [0] * 10
    assert set(page.locator(".probabilities .bars-share").all_inner_texts()) == {"–"}
    assert asked(page) == []


def test_the_screen_reader_text_changes_only_when_the_pen_is_up(mouse: Mouse, page: Page) -> None:
    voice = page.locator(".reading-voice")
    trace(mouse, SEVEN)
    settle(page)
    assert sentence(page).startswith("A 7")
    assert voice.text_content() == "Any digit from 0 to 9, as you would write it."
    mouse.up()
    settle(page)
    expect(voice).to_have_text(sentence(page))  # when the pen has rested
    assert voice.get_attribute("role") == "status"


def test_undo_redo_and_clear_change_what_is_read(mouse: Mouse, page: Page) -> None:
    draw(mouse, ONE)
    draw(mouse, [(0.2, 0.85), (0.8, 0.85)])
    settle(page)
    two_strokes = ink(page)

    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert figure(page) == "1"
    assert 0 < ink(page) < two_strokes

    page.get_by_role("button", name="Redo").click()
    settle(page)
    assert ink(page) == two_strokes
    assert len(asked(page)[-1]["strokes"]) == 2

    page.get_by_role("button", name="Clear").click()
    settle(page)
    assert ink(page) == 0
    assert figure(page) == ""
    assert bar_lengths(page) == [0] * 10

    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert ink(page) == two_strokes
    assert sum(bar_lengths(page)) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("key", "strokes_left"),
    [("Backspace", 1), ("Control+z", 1), ("Meta+z", 1), ("Delete", 0), ("Escape", 0)]
    + [(key, 2) for key in ("z", "Control+Backspace", "Alt+Backspace", "Shift+Delete", "Alt+z")],
)
def test_keys_undo_and_clear_and_others_are_left_alone(
    mouse: Mouse, page: Page, key: str, strokes_left: int
) -> None:
    draw(mouse, OVER)
    draw(mouse, UNDER)
    page.keyboard.press(key)
    assert strokes_on_pad(page) == strokes_left


def test_keys_redo(mouse: Mouse, page: Page) -> None:
    draw(mouse, OVER)
    for redo in ("Control+Shift+z", "Control+y", "Meta+Shift+z"):
        page.keyboard.press("Backspace")
        assert strokes_on_pad(page) == 0
        page.keyboard.press(redo)
        assert strokes_on_pad(page) == 1


def test_keys_in_a_form_field_belong_to_the_field(mouse: Mouse, page: Page) -> None:
    draw(mouse, OVER)
    page.evaluate("document.body.append(document.createElement('input'))")
    field = page.get_by_role("textbox")
    field.fill("12")
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    assert field.input_value() == "1"
    assert strokes_on_pad(page) == 1


def strokes_on_pad(page: Page) -> int:
    """How many strokes are on the pad, by its ink and by the newest question."""
    settle(page)
    if ink(page) == 0:
        return 0
    return len(asked(page)[-1]["strokes"])
