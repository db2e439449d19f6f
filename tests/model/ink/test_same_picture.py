"""The picture depends on the shape alone, not on how it was drawn.

The digits are first resampled to 2,000 points a stroke. Beside each change stand the allowed
differences in grey levels of 255: the greatest of any pixel, and the mean of all. A change that
moves the line by a fraction of a pixel changes single pixels at the ends of strokes and in the
notch of the 3 a lot, so there the mean is the test.
"""

from collections.abc import Callable

import numpy as np
import pytest

from model.ink.redraw import render
from model.ink.smooth import catmull_rom
from model.ink.trace import trace_of
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

Lines = list[Array]
Change = Callable[[Lines], Lines]


def densified(strokes: list[Stroke]) -> Lines:
    """2,000 points a stroke along the smooth curve through the few points."""
    lines = []
    for stroke in strokes:
        trace = trace_of([stroke])
        lengths = np.abs(np.diff(trace.points, prepend=trace.points[0]))
        curve = catmull_rom(trace, lengths).points
        along = np.abs(np.diff(curve, prepend=curve[0])).cumsum()
        points = np.interp(np.linspace(0, along[-1], 2_000), along, curve)
        lines.append(np.stack([points.real, points.imag], axis=1))
    return lines


DIGITS = [densified(strokes) for strokes in (ZERO, ONE, THREE, FIVE, SEVEN)]


def at_most(points: int) -> Change:
    """So many points in all, at equal distances, as from a slower tablet."""

    def thinned(lines: Lines) -> Lines:
        lengths = [np.hypot(*np.diff(line, axis=0).T).sum() for line in lines]
        counts = [max(2, round(points * length / sum(lengths))) for length in lengths]
        return [
            line[np.linspace(0, len(line) - 1, count).round().astype(int)]
            for line, count in zip(lines, counts, strict=True)
        ]

    return thinned


def scaled(size: float, x: float = 0, y: float = 0) -> Change:
    return lambda lines: [line * size / 100 + (x, y) for line in lines]


def wobbly(deviation: float) -> Change:
    def wobbled(lines: Lines) -> Lines:
        rng = np.random.default_rng(0)  # so that no test depends on those before it
        return [line + rng.normal(0, deviation, line.shape) for line in at_most(100)(lines)]

    return wobbled


def on_a_grid(units: float) -> Change:
    """Whole units, of which the digit is so many high; each step is along one axis."""

    def stepped(lines: Lines) -> Lines:
        stairs = []
        for line in lines:
            corners = np.repeat(np.round(line * units / 76), 2, axis=0)
            stairs.append(np.stack([corners[1:, 0], corners[:-1, 1]], axis=1))
        return stairs

    return stepped


CHANGES: dict[str, tuple[Change, float, float]] = {
    "20 units high": (scaled(26), 0.1, 0.1),
    "2,000 units high, elsewhere": (scaled(2_600, -700, 90_000), 0.1, 0.1),
    "the other way round": (lambda lines: [line[::-1] for line in lines], 0.1, 0.1),
    "strokes in another order": (lambda lines: lines[::-1], 0.1, 0.1),
    "every point three times": (lambda lines: [np.repeat(x, 3, axis=0) for x in lines], 0.1, 0.1),
    "a tap on the line": (lambda lines: [*lines, lines[0][7:8]], 1, 0.1),
    "a dot far away": (lambda lines: [np.array([[300.0, 250.0]]), *lines], 0.1, 0.1),
    "a speck beside it": (lambda lines: [*lines, np.array([[150.0, 50], [152, 51]])], 0.1, 0.1),
    "200 points": (at_most(200), 20, 0.5),
    "50 points": (at_most(50), 80, 1.5),
    "20 points": (at_most(20), 230, 3.5),
    "a hand that trembles by a half per cent": (wobbly(0.5), 105, 2.8),
    "whole units, 200 high": (on_a_grid(200), 60, 1.5),
    "whole units, 80 high": (on_a_grid(80), 120, 2.5),
    "whole units, 40 high": (on_a_grid(40), 130, 5),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("frame", ["mnist", "emnist"])
def test_the_picture_is_the_same(name: str, frame: str) -> None:
    change, most, mean = CHANGES[name]
    differences = np.array([render(change(d), frame) - render(d, frame) for d in DIGITS]) * 255
    assert np.abs(differences).max() <= most
    assert np.abs(differences).mean(axis=(1, 2)).max() <= mean


@pytest.mark.parametrize("points", [4, 30, 500, 2_000])
def test_four_points_of_a_one_or_a_seven_are_enough(points: int) -> None:
    """Straight strokes and a corner, with any number of points between."""
    for corners in ([(50, 12), (48, 50), (47, 90)], [(24, 16), (76, 16), (46, 88)]):
        places = np.linspace(0, 2, points | 1)  # odd, so that the corner is one of them
        line = np.stack([np.interp(places, range(3), axis) for axis in np.array(corners).T], 1)
        assert np.abs(render([line]) - render([corners])).max() * 255 < 2


def test_a_dot_near_the_ink_and_a_short_bar_belong_to_it() -> None:
    for mark in ([(50, 5)], [(110, 50), (122, 52)]):
        assert not np.allclose(render([*DIGITS[1], np.array(mark)]), render(DIGITS[1]), atol=0.2)


def test_dots_alone_are_a_drawing() -> None:
    picture = render([[(0, 0)], [(100, 0)], [(0, 100)]])
    assert np.count_nonzero(picture[:, :14]) > np.count_nonzero(picture[:, 14:]) > 0
