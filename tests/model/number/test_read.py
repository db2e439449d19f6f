"""Whole numbers: every digit is found, from left to right."""

from pathlib import Path

import numpy as np
import pytest

from model import Network, load
from model.evaluation import NO_GATE
from model.evaluation.measure import load_gate
from model.ink import render
from model.number.cuts import typical_height
from model.number.graph import graph_of
from model.number.read import read_number
from model.variants import build
from tests.model.evaluation.scripted import as_gate, as_network, gate, reader
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

TWO: list[Stroke] = [
    [(30, 30), (40, 15), (58, 14), (66, 28), (58, 48), (30, 86), (50, 85), (74, 84)]
]
FOUR: list[Stroke] = [[(50, 12), (26, 60), (74, 60)], [(58, 36), (58, 90)]]
EIGHT: list[Stroke] = [
    [
        *[(64, 20), (50, 12), (36, 22), (42, 40), (60, 56), (66, 74), (50, 88)],
        *[(34, 76), (40, 58), (58, 42), (64, 20)],
    ]
]
NINE: list[Stroke] = [
    [(66, 26), (50, 12), (34, 28), (42, 48), (60, 46), (66, 26), (64, 60), (60, 90)]
]
BARRED_SEVEN: list[Stroke] = [*SEVEN, [(44, 54), (74, 52)]]
SLASHED_ZERO: list[Stroke] = [*ZERO, [(62, 24), (38, 76)]]
DIGITS = dict(
    zip("012345789", [ZERO, ONE, TWO, THREE, FOUR, FIVE, SEVEN, EIGHT, NINE], strict=True)
) | {"F": BARRED_SEVEN}


def written(number: str, gap: float = 20) -> list[Stroke]:
    """The digits beside each other, the ink of each `gap` to the right of the one before it."""
    strokes: list[Stroke] = []
    for name in number:
        ends = max((x for stroke in strokes for x, _ in stroke), default=-gap)
        begins = min(x for stroke in DIGITS[name] for x, _ in stroke)
        strokes += shifted(DIGITS[name], ends + gap - begins)
    return strokes


def shifted(strokes: list[Stroke], x: float) -> list[Stroke]:
    return [[(px + x, py) for px, py in stroke] for stroke in strokes]


GATE = load_gate(Path("weights/gate.npz"))


@pytest.fixture(scope="module")
def network() -> Network:
    return load("weights/lenet.npz")


def answer(network: Network, strokes: list[Stroke]) -> str:
    pieces = read_number(network, GATE, strokes)
    return "".join(str(piece.probabilities.argmax()) for piece in pieces)


@pytest.mark.parametrize("gap", [5, 20, 40])
@pytest.mark.parametrize("number", ["42", "1998", "53", "1375", "2025", "100"])
def test_digits_beside_each_other_are_a_number(network: Network, number: str, gap: float) -> None:
    assert answer(network, written(number, gap)) == number


@pytest.mark.parametrize("digit", DIGITS)
def test_a_single_digit_stays_one_digit(network: Network, digit: str) -> None:
    (piece,) = read_number(network, GATE, DIGITS[digit])
    assert piece.probabilities.argmax() == int(digit.replace("F", "7"))
    assert np.array_equal(piece.picture, render(DIGITS[digit]))


@pytest.mark.parametrize("digit", [FOUR, FIVE, BARRED_SEVEN, SLASHED_ZERO])
def test_strokes_that_cross_belong_together(network: Network, digit: list[Stroke]) -> None:
    assert len(read_number(network, GATE, [*digit, *shifted(ONE, 60)])) == 2
    assert len(read_number(network, GATE, [*ONE, *shifted(digit, 60)])) == 2


@pytest.mark.parametrize("number", ["42", "75", "F4", "451"])
def test_the_order_of_the_strokes_does_not_matter(network: Network, number: str) -> None:
    strokes = written(number)
    for order in (strokes[::-1], strokes[1::2] + strokes[::2]):
        assert answer(network, order) == number.replace("F", "7")


@pytest.mark.parametrize("number", ["53", "30", "35"])
def test_digits_that_touch_are_told_apart(network: Network, number: str) -> None:
    assert answer(network, written(number, gap=0)) == number
    assert answer(network, written(number, gap=-4)) == number


AS_80 = pytest.mark.xfail(reason="the 3 and the line from it to the 0 are read as an 8")


@pytest.mark.parametrize("number", [pytest.param("30", marks=AS_80), "32", "42", "55", "73", "87"])
def test_digits_drawn_in_one_go_are_told_apart(network: Network, number: str) -> None:
    in_one_go = [point for stroke in written(number, gap=35) for point in stroke]
    pieces = read_number(network, GATE, [in_one_go])
    assert "".join(str(piece.probabilities.argmax()) for piece in pieces) == number
    assert [piece.strokes for piece in pieces] == [(0,), (0,)]


