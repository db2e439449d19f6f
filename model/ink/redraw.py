"""Pen strokes drawn again, as the network's training set would have drawn them.

What a canvas shows depends on the brush, the screen and where somebody began to write. None of
that is the digit. So the strokes are smoothed, scaled and placed by us, and drawn with the pen
width and in the frame of the data set. The app and train.py both come through here; there is no
second copy. Every step can be looked at (model/ink/stages.py) and switched off (Normalise).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.frames import SIDE, Frame, frame_named
from model.ink.pen import Trace, draw
from model.ink.smooth import INK, smooth
from model.types import Array

Strokes = Sequence[Any]  # one (n, 2) array or list of points for each stroke; x right, y down
SMALLEST = 1e-9  # longest side of ink, in the pad's units, that is more than a dot
BRUSH = 0.06  # of the side of a canvas that nobody has told us about
SPECK = 0.05  # a stroke smaller than this, by the size of the rest,
STRAY = 0.5  # and farther from the rest than this, was not meant
FAR = 4.0 * SIDE  # pixels from the middle of the canvas, beyond which nothing matters
# Of each pixel (784, 3): x and y of its middle, and 1. A picture times this is its moments.
MOMENTS = np.stack([*(np.indices((SIDE, SIDE))[::-1] + 0.5), np.ones((SIDE, SIDE))], axis=-1)
MOMENTS = MOMENTS.reshape(-1, 3).astype(np.float32)


@dataclass(frozen=True)
class Normalise:
    """What is done to a drawing before it is read. All off is the canvas shrunk to 28 × 28."""

    smooth: bool = True  # coarse ink becomes a curve
    size: bool = True  # the ink alone, in the size of the data set's digits
    pen: bool = True  # the data set's stroke width instead of the user's
    centre: bool = True  # in the middle of the picture, as the data set has it


@dataclass(frozen=True)
class Canvas:
    """What the strokes were drawn on, in their units: its size and the width of its brush."""

    width: float
    height: float
    brush: float


EVERYTHING = Normalise()


def render(
    strokes: Strokes,
    frame: str = "mnist",
    pen: float | None = None,
    normalise: Normalise = EVERYTHING,
    canvas: Canvas | None = None,
) -> Array:
    """Strokes to the picture that a network of this frame reads.

    strokes:   a list of strokes; a stroke is a list of points (x, y, …) in any unit, y down
    frame:     "mnist" or "emnist", see model/frames.py
    pen:       stroke width in pixels of the picture; the frame's own where none is given
    normalise: steps that are to be left out
    canvas:    matters only if steps are left out; `default_canvas` where none is given
    Returns (28, 28) float32 in [0, 1], ink high; all zeros where nothing was drawn.
    ValueError for points that are no finite pairs.
    """
    style, trace = frame_named(frame), trace_of(strokes)
    if not len(trace.points):
        return np.zeros((SIDE, SIDE), np.float32)
    pen = style.pen if pen is None else pen
    brush = pen
    if not (normalise.size and normalise.pen and normalise.centre):
        trace, brush = on_canvas(trace, canvas)
    *_, (_, trace, brush) = steps(trace, brush, style, pen, normalise)
    return draw(trace, brush, SIDE, style.edge if normalise.pen else 1.0)


def steps(
    trace: Trace, brush: float, style: Frame, pen: float, normalise: Normalise
) -> Iterator[tuple[str, Trace, float]]:
    """Name, line and line width after each step, in order; a step switched off changes nothing.

    The picture that is read is what the last one draws. Pixels are those of 28 × 28; where size,
    pen and centre are all to be normalised, trace may be in any unit.
    """
    if normalise.size:
        trace = _without_strays(trace)
    if normalise.smooth:
        trace = _smoothed(trace)
    yield "smoothed", trace, brush
    if normalise.size or normalise.centre:
        trace, scale = _framed(trace, brush, style, pen, normalise)
        brush *= scale
    yield "cropped", trace, brush
    if normalise.pen:
        brush = pen
    yield "redrawn", trace, brush
    if normalise.centre and style.centre == "mass":
        x, y = style.middle - centre_of_mass(draw(trace, brush, SIDE, style.edge))
        trace = Trace(trace.points + complex(x, y), trace.begins)
    yield "centred", trace, brush


def smoothed(strokes: Strokes) -> list[Array]:
    """The first step alone: strokes (n, 2) that `render` need not smooth again."""
    points, begins = _smoothed(trace_of(strokes))
    lines = np.stack([points.real, points.imag], axis=1)
    return np.split(lines, np.flatnonzero(begins)[1:])


def on_canvas(trace: Trace, canvas: Canvas | None = None) -> tuple[Trace, float]:
    """The trace and the brush in pixels of the canvas shrunk to 28 × 28, its sides kept in ratio.

    Of no canvas is known no more than that it is a square from the origin which holds the ink.
    """
    points, begins = trace
    corner = 0j
    if canvas is None:
        low, high = box(points)
        corner = complex(min(low.real, 0), min(low.imag, 0))
        side = max((high - corner).real, (high - corner).imag, SMALLEST) / (1 - BRUSH / 2)
        canvas = Canvas(side, side, BRUSH * side)
    scale = SIDE / max(canvas.width, canvas.height)
    middle = corner + complex(canvas.width, canvas.height) / 2
    points = (points - middle) * scale
    # What lies far outside is not seen; nearer, it need not be drawn in a million pieces.
    points = np.clip(points.real, -FAR, FAR) + 1j * np.clip(points.imag, -FAR, FAR)
    return Trace(points + complex(SIDE / 2, SIDE / 2), begins), canvas.brush * scale


def trace_of(strokes: Strokes) -> Trace:
    """Strokes as one trace in their own unit; ValueError for points that are no finite pairs."""
    lines = [line for line in map(points_of, strokes) if len(line)]
    if not lines:
        return Trace(np.empty(0, complex), np.empty(0, bool))
    points = np.concatenate(lines) if len(lines) > 1 else lines[0]
    begins = np.zeros(len(points), bool)
    begins[0] = True
    if len(lines) > 1:
        begins[np.cumsum([len(line) for line in lines[:-1]])] = True
    return Trace(np.ascontiguousarray(points).view(complex)[:, 0], begins)


def box(points: Array) -> tuple[complex, complex]:
    """The least and the greatest x + iy of some points."""
    x, y = points.real, points.imag
    low, high = np.minimum.reduce, np.maximum.reduce  # what x.min() takes a detour to
    return complex(low(x), low(y)), complex(high(x), high(y))


def centre_of_mass(picture: Array) -> Array:
    """Where the ink of a (28, 28) picture lies on average: x, y from the edge of pixel 0."""
    x, y, total = picture.reshape(-1) @ MOMENTS
    return np.array([x, y]) / max(total, 1e-9)


def points_of(stroke: Any) -> Array:
    """One stroke as (n, 2); ValueError for points that are no finite pairs."""
    points = np.asarray(stroke, np.float64)
    if points.size == 0:
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] < 2:
        raise ValueError(
            f"found a stroke of shape {points.shape}, wanted points (x, y) of finite numbers"
        )
    points = points[:, :2]
    if not np.isfinite(points).all():
        raise ValueError("found a point that is not finite, wanted points (x, y) of finite numbers")
    return points


def _smoothed(trace: Trace) -> Trace:
    """Smoothed in the size in which that is defined, whatever the unit."""
    low, high = box(trace.points)
    side = max((high - low).real, (high - low).imag)
    if side <= SMALLEST:
        return trace
    points, begins = smooth(Trace((trace.points - low) * (INK / side), trace.begins))
    return Trace(points * (side / INK) + low, begins)


def _framed(
    trace: Trace, brush: float, style: Frame, pen: float, normalise: Normalise
) -> tuple[Trace, float]:
    """Scaled to the frame's longest side, pen or else brush included, and put in the middle.

    Also returns the scale. Of the two, only what is to be normalised is done.
    """
    low, high = box(trace.points)
    side = max((high - low).real, (high - low).imag)
    scale = 1.0
    # A tap is a dot of the pen's width, and so is ink too small for any unit: it would overflow.
    if normalise.size and side > SMALLEST:
        longest, wide = (style.longest - pen, 0) if normalise.pen else (style.longest, brush)
        scale = longest / (side + wide)
    middle = (low + high) / 2
    target = complex(SIDE / 2, SIDE / 2) if normalise.centre else middle
    return Trace((trace.points - middle) * scale + target, trace.begins), scale


def _without_strays(trace: Trace) -> Trace:
    """Without specks far from the digit: the touch of a palm would make it small."""
    points, begins = trace
    first = np.flatnonzero(begins)
    if len(first) < 2:
        return trace
    x, y = points.real, points.imag
    low = np.minimum.reduceat(x, first), np.minimum.reduceat(y, first)
    high = np.maximum.reduceat(x, first), np.maximum.reduceat(y, first)
    size = np.maximum(high[0] - low[0], high[1] - low[1])
    main = size > SPECK * size.max()
    if main.all() or not main.any():
        return trace
    gaps = [
        np.maximum(np.maximum(b[main].min() - t, b - t[main].max()), 0)
        for b, t in zip(low, high, strict=True)
    ]
    side = max(t[main].max() - b[main].min() for b, t in zip(low, high, strict=True))
    kept = main | (np.hypot(*gaps) <= STRAY * side)
    chosen = kept[begins.cumsum() - 1]
    return Trace(points[chosen], begins[chosen])
