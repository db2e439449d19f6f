"""How far the answer to a drawing holds."""

import numpy as np
import pytest

from benchmarks.dearest import ink
from model import load
from model.evaluation import Gate
from model.ink import render
from model.ink.redraw import smoothed
from model.insight import SLANTS, TURNS, WIDTHS, robustness
from model.insight.answers import Answer, read_all
from model.insight.robustness import (
    LARGEST_SLANT,
    LARGEST_TURN,
    MOST_POINTS,
    SMOOTH_ALREADY,
    Change,
    changed,
)
from model.types import Array
from tests.model.insight.hands import count_pictures
from tests.strokes import ONE, SEVEN, THREE, ZERO, Stroke

LENET, GATE = load("weights/lenet.npz"), Gate(load("weights/gate.npz"))
UPRIGHT = [np.array([[0.0, 10.0], [0.0, 0.0]])]  # from below to above


@pytest.mark.parametrize("change", [Change(turn=30), Change(slant=30), Change(turn=-1, slant=20)])
def test_a_change_to_the_right_moves_the_top_to_the_right(change: Change) -> None:
    (line,) = changed(UPRIGHT, change)
    bottom, top = line
    assert top[0] > bottom[0]


def test_turning_keeps_lengths_and_slanting_keeps_heights() -> None:
    (turned,), (slanted,) = changed(UPRIGHT, Change(turn=90)), changed(UPRIGHT, Change(slant=45))
    assert turned == pytest.approx(np.array([[-10, 0], [0, 0]]), abs=1e-9)
    assert slanted == pytest.approx(np.array([[-10, 10], [0, 0]]))


def answer_to(strokes: list[Stroke], change: Change) -> Answer:
    """The answer to a changed drawing, read as any new one."""

    def redraw(frame: str) -> Array:
        return render(changed(smoothed(strokes), change), frame, None, SMOOTH_ALREADY)[None]

    return read_all(LENET, GATE, redraw)[0]


@pytest.mark.parametrize("strokes", [SEVEN, THREE])
def test_each_cell_of_the_map_is_the_answer_to_the_drawing_changed_so(
    strokes: list[Stroke],
) -> None:
    found = robustness(LENET, GATE, strokes)
    for slant, row in zip(SLANTS[::4], found.map[::4], strict=True):
        for turn, answer in zip(TURNS[::3], row[::3], strict=True):
            wanted = answer_to(strokes, Change(turn, slant))
            assert (answer.verdict, answer.digit) == (wanted.verdict, wanted.digit)
            assert answer.confidence == pytest.approx(wanted.confidence, abs=1e-3)
    middle = found.map[SLANTS.index(0)][TURNS.index(0)]
    assert middle.digit == found.answer.digit
    assert middle.confidence == pytest.approx(found.answer.confidence, abs=0.01)


@pytest.mark.parametrize("strokes", [SEVEN, ONE])
def test_the_answer_holds_as_far_as_is_said_and_no_further(strokes: list[Stroke]) -> None:
    found = robustness(LENET, GATE, strokes)
    assert found.turn is not None
    assert found.slant is not None
    ends = [
        *((Change(turn=-found.turn[0]), Change(turn=-found.turn[0] - 1)),) * (found.turn[0] < 90),
        *((Change(turn=found.turn[1]), Change(turn=found.turn[1] + 1)),) * (found.turn[1] < 90),
        *((Change(slant=-found.slant[0]), Change(slant=-found.slant[0] - 1)),)
        * (found.slant[0] < 60),
        *((Change(slant=found.slant[1]), Change(slant=found.slant[1] + 1)),)
        * (found.slant[1] < 60),
    ]
    assert len(ends) >= 3
    for last, beyond in ends:
        assert answer_to(strokes, last).digit == found.answer.digit
        assert answer_to(strokes, beyond).digit != found.answer.digit


def test_a_round_zero_holds_however_it_is_turned() -> None:
    circle = [(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)]
    found = robustness(LENET, GATE, [circle])
    assert found.answer.digit == 0
    assert found.turn == (LARGEST_TURN, LARGEST_TURN)
    assert found.slant is not None
    assert max(found.slant) <= LARGEST_SLANT


def test_only_the_redrawn_line_has_a_width_and_the_usual_one_is_in_the_middle() -> None:
    found = robustness(LENET, GATE, ZERO)
    usual = WIDTHS.index(1)
    assert found.widths[usual].digit == found.answer.digit == 0
    assert found.width is not None
    thinnest, thickest = map(WIDTHS.index, found.width)
    held = [answer.digit == 0 for answer in found.widths]
    assert thinnest <= usual <= thickest
    assert all(held[thinnest : thickest + 1])
    assert not any(held[thinnest - 1 : thinnest] + held[thickest + 1 : thickest + 2])
    assert robustness(LENET, GATE, [np.array(ZERO[0]) * 7]).width == found.width


@pytest.mark.parametrize(
    "strokes",
    [[], [[]], [[(3, 4)]], ink("cloud", 300, 1, 100.0, 1.0, 0.0, 0), SEVEN * MOST_POINTS],
    ids=["nothing", "an empty stroke", "a dot", "a scribble", "far too much ink"],
)
def test_nothing_is_tried_with_what_is_no_digit_or_far_too_much_ink(strokes: list[Stroke]) -> None:
    found = robustness(LENET, GATE, strokes)
    assert found.map == []
    assert found.widths == []
    assert found.turn is found.slant is found.width is None


def test_a_question_has_a_bounded_number_of_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    read = count_pictures(monkeypatch, "predict")
    robustness(LENET, GATE, SEVEN)
    axes = 2 * (LARGEST_TURN // 5 + 4) + 2 * (LARGEST_SLANT // 5 + 4)
    assert sum(read) <= 2 * (1 + len(TURNS) * len(SLANTS) + len(WIDTHS) + axes)
