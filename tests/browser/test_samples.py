"""Try one: digits in our own hand, drawn as if by a pen; each is read rightly."""

import re
from itertools import chain, pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import ONE, OVER, Mouse, draw, trace
from tests.browser.server import Server
from tests.browser.watch import asked, figure, ink, settle, wait_for_parts

# All shapes as strokes: the three of each digit, and the surprises.
SHAPES = """async () => {
  const { DIGITS, SURPRISES } = await import("/static/js/pad/shapes.js");
  const { place } = await import("/static/js/pad/samples.js");
  const strokes = (shape) => place(shape, [], false, 1).added;
  return [DIGITS.map((shapes) => shapes.map(strokes)), SURPRISES.map(strokes)];
}"""
READ = """(drawings) => Promise.all(drawings.map(async (strokes) => {
  const body = JSON.stringify({ strokes, model: "lenet" });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch("/api/predict", { method: "POST", headers, body });
  const { verdict, digit, confidence } = await response.json();
  return { verdict, digit, confidence };
}))"""


@pytest.fixture(scope="module")
def blank(browser: Browser, server: Server) -> Any:
    """A page in which modules are imported."""
    page = browser.new_page()
    page.goto(server.url)
    yield page
    page.close()


def menu(page: Page) -> None:
    wait_for_parts(page)
    page.get_by_role("button", name="Try one").click()


def drawn(page: Page) -> None:
    """Wait until a drawing is on the pad and finished."""
    page.locator("body:not(.is-blank):not(.is-drawing)").wait_for(timeout=20_000)
    settle(page)
    settle(page)  # the question about the whole drawing may wait for an answer to an earlier one


def test_every_sample_is_read_rightly_and_with_high_confidence(blank: Page) -> None:
    digits, _ = blank.evaluate(SHAPES)
    for digit, shapes in enumerate(digits):
        assert len(shapes) == 3
        for i, answer in enumerate(blank.evaluate(READ, shapes)):
            assert (answer["verdict"], answer["digit"]) == ("digit", digit), (digit, i)
            assert answer["confidence"] > 0.99, (digit, i)


def test_the_surprises_are_hard(blank: Page) -> None:
    _, surprises = blank.evaluate(SHAPES)
    answers = blank.evaluate(READ, surprises)
    assert {answer["digit"] for answer in answers if answer["verdict"] == "digit"} >= {1, 4, 7, 8}
    unsure = [answer for answer in answers if answer["verdict"] != "digit"]
    assert len(answers) >= 12
    assert len(unsure) >= 5


def test_a_sample_stays_on_the_pad(blank: Page) -> None:
    digits, surprises = blank.evaluate(SHAPES)
    strokes = [*chain.from_iterable(chain(*digits, surprises))]
    places = [*chain.from_iterable(chain.from_iterable(strokes))]
    assert len(strokes) > 40
    assert min(places) > 0.05
    assert max(places) < 0.95


def test_a_curve_goes_through_its_points_and_turns_at_a_corner(blank: Page) -> None:
    smooth, corner = blank.evaluate(
        """async () => {
          const { curve } = await import("/static/js/pad/samples.js");
          return [curve([0, 0, 20, 10, 40, 10]), curve([0, 0, 20, 10, 20, 10, 40, 10])];
        }"""
    )
    assert all(point in smooth for point in ([0, 0], [20, 10], [40, 10]))
    assert max(y for _, y in smooth) > 10  # rounded: it goes on a little
    assert max(y for _, y in corner) == 10
    steps = [abs(x - to_x) + abs(y - to_y) for (x, y), (to_x, to_y) in pairwise(smooth)]
    assert max(steps) < 5


def test_the_digits_of_a_number_stand_beside_each_other(blank: Page) -> None:
    starts = blank.evaluate(
        """async () => {
          const { DIGITS } = await import("/static/js/pad/shapes.js");
          const { place } = await import("/static/js/pad/samples.js");
          let strokes = [];
          return [0, 1, 2, 3, 4, 5, 6, 7].map((digit) => {
            const { kept, added } = place(DIGITS[digit][0], strokes, true, 2.5);
            strokes = [...kept, ...added];
            const xs = added.flat().map(([x]) => x);
            return [kept.length, Math.min(...xs), Math.max(...xs)];
          });
        }"""
    )
    assert all(0 < left < right < 2.5 for _, left, right in starts)
    for (_, _, end), (kept, left, _) in pairwise(starts):
        assert left >= end + 0.1 if kept > 0 else left < 0.2
    assert [kept for kept, _, _ in starts].count(0) == 2  # the first, and where the row is full


