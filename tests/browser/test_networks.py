"""Five networks: one is chosen, and on request all of them answer about the same drawing."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from model.variants import VARIANTS
from tests.browser.conftest import OpenPage
from tests.browser.hand import ONE, OVER, SEVEN, THREE, UNDER, Mouse, draw, trace
from tests.browser.test_reader import AWAY, answer, fulfill_late, hold, wait_for
from tests.browser.watch import asked, figure, ink, settle, shares

OTHERS = [name for name in VARIANTS if name != "lenet"]
NO_DIGIT = {"verdict": "not-a-digit", "digit": None}


def test_each_network_shows_what_it_is(page: Page) -> None:
    cards = page.request.get(f"{page.url}api/models").json()["models"]
    for card in cards:
        text = page.locator(f".network[data-network={card['model']}] label").inner_text()
        assert VARIANTS[card["model"]].origin in text
        assert f"{card['parameters']:,} numbers" in text
        accuracy = card.get("metrics", {}).get("accuracy")
        wanted = "not yet measured" if accuracy is None else f"{100 * accuracy:.2f}\u202f% right"
        assert wanted in text


def test_the_chosen_network_is_asked_and_the_address_keeps_it(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    first = shares(page)
    choose(page, "lenet-tanh")
    settle(page)
    assert asked(page)[-1]["model"] == "lenet-tanh"
    assert shares(page) != first
    assert page.url.endswith("/?model=lenet-tanh")

    page.reload()
    page.evaluate("scrollTo(0, 0)")  # the pad into view, as choosing has moved the page
    expect(page.locator("input[value=lenet-tanh]")).to_be_checked()
    draw(mouse, OVER)
    settle(page)
    assert {question["model"] for question in asked(page)} == {"lenet-tanh"}


def test_an_unknown_network_in_the_address_is_no_choice(open_page: OpenPage, page: Page) -> None:
    page = open_page(f"{page.url}?model=alexnet")
    expect(page.locator("input[value=lenet]")).to_be_checked()


def test_the_keyboard_chooses(mouse: Mouse, page: Page) -> None:
    draw(mouse, OVER)
    group = page.get_by_role("group", name="Who reads")
    group.get_by_role("radio", name="lenet as taught today").focus()
    page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="lenet-32")).to_be_checked()
    settle(page)
    assert asked(page)[-1]["model"] == "lenet-32"


def test_undo_works_right_after_a_choice(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    choose(page, "lenet-32")
    expect(page.locator("input[value=lenet-32]")).to_be_focused()
    page.keyboard.press("Backspace")
    assert ink(page) == 0


def test_the_text_follows_the_choice(page: Page) -> None:
    text, figure_3 = page.locator(".columns"), page.locator(".probabilities figcaption")
    assert "44,426 numbers" in text.inner_text()
    assert "99." in text.inner_text()
    assert figure_3.inner_text().endswith("says lenet.")
    choose(page, "lenet5-1998")
    assert "60,000 numbers were nudged" in text.inner_text()
    assert "44,426" not in text.inner_text()
    assert "as printed" in text.inner_text()
    assert "it reads" not in text.inner_text()  # as nobody has measured this one
    assert figure_3.inner_text().endswith("says lenet5-1998.")


def test_the_layers_follow_the_choice(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    page.locator(".inside summary").click()
    settle(page)
    assert shown_layers(page) == ["c1", "s2", "c3", "s4", "c5", "f6", "output"]
    assert width_of(page, "c1") == 24

    choose(page, "lenet5-1998")
    settle(page)
    assert shown_layers(page) == ["c1", "s2", "c3", "s4", "c5", "squash6"]
    assert width_of(page, "c1") == 28
    assert width_of(page, "squash6") == 7  # the figure of 7 × 12 that the ten codes are laid on
    assert "three, four or all six" in page.locator("[data-layer=c3]").inner_text()


def test_only_the_chosen_network_is_asked_until_all_are_wanted(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    assert {question["model"] for question in asked(page)} == {"lenet"}
    expect(page.locator(".network-answer").first).to_be_hidden()

    toggle(page).check()
    settle_all(page)
    assert {question["model"] for question in asked(page)} == VARIANTS.keys()

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
    strokes = asked(page)[-1]["strokes"]
    for name in VARIANTS:
        body = {"strokes": strokes, "model": name}
        wanted = page.request.post(f"{page.url}api/predict", data=body).json()
        assert shares_of(page, name) == pytest.approx(wanted["probabilities"], abs=1e-6)
        digit = wanted["digit"]
        assert figures(page)[name] == ("?" if digit is None else str(digit))


def test_all_follow_the_pen_one_question_at_a_time(mouse: Mouse, page: Page) -> None:
    toggle(page).check()
    trace(mouse, SEVEN)
    trace(mouse, THREE)
    settle_all(page)
    frames = page.evaluate("watch.frames")
    assert page.evaluate("watch.most") == 1
    assert len(set(frames)) == len(frames)
    newest = {question["model"]: question["strokes"] for question in asked(page)}
    assert list(newest.values()) == [newest["lenet"]] * len(VARIANTS)


def test_disagreement_is_told_in_words(mouse: Mouse, page: Page) -> None:
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


def test_agreement_is_told_only_when_all_have_spoken(mouse: Mouse, page: Page) -> None:
    agreement = page.locator(".networks-agreement")
    toggle(page).check()
    expect(agreement).to_have_text("Draw, and each of them answers.")
    toggle(page).uncheck()
    expect(agreement).to_have_text("")
    draw(mouse, SEVEN)
    settle(page)
    held = hold(page)
    toggle(page).check()
    for count in range(1, len(VARIANTS) + 1):
        wait_for(page, held, count)
        assert agreement.text_content() == ""
        held[count - 1].fulfill(json=answer(7))
    expect(agreement).to_have_text("They all say 7.")
    assert [model_of(route) for route in held] == list(VARIANTS)


def test_a_late_answer_about_ink_that_is_gone_is_never_shown(mouse: Mouse, page: Page) -> None:
    say(page, dict.fromkeys(VARIANTS, answer(1)))
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
    for count in range(3, 3 + len(VARIANTS)):
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
    assert all(shares_of(page, name) == [0] * 10 for name in VARIANTS)


def test_an_answer_of_the_network_before_is_not_taken_for_the_new_ones(
    mouse: Mouse, page: Page
) -> None:
    toggle(page).check()
    held = hold(page)
    draw(mouse, SEVEN)
    wait_for(page, held, 1)
    choose(page, "lenet-32")
    held[0].fulfill(json=answer(4))  # of lenet, and still wanted for its own card
    wait_for(page, held, 2)
    assert (figure(page), figures(page)["lenet"]) == ("", "4")
    assert model_of(held[1]) == "lenet-32"
    held[1].fulfill(json=answer(7))
    expect(page.locator(".reading-figure")).to_have_text("7")


def test_whoever_has_answered_is_not_asked_again(mouse: Mouse, page: Page) -> None:
    toggle(page).check()
    draw(mouse, SEVEN)
    settle_all(page)
    before = len(asked(page))
    choose(page, "lenet-32")
    page.locator(".inside summary").click()
    settle(page)
    assert {question["model"] for question in asked(page)[before:]} == {"lenet-32"}


def test_none_is_left_out_while_the_pen_moves(mouse: Mouse, page: Page) -> None:
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    toggle(page).check()
    held = hold(page)
    mouse.down((0.2, 0.2))
    for count in range(1, 14):
        page.clock.run_for(20)  # a frame, and so a question
        wait_for_route(page, held, count)
        held[-1].fulfill(json=answer(count % 10))
        expect(figure_of(page, model_of(held[-1]))).to_have_text(str(count % 10))
        mouse.move((0.2, 0.2 + count / 20))
    models = [model_of(route) for route in held]
    assert set(models) == VARIANTS.keys()
    turns = [i for i, model in enumerate([*models, "lenet"]) if model == "lenet"]
    assert max(later - turn for turn, later in pairwise(turns)) <= 4  # 50 ms, and a frame


@pytest.mark.parametrize(("wait", "who"), [(0, OTHERS), (100, ["lenet"])], ids=["fast", "slow"])
def test_on_a_slow_way_the_chosen_network_goes_first(
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
    assert figures(page) == dict.fromkeys(VARIANTS, "7") | {"lenet-tanh": ""}
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


def choose(page: Page, name: str) -> None:
    page.locator(f"input[value={name}]").check()


def toggle(page: Page) -> Locator:
    return page.get_by_role("checkbox", name="Ask all five")


def settle_all(page: Page, but: str = "") -> None:
    """Wait until every network has answered about the whole drawing."""
    names = [name for name in VARIANTS if name != but]
    page.wait_for_function(
        """(names) => {
          const newest = Object.fromEntries(watch.asked.map((question) =>
            [question.model, JSON.stringify(question.strokes)]));
          return new Set(names.map((name) => newest[name])).size === 1 && watch.open === 0;
        }""",
        arg=names,
    )
    settle(page)


def say(page: Page, answers: dict[str, Any]) -> None:
    """Let each network give this answer; None is a refusal. Of the others each says 7."""

    def fulfill(route: Route) -> None:
        found = answers.get(model_of(route), answer(7))
        if found is None:
            route.fulfill(status=422, json={"status": 422, "detail": "No."})
        else:
            route.fulfill(json=found)

    page.route("**/api/predict", fulfill)


def model_of(route: Route) -> str:
    """The network that a question is to."""
    body: Any = route.request.post_data_json
    return str(body["model"])


def wait_for_route(page: Page, held: list[Route], count: int) -> None:
    """As wait_for, where the clock stands still and no frame comes by itself."""
    for _ in range(100):
        if len(held) >= count:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{len(held)} questions were asked, wanted {count}")


def figures(page: Page) -> dict[str, str]:
    """The digit in large on each network's card."""
    return {name: figure_of(page, name).text_content() or "" for name in VARIANTS}


