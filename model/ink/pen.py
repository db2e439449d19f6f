"""A round pen that draws lines into a grey picture, anti-aliased.

A pixel is as dark as the pen's soft edge covers it: half where the nearest point of the line is
half the pen's width away, fully half an edge nearer than that, not at all half an edge farther.

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


def draw(trace: Trace, pen: float, side: int, edge: float = 1.0, piece: float = PIECE) -> Array:
    """A trace, in pixels, as a picture (side, side) float32 in [0, 1], ink high.

    pen:   width of the line in pixels
    edge:  pixels over which it fades from ink to paper, half of them beyond its width
    piece: length in pixels of the pieces in which it is drawn; changes nothing but the time
    What lies outside of the picture is cut off.
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
    np.maximum(nearest, 0, out=nearest)  # the root of a square may be off by a bit
    return np.minimum(nearest, 1, out=nearest).reshape(side, side)


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
    """Lower the squared distances of the pixels in a small window around each piece.

    The pieces are the last axis of all arrays: NumPy is fast along the last one if it is long.
    """
    start, end = _rows(starts), _rows(ends)  # (2, n): x, y
    way = end - start
    length = np.hypot(way[0], way[1])
    dot = length == 0
    way[0] += dot  # a dot points somewhere too: to the right
    way /= length + dot
    window = min(int(length.max() + 2 * reach) + 1, side)  # pixels a side
    first = np.ceil(np.minimum(start, end) - (reach + 0.5))  # the middle of this one is reached
    np.minimum(np.maximum(first, 0, out=first), side - window, out=first)
    pixels = first[:, None, :] + np.arange(window, dtype=np.float32)[:, None]  # (2, w, n)
    offset = pixels - (start - 0.5)[:, None, :]
    # How far each pixel lies along the piece, beyond its nearer end, and across: (w, w, n).
    by_way, by_normal = offset * way[:, None, :], offset * way[::-1, None, :]
    along = by_way[0] + by_way[1][:, None, :]
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