def test_a_sample_is_drawn_as_if_by_a_pen_in_one_step_of_undo(mouse: Mouse, page: Page) -> None:
    wait_for_parts(page)
    draw(mouse, OVER)
    settle(page)
    before, questions = ink(page), len(asked(page))
    menu(page)
    page.get_by_role("button", name="Draw a sample of 5").click()
    page.locator("body.is-drawing").wait_for()
    drawn(page)
    assert figure(page) == "5"
    expect(page.locator("#samples-list")).to_be_hidden()
    # On a slow machine the old ink is asked about once more meanwhile: may it be a number?
    about = [question for question in asked(page)[questions:] if not question.get("many")]
    lengths = [sum(map(len, question["strokes"])) for question in about]
    assert len(lengths) > 2
    assert lengths == sorted(lengths)
    page.keyboard.press("Control+z")
    settle(page)
    assert ink(page) == before
    page.keyboard.press("Control+y")
    settle(page)
    assert figure(page) == "5"


def test_without_motion_a_sample_is_there_at_once(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    wait_for_parts(page)
    page.keyboard.press("8")
    drawn(page)
    assert figure(page) == "8"
    assert len(asked(page)) == 1


def test_a_digit_key_draws_a_sample_but_not_in_a_form_field(page: Page) -> None:
    wait_for_parts(page)
    page.keyboard.press("7")
    drawn(page)
    assert figure(page) == "7"
    page.keyboard.press("Control+3")
    page.keyboard.press("Alt+3")
    page.evaluate("document.body.append(document.createElement('input'))")
    page.locator("body > input").fill("")
    page.keyboard.press("3")
    assert page.locator("body > input").input_value() == "3"
    page.wait_for_timeout(300)
    settle(page)
    assert figure(page) == "7"


def test_typed_digits_become_a_number(page: Page) -> None:
    wait_for_parts(page)
    page.locator("input[value=many]").check()
    for digit in "407":
        page.keyboard.press(digit)
    expect(page.locator(".reading-figure")).to_have_text("407", timeout=30_000)


def test_a_visitor_who_draws_meanwhile_ends_the_sample(mouse: Mouse, page: Page) -> None:
    wait_for_parts(page)
    page.keyboard.press("0")
    page.locator("body.is-drawing").wait_for()
    trace(mouse, ONE)
    page.wait_for_timeout(700)
    mouse.up()
    settle(page)
    strokes = asked(page)[-1]["strokes"]
    assert strokes[-1][-1] == pytest.approx(ONE[-1], abs=0.01)
    assert len(strokes) == 2


def test_surprise_me_brings_another_drawing_each_time(page: Page) -> None:
    seen = set()
    for _ in range(4):
        menu(page)
        page.get_by_role("button", name=re.compile("^Surprise me")).click()
        drawn(page)
        seen.add(str(asked(page)[-1]["strokes"]))
        page.keyboard.press("Delete")
    assert len(seen) == 4


def test_the_menu_can_be_left_by_escape_and_keeps_the_drawing(mouse: Mouse, page: Page) -> None:
    draw(mouse, OVER)
    before = ink(page)
    menu(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Draw a sample of 0")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#samples-list")).to_be_hidden()
    expect(page.get_by_role("button", name="Try one")).to_be_focused()
    assert ink(page) == before


def test_the_points_of_the_samples_are_loaded_when_they_are_needed(page: Page) -> None:
    loaded = """() => performance.getEntriesByType("resource")
                  .some(({ name }) => name.endsWith("shapes.js"))"""
    menu(page)
    assert not page.evaluate(loaded)
    page.get_by_role("button", name="Draw a sample of 1").click()
    drawn(page)
    assert figure(page) == "1"
    assert page.evaluate(loaded)
