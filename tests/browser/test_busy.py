"""A server that has no room for a question, and says for how long: the page waits, and says so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.files import drop
from tests.browser.hand import ONE, OVER, SEVEN, Mouse, between, draw, trace
from tests.browser.server import ROOT, Server
from tests.browser.test_reader import answer, hold, wait_for
from tests.browser.watch import bar_lengths, figure, ink, settle

BUSY = "The server is busy at the moment."
AWAY = "cannot be reached"
WAIT_SECONDS = 600  # far longer than a step of these tests takes on a busy machine
# Words of the server's own problem.
PROBLEM = {"title": "Too Many Requests", "detail": "found more questions than one client may ask"}


def refuse(route: Route, status: int = 429, wait: str = str(WAIT_SECONDS)) -> None:
    route.fulfill(status=status, json=PROBLEM, headers={"Retry-After": wait})


@pytest.mark.parametrize("status", [429, 503])
def test_nothing_is_asked_until_the_time_is_over_and_then_one_question(
    mouse: Mouse, page: Page, status: int
) -> None:
    draw(mouse, ONE)
    settle(page)
    page.keyboard.press("Escape")
    before = bar_lengths(page)
    page.clock.install()
    held = hold(page)
    trace(mouse, SEVEN)
    page.clock.run_for(100)
    wait_for(page, held, 1)
    refuse(held[0], status)
    expect(page.locator(".reading-sentence")).to_contain_text(BUSY)
    for route in held[1:]:  # on a slow machine several were on their way
        refuse(route, status)
    refused = len(held)
    drawn = ink(page)
    assert drawn > 0

    mouse.move((0.4, 0.9))
    page.clock.run_for(WAIT_SECONDS * 500)
    mouse.move((0.3, 0.9))
    page.clock.run_for(100)
    assert len(held) == refused
    assert bar_lengths(page) == before

    page.clock.run_for(WAIT_SECONDS * 500)
    wait_for(page, held, refused + 1)
    mouse.move((0.2, 0.9))
    page.clock.run_for(200)
    assert len(held) == refused + 1
    held[-1].fulfill(json=answer(7))
    expect(page.locator(".reading-figure")).to_have_text("7")
    expect(page.locator(".reading-sentence")).to_contain_text(BUSY)  # the pen still moves

    mouse.up()
    page.route("**/api/predict", lambda route: route.continue_())
    for route in held[refused + 1 :]:
        route.fulfill(json=answer(7))
    page.clock.run_for(1_000)
    expect(page.locator(".reading-sentence")).not_to_contain_text(BUSY)
    assert figure(page) != ""
    assert ink(page) >= drawn


def test_it_says_so_only_until_all_is_answered(mouse: Mouse, page: Page) -> None:
    page.clock.install()
    held = hold(page)
    trace(mouse, SEVEN)
    page.clock.run_for(100)
    wait_for(page, held, 1)
    refuse(held[0])
    expect(page.locator(".reading-sentence")).to_contain_text(BUSY)
    page.clock.run_for(WAIT_SECONDS * 1_000)
    wait_for(page, held, 2)
    held[1].fulfill(json=answer(7))  # the newest question; the pen rests on the pad
    expect(page.locator(".reading-figure")).to_have_text("7")
    expect(page.locator(".reading-sentence")).to_contain_text(BUSY)
    page.route("**/api/predict", lambda route: route.continue_())
    mouse.up()
    page.clock.run_for(100)
    expect(page.locator(".reading-sentence")).not_to_contain_text(BUSY)


def test_other_parts_of_the_page_wait_too(mouse: Mouse, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/api/predict", lambda route: refuse(route))
    draw(mouse, SEVEN)
    expect(page.locator(".reading-sentence")).to_contain_text(BUSY)
    drop(page, (ROOT / "docs" / "digit.png").read_bytes())
    expect(page.locator(".notice")).to_contain_text("or is busy")
    assert [url for url in asked if "/api/strokes" in url or url.endswith("/health")] == []
    assert len([url for url in asked if url.endswith("/api/predict")]) == 1


@pytest.mark.parametrize("wait", ["", "0", "soon", "Fri, 27 Nov 2026 00:00:00 GMT"])
def test_a_server_that_does_not_say_for_how_long_counts_as_away(
    mouse: Mouse, page: Page, wait: str
) -> None:
    page.route("**/api/predict", lambda route: refuse(route, wait=wait))
    draw(mouse, SEVEN)
    expect(page.locator(".reading-sentence")).to_contain_text(AWAY)


def test_a_cleared_pad_asks_nothing_and_says_so_in_short(mouse: Mouse, page: Page) -> None:
    page.clock.install()
    page.route("**/api/predict", lambda route: refuse(route))
    draw(mouse, SEVEN)
    page.clock.run_for(100)
    expect(page.locator(".reading-sentence")).to_contain_text(BUSY)
    page.keyboard.press("Escape")
    expect(page.locator(".reading-sentence")).to_have_text(BUSY)
    page.clock.run_for(WAIT_SECONDS * 1_000)
    expect(page.locator(".reading-sentence")).to_contain_text("Any digit from 0 to 9")


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that reads five drawings a second of one client."""
    with Server(tmp_path_factory.mktemp("limited") / "output.txt", RATE_LIMIT="5/second") as server:
        yield server


def status_of(response: Response) -> list[int]:
    """The status, if it is the answer to a drawing."""
    return [response.status] if response.url.endswith("/api/predict") else []


def test_it_reads_at_the_pace_of_the_server_says_so_and_recovers(
    open_page: OpenPage, limited: Server
) -> None:
    page = open_page(limited.url)
    mouse = Mouse(page)
    statuses: list[int] = []
    page.on("response", lambda response: statuses.extend(status_of(response)))
    first, *points = between(SEVEN, steps=4)
    mouse.down(first)
    while statuses.count(429) < 3:  # the pen goes to and fro, until it has waited three times
        for point in [*points, *reversed(points)]:
            mouse.move(point)
            page.evaluate("new Promise(requestAnimationFrame)")
    expect(page.locator(".reading-sentence")).to_contain_text(BUSY)
    assert statuses.count(200) > 5  # it was read between the refusals
    assert max(bar_lengths(page)) > 0
    mouse.up()

    page.keyboard.press("Escape")
    draw(mouse, OVER)
    page.keyboard.press("Escape")
    draw(mouse, SEVEN)
    expect(page.locator(".reading-figure")).to_have_text("7")
    expect(page.locator(".reading-sentence")).to_contain_text("A 7")
    assert set(statuses) == {200, 429}
