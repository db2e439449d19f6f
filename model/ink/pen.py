"""Traces are drawn with a round pen, in anti-aliased grey.

The darkness of a pixel depends on its distance to the line. It is one half at half the pen's
width, and falls linearly from 1 to 0 over the width of the edge around that distance.

Points are counted from the picture's top left corner. Each drawing of a trace has its own picture.
"""

from functools import lru_cache

import numpy as np

from model.frames import SIDE
from model.ink.trace import Trace, moved
from model.types import Array

CHUNK_PIXELS = 1 << 14  # in the windows of the lines that are compared at a time
LEAST_LINES = 128  # compared at a time in any case
PIECE = 1 / SIDE  # length, in sides of the picture, of the pieces into which lines are cut
WINDOW_COST = 6  # time for a pixel of a window, in times for one where all pixels are compared
CELL = 4  # pixels a side of the squares that are tried first where all pixels are compared
CHUNK_BYTES = 1 << 20  # of the arrays of the lines that are compared with all pixels at a time
TINY = 1e-300  # a length that is not zero
AXES = np.array([[1], [1j]])  # along a line and across it, where it points to the right
# For each pixel (784, 3): x and y of its middle, and 1. A picture times this is its moments.
MOMENTS = np.stack([*(np.indices((SIDE, SIDE))[::-1] + 0.5), np.ones((SIDE, SIDE))], axis=-1)
MOMENTS = MOMENTS.reshape(-1, 3).astype(np.float32)


