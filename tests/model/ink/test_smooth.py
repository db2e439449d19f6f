"""Smoothing makes coarse ink a curve, and does not change fine ink and corners."""

import numpy as np
import pytest

from model.ink.smooth import smooth
from model.ink.trace import Trace, trace_of
from model.types import Array

CIRCLE = 10 + 10j + 10 * np.exp(1j * np.linspace(0.3, 2 * np.pi, 2_000))  # 20 across, nearly shut


def one(points: Array | list[complex]) -> Trace:
    """One stroke through places x + iy."""
    return Trace(np.asarray(points, complex), np.arange(len(points)) == 0)


def farthest(line: Array, of: Array) -> float:
    """The greatest distance of a point of `line` from the nearest point of `of`, a fine line."""
    return float(np.abs(line[:, None] - of).min(axis=1).max())


@pytest.mark.parametrize("points", [9, 12, 20, 100, 2_000])
def test_few_points_of_a_curve_become_the_curve(points: int) -> None:
    few = CIRCLE[np.linspace(0, len(CIRCLE) - 1, points).astype(int)]
    chords = np.abs(few[:-1] + np.diff(few) / 2 - 10 - 10j)  # how near the middle they come
    assert farthest(smooth(one(few)).points, CIRCLE) < max(0.15, (10 - chords.min()) / 3)


def test_a_stroke_of_two_points_stays_straight() -> None:
    line = smooth(one([0, 12 + 9j])).points
    assert np.allclose(line.imag, line.real * 0.75)
    assert np.allclose(line[[0, -1]], [0, 12 + 9j])


@pytest.mark.parametrize("turn", [90, 110, 150, 180])
@pytest.mark.parametrize("points", [3, 41, 1_001])
def test_a_corner_is_not_rounded_away(turn: int, points: int) -> None:
    corner = 14 + 0j
    end = corner + 16 * np.exp(1j * np.radians(turn))
    line = np.interp(np.linspace(0, 2, points), [0, 1, 2], [0, corner, end])
    assert np.abs(smooth(one(line)).points - corner).min() < 0.1


def test_the_steps_of_a_grid_are_smoothed_away() -> None:
    """A staircase of 20 units becomes a straight line."""
    stairs = np.array([(i // 2) + 1j * ((i + 1) // 2) for i in range(41)])
    line = smooth(one(stairs)).points[2:-2]
    off = np.abs((line.imag - line.real) / np.sqrt(2) - np.sqrt(1 / 8))
    assert off.max() < 0.12  # it was 0.35


def test_tremor_is_smoothed_away() -> None:
    rng = np.random.default_rng(0)
    places = np.linspace(0, 20, 200)
    line = smooth(one(places + 0.15j * rng.standard_normal(200))).points
    assert np.abs(line.imag).mean() < 0.06


def test_resampled_points_are_close_and_strokes_stay_separate() -> None:
    strokes = [[(0, 0), (4, 9), (12, 3)], [(5, 5)], [(20, 20), (0, 20)], [(1, 1), (1, 1)]]
    points, begins, _ = smooth(trace_of(strokes))
    assert begins.sum() == len(strokes)
    steps = np.abs(np.diff(points))[~begins[1:]]
    assert steps.max() < 1
    assert np.allclose(points[begins], [0, 5 + 5j, 20 + 20j, 1 + 1j])
