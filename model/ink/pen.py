"""Traces are drawn with a round pen, in anti-aliased grey.

The darkness of a pixel depends on its distance to the line. It is one half at half the pen's
width, and falls linearly from 1 to 0 over the width of the edge around that distance.

Points are counted from the picture's top left corner. Each drawing of a trace has its own picture.
"""

from functools import lru_cache

import numpy as np

from model.frames import SIDE
from model.ink.trace import Trace
from model.types import Array

CHUNK_PIXELS = 1 << 14  # in the windows of the lines that are compared at a time
LEAST_LINES = 128  # compared at a time in any case
PIECE = 1 / SIDE  # length, in sides of the picture, of the pieces into which lines are cut
WINDOW_COST = 6  # time for a pixel of a window, in times for one where all pixels are compared
CELL = 4  # pixels a side of the squares that are tried first where all pixels are compared
CHUNK_BYTES = 1 << 20  # of the arrays of the lines that are compared with all pixels at a time
# For each pixel (784, 3): x and y of its middle, and 1. A picture times this is its moments.
MOMENTS = np.stack([*(np.indices((SIDE, SIDE))[::-1] + 0.5), np.ones((SIDE, SIDE))], axis=-1)
MOMENTS = MOMENTS.reshape(-1, 3).astype(np.float32)


def centre_of_mass(pictures: Array) -> Array:
    """Centre (x, y) of mass (2 n,) of pictures (n, 28, 28), from the outer edge of pixel 0."""
    moments = (pictures.reshape(-1, SIDE * SIDE) @ MOMENTS).astype(np.float64)
    return (moments[:, :2] / np.maximum(moments[:, 2:], 1e-9)).reshape(-1)


def draw(trace: Trace, pen: Array | float, side: int, edge: float = 1.0) -> Array:
    """Draw a trace, in pixels, as a picture (side, side) float32 in [0, 1], ink high.

    pen:   width of the line in pixels
    edge:  width in pixels of its soft edge, half of it outside the pen's width
    What lies outside the picture is cut off.
    """
    return Pen(trace, pen, side, edge).draw()[0]


