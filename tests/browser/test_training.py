"""The tab of the training: the drawing, read by the network as it was while it learned."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import SEVEN, Mouse, draw
from tests.browser.networks import choose
from tests.browser.numbers import NUMBER, choose_pad
from tests.browser.test_replay import values_while_it_plays
from tests.browser.watch import address, asked, ink_in, open_tab, settle

MAPS = ".training-maps canvas"


def open_training(page: Page) -> None:
    """Open the tab, and wait until the course of the training is there."""
    open_tab(page, "training")
    expect(page.locator(".training-ticks li").first).to_be_attached(timeout=15_000)


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of the training")


def snapshots(page: Page, strokes: Any) -> list[dict[str, Any]]:
    """What the server says of these strokes."""
    body = {"strokes": strokes}
    found: list[dict[str, Any]] = page.request.post(
        address(page, "/api/snapshots"), data=body
    ).json()["snapshots"]
    return found


def bars(page: Page) -> list[float]:
    lengths: list[float] = page.locator(".training-answer .bars-item").evaluate_all(
        "bars => bars.map((bar) => Number(bar.style.getPropertyValue('--share')))"
    )
    return lengths


def watch_questions(page: Page) -> list[Any]:
    """Every question for snapshots from now on."""
    bodies: list[Any] = []
    page.on(
        "request",
        lambda request: (
            bodies.append(request.post_data_json)
            if request.url.endswith("/api/snapshots")
            else None
        ),
    )
    return bodies


def test_nothing_is_asked_before_the_tab_is_opened(mouse: Mouse, page: Page) -> None:
    bodies = watch_questions(page)
    draw(mouse, SEVEN)
    page.wait_for_timeout(1_500)
    assert bodies == []


def test_each_moment_shows_the_answer_and_the_course_of_then(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    open_training(page)
    figure = page.locator(".training-figure")
    expect(figure).to_have_text("7", timeout=10_000)
    found = snapshots(page, asked(page)[-1]["strokes"])
    assert slider(page).get_attribute("max") == str(len(found) - 1)
    slider(page).focus()
    page.keyboard.press("Home")
    for one in found:
        expect(figure).to_have_text(str(one["digit"]))
        assert bars(page) == pytest.approx(one["probabilities"], abs=1e-4)
        accuracy = page.locator(".training-accuracy").inner_text()
        assert f"{100 * one['accuracy']:.1f}" in accuracy
        assert f"Loss {one['loss']:.2f}" in page.locator(".training-loss").inner_text()
        page.keyboard.press("ArrowRight")


def test_the_moment_is_said_in_words_and_under_the_slider(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    open_training(page)
    expect(page.locator(".training-figure")).to_have_text("7", timeout=10_000)
    ticks = page.locator(".training-ticks li").all_inner_texts()
    assert ticks[:7] == ["0", "⅛", "¼", "½", "1", "2", "4"]
    slider(page).focus()
    page.keyboard.press("Home")
    caption = page.locator(".training .timeline-caption")
    expect(caption).to_have_text("Before any training.")
    value = slider(page).get_attribute("aria-valuetext") or ""
    assert value.startswith("Before any training. It guesses ")
    page.keyboard.press("ArrowRight")
    expect(caption).to_have_text("After seeing an eighth of its examples.")
    page.keyboard.press("End")
    expect(caption).to_have_text(f"After seeing all its examples {ticks[-1]} times.")


def test_the_kernels_take_shape(mouse: Mouse, page: Page) -> None:
    open_training(page)
    expect(page.locator(".training-high")).to_contain_text("+")
    at_the_end = ink_in(page, MAPS)
    assert len(at_the_end) == 6
    assert min(at_the_end) > 0
    slider(page).focus()
    page.keyboard.press("Home")
    assert ink_in(page, MAPS) != at_the_end
    page.keyboard.press("End")
    assert ink_in(page, MAPS) == at_the_end


def test_a_blank_pad_is_invited_to_draw_and_shows_the_course(page: Page) -> None:
    open_training(page)
    expect(page.locator(".training-sentence")).to_have_text(
        "Draw a digit, and each of them reads it."
    )
    expect(page.locator(".training-accuracy")).to_contain_text("new digits right")
    assert ink_in(page, ".training-chart")[0] > 100
    assert bars(page) == [0] * 10


def test_the_answer_goes_with_the_drawing(mouse: Mouse, page: Page) -> None:
    open_training(page)
    draw(mouse, SEVEN)
    expect(page.locator(".training-figure")).to_have_text("7", timeout=10_000)
    page.keyboard.press("Escape")
    settle(page)
    expect(page.locator(".training-figure")).to_have_text("")
    assert bars(page) == [0] * 10


def test_a_network_without_snapshots_says_so(page: Page) -> None:
    open_training(page)
    open_tab(page, "compare")
    choose(page, "lenet-tanh")
    open_tab(page, "training")
    none = page.locator(".training-none")
    expect(none).to_be_visible()
    expect(none).to_contain_text("Of lenet-tanh only the end of its training was kept.")
    expect(none).to_contain_text("Choose lenet")
    expect(page.locator(".training")).to_be_hidden()


def test_of_a_whole_number_the_chosen_digit_is_read(mouse: Mouse, page: Page) -> None:
    choose_pad(page, "A whole number")
    open_training(page)
    for stroke in NUMBER:
        draw(mouse, stroke)
    settle(page)
    page.locator(".number-digit button").nth(0).click()
    expect(page.locator(".training-figure")).to_have_text("1", timeout=10_000)
    page.locator(".number-digit button").nth(1).click()
    expect(page.locator(".training-figure")).to_have_text("7", timeout=10_000)
    expect(page.locator(".panel-training .for-many")).to_be_visible()


def test_the_button_plays_the_training(mouse: Mouse, page: Page) -> None:
    open_training(page)
    last = int(slider(page).get_attribute("max") or "")
    assert values_while_it_plays(page, ".training-time") == list(range(last + 1))


def test_it_fits_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    open_training(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    box = slider(page).bounding_box()
    assert box
    assert box["height"] >= 44


@pytest.mark.parametrize(
    ("epoch", "words"),
    [
        (0, "Before any training"),
        (0.25, "After seeing a quarter of its examples"),
        (0.5, "After seeing half of its examples"),
        (1, "After seeing all its examples once"),
        (16, "After seeing all its examples 16 times"),
    ],
)
def test_a_moment_of_the_training_in_words(page: Page, epoch: float, words: str) -> None:
    module = "(await import('/static/js/lens/training.js'))"
    assert page.evaluate(f"async (epoch) => {module}.whenOf(epoch)", epoch) == words
