"""Another hand's drawing is another picture of the same digit, in the same frame."""

import numpy as np
import pytest

from model.data.stroke_augmentation import Hand, pen_width, redrawn, with_habit
from model.ink import render
from tests.strokes import FIVE, SEVEN, ZERO

DRAWING = [np.array(stroke, np.float32) for stroke in FIVE]
STEADY = Hand(rotation=0, slant=0, stretch=0, bend=0, stray=0, pen=0)


def test_a_steady_hand_changes_nothing() -> None:
    again = redrawn(DRAWING, np.random.default_rng(0), STEADY)
    np.testing.assert_allclose(render(again), render(DRAWING), atol=1e-3)
    assert pen_width(2.6, np.random.default_rng(0), STEADY) == 2.6


def test_every_hand_is_another_and_keeps_the_strokes() -> None:
    rng = np.random.default_rng(0)
    drawings = [redrawn(DRAWING, rng, Hand()) for _ in range(20)]
    assert {tuple(map(len, drawing)) for drawing in drawings} == {tuple(map(len, DRAWING))}
    pictures = [render(drawing) for drawing in drawings]
    assert len({picture.tobytes() for picture in pictures}) == 20
    nearness = [np.corrcoef(p.ravel(), render(DRAWING).ravel())[0, 1] for p in pictures]
    assert 0.5 < np.median(nearness) < 0.99  # the same digit, not the same picture


def test_each_habit_has_its_own_limit() -> None:
    for habit in ("rotation", "slant", "stretch", "bend", "stray"):
        one = Hand(**{name: 0.0 for name in vars(STEADY) if name != habit})
        changed = redrawn(DRAWING, np.random.default_rng(3), one)
        assert not np.allclose(render(changed), render(DRAWING), atol=1e-3), habit


def test_a_dot_stays_a_dot() -> None:
    (dot,) = redrawn([np.array([[5.0, 5.0]])], np.random.default_rng(0), STEADY)
    assert dot.tolist() == [[0, 0]]


def test_pens_lie_evenly_around_the_frames_own() -> None:
    rng = np.random.default_rng(0)
    widths = np.log([pen_width(2.0, rng, Hand(pen=0.3)) / 2.0 for _ in range(500)])
    assert -0.3 <= widths.min() < -0.28
    assert 0.28 < widths.max() <= 0.3


@pytest.mark.parametrize(("digit", "often"), [(0, 0.05), (7, 0.15), (5, 0)])
def test_now_and_then_a_zero_is_slashed_and_a_seven_barred(digit: int, often: float) -> None:
    rng = np.random.default_rng(0)
    strokes = [np.array(line, np.float32) for line in {0: ZERO, 7: SEVEN, 5: FIVE}[digit]]
    drawings = [with_habit(digit, strokes, rng) for _ in range(1000)]
    more = [drawing for drawing in drawings if len(drawing) > len(strokes)]
    assert len(more) / 1000 == pytest.approx(often, abs=0.03)
    points = np.concatenate(strokes)
    for drawing in more:
        assert (np.abs(drawing[-1].mean(axis=0) - points.mean(axis=0)) < 25).all()
