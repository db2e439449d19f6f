"""A trace is placed in a picture and drawn with a round pen, in anti-aliased grey.

The darkness of a pixel depends on its distance to the line. It is one half at half the pen's
width, and falls linearly from 1 to 0 over the width of the edge around that distance.

A point is one complex number, x + iy with y down, counted from the top left corner of the
picture. So differences, lengths and angles are single operations on a whole drawing.
"""

from typing import NamedTuple

import numpy as np

from model.frames import SIDE
from model.types import Array

PIECE_PX = 1.0  # length of the pieces into which lines are cut for drawing
CHUNK = 4096  # pieces drawn at a time, which bounds the memory of a long scribble
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


def draw(trace: Trace, pen: float, side: int, edge: float = 1.0, piece: float = PIECE_PX) -> Array:
    """Draw a trace, in pixels, as a picture (side, side) float32 in [0, 1], ink high.

    pen:   width of the line in pixels
    edge:  width in pixels of its soft edge, half of it outside the pen's width
    piece: length in pixels of the pieces in which it is drawn; affects the time alone
    Lines outside the picture are cut off.
    """
    reach = (float(pen) + edge) / 2
    nearest = np.full(side * side, reach * reach, np.float32)  # squared distance to the line
    starts, ends = _pieces(trace, piece)
    for first in range(0, len(starts), CHUNK):
        part = slice(first, first + CHUNK)
        _draw(starts[part], ends[part], reach, nearest, side)
    np.sqrt(nearest, out=nearest)
    np.subtract(reach, nearest, out=nearest)
    if edge != 1:
        nearest /= edge
    np.maximum(nearest, 0, out=nearest)  # rounding may make it slightly negative
    return np.minimum(nearest, 1, out=nearest).reshape(side, side)


def _pieces(trace: Trace, longest: float) -> tuple[Array, Array]:
    """Start and end (m,) of each piece, at most about `longest` long; a dot is a piece too."""
    points, begins = trace
    starts = np.empty_like(points)
    starts[1:] = points[:-1]
    starts[begins] = points[begins]
    lengths = np.abs(points - starts)
    if lengths.max() <= 1.01 * longest:
        return starts, points
    parts = np.maximum(np.ceil(lengths / longest), 1).astype(np.intp)
    number = np.arange(parts.sum()) - np.repeat(parts.cumsum() - parts, parts)
    pieces = np.repeat((points - starts) / parts, parts)
    starts = np.repeat(starts, parts) + number * pieces
    return starts, starts + pieces


def _draw(starts: Array, ends: Array, reach: float, nearest: Array, side: int) -> None:
    """Lower the squared distances `nearest` of the pixels in a small window around each piece.

    The pieces are the last axis of all arrays, because NumPy is fast along a long last axis.
    """
    start, end = _rows(starts), _rows(ends)  # (2, n): x, y
    direction = end - start
    length = np.hypot(direction[0], direction[1])
    dot = length == 0
    direction[0] += dot  # the direction of a dot is to the right
    direction /= length + dot
    window = min(int(length.max() + 2 * reach) + 1, side)  # pixels a side
    first = np.ceil(np.minimum(start, end) - (reach + 0.5))  # the first pixel that is reached
    np.minimum(np.maximum(first, 0, out=first), side - window, out=first)
    pixels = first[:, None, :] + np.arange(window, dtype=np.float32)[:, None]  # (2, w, n)
    offset = pixels - (start - 0.5)[:, None, :]
    # Distance of each pixel across the piece, and along it beyond its nearer end: (w, w, n).
    by_direction, by_normal = offset * direction[:, None, :], offset * direction[::-1, None, :]
    along = by_direction[0] + by_direction[1][:, None, :]
    across = by_normal[0] - by_normal[1][:, None, :]
    along -= np.minimum(np.maximum(along, 0), length)
    along *= along
    across *= across
    along += across
    columns, rows = pixels.astype(np.intp)
    places = columns + (rows * side)[:, None, :]
    np.minimum.at(nearest, places.reshape(-1), along.reshape(-1))


def _rows(points: Array) -> Array:
    """(n,) complex to (2, n) float32."""
    pairs = np.ascontiguousarray(points, complex).view(np.float64).reshape(-1, 2)
    return pairs.T.astype(np.float32, order="C")
