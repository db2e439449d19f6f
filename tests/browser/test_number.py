"""A whole number on the wide pad: its reading, and the details of each digit."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import ONE, OVER, SEVEN, Finger, Mouse, draw
from tests.browser.numbers import NUMBER, choose_pad, count_strokes, placed
from tests.browser.test_reader import answer
from tests.browser.watch import (
    asked,
    bar_lengths,
    figure,
    ink,
    ink_in,
    open_tab,
    rest,
    sentence,
    settle,
)

UNSURE = {"verdict": "unsure", "alternatives": [4, 9]}
NO_DIGIT = {"verdict": "not-a-digit", "digit": None}


def test_a_number_is_read_and_shown_large(any_pen: Mouse | Finger) -> None:
    page = any_pen.page
    choose_pad(page, "A whole number")
    for stroke in NUMBER:
        draw(any_pen, stroke)
    settle(page)
    assert figure(page) == "1737"
    assert sentence(page).startswith("1737, ")
    assert asked(page)[-1]["many"] is True
    assert [button.inner_text().split()[0] for button in digits(page)] == list("1737")


def test_the_single_digit_pad_asks_the_same_question_as_before(mouse: Mouse, page: Page) -> None:
    draw(mouse, ONE)
    settle(page)
    assert "many" not in asked(page)[-1]
    expect(page.locator(".number")).to_be_hidden()


def test_every_digit_stands_below_its_ink(mouse: Mouse, page: Page) -> None:
    choose_pad(page, "A whole number")
    count_strokes(page)
    for stroke in NUMBER:
        draw(mouse, stroke)
    settle(page)
    pad = box_of(page.locator(".pad-ink"))
    for button, stroke in zip(digits(page), NUMBER, strict=True):
        box, xs = box_of(button), [x for x, _ in stroke]
        middle = pad["x"] + pad["width"] * (min(xs) + max(xs)) / 2
        assert box["x"] + box["width"] / 2 == pytest.approx(middle, abs=2)
        assert box["y"] >= pad["y"] + pad["height"]
    assert digits(page)[2].inner_text().split() == ["2", "91", "%"]


def test_details_are_shown_of_the_digit_written_last(mouse: Mouse, page: Page) -> None:
    choose_pad(page, "A whole number")
    count_strokes(page)
    for i in (1, 0):  # the second first
        draw(mouse, NUMBER[i])
        settle(page)
        assert chosen(page) == "01"[1 - i]


@pytest.mark.parametrize("how", ["click", "hover", "focus"])
def test_a_digit_is_chosen_and_its_probabilities_and_picture_shown(
    mouse: Mouse, page: Page, how: str
) -> None:
    picture = "/" * 1045 + "w=="  # 784 times 255
    choose_pad(page, "A whole number")
    count_strokes(page, answer(6) | {"image": picture})
    for stroke in NUMBER[:3]:
        draw(mouse, stroke)
    settle(page)
    assert (leading(page), inked(page)) == (2, 0)
    getattr(digits(page)[0], how)()
    assert (chosen(page), leading(page), inked(page)) == ("6", 6, 784)
    draw(mouse, NUMBER[3])  # and one more digit
    settle(page)
    assert (chosen(page), leading(page)) == ("3", 3)


def test_a_finger_chooses_a_digit(finger: Finger, phone: Page) -> None:
    choose_pad(phone, "A whole number")
    count_strokes(phone)
    for stroke in NUMBER:
        draw(finger, stroke)
    settle(phone)
    digits(phone)[1].tap()
    assert (chosen(phone), leading(phone)) == ("1", 1)


@pytest.mark.parametrize(
    ("readings", "number", "words"),
    [
        ([answer(4), answer(2)], "42", "42, probably."),
        ([answer(4) | {"confidence": 0.999}, answer(2) | {"confidence": 0.999}], "42",
         "42, almost certainly."),
        ([answer(1), answer(4) | UNSURE], "14", "The second: a 4 or a 9?"),
        ([answer(1) | NO_DIGIT, answer(4) | UNSURE], "?4", "The first does not look like a digit."),
        ([answer(1) | NO_DIGIT, answer(4) | NO_DIGIT], "??", "2 of these do not look like digits."),
    ],
)  # fmt: skip
def test_an_unsure_digit_is_named_with_its_place(
    mouse: Mouse, page: Page, readings: list[dict[str, Any]], number: str, words: str
) -> None:
    choose_pad(page, "A whole number")
    count_strokes(page, *readings)
    for stroke in NUMBER[:2]:
        draw(mouse, stroke)
    rest(page)
    assert (figure(page), sentence(page)) == (number, words)
    expect(page.locator(".reading-voice")).to_have_text(words)


def test_undo_redo_and_clear_work_on_either_pad_alone(mouse: Mouse, page: Page) -> None:
    count_strokes(page)
    draw(mouse, OVER)
    choose_pad(page, "A whole number")
    settle(page)
    assert (ink(page), figure(page)) == (0, "")
    for stroke in NUMBER[:2]:
        draw(mouse, stroke)
    settle(page)
    assert figure(page) == "01"
    page.keyboard.press("Backspace")
    settle(page)
    assert figure(page) == "0"
    page.keyboard.press("Control+y")
    settle(page)
    assert figure(page) == "01"
    page.keyboard.press("Escape")
    settle(page)
    assert (ink(page), figure(page), bar_lengths(page)) == (0, "", [0] * 10)
    assert digits(page) == []
    choose_pad(page, "One digit")
    settle(page)
    assert ink(page) > 0
    assert len(asked(page)[-1]["strokes"]) == 1


def test_a_late_answer_about_the_other_pad_is_never_shown(mouse: Mouse, page: Page) -> None:
    page.route("**/api/predict", lambda route: None)
    draw(mouse, SEVEN)
    choose_pad(page, "A whole number")
    page.unroute_all()
    count_strokes(page)
    draw(mouse, NUMBER[0])
    settle(page)
    assert figure(page) == "0"


def test_the_number_survives_a_rotation_of_the_phone(finger: Finger, phone: Page) -> None:
    choose_pad(phone, "A whole number")
    count_strokes(phone)
    for stroke in NUMBER:
        draw(finger, stroke)
    settle(phone)
    before = ink(phone)
    phone.set_viewport_size({"width": 844, "height": 390})
    settle(phone)
    assert ink(phone) == pytest.approx(before, rel=0.05)
    assert figure(phone) == "0123"
    pad, last = box_of(phone.locator(".pad-ink")), box_of(digits(phone)[3])
    xs = [x for x, _ in NUMBER[3]]
    middle = pad["x"] + pad["width"] * (min(xs) + max(xs)) / 2
    assert last["x"] + last["width"] / 2 == pytest.approx(middle, abs=2)


def test_the_keyboard_turns_the_pad_and_chooses_digits(mouse: Mouse, page: Page) -> None:
    pads = page.get_by_role("group", name="What to draw")
    pads.get_by_role("radio", name="One digit").focus()
    page.keyboard.press("ArrowRight")
    expect(pads.get_by_role("radio", name="A whole number")).to_be_checked()
    expect(page.get_by_role("application", name="Pad to write a number on")).to_be_visible()
    count_strokes(page)
    for stroke in NUMBER[:2]:
        draw(mouse, stroke)
    settle(page)
    list_ = page.get_by_role("list", name="The digits of your number")
    list_.get_by_role("button", name="0 91").focus()
    page.keyboard.press("Tab")
    expect(list_.get_by_role("button", name="1 91")).to_have_attribute("aria-pressed", "true")


def test_nothing_moves_when_a_number_is_read(mouse: Mouse, page: Page) -> None:
    places = """() => [...document.querySelectorAll(".instrument *")]
        .filter((element) => element.matches(".bars-digit, .bars-track, canvas, .tools button"))
        .map((element) => JSON.stringify(element.getBoundingClientRect()))"""
    choose_pad(page, "A whole number")
    before = page.evaluate(places)
    for stroke in NUMBER:
        draw(mouse, stroke)
        settle(page)
        assert page.evaluate(places) == before


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_the_wide_pad_and_its_answer_are_on_the_screen(
    open_page: OpenPage, window: dict[str, Any]
) -> None:
    page = open_page(**window)
    choose_pad(page, "A whole number")
    count_strokes(page)
    draw(Mouse(page), NUMBER[0])
    settle(page)
    size = page.viewport_size
    assert size is not None
    parts = (".pad-ink", ".number-digit button", ".reading", ".probabilities .bars")
    boxes = {part: box_of(page.locator(part)) for part in parts}
    assert {p for p, b in boxes.items() if b["y"] + b["height"] > size["height"]} == set()
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert boxes[".pad-ink"]["width"] == 2.5 * boxes[".pad-ink"]["height"]


def test_all_networks_read_the_number(mouse: Mouse, page: Page) -> None:
    choose_pad(page, "A whole number")
    count_strokes(page)
    open_tab(page, "compare")
    for i in range(2):
        draw(mouse, placed(ONE, i))
    expect(page.locator(".networks-agreement")).to_have_text("They all say 01.")
    assert {question["many"] for question in asked(page)} == {True}


def digits(page: Page) -> list[Locator]:
    """The digits below the ink, from left to right."""
    return page.locator(".number-digit button").all()


def chosen(page: Page) -> str:
    """The digit whose details are shown."""
    return page.locator(".number-digit [aria-pressed=true] .number-figure").inner_text()


def leading(page: Page) -> int:
    """The digit with the longest bar."""
    return max(range(10), key=bar_lengths(page).__getitem__)


def inked(page: Page) -> int:
    """How many pixels of the 28 × 28 are fully inked."""
    return round(ink_in(page, ".picture-pixels")[0])


def box_of(part: Locator) -> dict[str, float]:
    box = part.bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
