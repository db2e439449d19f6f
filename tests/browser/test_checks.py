"""The checks of the six challenges, called as modules; and that each of them can be met."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from app.lessons import CHALLENGES
from app.question import Options
from app.reader import Reader
from app.readings import Reading
from model.variants import READERS
from tests.browser.hand import FOUR, ONE, SEVEN, THREE
from tests.browser.hand import Stroke as HandStroke
from tests.browser.server import ROOT, Server
from tests.browser.solutions import SOLUTIONS
from tests.strokes import FIVE, ZERO

CHECKS = "await import('/static/js/lessons/challenges.js')"
SHAPE = "await import('/static/js/lessons/shape.js')"
LINE: list[Any] = [[[0.2, 0.5], [0.8, 0.5]]]


@pytest.fixture(scope="module")
def blank(browser: Browser, server: Server) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{server.url}live")
    yield page
    page.close()


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The committed networks."""
    return Reader(ROOT / "weights", "lenet")


def says(digit: int | None, share: float = 0.97, verdict: str = "digit") -> dict[str, Any]:
    """A made answer."""
    others = [(1 - share) / 9] * 10
    shares = [share if i == digit else other for i, other in enumerate(others)]
    return {"verdict": verdict, "digit": digit, "probabilities": shares, "confidence": share}


NOTHING = says(None, 0.1, "not-a-digit")


def check(page: Page, name: str, views: list[tuple[Any, Any]]) -> dict[str, Any]:
    """The last result of a challenge, asked about these strokes and answers in turn.

    An answer is that of the chosen network, or a list of five of all networks.
    """
    asked = [
        {
            "strokes": strokes,
            "answer": answers[0] if isinstance(answers, list) else answers,
            "answers": [list(pair) for pair in zip(READERS, all_of(answers), strict=False)],
            "models": list(READERS),
        }
        for strokes, answers in views
    ]
    result: dict[str, Any] = page.evaluate(
        f"""async ([name, views]) => {{
          const {{ challengeNamed }} = {CHECKS};
          let result = {{}};
          for (const view of views) {{
            view.answers = new Map(view.answers);
            result = challengeNamed(name).check(view, result.memory);
          }}
          return result;
        }}""",
        [name, asked],
    )
    return result


def all_of(answers: Any) -> list[Any]:
    return answers if isinstance(answers, list) else [answers]


def test_every_challenge_of_the_page_has_a_check(blank: Page) -> None:
    names = blank.evaluate(f"async () => ({CHECKS}).CHALLENGES.map(({{ name }}) => name)")
    assert names == [challenge.name for challenge in CHALLENGES]


def hundredths(strokes: list[Any]) -> list[Any]:
    return [[[x / 100, y / 100] for x, y in stroke] for stroke in strokes]


@pytest.mark.parametrize(
    ("strokes", "form"),
    [
        (FOUR, "4"),
        ([ONE], "1"),
        ([THREE], "3"),
        ([SEVEN], "7"),
        (hundredths(FIVE), "5"),
        (hundredths(ZERO), "0"),
        (SOLUTIONS["four-nine"], "4"),
        (SOLUTIONS["letter"], "A"),
        (SOLUTIONS["smallest-eight"], "8"),
        ([[(0.1, 0.1), (0.9, 0.9)]], None),
        ([[(0.5, 0.5)]], None),
        ([[(0.5, 0.5)], [(0.5, 0.5)]], None),
    ],
)
def test_shapes_are_compared_without_a_network(
    blank: Page, strokes: list[HandStroke], form: str | None
) -> None:
    script = f"async (strokes) => ({SHAPE}).nearestForm(strokes)"
    assert blank.evaluate(script, strokes) == form
    moved = [[(7 + 300 * x, 20 + 300 * y) for x, y in stroke] for stroke in strokes]
    assert blank.evaluate(script, moved) == form  # whatever its size and place


@pytest.mark.parametrize(
    ("strokes", "answer", "done", "words"),
    [
        (FOUR, says(9), True, "Its shape is that of a 4. It reads 9."),
        (FOUR, says(9, 0.5, "unsure"), True, "It reads 9."),
        (FOUR, says(4), False, "Its shape is that of a 4. It reads 4."),
        (FOUR, NOTHING, False, "It sees no digit."),
        (SOLUTIONS["letter"], says(9), False, "not that of a 4, but that of the letter A."),
        (LINE, says(9), False, "not that of a 4, but none that this page knows."),
        (SOLUTIONS["smallest-eight"], says(9), False, "but that of an 8."),
    ],
)
def test_a_4_must_be_read_as_9_and_be_a_4(
    blank: Page, strokes: Any, answer: Any, done: bool, words: str
) -> None:
    result = check(blank, "four-nine", [(strokes, answer)])
    assert (result["done"], words in result["progress"]) == (done, True), result
    assert bool(result["hint"]) is not done


def square(side: float) -> list[Any]:
    return [[[0.2, 0.2], [0.2 + side / 2, 0.2 + side]]]


def test_the_smallest_8_so_far_is_remembered(blank: Page) -> None:
    views = [(square(0.3), says(8)), (square(0.2), says(8)), (square(0.05), says(3))]
    result = check(blank, "smallest-eight", views)
    assert result["progress"] == "It reads 3; wanted is a sure 8. Your smallest so far: 20\u2009%."
    assert result["done"] is False


@pytest.mark.parametrize(
    ("side", "answer", "done"),
    [
        (0.1, says(8), True),
        (0.11, says(8), False),
        (0.05, says(8, 0.5, "unsure"), False),
        (0.05, says(3), False),
    ],
)
def test_a_small_8_must_be_read_surely(blank: Page, side: float, answer: Any, done: bool) -> None:
    assert check(blank, "smallest-eight", [(square(side), answer)])["done"] is done


