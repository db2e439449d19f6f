"""A round pen that draws lines into a grey picture, anti-aliased.

A pixel is as dark as the pen's edge covers it: fully where the nearest point of the line is half
a pixel nearer than the edge, not at all where it is half a pixel farther.

A place is one complex number, x + iy with y down, counted from the corner of the picture: then
differences, lengths and turns of lines are single operations on a whole drawing.
"""

from typing import NamedTuple

import numpy as np

from model.types import Array

PIECE = 1.0  # pixels of 28 × 28, the longest piece of a line that is drawn at once
CHUNK = 4096  # pieces drawn at a time, to bound the memory of a long scribble


class Trace(NamedTuple):
    """Where a pen went. points: (n,) complex; begins: (n,) bool, where it was put down anew."""

    points: Array
    begins: Array


def draw(trace: Trace, pen: float, side: int, piece: float = PIECE) -> Array:
    """A trace, in pixels, as a picture (side, side) float32 in [0, 1], ink high.

    pen:   width of the line in pixels
    piece: length in pixels of the pieces in which it is drawn; changes nothing but the time
    What lies outside of the picture is cut off.
    """
    reach = pen / 2 + 0.5
    nearest = np.full(side * side, reach * reach, np.float32)  # squared distance to the line
    starts, ends = _pieces(trace, piece)
    for first in range(0, len(starts), CHUNK):
        part = slice(first, first + CHUNK)
        _draw(starts[part], ends[part], reach, nearest, side)
    np.sqrt(nearest, out=nearest)
    np.subtract(np.float32(reach), nearest, out=nearest)
    np.maximum(nearest, np.float32(0), out=nearest)  # the root of a square may be off by a bit
    return np.minimum(nearest, np.float32(1), out=nearest).reshape(side, side)


def _pieces(trace: Trace, longest: float) -> tuple[Array, Array]:
    """Start and end of every piece (m,), none much longer than that; dots are pieces too."""
    points, begins = trace
    starts = np.empty_like(points)
    starts[1:] = points[:-1]
    starts[begins] = points[begins]
    lengths = np.abs(points - starts)
    if lengths.max() <= 1.01 * longest:
        return starts, points
    parts = np.maximum(np.ceil(lengths / longest), 1).astype(np.intp)
    number = np.arange(parts.sum()) - np.repeat(parts.cumsum() - parts, parts)
    steps = np.repeat((points - starts) / parts, parts)
    starts = np.repeat(starts, parts) + number * steps
    return starts, starts + steps


def _draw(starts: Array, ends: Array, reach: float, nearest: Array, side: int) -> None:
    """Lower the squared distances of the pixels in a small window around each piece."""
    x0, y0 = starts.real.astype(np.float32), starts.imag.astype(np.float32)  # (n,)
    x1, y1 = ends.real.astype(np.float32), ends.imag.astype(np.float32)
    x, y = x1 - x0, y1 - y0
    length = np.hypot(x, y)
    dot = length == 0  # points somewhere too: to the right
    x, y = ((x + dot) / (length + dot))[:, None], (y / (length + dot))[:, None]
    window = np.arange(min(int(length.max() + 2 * reach) + 2, side), dtype=np.float32)
    left = _first_pixel(np.minimum(x0, x1), reach, side - len(window)) + window  # (n, w)
    top = _first_pixel(np.minimum(y0, y1), reach, side - len(window)) + window
    dx = left - (x0 - np.float32(0.5))[:, None]
    dy = top - (y0 - np.float32(0.5))[:, None]
    # How far each pixel lies along the piece, beyond its nearer end, and across: (n, w, w).
    along = (dx * x)[:, None, :] + (dy * y)[:, :, None]
    across = (dx * y)[:, None, :] - (dy * x)[:, :, None]
    along -= np.minimum(np.maximum(along, np.float32(0)), length[:, None, None])
    along *= along
    across *= across
    along += across
    places = (top * np.float32(side)).astype(np.intp)[:, :, None] + left.astype(np.intp)[:, None, :]
    np.minimum.at(nearest, places.reshape(-1), along.reshape(-1))


def _first_pixel(lowest: Array, reach: float, last: int) -> Array:
    """(n, 1): where the window around a piece begins, kept inside the picture."""
    first = np.floor(lowest - np.float32(reach))
    return np.minimum(np.maximum(first, np.float32(0)), np.float32(last))[:, None]
