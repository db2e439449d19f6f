"""Random drawings of no digits: they vary, and the same seed gives the same drawings."""

from collections import Counter

import numpy as np
import pytest

from model.data import outliers
from model.data.ink_files import Sample
from model.data.outliers import face, half, pair, random_outlier, scribble, shape
from model.ink import render
from model.types import Array
from tests.strokes import FIVE, ONE, THREE, Stroke

KINDS = {"scribble": scribble, "shape": shape, "face": face}


def lines(strokes: list[Stroke]) -> list[Array]:
    return [np.array(stroke, np.float32) for stroke in strokes]


def length(line: Array) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


DIGITS = [Sample("5", "", lines(FIVE)), Sample("3", "", lines(THREE))]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_outlier_is_different_every_time(kind: str) -> None:
    rng = np.random.default_rng(0)
    pictures = [render(KINDS[kind](rng)) for _ in range(20)]
    assert all(picture.sum() > 10 for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == 20


@pytest.mark.parametrize("digits", [[], DIGITS], ids=["without", "with"])
def test_an_outlier_is_decided_by_the_seed(digits: list[Sample]) -> None:
    first, second = (
        [render(random_outlier(digits, rng)) for _ in range(50)]
        for rng in (np.random.default_rng(4), np.random.default_rng(4))
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("digits", "wanted"),
    [
        ([], {"scribble": 0.692, "shape": 0.154, "face": 0.154}),  # 45, 10 and 10 of 65
        (DIGITS, {"scribble": 0.45, "shape": 0.10, "face": 0.10, "pair": 0.27, "half": 0.16}),
        # Half a 1 may look like a 1, so a scribble is drawn in its place.
        ([Sample("1", "", lines(ONE))], {"scribble": 0.53, "half": 0.16}),
    ],
    ids=["without digits", "with digits", "ones alone"],
)
def test_kinds_are_drawn_with_their_probabilities(
    digits: list[Sample], wanted: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def counting(name: str) -> None:
        original = getattr(outliers, name)

        def counted(*arguments: object) -> list[Array]:
            calls[name] += 1
            result: list[Array] = original(*arguments)
            return result

        monkeypatch.setattr(outliers, name, counted)

    for name in ("scribble", "shape", "face", "pair", "half"):
        counting(name)
    rng = np.random.default_rng(0)
    for _ in range(3000):
        random_outlier(digits, rng)
    for name, probability in wanted.items():
        assert calls[name] / 3000 == pytest.approx(probability, abs=0.025), name
    assert digits or not calls["pair"] + calls["half"]


@pytest.mark.parametrize(
    ("label", "width", "may_be_drawn"),
    [("8", 41, True), ("8", 40, True), ("8", 39, False), ("1", 90, False), ("7", 90, False)],
)
def test_half_a_digit_is_drawn_alone_unless_it_may_look_like_a_one(
    label: str, width: float, may_be_drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    strokes = [np.array([(0.0, 0.0), (width, 100.0)])]
    monkeypatch.setattr(outliers, "half", lambda drawing, _: drawing)
    rng = np.random.default_rng(0)
    drawings = [random_outlier([Sample(label, "", strokes)], rng) for _ in range(200)]
    assert any(drawing is strokes for drawing in drawings) == may_be_drawn


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


def test_a_shape_has_equal_sides_or_is_a_cross_or_a_grid() -> None:
    rng = np.random.default_rng(0)
    kinds: Counter[str] = Counter()
    for _ in range(400):
        drawing = shape(rng)
        sides = np.concatenate([np.hypot(*np.diff(line, axis=0).T) for line in drawing])
        np.testing.assert_allclose(sides, sides[0], atol=1e-6)
        kinds[f"{len(drawing)} of {len(drawing[0])}"] += 1
        if len(drawing) == 1:
            np.testing.assert_allclose(np.hypot(*drawing[0].T), 0.5, atol=1e-6)
            np.testing.assert_allclose(drawing[0][0], drawing[0][-1], atol=1e-6)
        else:  # half of the lines are square to the other half
            ways = [line[1] - line[0] for line in drawing]
            np.testing.assert_allclose(ways[0] @ ways[-1], 0, atol=1e-6)
    # Triangle, square, hexagon; pentagon or star; cross; grid.
    wanted = {"1 of 4": 1, "1 of 5": 1, "1 of 7": 1, "1 of 6": 5, "2 of 2": 4, "4 of 2": 4}
    assert set(kinds) == set(wanted)
    for kind, sixteenths in wanted.items():
        assert kinds[kind] / 400 == pytest.approx(sixteenths / 16, abs=0.05), kind


def test_a_face_has_eyes_above_a_mouth_inside_a_head_and_a_nose_in_half_of_the_cases() -> None:
    rng = np.random.default_rng(0)
    faces = [face(rng) for _ in range(300)]
    assert np.mean([len(drawing) == 5 for drawing in faces]) == pytest.approx(0.5, abs=0.08)
    for head, left, right, mouth, *nose in faces:
        assert (np.abs([left, right]) < np.abs(head).max(axis=0)).all()
        assert left.mean(axis=0)[0] < 0 < right.mean(axis=0)[0]
        np.testing.assert_allclose(left.mean(axis=0) * (-1, 1), right.mean(axis=0), atol=0.02)
        assert max(left[:, 1].max(), right[:, 1].max()) < 0.05 < mouth[:, 1].min()
        assert mouth[0].tolist() == pytest.approx([-mouth[-1, 0], mouth[-1, 1]])
        assert all(len(line) == 2 for line in nose)


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
