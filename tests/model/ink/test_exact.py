"""Any drawing is within 2 grey levels of a slow and exact picture; so is each of many at once.

The exact picture is the distance of every pixel to every line of the smoothed trace, in float64,
and its centre of mass is that of such a picture too.
"""

from typing import Any

import numpy as np
import pytest

from model.frames import FRAMES, SIDE
from model.ink.redraw import FULL_NORMALISATION, Normalise, line_stages, render, render_trace
from model.ink.smooth import smooth
from model.ink.trace import Trace, joined, trace_of
from model.types import Array
from tests.model.ink.test_pen import draw_slowly
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO

GREY = 2 / 255
PENS = (0.8, 2.4, 4.5)


def noisy(points: int, strokes: int = 1, seed: int = 0) -> list[Array]:
    """Loops that cross themselves."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 4, points)
    return [
        np.stack([np.sin(a * t + b) for a, b in rng.uniform(0, 4, (2, 2))], axis=1)
        + rng.normal(0, 0.01, (points, 2))
        for _ in range(strokes)
    ]


KINDS: dict[str, Any] = {
    **{"0": ZERO, "1": ONE, "3": THREE, "5": FIVE, "7": SEVEN},
    "a dot": [[(3, 4)]],
    "dots": [[(0, 0)], [(10, 0)], [(0, 10)]],
    "a line of two points": [[(0, 0), (3, 90)]],
    "one axis": [[(0, 0), (40, 0), (90, 0)]],
    "a short line beside a long one": [[(0, 0), (0, 90)], [(20, 80), (26, 84)]],
    "coarse": noisy(7),
    "one hundred points": noisy(100),
    "three strokes": noisy(33, 3, seed=1),
    "two thousand points": noisy(2_000, seed=2),
    "a scribble": np.random.default_rng(0).uniform(0, 9, (1, 300, 2)),
    "a stray touch": [*THREE, [(900, 900), (901, 901)]],
    "the same point many times": [[(5, 5)] * 20, [(5, 5), (9, 9), (12, 3)]],
}


def exact(strokes: Any, frame: str, pen: float) -> Array:
    style = FRAMES[frame]
    *_, (_, trace, _), _ = line_stages(trace_of(strokes), pen, style, pen, FULL_NORMALISATION)
    picture = draw_slowly(trace, pen, style.edge)
    if style.centre == "box":
        return picture
    y, x = np.indices((SIDE, SIDE)) + 0.5
    centre = (picture * (x + 1j * y)).sum() / picture.sum()
    points = trace.points + complex(style.middle, style.middle) - centre
    return draw_slowly(Trace(points, trace.begins), pen, style.edge)


@pytest.mark.parametrize("pen", PENS)
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", KINDS)
def test_a_picture_is_exact(name: str, frame: str, pen: float) -> None:
    found = render(KINDS[name], frame, pen)
    assert np.abs(found - exact(KINDS[name], frame, pen)).max() < GREY


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("normalise", [FULL_NORMALISATION, Normalise(smooth=False)])
def test_many_drawings_at_once_are_drawn_as_each_alone(frame: str, normalise: Normalise) -> None:
    traces = [trace_of(strokes) for strokes in KINDS.values()]
    pens = np.resize(PENS, len(traces))
    style = FRAMES[frame]
    found = render_trace(joined(traces), pens, style, pens, normalise)
    assert found.shape == (len(traces), SIDE, SIDE)
    for picture, strokes, pen in zip(found, KINDS.values(), pens, strict=True):
        np.testing.assert_allclose(picture, render(strokes, frame, pen, normalise), atol=GREY / 4)


def test_many_drawings_at_once_are_smoothed_as_each_alone() -> None:
    traces = [trace_of(strokes) for strokes in KINDS.values()]
    together = smooth(joined(traces))
    parts = np.split(together.points, together.firsts[1:])
    for name, trace, points in zip(KINDS, traces, parts, strict=True):
        if name != "a scribble":  # alone it keeps its points on straight lines
            np.testing.assert_allclose(points, smooth(trace).points, atol=1e-9, err_msg=name)


def test_ink_that_lies_partly_outside_is_centred_whole() -> None:
    """The first picture shows a part of it; the second shows what the shift brings in."""
    strokes, normalise = [[(20, 14), (90, 14)]], Normalise(size=False, smooth=False)
    trace, style = trace_of(strokes), FRAMES["mnist"]
    (_, _, _), *_, (_, moved, pen) = line_stages(trace, 2.4, style, 2.4, normalise)
    (found,) = render_trace(trace, 2.4, style, 2.4, normalise)
    assert np.abs(found - draw_slowly(moved, pen)).max() < GREY
