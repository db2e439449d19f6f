"""Traces are drawn with a round pen, in anti-aliased grey.

The darkness of a pixel depends on its distance to the line. It is one half at half the pen's
width, and falls linearly from 1 to 0 over the width of the edge around that distance.

Points are counted from the top left corner of the picture. Each drawing of a trace has a picture
of its own.
"""

from functools import lru_cache

import numpy as np

from model.frames import SIDE
from model.ink.trace import Trace
from model.types import Array

CHUNK_PIXELS = 1 << 14  # in the windows of the lines that are compared at a time
MANY_LINES = 500  # of a drawing; in more than these, windows that are black are left out
SHORTEST_PIECE = 5  # pixels, of a cut line: a piece costs about this, squared, besides its window
# For each pixel (784, 3): x and y of its middle, and 1. A picture times this is its moments.
MOMENTS = np.stack([*(np.indices((SIDE, SIDE))[::-1] + 0.5), np.ones((SIDE, SIDE))], axis=-1)
MOMENTS = MOMENTS.reshape(-1, 3).astype(np.float32)


def centre_of_mass(picture: Array) -> Array:
    """Centre of mass (x, y) of the ink of a (28, 28) picture, from the outer edge of pixel 0."""
    return centres_of_mass(picture).view(np.float64)


def centres_of_mass(pictures: Array) -> Array:
    """The same as x + iy (n,) for pictures (n, 28, 28)."""
    moments = (pictures.reshape(-1, SIDE * SIDE) @ MOMENTS).astype(np.float64)
    centres = moments[:, :2] / np.maximum(moments[:, 2:], 1e-9)
    return centres.view(complex)[:, 0]


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
    The other arguments are those of `draw`.
    """

    def __init__(self, trace: Trace, pen: Array | float, side: int, edge: float = 1.0) -> None:
        self.side, self.edge = side, edge
        self.reaches = np.zeros(len(trace.firsts)) + (pen + edge) / 2
        reach = float(np.maximum.reduce(self.reaches))
        starts, ends = _lines(trace)
        inside, owner = _seen(starts, ends, trace.owners, side, reach)
        self.is_cut = inside[1] is not ends
        starts, lines = inside[0], inside[1] - inside[0]
        lengths = np.abs(lines)
        longest, pixels = float(np.maximum.reduce(lengths, initial=0.0)), len(lines) * side**2
        piece = float(np.hypot(2 * reach, SHORTEST_PIECE))  # the cheapest length
        if longest > piece:
            parts = np.maximum(np.ceil(lengths / piece), 1).astype(np.intp)
            if parts.sum() * _window_side(piece, reach, side) ** 2 < pixels:
                starts, lines, owner = _pieces(starts, lines, owner, parts)
                lengths, longest = np.abs(lines), piece
        self.owners, self.window = owner, _window_side(longest, reach, side)
        dots = lengths == 0  # their direction does not matter
        self.directions = _x_and_y((lines + dots) / (lengths + dots))
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
        chunk, lines = max(CHUNK_PIXELS // self.window**2, 1), np.arange(middles.shape[1])
        many = len(lines) > MANY_LINES * n
        if many:  # the first ones, from all over the drawing, leave few pixels to the others
            lines = np.random.default_rng(0).permutation(lines)
        part = chunk if many else len(lines)
        while len(lines):
            for first in range(0, min(part, len(lines)), chunk):
                self._compare(nearest.reshape(-1), middles, lines[first : min(first + chunk, part)])
            lines = lines[part:]
            if len(lines):
                lines = lines[self._changes(nearest, middles[:, lines], lines)]
            part *= 2
        np.sqrt(nearest, out=nearest)
        np.subtract(reaches, nearest, out=nearest)
        if self.edge != 1:
            nearest /= np.float32(self.edge)
        return nearest.clip(0, 1, out=nearest).reshape(n, side, side)

    def _changes(self, nearest: Array, middles: Array, lines: Array) -> Array:
        """Whether the window of each of the lines (m,) has pixels that are not black yet."""
        n, side, window = len(nearest), self.side, self.window
        black = np.maximum(self.reaches - self.edge, 0)[:, None] ** 2
        grey = np.zeros((n, side + 1, side + 1), np.int32)  # pixels above and left of each place
        grey[:, 1:, 1:] = (nearest > black).reshape(n, side, side).cumsum(1).cumsum(2)
        x, y = self._corners(middles).astype(np.intp)
        own = self.owners if len(self.owners) == 1 else self.owners[lines]
        end_x, end_y = x + window, y + window
        within = grey[own, end_y, end_x] - grey[own, y, end_x] - grey[own, end_y, x]
        changed: Array = within + grey[own, y, x] > 0
        return changed

    def _corners(self, middles: Array) -> Array:
        """The first pixels, x and y (2, m), of the windows around middles (2, m)."""
        first = np.ceil(middles - (self.window + 1) / 2)
        return first.clip(0, self.side - self.window, out=first)

    def _compare(self, nearest: Array, middles: Array, part: Array) -> None:
        """Lower the squared distances (n · side · side,) of the pixels that some lines reach.

        Each line is compared with the pixels of the window around its middle. Their places are
        turned into the frame of the line. The lines are the last axis of all arrays, because NumPy
        is fast along a long last axis.
        """
        middles, (cosines, sines) = middles[:, part], self.directions[:, part]
        halves, window = self.halves[part], self.window
        numbers, places = _window(window, self.side)
        first = self._corners(middles)
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


@lru_cache(maxsize=64)
def _window(window: int, side: int) -> tuple[Array, Array]:
    """The middles of a window's pixels in a row (window, 1), and their places in a picture.

    The places are (window, window, 1). Both are counted from the window's first pixel.
    """
    y, x = np.indices((window, window))[..., None]
    return (x[0] + 0.5).astype(np.float32), x + y * side
