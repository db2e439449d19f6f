"""A replay reads each moment of a drawing as it was then, at a bounded cost."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from benchmarks.dearest import ink
from model import load
from model.evaluation import Gate
from model.ink import render
from model.insight import MOST_MOMENTS, replay
from model.insight.replay import MOST_POINTS, first_points, moments_of
from model.network import Network
from model.types import Array
from tests.strokes import FIVE, SEVEN, ZERO

DRAWING = [np.array(stroke, float) for stroke in [*FIVE, *SEVEN, *ZERO]]  # 21 points, 4 strokes


@pytest.fixture(scope="module")
def network() -> Network:
    return load("weights/lenet.npz")


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(load("weights/gate.npz"))


@pytest.mark.parametrize("points", [1, 2, 39, 40, 41, 300, 1_200, 1_201, 5_000, 20_000])
def test_moments_are_evenly_spaced_and_end_with_the_whole_drawing(points: int) -> None:
    counts = moments_of(points)
    assert counts[-1] == points
    assert 1 <= len(counts) <= MOST_MOMENTS
    steps = np.diff([0, *counts])
    assert steps.min() >= 1
    assert steps.max() - steps.min() <= 1


@pytest.mark.parametrize("points", [1_200, 1_201, 5_000, 20_000])
def test_the_moments_of_a_large_drawing_have_a_bounded_number_of_points(points: int) -> None:
    counts = moments_of(points)
    assert sum(counts) <= MOST_POINTS + points


def test_a_digit_has_forty_moments_and_a_blank_pad_none() -> None:
    assert len(moments_of(300)) == MOST_MOMENTS == 40
    assert moments_of(7) == [1, 2, 3, 4, 5, 6, 7]
    assert moments_of(0) == []


def test_the_first_points_cut_the_stroke_that_was_being_drawn() -> None:
    strokes = [np.zeros((3, 2)), np.zeros((0, 2)), np.ones((4, 2))]
    lengths = [[len(stroke) for stroke in first_points(strokes, n)] for n in (0, 2, 3, 5, 7, 9)]
    assert lengths == [[], [2], [3], [3, 0, 2], [3, 0, 4], [3, 0, 4]]


def test_every_moment_is_read_as_those_points_alone(network: Network, gate: Gate) -> None:
    moments = replay(network, gate, DRAWING)
    assert [moment.points for moment in moments] == list(range(1, 22))
    for moment in moments:
        picture = render(first_points(DRAWING, moment.points), "mnist")
        np.testing.assert_array_equal(moment.image, picture)
        assert moment.probabilities == pytest.approx(network.predict(picture), abs=1e-5)
        alone = gate.digit_probability(picture, "mnist", lambda _: np.empty(0))
        assert moment.digit_probability == pytest.approx(float(alone), abs=1e-5)


def test_a_gate_of_another_frame_sees_the_moments_in_its_own(
    network: Network, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Array] = []

    def digit_probability(pictures: Array, frame: str, redraw: Any) -> Array:
        seen.extend([pictures, redraw("emnist")])
        assert frame == "mnist"
        return np.ones(len(pictures))

    monkeypatch.setattr(gate, "digit_probability", digit_probability)
    replay(network, gate, DRAWING)
    of_reader, of_gate = seen
    np.testing.assert_array_equal(of_gate[-1], render(DRAWING, "emnist"))
    np.testing.assert_array_equal(of_reader[-1], render(DRAWING, "mnist"))


@pytest.mark.parametrize("strokes", [[], [np.empty((0, 2))]])
def test_a_blank_pad_has_no_moments(network: Network, gate: Gate, strokes: list[Array]) -> None:
    assert replay(network, gate, strokes) == []


@pytest.mark.parametrize("shape", ["zigzag", "cloud", "walk", "same places"])
@pytest.mark.parametrize("points", [200, 1_200, 20_000])
def test_the_memory_of_a_replay_is_bounded(
    network: Network, gate: Gate, shape: str, points: int
) -> None:
    drawn = ink(shape, points, strokes=7, size=100.0, height=1.0, noise=0.01, seed=1)
    strokes = [np.array(stroke) for stroke in drawn]
    replay(network, gate, DRAWING)  # plans and tables are made once
    tracemalloc.start()
    try:
        replay(network, gate, strokes)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
