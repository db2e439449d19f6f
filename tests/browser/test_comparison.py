"""All networks are asked about one drawing: one after another, the chosen one first."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from model.variants import READERS
from tests.browser.hand import ONE, OVER, SEVEN, THREE, UNDER, Mouse, draw, trace
from tests.browser.networks import (
    bar_lengths_of,
    choose,
    figure_of,
    figures,
    model_of,
    notes,
    say,
    settle_all,
    toggle,
    wait_for_route,
    watch_cards,
)
from tests.browser.test_reader import AWAY, answer, fulfill_late, hold, wait_for
from tests.browser.watch import asked, figure, settle

OTHERS = [name for name in READERS if name != "lenet"]
NO_DIGIT = {"verdict": "not-a-digit", "digit": None}


def test_only_the_chosen_network_is_asked_until_all_are_wanted(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    assert {question["model"] for question in asked(page)} == {"lenet"}
    expect(page.locator(".network-answer").first).to_be_hidden()

    toggle(page).check()
    settle_all(page)
    assert {question["model"] for question in asked(page)} == set(READERS)

    toggle(page).uncheck()
    settle(page)
    before = len(asked(page))
    draw(mouse, OVER)
    settle(page)
    assert {question["model"] for question in asked(page)[before:]} == {"lenet"}


def test_every_answer_is_its_networks_own(mouse: Mouse, page: Page) -> None:
    toggle(page).check()
    draw(mouse, THREE)
    settle_all(page)
    page.wait_for_timeout(1_000)  # before the pen has rested, "?" is not shown
    strokes = asked(page)[-1]["strokes"]
    for name in READERS:
        body = {"strokes": strokes, "model": name}
        wanted = page.request.post(f"{page.url}api/predict", data=body).json()
        assert bar_lengths_of(page, name) == pytest.approx(wanted["probabilities"], abs=1e-4)
        digit = wanted["digit"]
        assert figures(page)[name] == ("?" if digit is None else str(digit))


def test_all_follow_the_pen_one_question_at_a_time(mouse: Mouse, page: Page) -> None:
    toggle(page).check()
    trace(mouse, SEVEN)
    trace(mouse, THREE)
    settle_all(page)
    assert page.evaluate("watch.most") == 1
    newest = {question["model"]: question["strokes"] for question in asked(page)}
    assert list(newest.values()) == [newest["lenet"]] * len(READERS)


def test_a_sentence_says_that_the_networks_disagree(mouse: Mouse, page: Page) -> None:
    say(page, {"lenet-sigmoid": answer(1), "lenet5-1998": answer(7) | NO_DIGIT})
    toggle(page).check()
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
    toggle(page).check()
    expect(agreement).to_have_text("Draw, and each of them answers.")
    toggle(page).uncheck()
    expect(agreement).to_have_text("")
    draw(mouse, SEVEN)
    settle(page)
    held = hold(page)
    toggle(page).check()
    for count in range(1, len(READERS) + 1):
        wait_for(page, held, count)
        assert agreement.text_content() == ""
        held[count - 1].fulfill(json=answer(7))
    expect(agreement).to_have_text("They all say 7.")
    assert [model_of(route) for route in held] == READERS


def test_a_late_answer_about_ink_that_is_gone_is_never_shown(mouse: Mouse, page: Page) -> None:
    say(page, dict.fromkeys(READERS, answer(1)))
    toggle(page).check()
    draw(mouse, ONE)
    settle_all(page)
    watch_cards(page)
    page.unroute_all()
    held = hold(page)
    draw(mouse, OVER)
    wait_for(page, held, 1)
    held[0].fulfill(json=answer(4))
    wait_for(page, held, 2)  # now one of the others is on its way
    page.keyboard.press("Backspace")
    wait_for(page, held, 3)
    assert set(figures(page).values()) == {""}
    fulfill_late(held[1], answer(8))
    for count in range(3, 3 + len(READERS)):
        wait_for(page, held, count)
        held[count - 1].fulfill(json=answer(3))
    expect(page.locator(".networks-agreement")).to_have_text("They all say 3.")
    assert set(page.evaluate("watch.cards")) == {"4", "", "3"}
    assert page.evaluate("watch.most") == 1


def test_clear_leaves_nothing_on_any_card(mouse: Mouse, page: Page) -> None:
    toggle(page).check()
    draw(mouse, SEVEN)
    settle_all(page)
    held = hold(page)
    draw(mouse, OVER)
    wait_for(page, held, 1)
    page.keyboard.press("Escape")
    fulfill_late(held[0], answer(8))
    settle(page)
    assert set(figures(page).values()) == {""}
    assert notes(page) == {}
    assert all(bar_lengths_of(page, name) == [0] * 10 for name in READERS)


def test_an_answer_of_the_previous_network_is_not_shown_for_the_new_one(
    mouse: Mouse, page: Page
) -> None:
    toggle(page).check()
    held = hold(page)
    draw(mouse, SEVEN)
    wait_for(page, held, 1)
    choose(page, "lenet-32")
    held[0].fulfill(json=answer(4))  # of lenet; its own card still needs it
    wait_for(page, held, 2)
    assert (figure(page), figures(page)["lenet"]) == ("", "4")
    assert model_of(held[1]) == "lenet-32"
    held[1].fulfill(json=answer(7))
    expect(page.locator(".reading-figure")).to_have_text("7")


def test_a_network_that_has_answered_is_not_asked_again(mouse: Mouse, page: Page) -> None:
    toggle(page).check()
    draw(mouse, SEVEN)
    settle_all(page)
    before = len(asked(page))
    choose(page, "lenet-32")
    page.locator(".inside summary").click()
    settle(page)
    assert {question["model"] for question in asked(page)[before:]} == {"lenet-32"}


def test_every_network_is_asked_while_the_pen_moves(mouse: Mouse, page: Page) -> None:
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    toggle(page).check()
    held = hold(page)
    mouse.down((0.2, 0.2))
    for count in range(1, 14):
        page.clock.run_for(20)  # a frame, which sends a question
        wait_for_route(page, held, count)
        held[-1].fulfill(json=answer(count % 10))
        expect(figure_of(page, model_of(held[-1]))).to_have_text(str(count % 10))
        mouse.move((0.2, 0.2 + count / 20))
    models = [model_of(route) for route in held]
    assert set(models) == set(READERS)
    asked_at = [i for i, model in enumerate([*models, "lenet"]) if model == "lenet"]
    assert max(later - earlier for earlier, later in pairwise(asked_at)) <= 4  # 50 ms, and a frame


@pytest.mark.parametrize(("wait", "who"), [(0, OTHERS), (100, ["lenet"])], ids=["fast", "slow"])
def test_on_a_slow_connection_the_chosen_network_is_asked_first(
    mouse: Mouse, page: Page, wait: int, who: list[str]
) -> None:
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    toggle(page).check()
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
    toggle(page).check()
    draw(mouse, SEVEN)
    settle_all(page, but="lenet-tanh")
    assert figures(page) == dict.fromkeys(READERS, "7") | {"lenet-tanh": ""}
    expect(page.locator(".reading-sentence")).to_have_text("A 7, very likely.")
    assert page.locator(".networks-agreement").text_content() == ""


def test_when_the_server_is_back_all_answer(mouse: Mouse, page: Page) -> None:
    toggle(page).check()
    draw(mouse, ONE)
    settle_all(page)
    held = hold(page)
    draw(mouse, OVER)
    wait_for(page, held, 1)
    held[0].fulfill(json=answer(4))
    wait_for(page, held, 2)
    held[1].abort()
    expect(page.locator(".reading-sentence")).to_contain_text(AWAY)
    page.unroute_all()
    expect(page.locator(".reading-sentence")).not_to_contain_text(AWAY)
    expect(page.locator(".networks-agreement")).to_have_text(re.compile("They "))
