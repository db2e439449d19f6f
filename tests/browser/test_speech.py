"""What a screen reader finds and says: the answer once, when it is settled."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.hand import FOUR, OVER, SEVEN, Mouse, draw
from tests.browser.test_reader import answer
from tests.browser.watch import open_tab, settle

LISTEN = """() => {
  window.said = [];
  const note = (changes) => {
    for (const { target } of changes) said.push(target.textContent);
  };
  for (const status of document.querySelectorAll("[role=status], [aria-live]")) {
    new MutationObserver(note).observe(status, { childList: true, subtree: true });
  }
}"""


@pytest.mark.parametrize("tab", ["answer", "inside"])
def test_the_answer_stands_once_in_the_accessibility_tree(page: Page, tab: str) -> None:
    if tab != "answer":
        open_tab(page, tab)
    draw(Mouse(page), SEVEN)
    voice = page.locator(".reading-voice")
    expect(voice).to_have_text("A 7, almost certainly.")
    tree = page.locator(".instrument").aria_snapshot()
    assert tree.count("A 7, almost certainly.") == 1
    assert "- status: A 7, almost certainly." in tree


def test_a_blank_pad_invites_once(page: Page) -> None:
    settle(page)
    tree = page.locator(".instrument").aria_snapshot()
    assert tree.count("Any digit from 0 to 9") == 1
    assert "Draw a digit here" not in tree  # the pad says it by its name


def test_the_status_speaks_once_when_the_answer_is_settled(mouse: Mouse, page: Page) -> None:
    def fulfill(route: Route) -> None:
        body: Any = route.request.post_data_json
        route.fulfill(json=answer(4 if len(body["strokes"]) == len(FOUR) else 6))

    page.route("**/api/predict", fulfill)
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    page.clock.run_for(200)
    page.evaluate(LISTEN)
    draw(mouse, FOUR[0])
    page.clock.run_for(500)  # milliseconds, a usual pause
    draw(mouse, FOUR[1])
    page.clock.run_for(500)
    assert page.evaluate("said") == []
    page.clock.run_for(1_000)
    expect(page.locator(".reading-voice")).to_have_text("A 4, very likely.")
    page.clock.run_for(5_000)
    assert page.evaluate("said") == ["A 4, very likely."]


def test_a_drawing_is_said_to_be_kept_only_if_there_is_one(mouse: Mouse, page: Page) -> None:
    for address in ("**/api/predict", "**/health"):
        page.route(address, lambda route: route.abort())
    draw(mouse, OVER)
    words, voice = page.locator(".reading-sentence"), page.locator(".reading-voice")
    kept = (
        "The network cannot be reached just now. Your drawing is kept, and is read when it is back."
    )
    expect(words).to_have_text(kept)
    expect(voice).to_have_text(kept)
    page.keyboard.press("Delete")
    expect(words).to_have_text("The network cannot be reached just now.")
    expect(voice).to_have_text("The network cannot be reached just now.")
