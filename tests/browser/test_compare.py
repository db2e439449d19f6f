"""The tab of all networks: they are asked about one drawing, and a sentence says who agrees.

While the pen moves, the other networks share the places of its questions, one at a time. When it is
up, all are asked at once.
"""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from model.variants import READERS
from tests.browser.hand import ONE, OVER, SEVEN, THREE, UNDER, Finger, Mouse, draw, trace
from tests.browser.networks import (
    bar_lengths_of,
    choose,
    compare,
    figure_of,
    figures,
    model_of,
    notes,
    say,
    settle_all,
    strokes_of,
    wait_for_route,
    watch_cards,
)
from tests.browser.numbers import NUMBER, choose_pad, count_strokes
from tests.browser.test_reader import AWAY, answer, fulfill_late, hold, wait_for
from tests.browser.watch import address, asked, figure, open_tab, settle

OTHERS = [name for name in READERS if name != "lenet"]
NO_DIGIT = {"verdict": "not-a-digit", "digit": None}


def test_only_the_chosen_network_is_asked_unless_the_tab_is_open(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    assert {question["model"] for question in asked(page)} == {"lenet"}
    expect(page.locator(".network-answer").first).to_be_hidden()

    compare(page)
    settle_all(page)
    assert {question["model"] for question in asked(page)} == set(READERS)

    open_tab(page, "answer")
    before = len(asked(page))
    draw(mouse, OVER)
    settle(page)
    assert {question["model"] for question in asked(page)[before:]} == {"lenet"}


def test_every_answer_is_its_networks_own(mouse: Mouse, page: Page) -> None:
    compare(page)
    draw(mouse, THREE)
    settle_all(page)
    page.wait_for_timeout(1_000)  # before the pen has rested, "?" is not shown
    strokes = asked(page)[-1]["strokes"]
    for name in READERS:
        body = {"strokes": strokes, "model": name}
        wanted = page.request.post(address(page, "/api/predict"), data=body).json()
        shown = [0] * 10 if wanted["digit"] is None else wanted["probabilities"]
        assert bar_lengths_of(page, name) == pytest.approx(shown, abs=1e-4)
        digit = wanted["digit"]
        assert figures(page)[name] == ("?" if digit is None else str(digit))


def test_all_have_read_the_same_drawing_when_the_pen_is_up(mouse: Mouse, page: Page) -> None:
    compare(page)
    trace(mouse, SEVEN)
    trace(mouse, THREE)
    settle_all(page)
    assert page.evaluate("watch.most") <= 6
    newest = {question["model"]: question["strokes"] for question in asked(page)}
    assert list(newest.values()) == [newest["lenet"]] * len(READERS)


def test_when_the_pen_is_up_all_are_asked_at_once(mouse: Mouse, page: Page) -> None:
    """With 400 ms to the server, one after the other took more than 5 s."""
    compare(page)
    held = hold(page)
    trace(mouse, SEVEN)
    wait_for(page, held, 1)
    mouse.up()
    wait_for(page, held, 1 + len(READERS))
    first, *others = held  # about the beginning, and about the whole drawing
    assert sorted(map(model_of, others)) == sorted(READERS)
    assert len({str(strokes_of(route)) for route in others}) == 1
    for route in others:
        route.fulfill(json=answer(7))
    expect(page.locator(".networks-agreement")).to_have_text("They all say 7.")

    first.fulfill(json=answer(4))  # older than what is shown
    settle(page)
    assert figures(page) == dict.fromkeys(READERS, "7")
    assert len(held) == 1 + len(READERS)


def test_a_sentence_says_that_the_networks_disagree(mouse: Mouse, page: Page) -> None:
    say(page, {"lenet-sigmoid": answer(1), "lenet5-1998": answer(7) | NO_DIGIT})
    compare(page)
    draw(mouse, SEVEN)
    agreement = page.locator(".networks-agreement")
    expect(agreement).to_have_text(
        "They disagree: lenet, lenet-32 and lenet-tanh say 7; "
        "lenet-sigmoid says 1; lenet5-1998 says no digit."
    )
    assert notes(page) == {"lenet-sigmoid": "Unlike lenet.", "lenet5-1998": "Unlike lenet."}
    assert agreement.get_attribute("role") == "status"

    choose(page, "lenet-sigmoid")
    settle_all(page)
    assert notes(page).keys() == {"lenet", "lenet-32", "lenet-tanh", "lenet5-1998"}


def test_a_sentence_about_agreement_waits_for_all_answers(mouse: Mouse, page: Page) -> None:
    agreement = page.locator(".networks-agreement")
    compare(page)
    expect(agreement).to_have_text("Draw, and each of them answers.")
    open_tab(page, "answer")
    draw(mouse, SEVEN)
    settle(page)
    held = hold(page)
    page.locator("#tab-compare").click()
    wait_for(page, held, len(READERS))
    assert [model_of(route) for route in held] == READERS
    for route in held[1:]:
        assert agreement.text_content() == ""
        route.fulfill(json=answer(7))
        expect(figure_of(page, model_of(route))).to_have_text("7")
    held[0].fulfill(json=answer(7))
    expect(agreement).to_have_text("They all say 7.")


def test_the_sentence_is_written_only_when_it_changes(mouse: Mouse, page: Page) -> None:
    compare(page)
    page.evaluate(
        """() => {
          watch.said = [];
          const sentence = document.querySelector(".networks-agreement");
          new MutationObserver(() => watch.said.push(sentence.textContent))
            .observe(sentence, { childList: true, characterData: true, subtree: true });
        }"""
    )
    say(page, dict.fromkeys(READERS, answer(7)))
    draw(mouse, SEVEN)
    expect(page.locator(".networks-agreement")).to_have_text("They all say 7.")
    settle_all(page)
    assert page.evaluate("watch.said") == ["", "They all say 7."]


def test_a_drawing_that_is_no_digit_has_no_bars(mouse: Mouse, page: Page) -> None:
    flat = NO_DIGIT | {"probabilities": [0.1] * 10}
    say(page, {"lenet-tanh": answer(7) | flat})
    compare(page)
    draw(mouse, SEVEN)
    settle_all(page)
    assert bar_lengths_of(page, "lenet-tanh") == [0] * 10
    assert bar_lengths_of(page, "lenet-32")[7] > 0.9


def test_a_late_answer_about_ink_that_is_gone_is_never_shown(mouse: Mouse, page: Page) -> None:
    say(page, dict.fromkeys(READERS, answer(1)))
    compare(page)
    draw(mouse, ONE)
    settle_all(page)
    watch_cards(page)
    page.unroute_all()
    held = hold(page)
    draw(mouse, OVER)
    wait_for(page, held, 1 + len(READERS))
    late = len(held)
    page.keyboard.press("Backspace")
    wait_for(page, held, late + len(READERS))
    assert set(figures(page).values()) == {""}
    for route in held[:late]:
        fulfill_late(route, answer(8))
    for route in held[late:]:
        route.fulfill(json=answer(3))
    expect(page.locator(".networks-agreement")).to_have_text("They all say 3.")
    assert set(page.evaluate("watch.cards")) == {"", "3"}


def test_clear_leaves_nothing_on_any_card(mouse: Mouse, page: Page) -> None:
    compare(page)
    draw(mouse, SEVEN)
    settle_all(page)
    held = hold(page)
    draw(mouse, OVER)
    wait_for(page, held, 1 + len(READERS))
    page.keyboard.press("Escape")
    for route in held:
        fulfill_late(route, answer(8))
    settle(page)
    assert set(figures(page).values()) == {""}
    assert notes(page) == {}
    assert all(bar_lengths_of(page, name) == [0] * 10 for name in READERS)


def test_an_answer_of_the_previous_network_is_not_shown_for_the_new_one(
    mouse: Mouse, page: Page
) -> None:
    compare(page)
    held = hold(page)
    trace(mouse, SEVEN)
    wait_for(page, held, 1)
    page.locator("input[value=lenet-32]").evaluate("radio => radio.click()")  # the pen is down
    held[0].fulfill(json=answer(4))  # of lenet; its own card still needs it
    expect(figure_of(page, "lenet")).to_have_text("4")
    assert figure(page) == ""
    wait_for(page, held, 2)
    assert model_of(held[1]) == "lenet-32"
    held[1].fulfill(json=answer(7))
    expect(page.locator(".reading-figure")).to_have_text("7")


def test_a_network_that_has_answered_is_not_asked_again(mouse: Mouse, page: Page) -> None:
    compare(page)
    draw(mouse, SEVEN)
    settle_all(page)
    before = len(asked(page))
    choose(page, "lenet-32")
    open_tab(page, "inside")
    assert {question["model"] for question in asked(page)[before:]} == {"lenet-32"}


def test_every_network_is_asked_while_the_pen_moves(mouse: Mouse, page: Page) -> None:
    compare(page)
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    held = hold(page)
    mouse.down((0.2, 0.2))
    answered = 0
    for count in range(1, 20):
        page.clock.run_for(20)  # a frame, which sends a question
        wait_for_route(page, held, answered + 1)
        for route in held[answered:]:  # on a slow machine several were on their way
            route.fulfill(json=answer(count % 10))
            answered += 1
        expect(figure_of(page, model_of(held[answered - 1]))).to_have_text(str(count % 10))
        mouse.move((0.2, 0.2 + count / 30))
    models = [model_of(route) for route in held]
    assert set(models) == set(READERS)
    asked_at = [i for i, model in enumerate([*models, "lenet"]) if model == "lenet"]
    assert max(later - earlier for earlier, later in pairwise(asked_at)) <= 2


@pytest.mark.parametrize(("wait", "who"), [(0, OTHERS), (100, ["lenet"])], ids=["fast", "slow"])
def test_on_a_slow_connection_the_chosen_network_is_asked_first(
    mouse: Mouse, page: Page, wait: int, who: list[str]
) -> None:
    compare(page)
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    held = hold(page)
    first, *others = UNDER
    mouse.down(first)
    page.clock.run_for(20)
    wait_for_route(page, held, 1)
    mouse.move(others[0])
    page.clock.run_for(wait + 1)
    held[0].fulfill(json=answer(4))
    expect(page.locator(".reading-figure")).to_have_text("4")
    page.clock.run_for(20)
    wait_for_route(page, held, 2)
    assert model_of(held[0]) == "lenet"
    assert model_of(held[1]) in who


def test_a_refusal_by_one_leaves_the_others_their_answers(mouse: Mouse, page: Page) -> None:
    say(page, {"lenet-tanh": None})
    compare(page)
    draw(mouse, SEVEN)
    settle_all(page, but="lenet-tanh")
    assert figures(page) == dict.fromkeys(READERS, "7") | {"lenet-tanh": ""}
    expect(page.locator(".reading-sentence")).to_have_text("A 7, very likely.")
    assert page.locator(".networks-agreement").text_content() == ""


def test_when_the_server_is_back_all_answer(mouse: Mouse, page: Page) -> None:
    compare(page)
    draw(mouse, ONE)
    settle_all(page)
    held = hold(page)
    draw(mouse, OVER)
    wait_for(page, held, 1 + len(READERS))
    for route in held:
        route.abort()
    expect(page.locator(".reading-sentence")).to_contain_text(AWAY)
    page.unroute_all()
    expect(page.locator(".reading-sentence")).not_to_contain_text(AWAY, timeout=15_000)
    expect(page.locator(".networks-agreement")).to_have_text(re.compile("They "))


def test_it_fits_on_a_phone(phone: Page, finger: Finger) -> None:
    compare(phone)
    draw(finger, SEVEN)
    settle_all(phone)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for label in phone.locator(".network-choice").all():
        box = label.bounding_box()
        assert box
        assert box["height"] >= 44


def test_of_a_number_each_network_says_the_whole(mouse: Mouse, page: Page) -> None:
    choose_pad(page, "A whole number")
    compare(page)
    count_strokes(page)
    for stroke in NUMBER:
        draw(mouse, stroke)
    settle_all(page)
    assert figures(page) == dict.fromkeys(READERS, "0123")
    expect(page.locator(".networks-agreement")).to_have_text("They all say 0123.")