def centre_of_mass(pictures: Array) -> Array:
    """Centre (x, y) of mass (2 n,) of pictures (n, 28, 28), from the outer edge of pixel 0."""
    moments = pictures.reshape(-1, SIDE * SIDE).dot(MOMENTS)
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
        self.trace, self.pen, self.side, self.edge = trace, pen, side, edge
        self.reaches = np.empty(len(trace.firsts), np.float32)
        self.reaches[:] = (pen + edge) / 2
        reach = float(np.maximum.reduce(self.reaches))
        ends, lines, owner = _seen(trace, side, reach)
        self.is_cut = ends is not trace.points
        lines += TINY  # a dot points to the right
        lengths, piece = np.abs(lines), PIECE * side
        longest = float(np.maximum.reduce(lengths, initial=0.0))
        window = _window_side(piece, reach, side)
        self.long = None  # lines that cost less compared with all pixels
        if longest > 1.01 * piece or WINDOW_COST * window**2 > side**2:
            parts = np.maximum(np.ceil(lengths / piece), 1).astype(np.intp)
            if len(trace.firsts) == 1:
                long = parts * (WINDOW_COST * window**2) > side**2
                self.long = Lines(ends[long], lines[long], lengths[long])
                ends, lines, parts = ends[~long], lines[~long], parts[~long]
            ends, lines, owner = _pieces(ends, lines, owner, parts)
            lengths, longest = np.abs(lines), piece
        self.window = _window_side(longest, reach, side)
        self.short, self.owners = Lines(ends, lines, lengths), owner
        self.pictures = owner * side**2  # where the picture of each line begins

    def draw(self, shifts: Array | None = None) -> Array:
        """The pictures (n, side, side), each moved by its shift x + iy (n,) in pixels."""
        if self.is_cut and shifts is not None:  # what was cut off may be in the picture now
            return Pen(moved(self.trace, shifts), self.pen, self.side, self.edge).draw()
        reaches, side, middles = self.reaches, self.side, self.short.middles
        nearest = (reaches * reaches).repeat(side**2)  # squared distance to the line
        if shifts is not None:
            middles = middles + shifts[self.owners]
        count = max(CHUNK_PIXELS // self.window**2, LEAST_LINES)
        for first in range(0, len(middles), count):
            self._compare(nearest, middles, slice(first, first + count))
        if self.long is not None:
            self._compare_all(nearest, self.long, shifts)
        pictures = np.sqrt(nearest, out=nearest).reshape(-1, side, side)
        np.subtract(reaches[:, None, None], pictures, out=pictures)
        if self.edge != 1:
            pictures /= self.edge
        return np.minimum(pictures, 1, out=pictures)

    def _compare(self, nearest: Array, middles: Array, part: slice) -> None:
        """Lower the squared distances (n · side · side,) of the pixels that some lines reach.

        Each line is compared with the pixels of the window around its middle.
        """
        middles, window, side = middles[part], self.window, self.side
        corners = np.ceil(middles.view(np.float32) - (window + 1) / 2)
        np.minimum(np.maximum(corners, 0, out=corners), side - window, out=corners)
        frames = self.short.frames_from(corners.view(np.complex64), middles, part)
        pixels, places, row = _window(window, side)
        squares = _squares(frames, self.short.halves[part], pixels)
        first = corners.reshape(-1, 2).dot(row).astype(np.intp)
        first += self.pictures if len(self.pictures) == 1 else self.pictures[part]
        np.minimum.at(nearest, (first[:, None] + places).reshape(-1), squares.reshape(-1))

    def _compare_all(self, nearest: Array, lines: "Lines", shifts: Array | None) -> None:
        """The same for the one picture (side · side,), each line compared with all its pixels.

        But not with those that are black already, nor those of a cell that no line reaches.
        """
        side, reach = self.side, float(self.reaches[0])
        middles = lines.middles if shifts is None else lines.middles + shifts
        frames = lines.frames_from(complex(side, side) / 2, middles, slice(None))
        pixels, cells, cell_of_pixel = _grids(side)
        black, beyond = max(reach - self.edge, 0.0) ** 2, (reach + CELL) ** 2
        count = max(CHUNK_BYTES // (8 * side**2), 1)
        for first in range(0, len(middles), count):
            part = frames[:, first : first + count], lines.halves[first : first + count]
            reached = np.minimum.reduce(_squares(*part, cells), axis=0) < beyond
            grey = np.flatnonzero(reached[cell_of_pixel] & (nearest > black))
            squares = np.minimum.reduce(_squares(*part, pixels[:, grey]), axis=0)
            nearest[grey] = np.minimum(nearest[grey], squares)


class Lines:
    """Lines (m,) of any direction and of lengths above 0, prepared to be compared with pixels.

    middles:  (m,) complex64
    halves:   (m, 1) float32, half their lengths
    """

    def __init__(self, ends: Array, lines: Array, lengths: Array) -> None:
        directions = lines / lengths
        self.middles = (ends - lines / 2).astype(np.complex64)
        self.halves = (lengths / 2).astype(np.float32)[:, None]
        self._turns = directions.conj().astype(np.complex64)  # they lead to the right
        self._frames = np.empty((2, len(ends), 3), np.float32)
        self._frames[..., :2] = (AXES * directions).view(np.float64).reshape(2, len(ends), 2)

    def frames_from(self, origins: Array | complex, middles: Array, part: slice) -> Array:
        """(2, n, 3) from a pixel, as x and y from an origin and 1, to its place along and across.

        origins: (n,) complex64, or one for all
        middles: (n,) of that part of the lines, wherever they are moved to
        """
        frames, offsets = self._frames[:, part], (origins - middles) * self._turns[part]
        frames[0, :, 2], frames[1, :, 2] = offsets.real, offsets.imag
        return frames


def _lines(trace: Trace) -> Array:
    """The line (m,) to each point from the one before; the first point of a stroke is a dot."""
    points = trace.points
    lines = np.zeros(len(points), complex)
    np.subtract(points[1:], points[:-1], out=lines[1:])
    lines[trace.begins] = 0
    return lines


def _window_side(length: float, reach: float, side: int) -> int:
    """Pixels a side of a window that holds all pixels in reach of a line of that length."""
    return min(int(1.01 * length + 2 * reach) + 1, side)


def _seen(trace: Trace, side: int, reach: float) -> tuple[Array, Array, Array]:
    """End, line and owner of the parts of a trace's lines that are in reach of the picture."""
    ends, lines, owner = np.ascontiguousarray(trace.points), _lines(trace), trace.owners
    numbers = ends.view(np.float64)
    if np.minimum.reduce(numbers) >= -reach and np.maximum.reduce(numbers) <= side + reach:
        return ends, lines, owner
    middle, farthest = complex(side, side) / 2, side / 2 + reach
    ends = ends - middle
    starts = ends - lines
    for _ in range(4):  # the right edge, then the others, by quarter turns
        seen = (starts.real <= farthest) | (ends.real <= farthest)
        starts, ends = starts[seen], ends[seen]
        owner = owner if len(owner) == 1 else owner[seen]
        starts, ends = _cut(starts, ends, farthest), _cut(ends, starts, farthest)
        starts, ends = starts * 1j, ends * 1j
    return ends + middle, ends - starts, owner


def _cut(points: Array, others: Array, farthest: float) -> Array:
    """Points (m,) moved along the lines to the others where they are farther right than that."""
    outside = points.real > farthest
    near, far = others[outside], points[outside]
    points = points.copy()
    points[outside] = near + (far - near) * ((farthest - near.real) / (far - near).real)
    return points


def _pieces(ends: Array, lines: Array, owner: Array, parts: Array) -> tuple[Array, Array, Array]:
    """End, line and owner of each of the equal parts (m,) of lines (m,), from their ends back."""
    number = np.arange(parts.sum()) - np.repeat(parts.cumsum() - parts, parts)
    pieces = np.repeat(lines / parts, parts)
    owner = owner if len(owner) == 1 else np.repeat(owner, parts)
    return np.repeat(ends, parts) - number * pieces, pieces, owner


def _squares(frames: Array, halves: Array, pixels: Array) -> Array:
    """Squared distance (n, pixels) of each line to each pixel (3, pixels).

    frames: (2, n, 3), see `Lines`
    halves: (n, 1) half the length of each line
    """
    # One product of two dimensions, and dot(), are faster than two and @.
    both = frames.reshape(-1, 3).dot(pixels).reshape(2, len(halves), pixels.shape[1])
    along = both[0]
    np.abs(along, out=along)
    along -= halves  # within the line the distance along it is zero
    np.maximum(along, 0, out=along)
    both *= both
    along += both[1]
    return along


@lru_cache(maxsize=64)
def _window(window: int, side: int) -> tuple[Array, Array, Array]:
    """Of the pixels of a window: their middles (3, n), their places (n,) in a picture.

    Both are counted from the window's first pixel. x and y times the third array are its place.
    """
    places = np.arange(window) + side * np.arange(window)[:, None]
    return _middles(window, 1, 0), places.reshape(-1), np.array([1, side], np.float32)


@lru_cache(maxsize=4)
def _grids(side: int) -> tuple[Array, Array, Array]:
    """The middles of a picture's pixels and of its cells, and the cell of each pixel."""
    cells = -(-side // CELL)
    row, column = np.indices((side, side)).reshape(2, -1) // CELL
    middle = side / 2
    return _middles(side, 1, middle), _middles(cells, CELL, middle), row * cells + column


def _middles(count: int, size: int, origin: float) -> Array:
    """(3, count · count) of squares of that size: x and y from (origin, origin), and 1."""
    y, x = (np.indices((count, count)).reshape(2, -1) + 0.5) * size - origin
    return np.stack([x, y, np.ones_like(x)]).astype(np.float32)
