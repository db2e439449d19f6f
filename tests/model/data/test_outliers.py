"""What is made to be no digit is ink in great variety, and the same for the same seed."""

import numpy as np
import pytest

from model.data.ink_files import Sample
from model.data.outliers import face, oddity, pair, part, scribble, shape
from model.ink import render
from tests.strokes import FIVE, THREE, Stroke

KINDS = {"scribble": scribble, "shape": shape, "face": face}


def lines(strokes: list[Stroke]) -> list[np.ndarray]:
    return [np.array(stroke, np.float32) for stroke in strokes]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_draws_something_else_every_time(kind: str) -> None:
    rng = np.random.default_rng(0)
    pictures = [render(KINDS[kind](rng)) for _ in range(20)]
    assert all(picture.sum() > 10 for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == 20


DIGITS = [Sample("5", "", lines(FIVE)), Sample("3", "", lines(THREE))]


@pytest.mark.parametrize("digits", [[], DIGITS], ids=["without", "with"])
def test_an_oddity_is_decided_by_the_seed(digits: list[Sample]) -> None:
    first, second = (
        [render(oddity(digits, rng)) for _ in range(50)]
        for rng in (np.random.default_rng(4), np.random.default_rng(4))
    )
    np.testing.assert_array_equal(first, second)


def test_a_pair_stands_side_by_side_with_every_stroke_of_both() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        both = pair(lines(FIVE), lines(THREE), rng)
        assert len(both) == len(FIVE) + len(THREE)
        left, right = np.concatenate(both[:2])[:, 0], np.concatenate(both[2:])[:, 0]
        assert left.mean() < right.mean()


def test_a_part_is_a_third_to_a_good_half_of_the_drawing() -> None:
    rng = np.random.default_rng(0)
    whole = lines([[(0.0, i / 100) for i in range(101)]])
    shares = [len(np.concatenate(part(whole, rng))) / 101 for _ in range(50)]
    assert 0.3 < min(shares) < max(shares) < 0.6


def test_a_part_of_a_dot_is_a_dot() -> None:
    (dot,) = part(lines([[(3.0, 4.0)]]), np.random.default_rng(0))
    assert dot.tolist() == [[3, 4]]
