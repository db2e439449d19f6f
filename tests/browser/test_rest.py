"""A drawing is called no digit only when the pen has rested; half a 4 is none."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from model.variants import READERS
from tests.browser.hand import FOUR, Mouse, draw
from tests.browser.networks import bar_lengths_of, compare, figures, say
from tests.browser.test_reader import answer
from tests.browser.watch import bar_lengths, figure

NO_DIGIT = {"verdict": "not-a-digit", "digit": None}


def pause(page: Page) -> None:
    """The page's clock stands still from now on, until a test moves it."""
    page.locator("#panel-answer[aria-busy=false]").wait_for(state="attached")  # all is loaded
    page.clock.install()
    page.clock.pause_at("2100-01-01")


def test_half_a_4_is_called_no_digit_only_when_the_pen_has_rested(mouse: Mouse, page: Page) -> None:
    def fulfill(route: Route) -> None:
        body: Any = route.request.post_data_json
        is_half = len(body["strokes"]) < len(FOUR)
        route.fulfill(json=answer(4) | NO_DIGIT if is_half else answer(4))

    page.route("**/api/predict", fulfill)
    pause(page)
    words, voice = page.locator(".reading-sentence"), page.locator(".reading-voice")
    before = voice.text_content()
    draw(mouse, FOUR[0])
    page.clock.run_for(500)  # milliseconds, a usual pause
    expect(words).to_have_text("Still reading …")
    assert (figure(page), voice.text_content()) == ("·", before)
    assert max(bar_lengths(page)) > 0.5

    draw(mouse, FOUR[1])
    page.clock.run_for(500)
    expect(words).to_have_text("A 4, very likely.")
    assert (figure(page), voice.text_content()) == ("4", before)
    page.clock.run_for(500)
    expect(voice).to_have_text("A 4, very likely.")

    page.keyboard.press("Backspace")
    page.clock.run_for(1_000)
    expect(voice).to_have_text("That does not look like a digit.")
    assert (figure(page), words.text_content()) == ("?", voice.text_content())
    assert bar_lengths(page) == [0] * 10  # flat bars would look measured


def test_cards_and_agreement_wait_for_the_second_stroke_of_a_4(mouse: Mouse, page: Page) -> None:
    say(page, dict.fromkeys(READERS, answer(4) | NO_DIGIT))
    compare(page)
    pause(page)
    draw(mouse, FOUR[0])
    for _ in range(30):  # shorter than the rest of the pen
        page.clock.run_for(20)
        page.wait_for_timeout(20)
    assert figures(page) == dict.fromkeys(READERS, "·")
    agreement = page.locator(".networks-agreement")
    assert agreement.text_content() == ""
    page.clock.run_for(1_000)
    expect(agreement).to_have_text("They all say no digit.")
    assert set(figures(page).values()) == {"?"}
    assert [bar_lengths_of(page, name) for name in READERS] == [[0] * 10] * len(READERS)
