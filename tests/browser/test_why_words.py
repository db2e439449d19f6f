"""The modules of the tab Why, one by one, as the browser imports them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.server import Server


@pytest.fixture(scope="module")
def blank(browser: Browser, server: Server) -> Iterator[Page]:
    """A page in which modules are imported."""
    page = browser.new_page()
    page.goto(server.url)
    yield page
    page.close()


@pytest.fixture
def call(blank: Page) -> Any:
    """Calls a function of a module, named like "lens/why/words.js aboutPiece"."""

    def call(name: str, *arguments: Any) -> Any:
        module, function = name.split()
        return blank.evaluate(
            """async ([module, name, values]) =>
                 (await import(`/static/js/${module}`))[name](...values)""",
            [module, function, list(arguments)],
        )

    return call


def piece(effect: float) -> dict[str, Any]:
    return {"stroke": 0, "from": 0, "to": 1, "effect": effect}


WHY = {"difference": 12.34, "pieces": [piece(4), piece(-0.1), piece(-14)], "erasure": None}


@pytest.mark.parametrize(
    ("difference", "words"), [(12.34, "7 leads 1 by 12"), (-3.21, "1 leads 7 by 3.2")]
)
def test_the_lead_is_that_of_the_digit_with_the_higher_score(
    call: Any, difference: float, words: str
) -> None:
    assert call("lens/why/words.js lead", difference, [7, 1]) == words


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (-1, "Move the slider to look at one piece."),
        (0, "Piece 1 of 3 speaks for 7. Without it, 7 leads 1 by 8.3."),
        (1, "Piece 2 of 3 matters little. Without it, 7 leads 1 by 12."),
        (2, "Piece 3 of 3 speaks for 1. Without it, 7 leads 1 by 26."),
    ],
)
def test_a_piece_is_described_by_what_happens_without_it(call: Any, index: int, words: str) -> None:
    assert call("lens/why/words.js aboutPiece", WHY, index, [7, 1]) == words


def test_no_pieces_are_explained(call: Any) -> None:
    words = call("lens/why/words.js aboutPiece", WHY | {"pieces": []}, -1, [7, 1])
    assert words == "There are too many strokes: more than 40."


@pytest.mark.parametrize(
    ("pieces", "digit", "redrawn", "words"),
    [
        ([1], 1, 1, "the dashed piece, and with the rest in its place, it reads 1. As a new"),
        ([1, 2], 1, 7, "But a new drawing is moved and scaled, and then the rest is still 7."),
        ([1, 2], 1, None, "As a new drawing the rest is no digit to it."),
        ([1, 2], 1, 4, "As a new drawing, moved and scaled, the rest is 4 to it."),
    ],
)
def test_an_erasure_says_what_is_read_in_place_and_as_a_new_drawing(
    call: Any, pieces: list[int], digit: int, redrawn: int | None, words: str
) -> None:
    erasure = {"pieces": pieces, "digit": digit, "redrawn": {"digit": redrawn}}
    assert words in call("lens/why/words.js aboutErasure", WHY | {"erasure": erasure}, 7)


def test_no_erasure_is_explained(call: Any) -> None:
    assert "None was found" in call("lens/why/words.js aboutErasure", WHY, 7)
    one = WHY | {"pieces": [piece(1)]}
    assert call("lens/why/words.js aboutErasure", one, 7) == "There are no pieces to erase."


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        ([18, 25], "Your 4 survives a turn of 18°: it stays 4 when it is turned by up to 18°"),
        ([90, 90], "Your 4 survives every turn that was tried: it stays 4"),
        ([0, 25], "Your 4 survives a turn of 0°: it stays 4"),
    ],
)
def test_robustness_begins_with_the_smaller_turn(call: Any, turn: list[int], words: str) -> None:
    survives = {"turn": turn, "slant": [5, 6], "width": [0.25, 2.8284]}
    found = call("lens/why/words.js aboutRobustness", {"digit": 4, "survives": survives})
    assert found.startswith(words)
    assert "slanted by up to 5° to the left and 6° to the right" in found
    assert found.endswith("with a line of 0.25 to 2.8 times the usual width.")


@pytest.mark.parametrize(("digit", "words"), [(None, "Only a digit"), (4, "too much ink")])
def test_what_was_not_tried_is_explained(call: Any, digit: int | None, words: str) -> None:
    answer = {"digit": digit, "survives": None}
    assert words in call("lens/why/words.js aboutRobustness", answer)


@pytest.mark.parametrize(("digit", "pair"), [(4, [7, 4]), (7, [1, 7]), (1, [1, 7])])
def test_a_pressed_digit_is_the_second_or_swaps_both(
    call: Any, digit: int, pair: list[int]
) -> None:
    assert call("lens/why/chooser.js pressed", [7, 1], digit) == pair


def test_the_two_best_are_the_most_probable(call: Any) -> None:
    shares = [0.0, 0.3, 0.0, 0.0, 0.5, 0.0, 0.0, 0.2, 0.0, 0.0]
    assert call("lens/why/chooser.js twoBest", shares) == [4, 1]


LINE = [[0, 0], [1, 0], [2, 0], [3, 0]]


@pytest.mark.parametrize("stroke", [LINE[:1], LINE[:2], LINE[:3], LINE])
def test_a_part_from_end_to_end_begins_and_ends_with_the_stroke(
    call: Any, stroke: list[list[int]]
) -> None:
    last = len(stroke) - 1
    part = call("lens/why/curve.js partOf", stroke, 0, last)
    assert part[0] == stroke[0]
    assert part[-1] == stroke[-1]
    assert [x for x, _ in part] == sorted(x for x, _ in part)


def test_a_corner_is_cut_as_on_the_pad(call: Any) -> None:
    corner = [[0, 0], [2, 0], [2, 2], [4, 2]]
    assert call("lens/why/curve.js pointAt", corner, 1.5) == [2, 1]  # the middle of two points
    assert call("lens/why/curve.js pointAt", corner, 0.75) == [1.5, 0.25]
    assert call("lens/why/curve.js pointAt", corner, 2.75) == [3.5, 2]


def test_the_values_of_a_map_are_symmetric_and_zero_is_zero(call: Any) -> None:
    pixels = {"low": -1, "high": 4, "data": "ADP/"}  # bytes 0, 51, 255
    found = call("lens/why/maps.js valuesOf", pixels)
    assert found["most"] == 4
    assert found["values"] == [-0.25, 0, 1]


DRAWINGS = [[0.8, 0.9333, 40, 37], [0.9333, 1, 1800, 1790]]
DIGITS = [[0.7333, 0.8, 50, 40], [0.8, 0.9333, 9, 9], [0.9333, 1, 90, 90]]


@pytest.mark.parametrize(
    ("confidence", "drawings", "words"),
    [
        (0.97, DRAWINGS, "Of 1,800 drawings by other people that it read this surely (93 to 100"),
        (0.97, DRAWINGS, "1,790 were right: 99.4 of 100."),
        (0.85, DRAWINGS, "37 were right: 93 of 100."),
        (1.0, [], "Of 90 digits of the test set that it read this surely (93 to 100\u2009%), all"),
        (0.75, DRAWINGS, "No drawing by other people was read just this surely. Of 50 digits"),
        (0.85, [[0.8, 0.9333, 9, 6]], "only 9 were read this surely, and 6 of them right: too few"),
        (0.1, [], "was not measured"),
    ],
)
def test_a_percentage_is_explained_by_what_was_measured(
    call: Any, confidence: float, drawings: list[Any], words: str
) -> None:
    reliability = {"drawings": drawings, "digits": DIGITS}
    assert words in call("answer/meaning.js meaningOf", confidence, reliability)


def test_a_network_that_was_not_measured_says_so(call: Any) -> None:
    assert call("answer/meaning.js meaningOf", 0.9) == (
        "How often an answer this sure is right was not measured."
    )


def test_an_erasure_of_a_number_changes_one_digit_only(blank: Page) -> None:
    strokes = blank.evaluate(
        """async () => {
          const { erased } = await import("/static/js/lens/why/erasure.js");
          const [one, two, three] = [[[0, 0]], [[1, 1]], [[2, 2]]];
          return erased([one, two, three], [two], [[[9, 9]]]);
        }"""
    )
    assert strokes == [[[0, 0]], [[2, 2]], [[9, 9]]]
