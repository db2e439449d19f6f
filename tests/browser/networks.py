"""Control the five networks on the page, and read their cards."""

from typing import Any

from playwright.sync_api import Locator, Page, Route

from model.variants import READERS
from tests.browser.test_reader import answer
from tests.browser.watch import open_tab, settle


def choose(page: Page, name: str) -> None:
    """Choose the network that reads, as in the tab of all networks, which need not be open."""
    radio = page.locator(f"input[value={name}]")
    if radio.is_visible():
        radio.check()
    else:
        radio.evaluate("radio => radio.click()")


def compare(page: Page) -> None:
    """Open the tab of all networks."""
    open_tab(page, "compare")


def settle_all(page: Page, but: str = "") -> None:
    """Wait until every network has answered about the whole drawing."""
    names = [name for name in READERS if name != but]
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
    """Let each network give this answer; None is a refusal. The other networks answer 7."""

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


def strokes_of(route: Route) -> Any:
    """The drawing that a question is about."""
    body: Any = route.request.post_data_json
    return body["strokes"]


def wait_for_route(page: Page, held: list[Route], count: int) -> None:
    """As wait_for, for a page whose clock is paused, so that no frame comes by itself."""
    for _ in range(100):
        if len(held) >= count:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{len(held)} questions were asked, wanted {count}")


def figures(page: Page) -> dict[str, str]:
    """The digit in large on each network's card."""
    return {name: figure_of(page, name).text_content() or "" for name in READERS}


def figure_of(page: Page, name: str) -> Locator:
    return page.locator(f".network[data-network={name}] .network-figure")


def notes(page: Page) -> dict[str, str]:
    """The notes on the cards whose answers differ."""
    cards = page.locator(".network.is-different").all()
    return {
        card.get_attribute("data-network") or "": card.locator(".network-note").inner_text()
        for card in cards
    }


def bar_lengths_of(page: Page, name: str) -> list[float]:
    """The ten bars on a network's card: 0 … 1."""
    lengths: list[float] = page.locator(f".network[data-network={name}] .bars-item").evaluate_all(
        "bars => bars.map((bar) => Number(bar.style.getPropertyValue('--share')))"
    )
    return lengths


def watch_cards(page: Page) -> None:
    """Record from now on all texts that a card shows in large."""
    page.evaluate(
        """() => {
          watch.cards = [];
          for (const figure of document.querySelectorAll(".network-figure")) {
            new MutationObserver(() => watch.cards.push(figure.textContent))
              .observe(figure, { childList: true });
          }
        }"""
    )
