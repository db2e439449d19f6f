"""Questions to the server: only the newest one waits, and none is lost. See also test_line.py."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import ONE, OVER, SEVEN, Mouse, draw, trace
from tests.browser.server import Server
from tests.browser.watch import asked, bar_lengths, figure, ink, rest, sentence, settle

AWAY = "cannot be reached"


def test_many_changes_in_one_frame_are_one_question(mouse: Mouse, page: Page) -> None:
    draw(mouse, OVER)
    draw(mouse, SEVEN)
    rest(page)
    hold(page)  # an answer could bring further questions
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    before = len(asked(page))
    page.evaluate(
        """async () => {
          for (const command of ["undo", "redo", "undo"]) {
            document.querySelector(`[data-command=${command}]`).click();
            await null; // whatever the page wants to do at once, it may do now
          }
        }"""
    )
    assert len(asked(page)) == before
    page.clock.run_for(20)  # a frame
    assert len(asked(page)) == before + 1
    assert len(asked(page)[-1]["strokes"]) == 1


def test_until_the_first_answer_one_question_is_sent_and_only_the_latest_waits(
    mouse: Mouse, page: Page
) -> None:
    held = hold(page)
    trace(mouse, SEVEN)
    wait_for(page, held, 1)
    mouse.up()
    assert len(asked(page)) == 1

    held[0].fulfill(json=answer(4))
    expect(page.locator(".reading-figure")).to_have_text("4")
    wait_for(page, held, 2)
    held[1].fulfill(json=answer(7))
    expect(page.locator(".reading-figure")).to_have_text("7")
    settle(page)

    first, second = asked(page)  # the movements between are no questions
    assert len(first["strokes"][0]) < len(second["strokes"][0])
    assert second["strokes"][0][-1] == [0.46, 0.88]


def test_an_answer_to_a_cleared_drawing_is_never_shown(mouse: Mouse, page: Page) -> None:
    held = hold(page)
    draw(mouse, SEVEN)
    wait_for(page, held, 1)
    page.keyboard.press("Escape")
    fulfill_late(held[0], answer(7))
    settle(page)
    assert figure(page) == ""
    assert bar_lengths(page) == [0] * 10


def test_an_answer_to_an_undone_stroke_is_never_shown(mouse: Mouse, page: Page) -> None:
    draw(mouse, ONE)
    settle(page)
    watch_figures(page)
    held = hold(page)
    draw(mouse, SEVEN)
    wait_for(page, held, 1)
    page.keyboard.press("Backspace")
    while (held[-1].request.post_data or "").count("]],[[") > 0:  # two strokes
        page.evaluate("new Promise(requestAnimationFrame)")
    for route in held[:-1]:
        fulfill_late(route, answer(8))
    held[-1].fulfill(json=answer(3))
    expect(page.locator(".reading-figure")).to_have_text("3")
    assert page.evaluate("watch.figures") == ["1", "3"]


def test_the_detail_of_a_refusal_is_shown_and_the_drawing_stays(mouse: Mouse, page: Page) -> None:
    problem = {"status": 422, "title": "Not a drawing", "detail": "Too many points; draw less."}
    page.route(
        "**/api/predict",
        lambda route: route.fulfill(
            status=422, json=problem, headers={"Content-Type": "application/problem+json"}
        ),
    )
    draw(mouse, SEVEN)
    settle(page)
    assert sentence(page) == "Too many points; draw less."
    assert ink(page) > 0

    page.unroute_all()
    page.keyboard.press("Backspace")
    draw(mouse, ONE)
    settle(page)
    assert sentence(page).startswith("A 1, ")


def test_a_server_that_never_answers_counts_as_away(mouse: Mouse, page: Page) -> None:
    page.clock.install()
    held = hold(page)
    draw(mouse, SEVEN)
    page.clock.run_for(100)
    wait_for(page, held, 1)
    page.clock.run_for(9_000)
    expect(page.locator(".reading-sentence")).to_contain_text(AWAY)


def test_a_failing_server_counts_as_away_and_is_asked_again(mouse: Mouse, page: Page) -> None:
    failures: list[Route] = []

    def fail_twice(route: Route) -> None:
        if len(failures) < 2:
            failures.append(route)
            route.fulfill(status=503, body="<h1>Busy</h1>")
        else:
            route.continue_()

    draw(mouse, SEVEN)
    draw(mouse, OVER)
    settle(page)
    page.route("**/api/predict", fail_twice)
    page.keyboard.press("Backspace")  # exactly one question
    expect(page.locator(".reading-sentence")).to_contain_text(AWAY)
    expect(page.locator(".reading-sentence")).to_contain_text("A 7")
    assert len(failures) == 2


def test_the_page_recovers_when_the_server_is_stopped_and_started_again(
    open_page: OpenPage, tmp_path: Path
) -> None:
    server = Server(tmp_path / "output.txt")
    server.start()
    try:
        page = open_page(server.url)
        mouse = Mouse(page)
        draw(mouse, ONE)
        settle(page)
        assert figure(page) == "1"

        server.stop()
        page.keyboard.press("Escape")
        draw(mouse, SEVEN)
        expect(page.locator(".reading-sentence")).to_contain_text(AWAY)
        drawn = ink(page)
        assert drawn > 0

        server.start()
        expect(page.locator(".reading-figure")).to_have_text("7", timeout=30_000)
        expect(page.locator(".reading-sentence")).not_to_contain_text(AWAY)
        assert ink(page) == drawn
    finally:
        server.stop()


def test_a_server_that_comes_back_is_not_reported_away_on_a_blank_pad(
    mouse: Mouse, page: Page
) -> None:
    page.route("**/api/predict", lambda route: route.abort())
    draw(mouse, SEVEN)
    expect(page.locator(".reading-sentence")).to_contain_text(AWAY)
    page.keyboard.press("Escape")
    expect(page.locator(".reading-sentence")).to_contain_text("Any digit from 0 to 9")


def answer(digit: int) -> dict[str, Any]:
    """The server's answer when it is nearly sure of a digit."""
    return {
        "model": "lenet",
        "verdict": "digit",
        "digit": digit,
        "confidence": 0.91,
        "probabilities": [0.91 if i == digit else 0.01 for i in range(10)],
        "image": "A" * 1045 + "A==",  # 784 zeros in base64
        "milliseconds": 1.0,
    }


def hold(page: Page) -> list[Route]:
    """Keep all questions, so that the test answers them."""
    held: list[Route] = []
    page.route("**/api/predict", lambda route: held.append(route))
    return held


def wait_for(page: Page, held: list[Route], count: int) -> None:
    """Wait until so many questions have been kept."""
    for _ in range(300):
        if len(held) >= count:
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError(f"{len(held)} questions were asked, wanted {count}")


def fulfill_late(route: Route, late: dict[str, Any]) -> None:
    """Answer a question that the page may have cancelled."""
    with suppress(Error):
        route.fulfill(json=late)


def watch_figures(page: Page) -> None:
    """Record from now on every digit that is shown in large, in order."""
    page.evaluate(
        """() => {
          const figure = document.querySelector(".reading-figure");
          watch.figures = [figure.textContent];
          new MutationObserver(() => {
            if (watch.figures.at(-1) !== figure.textContent) watch.figures.push(figure.textContent);
          }).observe(figure, { childList: true, characterData: true, subtree: true });
        }"""
    )
