"""Hearts, stars, arrows and the like: each is what its name says, and another one every time."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from model.data import symbols
from model.data.symbols import SIGNS, arrow, dots, face, heart, shape, sign, spiral, star, tick
from model.ink import render
from model.ink.redraw import smoothed
from model.types import Array

KINDS = (arrow, dots, face, heart, shape, sign, spiral, star, tick)
Kind = Callable[[np.random.Generator], list[Array]]


def many(kind: Kind, count: int = 200) -> list[list[Array]]:
    rng = np.random.default_rng(0)
    return [kind(rng) for _ in range(count)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_of_symbol_is_different_every_time(kind: Kind) -> None:
    drawings = many(kind, 20)
    assert all(render(drawing).sum() > 2 for drawing in drawings)
    assert len({np.concatenate(drawing).tobytes() for drawing in drawings}) == 20


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_generator_alone_decides_which_symbol_is_drawn(kind: Kind) -> None:
    for once, again in zip(many(kind, 20), many(kind, 20), strict=True):
        np.testing.assert_array_equal(np.concatenate(once), np.concatenate(again))


def test_a_heart_has_a_dip_at_the_top_and_a_tip_at_the_bottom() -> None:
    for drawing in many(heart):
        points = np.concatenate(smoothed(drawing))
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        x, y = ((points - low) / size).T
        assert 0.4 < x[y.argmax()] < 0.6
        dip = y[np.abs(x - 0.5) < 0.04].min()
        assert 0.04 < dip < 0.45
        for lobe in (x < 0.4, x > 0.6):
            assert y[lobe].min() < dip - 0.02


def test_a_tick_goes_down_to_the_right_and_then_up_for_longer() -> None:
    for (line,) in many(tick):
        short, long = np.diff(line, axis=0)
        assert short.min() > 0
        assert long[0] > 0 > long[1]
        assert np.hypot(*long) > 1.5 * np.hypot(*short)


def test_an_arrow_points_along_or_across_the_paper() -> None:
    ways: Counter[int] = Counter()
    for drawing in many(arrow, 400):
        points = np.concatenate(drawing)
        line = drawing[0][2] - drawing[0][0]  # the shaft
        quarter = np.degrees(np.arctan2(line[1], line[0])) / 90
        assert abs(quarter - round(quarter)) < 0.2
        ways[round(quarter) % 4] += 1
        across = points @ (np.array([-line[1], line[0]]) / np.hypot(*line))
        assert np.ptp(across) > 0.35  # the head is broad: it is no 1 with a flag
    assert all(ways[way] / 400 == pytest.approx(0.25, abs=0.08) for way in range(4))


def test_a_star_has_five_points_in_one_stroke_or_six_in_two() -> None:
    kinds = Counter(tuple(map(len, drawing)) for drawing in many(star, 400))
    wanted = {(6,): 0.45, (11,): 0.35, (4, 4): 0.2}
    assert set(kinds) == set(wanted)
    for kind, share in wanted.items():
        assert kinds[kind] / 400 == pytest.approx(share, abs=0.08)


def test_dots_are_one_in_four_of_ten_cases_and_up_to_six() -> None:
    drawings = many(dots, 500)
    counts = Counter(map(len, drawings))
    assert sorted(counts) == [1, 2, 3, 4, 5, 6]
    assert counts[1] / 500 == pytest.approx(0.4, abs=0.06)
    assert all(line.shape == (1, 2) for drawing in drawings for line in drawing)


def test_a_spiral_turns_at_least_two_and_a_half_times() -> None:
    for (line,) in many(spiral):
        steps = np.diff(line @ [1, 1j])
        turned = np.angle(steps[1:] / steps[:-1]).sum()
        assert abs(turned) > 2.2 * 2 * np.pi


def test_every_sign_is_drawn_and_fits_a_square() -> None:
    rng = np.random.default_rng(0)
    drawn = {tuple(map(len, sign(rng))) for _ in range(1000)}
    assert drawn == {tuple(map(len, lines)) for lines in SIGNS.values()}
    for lines in SIGNS.values():
        points = np.concatenate([np.array(line) for line in lines])
        assert -0.2 < points.min() < points.max() < 1.35


def test_what_some_write_for_a_digit_is_no_sign() -> None:
    assert not set("/\\|()]>&oO0123456789lIsSzZ") & set(SIGNS)


def test_a_shape_has_equal_sides_or_is_a_cross_or_a_grid() -> None:
    kinds: Counter[str] = Counter()
    for drawing in many(shape, 1200):
        sides = np.concatenate([np.hypot(*np.diff(line, axis=0).T) for line in drawing])
        np.testing.assert_allclose(sides, sides[0], atol=1e-6)
        kinds[f"{len(drawing)} of {len(drawing[0])}"] += 1
        if len(drawing) == 1:
            np.testing.assert_allclose(np.hypot(*drawing[0].T), 0.5, atol=1e-6)
            np.testing.assert_allclose(drawing[0][0], drawing[0][-1], atol=1e-6)
        else:  # half of the lines are square to the other half
            ways = [line[1] - line[0] for line in drawing]
            np.testing.assert_allclose(ways[0] @ ways[-1], 0, atol=1e-6)
    # Triangle, square; cross; grid.
    wanted = {"1 of 4": 1, "1 of 5": 1, "2 of 2": 2, "4 of 2": 2}
    assert set(kinds) == set(wanted)
    for kind, sixths in wanted.items():
        assert kinds[kind] / 1200 == pytest.approx(sixths / 6, abs=0.06), kind


def test_a_face_has_eyes_above_a_mouth_inside_a_head_and_a_nose_in_half_of_the_cases() -> None:
    faces = many(face, 300)
    assert np.mean([len(drawing) == 5 for drawing in faces]) == pytest.approx(0.5, abs=0.08)
    for head, left, right, mouth, *nose in faces:
        assert (np.abs([left, right]) < np.abs(head).max(axis=0)).all()
        assert left.mean(axis=0)[0] < 0 < right.mean(axis=0)[0]
        np.testing.assert_allclose(left.mean(axis=0) * (-1, 1), right.mean(axis=0), atol=0.02)
        assert max(left[:, 1].max(), right[:, 1].max()) < 0.05 < mouth[:, 1].min()
        assert mouth[0].tolist() == pytest.approx([-mouth[-1, 0], mouth[-1, 1]])
        assert all(len(line) == 2 for line in nose)


def test_a_matrix_rotates_row_vectors_clockwise_on_the_page() -> None:
    np.testing.assert_allclose([(1, 0)] @ symbols.rotation_by(np.pi / 2), [(0, 1)], atol=1e-9)