def test_size_and_place_do_not_matter(network: Network) -> None:
    strokes = [np.array(stroke) for stroke in written("4F5")]
    for scale in (0.03, 1.0, 40.0):
        moved = [stroke * scale + (900, -70) for stroke in strokes]
        assert answer(network, moved) == "475"  # type: ignore[arg-type]


def test_a_piece_says_where_its_ink_is_and_which_strokes_it_has(network: Network) -> None:
    strokes = [[], *written("4"), *shifted(ONE, 60)]
    four, one = read_number(network, GATE, strokes)
    assert (four.strokes, one.strokes) == ((1, 2), (3,))
    assert four.box == (0, 12, 48, 90)
    assert one.box == (107, 12, 112, 90)
    assert (one.picture.shape, one.probabilities.shape) == ((28, 28), (10,))
    assert one.probabilities.sum() == pytest.approx(1)


@pytest.mark.parametrize(("of_reader", "of_gate"), [("emnist", "mnist"), ("mnist", "emnist")])
def test_reader_and_gate_see_every_piece_in_the_frame_of_their_own_card(
    of_reader: str, of_gate: str
) -> None:
    network = reader({"3": (3, 0.9), "7": (7, 0.8)}, of_reader)
    asked = gate({"3": 0.95, "7": 0.4}, of_gate)
    for strokes, name, digit in ((THREE, "3", 3), (SEVEN, "7", 7)):
        (piece,) = read_number(as_network(network), as_gate(asked), strokes)
        assert piece.probabilities.argmax() == digit
        assert piece.digit_probability == asked.answers[render(strokes, of_gate).tobytes()]
        assert np.array_equal(piece.picture, render(strokes, of_reader)), name
        assert piece.verdict(0.5) == ("digit" if digit == 3 else "not-a-digit")


def test_without_a_gate_every_piece_is_a_digit_for_sure() -> None:
    pieces = read_number(build("lenet", seed=1), NO_GATE, written("42"))
    assert {piece.digit_probability for piece in pieces} == {1.0}


def test_nothing_drawn_is_no_number(network: Network) -> None:
    assert read_number(network, GATE, []) == []
    assert read_number(network, GATE, [[], []]) == []


@pytest.mark.parametrize("dot", [[(9, 9)], [(9, 9), (9, 9)]])
def test_a_dot_is_one_piece_and_no_digit(network: Network, dot: Stroke) -> None:
    (piece,) = read_number(network, GATE, [dot])
    assert piece.verdict(GATE.threshold) == "not-a-digit"


def test_a_comma_between_digits_is_no_digit(network: Network) -> None:
    comma = [(103.0, 86.0), (100.0, 98.0)]
    pieces = read_number(network, GATE, [*THREE, comma, *shifted(FIVE, 104)])
    verdicts = [piece.verdict(GATE.threshold) for piece in pieces]
    assert verdicts == ["digit", "not-a-digit", "digit"]


def test_a_one_is_as_high_as_its_neighbours(network: Network) -> None:
    tall = read_number(network, GATE, [*ZERO, *shifted(ONE, 45)])[1]
    assert tall.size == pytest.approx(1, abs=0.1)
    assert tall.verdict(threshold=0) == "digit"


@pytest.mark.parametrize("line", [[(0, 0), (900, 0)], [(0, 0), (0, 900)], [(0, 0), (1e-9, 0)]])
def test_a_line_is_one_piece(network: Network, line: Stroke) -> None:
    assert len(read_number(network, GATE, [line])) == 1


def test_every_drawing_has_an_answer(network: Network) -> None:
    rng = np.random.default_rng(1998)
    for strokes in rng.integers(1, 9, 60):
        size = rng.uniform(1, 300, 2)
        drawing = [rng.normal(0, size, (n, 2)).cumsum(axis=0) for n in rng.integers(1, 9, strokes)]
        pieces = read_number(network, GATE, drawing)
        assert pieces
        assert all(np.isfinite(piece.probabilities).all() for piece in pieces)


@pytest.mark.parametrize("strokes", [1_000, 149])
def test_a_scribble_is_read_in_bounded_time(network: Network, strokes: int) -> None:
    rng = np.random.default_rng(0)
    scribble = [rng.uniform(0, 300, (10, 2)) for _ in range(strokes)]
    assert len(read_number(network, GATE, scribble)) == 1


def test_many_short_strokes_make_a_bounded_number_of_candidates(network: Network) -> None:
    fence: list[Stroke] = [[(6 * i, 0), (6 * i, 100)] for i in range(140)]
    lines = dict(enumerate(map(np.array, fence)))
    assert len(graph_of(lines, typical_height(lines.values())).arcs) < 800
    assert sum(len(piece.strokes) for piece in read_number(network, GATE, fence)) == 140


@pytest.mark.parametrize("stroke", [[(0, float("nan"))], [1, 2, 3], [[1], [2]]])
def test_a_value_that_is_no_stroke_is_refused(network: Network, stroke: Stroke) -> None:
    with pytest.raises(ValueError, match="wanted points"):
        read_number(network, GATE, [*ONE, stroke])
