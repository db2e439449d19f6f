"""A trace is placed in a picture and drawn with a round pen, in anti-aliased grey.

The darkness of a pixel depends on its distance to the line. It is one half at half the pen's
width, and falls linearly from 1 to 0 over the width of the edge around that distance.

A point is one complex number, x + iy with y down, counted from the top left corner of the
picture. So differences, lengths and angles are single operations on a whole drawing.
"""

from typing import NamedTuple

import numpy as np

from model.frames import SIDE
from model.ink.distance import lower
from model.types import Array

DOT_SIDE = 1e-9  # ink whose longest side, in the unit of the strokes, is at most this is a dot
# For each pixel (784, 3): x and y of its middle, and 1. A picture times this is its moments.
MOMENTS = np.stack([*(np.indices((SIDE, SIDE))[::-1] + 0.5), np.ones((SIDE, SIDE))], axis=-1)
MOMENTS = MOMENTS.reshape(-1, 3).astype(np.float32)


class Trace(NamedTuple):
    """The path of a pen. points: (n,) complex; begins: (n,) bool, the first points of strokes."""

    points: Array
    begins: Array


def box(points: Array) -> tuple[complex, complex]:
    """The top left and the bottom right corner x + iy of the bounding box of points (n,)."""
    x, y = points.real, points.imag
    low, high = np.minimum.reduce, np.maximum.reduce  # faster than x.min() and x.max()
    return complex(low(x), low(y)), complex(high(x), high(y))


def placed(trace: Trace, longest: float | None, margin: float, centre: bool) -> tuple[Trace, float]:
    """The trace in a picture of 28 × 28, and the scale by which it was multiplied.

    longest: pixels that the longest side of its box and the margin (in the trace's own unit) take
             together; None leaves the size as it is
    centre:  whether the middle of its box goes to the middle of the picture
    """
    low, high = box(trace.points)
    side = max((high - low).real, (high - low).imag)
    scale = 1.0
    # A tap stays a dot of the pen's width. Smaller ink would overflow.
    if longest is not None and side > DOT_SIDE:
        scale = longest / (side + margin)
    middle = (low + high) / 2
    target = complex(SIDE / 2, SIDE / 2) if centre else middle
    return Trace((trace.points - middle) * scale + target, trace.begins), scale


def centre_of_mass(picture: Array) -> Array:
    """Centre of mass (x, y) of the ink of a (28, 28) picture, from the outer edge of pixel 0."""
    x, y, total = picture.reshape(-1) @ MOMENTS
    return np.array([x, y]) / max(total, 1e-9)


def draw(trace: Trace, pen: float, side: int, edge: float = 1.0) -> Array:
    """Draw a trace, in pixels, as a picture (side, side) float32 in [0, 1], ink high.

    pen:   width of the line in pixels
    edge:  width in pixels of its soft edge, half of it outside the pen's width
    What lies outside the picture is cut off.
    """
    reach = (float(pen) + edge) / 2
    nearest = np.full(side * side, reach * reach, np.float32)  # squared distance to the line
    starts, ends = _inside(*_lines(trace), side, reach)
    if len(starts):
        lower(nearest, starts, ends, side, reach, edge)
    np.sqrt(nearest, out=nearest)
    np.subtract(reach, nearest, out=nearest)
    if edge != 1:
        nearest /= edge
    np.maximum(nearest, 0, out=nearest)  # rounding may make it slightly negative
    return np.minimum(nearest, 1, out=nearest).reshape(side, side)


def _lines(trace: Trace) -> tuple[Array, Array]:
    """Start and end (n,) of the line to each point; the first point of a stroke is a dot."""
    points, begins = trace
    starts = np.empty_like(points)
    starts[1:] = points[:-1]
    np.copyto(starts, points, where=begins)
    return starts, points


def _inside(starts: Array, ends: Array, side: int, reach: float) -> tuple[Array, Array]:
    """The parts of lines (n,) that lie in the picture, or so near to it that they are seen."""
    numbers = np.ascontiguousarray(ends).view(np.float64)
    if np.minimum.reduce(numbers) >= -reach and np.maximum.reduce(numbers) <= side + reach:
        return starts, ends
    middle, farthest = complex(side, side) / 2, side / 2 + reach
    starts, ends = starts - middle, ends - middle
    for _ in range(4):  # the right edge, then the others, by quarter turns
        seen = (starts.real <= farthest) | (ends.real <= farthest)
        starts, ends = starts[seen], ends[seen]
        starts, ends = _cut(starts, ends, farthest), _cut(ends, starts, farthest)
        starts, ends = starts * 1j, ends * 1j
    return starts + middle, ends + middle


def _cut(points: Array, others: Array, farthest: float) -> Array:
    """Points (n,) moved along the lines to the others where they are farther right than that."""
    outside = points.real > farthest
    near, far = others[outside], points[outside]
    points = points.copy()
    points[outside] = near + (far - near) * ((farthest - near.real) / (far - near).real)
    return points
