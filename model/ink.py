"""Pen strokes drawn again, as the network's training set would have drawn them.

What a canvas shows depends on the brush, the screen and where somebody began to write. None of
that is the digit. So the strokes are scaled, placed and drawn by us: with the pen width and in
the frame of the data set. The app and train.py both come through here; there is no second copy.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from model.frames import SIDE, Frame, frame_named
from model.types import Array

Strokes = Sequence[Any]  # one (n, 2) array or list of points for each stroke; x right, y down
SMALLEST = 1e-9  # longest side of ink, in the pad's units, that is more than a dot
STEP = 1 / 64  # pixels between two points that are worth keeping apart: under two grey levels
PIECE = 1.0  # pixels, the longest piece of a line that is drawn at once
MARGIN = 8  # pixels around the picture in which ink may fall without being seen
CHUNK = 4096  # pieces drawn at a time, to bound the memory of a long scribble


def render(strokes: Strokes, frame: str = "mnist", pen: float | None = None) -> Array:
    """Strokes to the picture that a network of this frame reads.

    strokes: a list of strokes; a stroke is a list of points (x, y, …) in any unit, y down
    frame:   "mnist" or "emnist", see model/frames.py
    pen:     stroke width in pixels of the picture; the frame's own where none is given
    Returns (28, 28) float32 in [0, 1], ink high; all zeros where nothing was drawn.
    ValueError for points that are no finite pairs.
    """
    lines = [line for line in map(_points, strokes) if len(line)]
    if not lines:
        return np.zeros((SIDE, SIDE), np.float32)
    style = frame_named(frame)
    pen = style.pen if pen is None else pen
    lines = _fit(lines, style, pen)
    pieces = _pieces(np.concatenate([_segments(_thin(line)) for line in lines]))
    if style.centre == "mass":
        pieces += np.tile(style.middle - centre_of_mass(_draw(pieces, pen)), 2)
    return _draw(pieces, pen)


def centre_of_mass(picture: Array) -> Array:
    """Where the ink of a (28, 28) picture lies on average: x, y from the edge of pixel 0."""
    middles = np.arange(SIDE, dtype=np.float32) + np.float32(0.5)
    x, y = picture.sum(axis=0) @ middles, picture.sum(axis=1) @ middles
    return np.array([x, y], np.float32) / picture.sum()


def _points(stroke: Any) -> Array:
    points = np.asarray(stroke, np.float64)
    if points.size == 0:
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] < 2 or not np.isfinite(points[:, :2]).all():
        raise ValueError(
            f"found a stroke of shape {points.shape}, wanted points (x, y) of finite numbers"
        )
    return points[:, :2]


def _fit(lines: list[Array], style: Frame, pen: float) -> list[Array]:
    """Scale the ink, pen width included, to the frame's longest side, its box in the middle."""
    every = np.concatenate(lines)
    low, high = every.min(axis=0), every.max(axis=0)
    side = (high - low).max()
    # A tap is a dot of the pen's width, and so is ink too small for any unit: it would overflow.
    scale = (style.longest - pen) / side if side > SMALLEST else 1.0
    return [(line - (low + high) / 2) * scale + SIDE / 2 for line in lines]


def _thin(line: Array) -> Array:
    """Leave out points that lie less than a step along the line after one that is kept."""
    along = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    first_of_step = np.diff(np.floor(along / STEP), prepend=-1) > 0
    first_of_step[-1] = True
    return line[first_of_step]


def _segments(line: Array) -> Array:
    """(n, 2) points to (n − 1, 4) segments from … to; a single point to itself."""
    return np.hstack([line[:-1], line[1:]]) if len(line) > 1 else np.hstack([line, line])


def _pieces(segments: Array) -> Array:
    """Cut segments (n, 4) into pieces (m, 4) no longer than PIECE, so each touches few pixels."""
    step = segments[:, 2:] - segments[:, :2]
    parts = np.maximum(np.ceil(np.hypot(*step.T) / PIECE), 1).astype(int)
    first = np.repeat(parts.cumsum() - parts, parts)
    step = np.repeat(step / parts[:, None], parts, axis=0)
    start = np.repeat(segments[:, :2], parts, axis=0)
    start += step * (np.arange(len(first)) - first)[:, None]
    return np.hstack([start, start + step]).astype(np.float32)


def _draw(pieces: Array, pen: float) -> Array:
    """Draw pieces (n, 4) of lines with a round pen, anti-aliased.

    A pixel is as dark as the pen's edge covers it: fully where the nearest point of the line is
    half a pixel nearer than the edge, not at all where it is half a pixel farther. Only the
    pixels in a small window around each piece can be touched by it.
    """
    reach = pen / 2 + 0.5
    side = SIDE + 2 * MARGIN
    nearest = np.full(side * side, reach**2, np.float32)  # squared distance to the line
    for start in range(0, len(pieces), CHUNK):
        _draw_chunk(pieces[start : start + CHUNK], reach, nearest, side)
    picture = nearest.reshape(side, side)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    return np.minimum(np.float32(reach) - np.sqrt(picture), np.float32(1))


def _draw_chunk(pieces: Array, reach: float, nearest: Array, side: int) -> None:
    window = np.arange(int(np.ceil(PIECE + 2 * reach)) + 1, dtype=np.float32)
    x0, y0, x1, y1 = pieces.T[:, :, None]  # each (n, 1)
    left = np.clip(np.floor(np.minimum(x0, x1) - reach), -MARGIN, side - MARGIN - len(window))
    top = np.clip(np.floor(np.minimum(y0, y1) - reach), -MARGIN, side - MARGIN - len(window))
    columns, rows = left + window, top + window  # (n, w) pixels around each piece
    along_x, along_y = x1 - x0, y1 - y0
    length = np.maximum(along_x**2 + along_y**2, np.float32(1e-12))
    dx, dy = columns + np.float32(0.5) - x0, rows + np.float32(0.5) - y0
    # How far along the piece its nearest point lies, from 0 at the start to 1 at the end.
    t = (dx * (along_x / length))[:, None, :] + (dy * (along_y / length))[:, :, None]
    np.clip(t, 0, 1, out=t)
    squared = (dx[:, None, :] - t * along_x[:, :, None]) ** 2
    squared += (dy[:, :, None] - t * along_y[:, :, None]) ** 2
    places = ((rows + MARGIN) * side)[:, :, None] + (columns + MARGIN)[:, None, :]
    np.minimum.at(nearest, places.astype(np.intp).reshape(-1), squared.reshape(-1))
