"""The page's modules without side effects, imported in the page and called directly."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.test_reader import answer


@pytest.fixture(scope="module")
def blank(browser: Any, server: Any) -> Any:
    """A blank page in which modules are imported."""
    page = browser.new_page()
    page.goto(server.url)
    yield page
    page.close()


DRAWING = "const { createDrawing } = await import('/static/js/pad/drawing.js');"
LINES = """
  const drawing = createDrawing();
  const line = (y) => { drawing.begin([0, y]); drawing.extend([[1, y]]); drawing.end(); };
  const rows = () => drawing.strokes.map((stroke) => stroke[0][1]).join("");
  const seen = [];
  const note = () => seen.push(rows());
"""


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("line(1); line(2); drawing.undo(); note(); drawing.undo(); note(); drawing.undo(); note()",
         ["1", "", ""]),
        ("line(1); line(2); drawing.clear(); note(); drawing.undo(); note()", ["", "12"]),
        ("line(1); drawing.undo(); drawing.redo(); note(); drawing.redo(); note()", ["1", "1"]),
        ("line(1); drawing.undo(); line(2); drawing.redo(); note()", ["2"]),
        ("line(1); drawing.clear(); drawing.clear(); drawing.undo(); note()", ["1"]),
        ("line(1); drawing.begin([0, 2]); drawing.undo(); note(); drawing.end(); note()",
         ["1", "1"]),
        ("line(1); drawing.begin([0, 2]); drawing.discard(); note()", ["1"]),
        ("drawing.begin([0, 1]); drawing.clear(); note(); drawing.undo(); note()", ["", "1"]),
        ("drawing.begin([0, 1]); drawing.begin([0, 2]); drawing.end(); note()", ["12"]),
        ("drawing.extend([[0, 1]]); drawing.end(); note()", [""]),
    ],
)  # fmt: skip
def test_the_drawing_remembers_every_state(blank: Page, steps: str, expected: list[str]) -> None:
    seen = blank.evaluate(f"async () => {{ {DRAWING} {LINES} {steps}; return seen; }}")
    assert seen == expected


def test_strokes_returned_earlier_do_not_change(blank: Page) -> None:
    before, after = blank.evaluate(
        f"""async () => {{
          {DRAWING}
          const drawing = createDrawing();
          drawing.begin([0, 0]);
          const early = drawing.strokes;
          drawing.extend([[0.5, 0.5]]);
          return [early[0].length, drawing.strokes[0].length];
        }}"""
    )
    assert (before, after) == (1, 2)


def test_the_sheet_changes_when_ink_goes_or_comes_back_but_not_when_it_grows(blank: Page) -> None:
    sheets = blank.evaluate(
        f"""async () => {{
          {DRAWING} {LINES}
          const sheets = [drawing.sheet];
          const steps = [() => line(1), () => line(2), drawing.undo, drawing.redo, drawing.clear,
            () => {{ drawing.begin([0, 0]); drawing.discard(); }}];
          for (const step of steps) {{ step(); sheets.push(drawing.sheet); }}
          return sheets;
        }}"""
    )
    assert sheets == [0, 0, 0, 1, 2, 3, 4]


def test_points_that_add_no_shape_are_left_out(blank: Page) -> None:
    points = blank.evaluate(
        f"""async () => {{
          {DRAWING}
          const drawing = createDrawing();
          drawing.begin([0.5, 0.5]);
          drawing.extend([[0.503, 0.5], [0.5, 0.5], [0.6, 0.5], [0.6, 0.5035], [0.6, 0.51]]);
          return drawing.strokes[0];
        }}"""
    )
    assert points == [[0.5, 0.5], [0.6, 0.5], [0.6, 0.51]]


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0, "0.0"), (0.0004, "0.0"), (0.123, "12.3"), (0.9996, "99.9"), (1, "99.9")],
)
def test_no_probability_is_shown_as_100_percent(blank: Page, probability: float, text: str) -> None:
    module = "(await import('/static/js/answer/words.js'))"
    shown = blank.evaluate(f"async (value) => {module}.percent(value)", probability)
    assert shown == f"{text}\u2009%"


@pytest.mark.parametrize(
    ("probability", "text"), [(0, "0"), (0.004, "0"), (0.123, "12"), (0.996, "99"), (1, "99")]
)
def test_bars_and_digits_of_a_number_have_whole_per_cents(
    blank: Page, probability: float, text: str
) -> None:
    module = "(await import('/static/js/answer/words.js'))"
    assert blank.evaluate(f"async (value) => {module}.wholePercent(value)", probability) == text


@pytest.mark.parametrize(
    ("digits", "is_several"),
    [
        ([("digit", [0]), ("digit", [1])], True),
        ([("digit", [0])], False),
        ([], False),
        ([("digit", [0]), ("unsure", [1])], False),
        ([("digit", [0]), ("not-a-digit", [1])], False),
        ([("digit", [0]), ("digit", [0])], False),  # one stroke was cut: a letter
    ],
)
def test_only_what_is_surely_several_digits_is_offered_as_a_number(
    blank: Page, digits: list[tuple[str, list[int]]], is_several: bool
) -> None:
    found = {"digits": [{"verdict": verdict, "strokes": strokes} for verdict, strokes in digits]}
    module = "(await import('/static/js/answer/words.js'))"
    assert blank.evaluate(f"async (answer) => {module}.isSeveral(answer)", found) is is_several


def unsure(digit: int, or_perhaps: int) -> dict[str, Any]:
    """The fields of an unsure answer that differ from another answer."""
    probabilities = [0.5 if i == digit else 0.4 if i == or_perhaps else 0.01 for i in range(10)]
    return {"verdict": "unsure", "digit": digit, "probabilities": probabilities}


@pytest.mark.parametrize(
    ("changes", "figure", "sentence"),
    [
        ({"confidence": 0.999}, "7", "A 7, almost certainly."),
        ({"confidence": 0.95}, "7", "A 7, very likely."),
        ({"confidence": 0.85}, "7", "A 7, probably."),
        ({"digit": 8, "confidence": 0.95}, "8", "An 8, very likely."),
        (unsure(4, or_perhaps=9), "4", "A 4 or a 9?"),
        (unsure(4, or_perhaps=9) | {"alternatives": [4, 7]}, "4", "A 4 or a 7?"),
        (unsure(0, or_perhaps=8), "0", "A 0 or an 8?"),
        ({"verdict": "not-a-digit", "digit": None}, "?", "That does not look like a digit."),
        ({"verdict": "blank", "digit": None}, "", "Any digit from 0 to 9, as you would write it."),
    ],
)  # fmt: skip
def test_an_answer_is_put_into_words(
    blank: Page, changes: dict[str, Any], figure: str, sentence: str
) -> None:
    module = "(await import('/static/js/answer/words.js'))"
    words = blank.evaluate(f"async (answer) => {module}.describe(answer)", {**answer(7), **changes})
    assert words == {"figure": figure, "sentence": sentence}


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "not-a-digit", "digit": None},
        {"number": "1?", "digits": [answer(1), answer(7) | {"verdict": "not-a-digit"}]},
    ],
    ids=["digit", "number"],
)
def test_before_the_pen_has_rested_no_drawing_is_called_no_digit(
    blank: Page, changes: dict[str, Any]
) -> None:
    module = "(await import('/static/js/answer/words.js'))"
    words = blank.evaluate(
        f"async (answer) => {module}.describe(answer, {{ rested: false }})",
        {**answer(7), **changes},
    )
    assert words == {"figure": "·", "sentence": "Still reading …"}


def test_marks_that_would_overlap_are_moved_apart(blank: Page) -> None:
    places = blank.evaluate(
        """async () => {
          const { spread } = await import("/static/js/pad/number.js");
          return [spread([50, 150], 40, 200), spread([100, 110, 120], 40, 200),
            spread([5, 195], 40, 200), spread([190, 195], 40, 200), spread([], 40, 200),
            spread([10, 20, 30, 40], 40, 80)];
        }"""
    )
    apart = [[50, 150], [100, 140, 180], [20, 180], [140, 180], [], [10, 30, 50, 70]]
    assert places == apart


def test_a_command_needs_no_more_keys_than_its_own(blank: Page) -> None:
    commands = blank.evaluate(
        """async () => {
          const { commandOf } = await import("/static/js/pad/tools.js");
          const press = (key, ...held) =>
            commandOf({ key, ...Object.fromEntries(held.map((name) => [name, true])) });
          return [press("z"), press("z", "ctrlKey"), press("Z", "ctrlKey", "shiftKey"),
            press("z", "ctrlKey", "altKey"), press("y", "metaKey"), press("Escape", "shiftKey"),
            press("constructor"), press("Delete")];
        }"""
    )
    assert commands == [None, "undo", "redo", None, "redo", None, None, "clear"]
