"""Random drawings of no digits: they vary, and the same seed gives the same drawings."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from model.data import outliers
from model.data.ink_files import Sample
from model.data.outliers import (
    half,
    half_of_a_digit,
    mirrored_digit,
    pair,
    random_outlier,
    scribble,
)
from model.ink import render
from model.types import Array
from tests.strokes import FIVE, THREE, ZERO, Stroke


def lines(strokes: list[Stroke]) -> list[Array]:
    return [np.array(stroke, np.float32) for stroke in strokes]


def length(line: Array) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


DIGITS = [Sample("5", "", lines(FIVE)), Sample("3", "", lines(THREE))]


@pytest.mark.parametrize("digits", [[], DIGITS], ids=["without", "with"])
def test_an_outlier_is_decided_by_the_seed(digits: list[Sample]) -> None:
    first, second = (
        [render(random_outlier(digits, rng)) for _ in range(50)]
        for rng in (np.random.default_rng(4), np.random.default_rng(4))
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("digits", [[], DIGITS], ids=["without", "with"])
def test_kinds_are_drawn_by_their_shares(
    digits: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[int] = Counter()
    made = [(kind_that_counts(calls, i), share) for i, (_, share) in enumerate(outliers.MADE)]
    of_digits = [
        (kind_that_counts(calls, len(made) + i), share)
        for i, (_, share) in enumerate(outliers.OF_DIGITS)
    ]
    monkeypatch.setattr(outliers, "MADE", made)
    monkeypatch.setattr(outliers, "OF_DIGITS", of_digits)
    rng = np.random.default_rng(0)
    for _ in range(3000):
        random_outlier(digits, rng)
    shares = [share for _, share in [*made, *(of_digits if digits else [])]]
    for kind, share in enumerate(shares):
        assert calls[kind] / 3000 == pytest.approx(share / sum(shares), abs=0.025), kind
    assert calls.total() == sum(calls[kind] for kind in range(len(shares))) == 3000


def kind_that_counts(calls: Counter[int], number: int) -> Callable[..., list[Array]]:
    def counted(*_: object) -> list[Array]:
        calls[number] += 1
        return []

    return counted


def test_all_shares_together_are_one() -> None:
    shares = [share for _, share in [*outliers.MADE, *outliers.OF_DIGITS]]
    assert sum(shares) == pytest.approx(1)


@pytest.fixture
def scribbles(monkeypatch: pytest.MonkeyPatch) -> list[list[Array]]:
    """All scribbles that are drawn."""
    drawn: list[list[Array]] = []

    def remembered(rng: np.random.Generator) -> list[Array]:
        drawn.append(scribble(rng))
        return drawn[-1]

    monkeypatch.setattr(outliers, "scribble", remembered)
    return drawn


@pytest.mark.parametrize(
    ("label", "width", "may_be_drawn"),
    [
        *[("3", 41, True), ("0", 40, True), ("5", 39, False)],
        *[(label, 90, False) for label in "1246789"],
    ],
)
def test_half_a_digit_is_drawn_unless_it_may_be_a_digit(
    label: str,
    width: float,
    may_be_drawn: bool,
    scribbles: list[list[Array]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strokes = [np.array([(0.0, 0.0), (width, 100.0)])]
    monkeypatch.setattr(outliers, "half", lambda drawing, _: drawing)
    drawing = half_of_a_digit([Sample(label, "", strokes)], np.random.default_rng(0))
    assert (drawing is strokes) == may_be_drawn
    assert (len(scribbles) == 1) != may_be_drawn


@pytest.mark.parametrize(
    ("label", "width", "foot", "may_be_drawn"),
    [
        *[("3", 51, 0, True), ("9", 49, 0, False), ("7", 51, 51, True)],
        *[("4", 60, 46, True), ("4", 60, 44, False), ("4", 49, 49, False)],
        *[(label, 90, 0, True) for label in "2356"],
        *[(label, 90, 0, False) for label in "018"],
    ],
)
def test_a_mirrored_digit_is_drawn_unless_it_may_be_a_digit(
    label: str, width: float, foot: float, may_be_drawn: bool, scribbles: list[list[Array]]
) -> None:
    digit = Sample(label, "", lines([[(0, 0), (width, 50), (foot, 100)]]))
    drawing = mirrored_digit([digit], np.random.default_rng(0))
    assert (len(scribbles) == 1) != may_be_drawn
    if may_be_drawn:
        np.testing.assert_allclose(drawing[0], digit.strokes[0] * (-1, 1))


def test_a_digit_that_has_a_mirror_image_is_looked_for() -> None:
    digits = [Sample("0", "", lines(ZERO)), Sample("3", "", lines(THREE))]
    rng = np.random.default_rng(0)
    found = [mirrored_digit(digits, rng)[0][0].tolist() for _ in range(200)]
    mirrored = [-THREE[0][0][0], THREE[0][0][1]]
    assert np.mean([point == mirrored for point in found]) == pytest.approx(1 - 2**-6, abs=0.02)


def test_a_scribble_has_one_line_in_seven_of_ten_cases_and_never_more_than_three() -> None:
    rng = np.random.default_rng(0)
    counts = Counter(len(scribble(rng)) for _ in range(2000))
    assert counts[1] / 2000 == pytest.approx(0.7, abs=0.03)
    assert counts[2] / 2000 == pytest.approx(0.15, abs=0.03)
    assert sorted(counts) == [1, 2, 3]


def test_a_scribble_of_one_line_lies_in_the_unit_square() -> None:
    rng = np.random.default_rng(0)
    alone = [drawing[0] for drawing in (scribble(rng) for _ in range(300)) if len(drawing) == 1]
    assert max(np.abs(line).max() for line in alone) < 0.8  # hatching may be rotated by 45°
    assert min(np.ptp(line, axis=0).max() for line in alone) > 0.4


def test_a_pair_stands_side_by_side_with_every_stroke_of_both() -> None:
    rng = np.random.default_rng(0)
    gaps = []
    for _ in range(200):
        both = pair(lines(FIVE), lines(THREE), rng)
        assert len(both) == len(FIVE) + len(THREE)
        left, right = np.concatenate(both[:2]), np.concatenate(both[2:])
        assert np.ptp(left, axis=0)[1] == pytest.approx(1)
        assert left.min(axis=0).tolist() == pytest.approx([0, 0])
        assert 0.85 <= np.ptp(right, axis=0)[1] <= 1.15
        gaps.append(right[:, 0].min() - left[:, 0].max())
    assert -0.1 <= min(gaps) < -0.08
    assert 0.42 < max(gaps) <= 0.45


def test_half_of_two_strokes_ends_in_one_of_them_and_leaves_out_what_is_empty() -> None:
    rng = np.random.default_rng(0)
    whole = lines([[(0.0, i / 100) for i in range(20)], [(0.0, i / 100) for i in range(20, 101)]])
    counts = Counter(len(half(whole, rng)) for _ in range(200))
    assert sorted(counts) == [1, 2]  # the end is in the second stroke alone
    assert counts[2] / 200 == pytest.approx(0.5, abs=0.1)


def test_half_of_one_stroke_is_measured_along_it() -> None:
    rng = np.random.default_rng(0)
    whole = lines([[(0.0, i / 1000) for i in range(1001)]])
    fractions, begins = [], 0
    for _ in range(300):
        (piece,) = half(whole, rng)
        fractions.append(length(piece))
        begins += piece[0, 1] == 0
        assert piece[0, 1] == 0 or piece[-1, 1] == 1
    assert 0.345 < min(fractions) < 0.36
    assert 0.54 < max(fractions) < 0.551
    assert begins / 300 == pytest.approx(0.5, abs=0.08)


def test_look_alikes_are_the_letters_that_some_write_as_a_digit() -> None:
    assert sorted(outliers.LOOK_ALIKES) == sorted("oOlIiJZzSsQBgqbD")


def test_half_of_a_dot_is_a_dot() -> None:
    (dot,) = half(lines([[(3.0, 4.0)]]), np.random.default_rng(0))
    assert dot.tolist() == [[3, 4]]


def test_half_of_a_dot_is_the_dot() -> None:
    dot = [np.array([(3.0, 4.0), (3.0, 4.0)])]
    for seed in range(8):  # both halves come up
        some = half(dot, np.random.default_rng(seed))
        assert [line[0].tolist() for line in some] == [[3, 4]]
