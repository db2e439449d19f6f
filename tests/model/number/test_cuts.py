"""Strokes are cut where two digits may meet; joined parts are the original strokes."""

import numpy as np
import pytest

from model.number.cuts import (
    Fragment,
    cut,
    cut_places,
    fragments_of,
    is_scribble,
    joined,
    resampled,
    typical_height,
)
from model.types import Array


def line(*points: tuple[float, float]) -> Array:
    return np.array(points, float)


def upright(height: float, x: float = 0) -> Array:
    return line((x, 0), (x, height))


def test_the_typical_height_is_the_median_of_heights_weighted_by_height() -> None:
    assert typical_height([upright(1), upright(2), upright(3)]) == 2
    assert typical_height([upright(9), upright(1), upright(1), upright(1)]) == 9
    assert typical_height([upright(4), upright(5)]) == 5


def test_a_flat_drawing_counts_as_high_as_a_24th_of_its_longest_side() -> None:
    assert typical_height([line((0, 5), (48, 5))]) == pytest.approx(2)
    assert typical_height([line((3, 3))]) == 1e-9


def test_more_than_150_strokes_or_150_heights_of_ink_are_a_scribble() -> None:
    assert not is_scribble([upright(0.5)] * 150, height=1)
    assert is_scribble([upright(0.5)] * 151, height=1)
    assert not is_scribble([upright(150)], height=1)
    assert is_scribble([upright(151)], height=1)
    assert not is_scribble([upright(151)], height=2)


def test_a_line_is_resampled_at_equal_distances_of_at_most_one_step() -> None:
    corner = line((0, 0), (6, 0), (6, 4))
    assert resampled(corner, 3).tolist() == [[0, 0], [2.5, 0], [5, 0], [6, 1.5], [6, 4]]
    assert resampled(corner, 5).tolist() == [[0, 0], [5, 0], [6, 4]]
    assert resampled(line((1, 2)), 5).tolist() == [[1, 2], [1, 2]]


def test_a_stroke_is_cut_at_its_sharp_turn() -> None:
    first, second = cut(line((0, 0), (1, 1), (2, 0)), height=1)
    assert first[0].tolist() == [0, 0]
    assert first[-1] == pytest.approx([1, 1], abs=0.03)
    assert second[0].tolist() == first[-1].tolist()
    assert second[-1].tolist() == [2, 0]


@pytest.mark.parametrize(("width", "parts"), [(0.79, 1), (0.81, 2)])
def test_only_a_stroke_of_more_than_0_8_heights_is_cut(width: float, parts: int) -> None:
    turning = line((0, 0), (width / 2, 1), (width, 0))
    assert len(cut(turning, height=1)) == parts
    assert len(cut(turning * 7, height=7)) == parts


def test_a_larger_drawing_is_cut_at_the_same_places() -> None:
    shape = line((0, 0), (0, 1), (1.5, 1), (1.5, 0), (2.5, 1))
    for large, small in zip(cut(shape * 7, 7), cut(shape, 1), strict=True):
        np.testing.assert_allclose(large, small * 7)


@pytest.mark.parametrize(("degrees", "is_cut"), [(49, False), (51, True)])
def test_a_turn_of_more_than_50_degrees_is_a_cut(degrees: float, is_cut: bool) -> None:
    # A rising line without extremes; the turn is not in its middle, where a bridge is cut.
    angles = np.radians([10] * 24 + [10 + degrees] * 60)
    steps = np.stack([np.cos(angles), np.sin(angles)], axis=1) / 24
    points = np.concatenate([np.zeros((1, 2)), steps.cumsum(axis=0)])
    assert (24 in cut_places(points, 1)) == is_cut


def test_a_bridge_between_two_uprights_is_cut_at_its_ends_and_in_its_middle() -> None:
    parts = cut(line((0, 0), (0, 1), (1.5, 1), (1.5, 0)), height=1)
    ends = [part[-1].tolist() for part in parts[:-1]]
    np.testing.assert_allclose(ends, [(0, 1), (0.75, 1), (1.5, 1)], atol=0.07)
    fragments = [Fragment.of(0, part, i, len(parts)) for i, part in enumerate(parts)]
    assert [fragment.is_bridge for fragment in fragments] == [False, True, True, False]


@pytest.mark.parametrize(
    ("points", "part", "is_bridge"),
    [
        ([(0, 0), (1, 0)], 1, True),
        ([(0, 0), (1, 0)], 0, False),  # the first part
        ([(0, 0), (1, 0)], 2, False),  # the last part
        ([(1, 0), (0, 0)], 1, False),  # to the left
        ([(0, 0), (0, 1)], 1, False),  # down
        ([(0, 0), (0.5, 0.2), (1, 0)], 1, True),  # 1 of 1.08
        ([(0, 0), (0.5, 0.26), (1, 0)], 1, False),  # 1 of 1.13
    ],
)
def test_a_bridge_is_an_inner_part_that_goes_straight_to_the_right(
    points: list[tuple[float, float]], part: int, is_bridge: bool
) -> None:
    assert Fragment.of(0, line(*points), part, 3).is_bridge == is_bridge


def test_cuts_are_at_least_4_points_from_each_other_and_from_the_ends() -> None:
    zigzag = line(*[(0.1 * i, 0.1 * (i % 2)) for i in range(60)])
    points = resampled(zigzag, 1 / 24)
    places = cut_places(points, 1)
    assert places == sorted(places)
    assert min(np.diff(places)) >= 4
    assert places[0] >= 4
    assert places[-1] < len(points) - 4
    assert len(places) == 32


def test_fragments_are_sorted_by_the_middles_of_their_boxes() -> None:
    found = fragments_of({3: line((5, 0), (5.5, 1)), 2: upright(1)}, 1)
    assert [(f.stroke, f.part, f.parts) for f in found] == [(2, 0, 1), (3, 0, 1)]
    assert found[1].low.tolist() == [5, 0]
    assert found[1].high.tolist() == [5.5, 1]
    several = fragments_of({0: line((0, 0), (0, 1), (1.5, 1), (1.5, 0)), 1: upright(1, 0.2)}, 1)
    assert [(f.stroke, f.part) for f in several] == [(0, 0), (1, 0), (0, 1), (0, 2), (0, 3)]
    assert {f.parts for f in several if f.stroke == 0} == {4}


def test_consecutive_parts_are_one_line_again_and_a_whole_stroke_is_as_drawn() -> None:
    drawn = {0: line((0, 0), (0, 1), (1.5, 1), (1.5, 0)), 1: upright(1, 5)}
    fragments = [f for f in fragments_of(drawn, 1) if f.stroke == 0]
    one = fragments_of(drawn, 1)[-1]
    assert joined([*fragments, one], drawn) == [drawn[0], drawn[1]]
    (start,) = joined(fragments[1::-1], drawn)
    np.testing.assert_array_equal(start, np.concatenate([fragments[0].line, fragments[1].line[1:]]))
    whole, first, last = joined([fragments[3], one, fragments[0]], drawn)
    assert whole is drawn[1]
    assert first is fragments[0].line
    assert last is fragments[3].line
