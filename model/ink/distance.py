"""Distances of the pixels of a picture to many lines.

No line costs more than a comparison with every pixel, however long it is and however broad the
pen. The memory does not depend on the number of lines.
"""

from functools import lru_cache

import numpy as np

from model.frames import SIDE
from model.types import Array

PIECE = 1 / SIDE  # length, in sides of the picture, of the pieces into which lines are cut
WINDOW_COST = 6  # time for a pixel of a window, in times for one where all pixels are compared
CELL = 4  # pixels a side of the squares that are tried first where all pixels are compared
CHUNK_BYTES = 1 << 20  # of the arrays of the lines that are compared with pixels at a time


def lower(nearest: Array, starts: Array, ends: Array, side: int, reach: float, edge: float) -> None:
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