@pytest.mark.parametrize(
    ("digits", "done", "words"),
    [
        ([1, 2, 3, 4, 5], True, "5 different digits: 1, 2, 3, 4, 5."),
        ([1, 2, 3, 4, 4], False, "4 different digits: 1, 2, 3, 4, 4."),
        ([7, 7, 7, 7, 7], False, "One digit: 7, 7, 7, 7, 7."),
        ([1, 2, 3, 4, None], False, "4 different digits: 1, 2, 3, 4, no digit."),
        ([None] * 5, False, "No digit: no digit, no digit"),
        ([1, 2, 3], False, "Waiting for all five …"),
    ],
)
def test_five_networks_must_give_five_digits(
    blank: Page, digits: list[int | None], done: bool, words: str
) -> None:
    answers = [NOTHING if digit is None else says(digit) for digit in digits]
    result = check(blank, "five-answers", [(LINE, answers)])
    assert (result["done"], words in result["progress"]) == (done, True), result


def test_the_most_answers_so_far_are_remembered(blank: Page) -> None:
    views = [(LINE, [says(d) for d in (1, 2, 3, 3, 3)]), (LINE, [says(1)] * 5)]
    assert "Your most: 3." in check(blank, "five-answers", views)["progress"]


@pytest.mark.parametrize(
    ("three", "five", "verdict", "done"),
    [
        (0.5, 0.4, "unsure", True),
        (0.3, 0.65, "digit", True),
        (0.29, 0.65, "digit", False),
        (0.4, 0.4, "not-a-digit", False),
    ],
)
def test_3_and_5_must_share_the_probability(
    blank: Page, three: float, five: float, verdict: str, done: bool
) -> None:
    answer = says(5, 0.1, verdict)
    answer["probabilities"][3], answer["probabilities"][5] = three, five
    answer["digit"] = None if verdict == "not-a-digit" else 5
    assert check(blank, "three-five", [(LINE, answer)])["done"] is done


@pytest.mark.parametrize(
    ("strokes", "answer", "done", "words"),
    [
        (SOLUTIONS["letter"], says(4), True, "that of the letter A. It reads 4."),
        (SOLUTIONS["letter"], says(4, 0.5, "unsure"), False, "It reads 4, but is not sure."),
        (SOLUTIONS["letter"], NOTHING, False, "It sees no digit."),
        (FOUR, says(4), False, "It reads 4. Its shape is that of a 4."),
        (LINE, says(1), False, "Its shape is none that this page knows."),
    ],
)
def test_a_letter_must_be_one_and_be_read_as_a_digit(
    blank: Page, strokes: Any, answer: Any, done: bool, words: str
) -> None:
    result = check(blank, "letter", [(strokes, answer)])
    assert (result["done"], words in result["progress"]) == (done, True), result


DOT = [[0.5, 0.1]]
TAP = [[0.5, 0.1], [0.53, 0.12]]  # a finger that moves a little
DASH = [[0.5, 0.1], [0.6, 0.1]]


@pytest.mark.parametrize(
    ("views", "done", "words"),
    [
        ([(LINE, says(1)), ([*LINE, DOT], says(7))], True, "Without the dot: 1. With it: 7."),
        ([([*LINE, DOT], says(7)), (LINE, says(1))], True, "Without the dot: 1. With it: 7."),
        ([(LINE, says(1)), ([*LINE, TAP], says(7))], True, "With it: 7."),
        ([(LINE, says(1)), ([*LINE, DASH], says(7))], False, "It reads 7."),
        ([(LINE, says(1)), ([*LINE, DOT], says(1))], False, "Without the dot: 1. With it: 1."),
        ([(LINE, says(1)), ([*LINE, DOT], NOTHING)], False, "With it: no digit."),
        ([(LINE, NOTHING), ([*LINE, DOT], says(1))], False, "It reads 1."),
        ([(LINE, says(1)), ([*LINE, DOT, DOT], says(7))], False, "It reads 7."),
        ([([DASH], says(1)), ([*LINE, DOT], says(7))], False, "It reads 7."),
    ],
)
def test_one_dot_must_change_the_digit(
    blank: Page, views: list[Any], done: bool, words: str
) -> None:
    result = check(blank, "one-dot", views)
    assert (result["done"], words in result["progress"]) == (done, True), result


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_challenge_can_be_met_with_the_committed_networks(
    blank: Page, reader: Reader, name: str
) -> None:
    """Also if the hand trembles: it is met by most drawings that differ a little."""
    rng = np.random.default_rng(7)
    met = 0
    for _ in range(10):
        strokes = [
            (np.array(stroke) + rng.normal(0, 0.001, (len(stroke), 2))).tolist()
            for stroke in SOLUTIONS[name]
        ]
        views = [(strokes, answers_of(reader, strokes))]
        if name == "one-dot":
            views.insert(0, (strokes[:-1], answers_of(reader, strokes[:-1])))
        met += check(blank, name, views)["done"]
    assert met >= 8


def answers_of(reader: Reader, strokes: list[Any]) -> list[dict[str, Any]]:
    """What each of the networks says of a drawing."""
    drawing = [np.array(stroke) for stroke in strokes]
    return [opinion(reader.read(drawing, Options(name))) for name in READERS]


def opinion(reading: Reading) -> dict[str, Any]:
    fields = ("verdict", "digit", "alternatives", "confidence", "probabilities")
    return {name: getattr(reading, name) for name in fields}


def test_every_challenge_has_a_drawing_that_meets_it() -> None:
    assert list(SOLUTIONS) == [challenge.name for challenge in CHALLENGES]
