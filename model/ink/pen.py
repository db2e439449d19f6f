"""A trace is placed in a picture and drawn with a round pen, in anti-aliased grey.

The darkness of a pixel depends on its distance to the line. It is one half at half the pen's
width, and falls linearly from 1 to 0 over the width of the edge around that distance.

A point is one complex number, x + iy with y down, counted from the top left corner of the
picture. So differences, lengths and angles are single operations on a whole drawing.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from model.frames import SIDE
from model.types import Array

PIECE = 1 / SIDE  # length, in sides of the picture, of the pieces into which lines are cut
WINDOW_COST = 6  # time for a pixel of a window, in times for one where all pixels are compared
CELL = 4  # pixels a side of the squares that are tried first where all pixels are compared
CHUNK_BYTES = 1 << 20  # of the arrays of the lines that are compared with pixels at a time
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
        _lower(nearest, starts, ends, side, reach, edge)
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


def _lower(
    nearest: Array, starts: Array, ends: Array, side: int, reach: float, edge: float
) -> None:
    """Lower the squared distances (side · side,) of the pixels that lines (n,) reach.

    A short line, and each piece of a longer one, is compared with the pixels of a small window
    around it. A line is compared with all pixels where that costs less.
    """
    starts, lines = starts.astype(np.complex64), (ends - starts).astype(np.complex64)
    lengths, piece = np.abs(lines), PIECE * side
    window = min(int(1.01 * piece + 2 * reach) + 1, side)  # pixels a side
    if np.maximum.reduce(lengths) > 1.01 * piece or WINDOW_COST * window**2 > side**2:
        parts = np.maximum(np.ceil(lengths / piece), 1).astype(np.intp)
        long = parts * (WINDOW_COST * window**2) > side**2
        _compare_all(nearest, starts[long], lines[long], side, reach, edge)
        starts, lines = _pieces(starts[~long], lines[~long], parts[~long])
    count = max(CHUNK_BYTES // (24 * window**2), 1)
    for first in range(0, len(starts), count):
        part = slice(first, first + count)
        _compare(nearest, starts[part], lines[part], side, window)


def _pieces(starts: Array, lines: Array, parts: Array) -> tuple[Array, Array]:
    """Start and line (m,) of each of the equal parts (n,) of lines (n,)."""
    number = np.arange(parts.sum()) - np.repeat(parts.cumsum() - parts, parts)
    pieces = np.repeat(lines / parts.astype(np.float32), parts)
    return np.repeat(starts, parts) + number.astype(np.float32) * pieces, pieces


def _compare(nearest: Array, starts: Array, lines: Array, side: int, window: int) -> None:
    """Compare each piece with the pixels of the window around its middle.

    A pixel is turned into the frame of the piece: real is along it, imaginary is across it. The
    pieces are the last axis of all arrays, because NumPy is fast along a long last axis.
    """
    turns, halves = _frames(lines)
    middles = starts + lines / 2
    numbers = middles.view(np.float32) - (window / 2 + 0.5)  # x and y alternate
    np.maximum(np.ceil(numbers, out=numbers), 0, out=numbers)
    first = np.minimum(numbers, side - window, out=numbers).view(np.complex64)
    grid, places = _window(window, side)
    offset = grid + (first - middles)  # (window, window, n)
    offset *= turns
    along, across = np.abs(offset.real), offset.imag
    along -= halves
    np.maximum(along, 0, out=along)
    along *= along
    across *= across
    along += across
    pixels = (first.real + first.imag * side).astype(np.intp) + places
    np.minimum.at(nearest, pixels.reshape(-1), along.reshape(-1))


def _compare_all(
    nearest: Array, starts: Array, lines: Array, side: int, reach: float, edge: float
) -> None:
    """Compare each line with all pixels that it may change.

    These are no pixels that are black already, nor those of a cell that none of the lines reaches.
    """
    turns, halves = _frames(lines)
    middles = (starts + lines / 2 - complex(side, side) / 2) * turns
    frames = np.array(
        [[turns.real, -turns.imag, -middles.real], [turns.imag, turns.real, -middles.imag]]
    ).transpose(0, 2, 1)  # (2, n, 3): along, across
    pixels, cells, cell_of_pixel = _grids(side)
    black, beyond = max(reach - edge, 0.0) ** 2, (reach + CELL) ** 2
    count = max(CHUNK_BYTES // (8 * side**2), 1)
    for first in range(0, len(starts), count):
        part = frames[:, first : first + count], halves[first : first + count, None]
        reached = _squares(*part, cells) < beyond
        grey = np.flatnonzero(reached[cell_of_pixel] & (nearest > black))
        nearest[grey] = np.minimum(nearest[grey], _squares(*part, pixels[:, grey]))


def _squares(frames: Array, halves: Array, pixels: Array) -> Array:
    """Squared distance of each pixel (3, pixels) to the nearest of some lines.

    frames: (2, n, 3) from pixels to their places along and across each line
    halves: (n, 1) half the length of each line
    """
    both = frames @ pixels  # (2, n, pixels)
    along, across = both
    np.abs(along, out=along)
    along -= halves
    np.maximum(along, 0, out=along)
    both *= both
    along += across
    return np.minimum.reduce(along, axis=0)


def _frames(lines: Array) -> tuple[Array, Array]:
    """What turns each line (n,) to the right, and half its length; a dot is not turned."""
    lengths = np.abs(lines)
    dots = lengths == 0
    return ((lines + dots) / (lengths + dots)).conj(), lengths / 2


@lru_cache(maxsize=64)
def _window(window: int, side: int) -> tuple[Array, Array]:
    """The middles x + iy of a window's pixels (window, window, 1), and their places in a picture.

    Both are counted from the window's first pixel.
    """
    y, x = np.indices((window, window))[..., None]
    return (x + 0.5 + 1j * (y + 0.5)).astype(np.complex64), x + y * side


@lru_cache(maxsize=4)
def _grids(side: int) -> tuple[Array, Array, Array]:
    """The middles of a picture's pixels and of its cells, and the cell of each pixel."""
    cells = -(-side // CELL)
    row, column = np.indices((side, side)).reshape(2, -1) // CELL
    return _middles(side, 1, side), _middles(cells, CELL, side), row * cells + column


def _middles(count: int, size: int, side: int) -> Array:
    """(3, count · count) of squares of that size in a row: x and y from the picture's middle, 1."""
    y, x = (np.indices((count, count)).reshape(2, -1) + 0.5) * size - side / 2
    return np.stack([x, y, np.ones_like(x)]).astype(np.float32)