class Pen:
    """Lines of drawings, prepared to be drawn at any place.

    pen: width of the line in pixels, one for all drawings or (n,) one for each
    Otherwise as for `draw`.
    """

    def __init__(self, trace: Trace, pen: Array | float, side: int, edge: float = 1.0) -> None:
        self.side, self.edge = side, edge
        self.reaches = np.zeros(len(trace.firsts)) + (pen + edge) / 2
        reach = float(np.maximum.reduce(self.reaches))
        starts, ends = _lines(trace)
        inside, owner = _seen(starts, ends, trace.owners, side, reach)
        self.is_cut = inside[1] is not ends
        starts, lines = inside[0], inside[1] - inside[0]
        lengths, piece = np.abs(lines), PIECE * side
        longest = float(np.maximum.reduce(lengths, initial=0.0))
        window = _window_side(piece, reach, side)
        self.long = starts[:0], lines[:0]  # lines that cost less compared with all pixels
        if longest > 1.01 * piece or WINDOW_COST * window**2 > side**2:
            parts = np.maximum(np.ceil(lengths / piece), 1).astype(np.intp)
            if len(trace.firsts) == 1:
                long = parts * (WINDOW_COST * window**2) > side**2
                self.long = starts[long], lines[long]
                starts, lines, parts = starts[~long], lines[~long], parts[~long]
                owner = owner[:1]
            starts, lines, owner = _pieces(starts, lines, owner, parts)
            lengths, longest = np.abs(lines), piece
        self.owners, self.window = owner, _window_side(longest, reach, side)
        self.directions = _x_and_y(_directions(lines, lengths))
        self.middles, self.halves = _x_and_y(starts + lines / 2), (lengths / 2).astype(np.float32)

    def draw(self, shifts: Array | None = None) -> Array:
        """The pictures (n, side, side), each moved by its shift x + iy (n,) in pixels.

        Where `is_cut`, what lies outside the picture is missing and cannot be moved into it.
        """
        middles, (n, side) = self.middles, (len(self.reaches), self.side)
        if shifts is not None:
            middles = middles + _x_and_y(shifts)[:, self.owners]
        reaches = self.reaches.astype(np.float32)[:, None]
        nearest = np.empty((n, side * side), np.float32)  # squared distance to the line
        nearest[:] = reaches * reaches
        count = max(CHUNK_PIXELS // self.window**2, LEAST_LINES)
        for first in range(0, middles.shape[1], count):
            self._compare(nearest.reshape(-1), middles, slice(first, first + count))
        starts, lines = self.long
        if len(starts):
            starts = starts if shifts is None else starts + shifts
            _compare_all(nearest[0], starts, lines, side, float(self.reaches[0]), self.edge)
        np.sqrt(nearest, out=nearest)
        np.subtract(reaches, nearest, out=nearest)
        if self.edge != 1:
            nearest /= np.float32(self.edge)
        return nearest.clip(0, 1, out=nearest).reshape(n, side, side)

    def _compare(self, nearest: Array, middles: Array, part: slice) -> None:
        """Lower the squared distances (n · side · side,) of the pixels that some lines reach.

        Each line is compared with the pixels of the window around its middle. Their places are
        turned into the frame of the line. The lines are the last axis of all arrays, because NumPy
        is fast along a long last axis.
        """
        middles, (cosines, sines) = middles[:, part], self.directions[:, part]
        halves, window = self.halves[part], self.window
        numbers, places = _window(window, self.side)
        first = np.ceil(middles - (window + 1) / 2)
        first.clip(0, self.side - window, out=first)
        grid = numbers + (first - middles)[:, None]  # (2, window, lines)
        (x_along, y_across), (x_across, y_along) = grid * cosines, grid * sines
        along, across = x_along + y_along[:, None], y_across[:, None] - x_across
        np.abs(along, out=along)
        np.maximum(along, halves, out=along)  # within the line the distance along it is zero
        along -= halves
        along *= along
        across *= across
        along += across
        corner = (first[0] + first[1] * self.side).astype(np.intp)
        owner = self.owners if len(self.owners) == 1 else self.owners[part]
        pixels = places + (corner + owner * self.side**2)
        np.minimum.at(nearest, pixels.reshape(-1), along.reshape(-1))


def _x_and_y(points: Array) -> Array:
    """x and y (2, m) float32 of points (m,)."""
    return points.view(np.float64).reshape(-1, 2).T.astype(np.float32, order="C")


def _lines(trace: Trace) -> tuple[Array, Array]:
    """Start and end (m,) of the line to each point; the first point of a stroke is a dot."""
    points, begins = trace.points, trace.begins
    starts = np.empty_like(points)
    starts[1:] = points[:-1]
    np.copyto(starts, points, where=begins)
    return starts, points


def _window_side(length: float, reach: float, side: int) -> int:
    """Pixels a side of a window that holds all pixels in reach of a line of that length."""
    return min(int(1.01 * length + 2 * reach) + 1, side)


def _seen(
    starts: Array, ends: Array, owner: Array, side: int, reach: float
) -> tuple[tuple[Array, Array], Array]:
    """Start and end, and owner, of the parts of lines (m,) that are in reach of the picture."""
    numbers = np.ascontiguousarray(ends).view(np.float64)
    if np.minimum.reduce(numbers) >= -reach and np.maximum.reduce(numbers) <= side + reach:
        return (starts, ends), owner
    owner = np.broadcast_to(owner, starts.shape)
    middle, farthest = complex(side, side) / 2, side / 2 + reach
    starts, ends = starts - middle, ends - middle
    for _ in range(4):  # the right edge, then the others, by quarter turns
        seen = (starts.real <= farthest) | (ends.real <= farthest)
        starts, ends, owner = starts[seen], ends[seen], owner[seen]
        starts, ends = _cut(starts, ends, farthest), _cut(ends, starts, farthest)
        starts, ends = starts * 1j, ends * 1j
    return (starts + middle, ends + middle), owner


def _cut(points: Array, others: Array, farthest: float) -> Array:
    """Points (m,) moved along the lines to the others where they are farther right than that."""
    outside = points.real > farthest
    near, far = others[outside], points[outside]
    points = points.copy()
    points[outside] = near + (far - near) * ((farthest - near.real) / (far - near).real)
    return points


def _pieces(starts: Array, lines: Array, owner: Array, parts: Array) -> tuple[Array, Array, Array]:
    """Start, line and owner of each of the equal parts (m,) of lines (m,)."""
    number = np.arange(parts.sum()) - np.repeat(parts.cumsum() - parts, parts)
    pieces = np.repeat(lines / parts, parts)
    owner = owner if len(owner) == 1 else np.repeat(owner, parts)
    return np.repeat(starts, parts) + number * pieces, pieces, owner


def _compare_all(
    nearest: Array, starts: Array, lines: Array, side: int, reach: float, edge: float
) -> None:
    """Compare each line with all pixels that it may change.

    These are no pixels that are black already, nor those of a cell that none of the lines reaches.
    """
    starts, lines = starts.astype(np.complex64), lines.astype(np.complex64)
    lengths = np.abs(lines)
    turns, halves = _directions(lines, lengths).conj(), lengths / 2  # a turn leads to the right
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


def _directions(lines: Array, lengths: Array) -> Array:
    """The direction (n,) of each line, of length 1; a dot points to the right."""
    dots = lengths == 0
    directions: Array = (lines + dots) / (lengths + dots)
    return directions


@lru_cache(maxsize=64)
def _window(window: int, side: int) -> tuple[Array, Array]:
    """The middles of a window's pixels in a row (window, 1), and their places in a picture.

    The places are (window, window, 1). Both are counted from the window's first pixel.
    """
    y, x = np.indices((window, window))[..., None]
    return (x[0] + 0.5).astype(np.float32), x + y * side


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
