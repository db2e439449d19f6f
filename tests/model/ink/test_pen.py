"""The pen, compared with a slow and exact drawing."""

import numpy as np
import pytest

from model.frames import FRAMES
from model.ink.pen import draw
from model.ink.redraw import FULL_NORMALISATION, line_stages, render
from model.ink.trace import Trace, trace_of
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO

GREY = 2 / 255  # an invisible difference
DIGITS = {"0": ZERO, "1": ONE, "3": THREE, "5": FIVE, "7": SEVEN, "dot": [[(3.0, 4.0)]]}


def draw_slowly(trace: Trace, pen: Array | float, edge: float = 1.0, side: int = 28) -> Array:
    """Each pixel from its distance to every line segment, in float64."""
    x, y = np.indices((side, side))[::-1] + 0.5
    nearest = np.full((side, side), np.inf)
    for i, end in enumerate(trace.points):
        start = end if trace.begins[i] else trace.points[i - 1]
        pixels, line = x + 1j * y - start, end - start
        along = (pixels * line.conjugate()).real / abs(line) ** 2 if line else np.zeros(1)
        nearest = np.minimum(nearest, np.abs(pixels - line * along.clip(0, 1)))
    return ((pen + edge - 2 * nearest) / (2 * edge)).clip(0, 1)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", DIGITS)
def test_the_picture_is_that_of_a_slow_exact_drawing(name: str, frame: str) -> None:
    style = FRAMES[frame]
    _, trace, pen = line_stages(trace_of(DIGITS[name]), 0, style, style.pen, FULL_NORMALISATION)[-1]
    assert np.abs(render(DIGITS[name], frame) - draw_slowly(trace, pen, style.edge)).max() < GREY


@pytest.mark.parametrize("pen", [0.5, 2.6, 9.0])
def test_long_lines_at_any_angle_and_over_the_edge(pen: float) -> None:
    angles = np.exp(1j * np.linspace(0, 2 * np.pi, 7))
    points = 14 + 10j + np.stack([2 * angles, 30 * angles], axis=1).reshape(-1)
    trace = Trace(points, np.arange(len(points)) % 2 == 0)
    assert np.abs(draw(trace, pen, 28) - draw_slowly(trace, pen)).max() < GREY


@pytest.mark.parametrize("side", [28, 112])
@pytest.mark.parametrize("pen", [0.3, 2.4, 7, 30, 1_000])
@pytest.mark.parametrize("size", [0.5, 20, 3_000])
def test_any_ink_is_drawn_exactly(size: float, pen: float, side: int) -> None:
    """Short and long lines, broad and fine pens, inside the picture and far outside of it."""
    rng = np.random.default_rng(0)
    points = 14 + 14j + size * (rng.normal(size=60) + 1j * rng.normal(size=60))
    trace = Trace(points, np.arange(60) % 7 == 0)
    found, wanted = draw(trace, pen, side), draw_slowly(trace, pen, side=side)
    assert np.abs(found - wanted).max() < GREY


def test_more_pieces_than_are_drawn_at_a_time() -> None:
    points = 14 + 14j + 10 * np.exp(1j * np.linspace(0, 2 * np.pi, 10_000))
    begins = np.arange(10_000) == 0
    few = Trace(points[::9], begins[::9])
    assert np.abs(draw(Trace(points, begins), 3, 28) - draw(few, 3, 28)).max() < GREY