def figure_of(page: Page, name: str) -> Locator:
    return page.locator(f".network[data-network={name}] .network-figure")


def notes(page: Page) -> dict[str, str]:
    """What stands on the cards that differ."""
    cards = page.locator(".network.is-different").all()
    return {
        card.get_attribute("data-network") or "": card.locator(".network-note").inner_text()
        for card in cards
    }


def shares_of(page: Page, name: str) -> list[float]:
    """The ten bars on a network's card: 0 … 1."""
    lengths: list[float] = page.locator(f".network[data-network={name}] .bars-item").evaluate_all(
        "bars => bars.map((bar) => Number(bar.style.getPropertyValue('--share')))"
    )
    return lengths


def watch_cards(page: Page) -> None:
    """From now on keep everything that any card shows in large."""
    page.evaluate(
        """() => {
          watch.cards = [];
          for (const figure of document.querySelectorAll(".network-figure")) {
            new MutationObserver(() => watch.cards.push(figure.textContent))
              .observe(figure, { childList: true });
          }
        }"""
    )


def shown_layers(page: Page) -> list[str]:
    rows = page.locator(".layer:visible").all()
    return [row.get_attribute("data-layer") or "" for row in rows]


def width_of(page: Page, layer: str) -> int:
    """Pixels of a layer's first picture in a row."""
    width: int = page.locator(f"[data-layer={layer}] canvas").first.evaluate("c => c.width")
    return width
