"""Removing the lines of ruled and squared paper from a mask of ink.

The method removes staff lines from scanned music (Dalitz et al. 2008, "A comparative study of
staff removal algorithms"). A line is found by its length, and on its track only vertical runs of
ink that are no taller than the line are removed. A pen stroke that crosses it is taller and stays.
"""

import numpy as np

from model.types import Array

STEEPEST_SLOPE = 0.1  # of a horizontal line, in rows for each column
MIN_LENGTH = 0.6  # of a ruled line, as a fraction of the columns
EDGE_PX = 3  # distance from the edge of the picture within which a line begins and ends
MAX_THICKNESS = 0.03  # of a line, as a fraction of the longest side; thicker ones are drawn
TRACK_MARGIN_PX = 2  # to both sides of a line's track, because it may not be quite straight


def without_lines(mask: Array) -> Array:
    """A mask (height, width) without the lines that cross it from edge to edge, both ways."""
    return _without_horizontal_lines(_without_horizontal_lines(mask).T).T


def _without_horizontal_lines(mask: Array) -> Array:
    height, width = mask.shape
    at_edges = mask[:, :EDGE_PX].any() and mask[:, -EDGE_PX:].any()
    if not at_edges or min(mask.shape) < 8 * EDGE_PX:
        return mask
    drops, coverage = _slope(mask)
    tracks = coverage > MIN_LENGTH  # (height,), rows of the picture without its slope
    rows = np.arange(height)[:, None] + drops  # (height, width), row of each track's pixel
    inside = (rows >= 0) & (rows < height)
    on_track = np.zeros_like(mask)
    columns = np.broadcast_to(np.arange(width), rows.shape)
    marked = inside & tracks[:, None]
    on_track[rows[marked], columns[marked]] = True
    runs = _run_lengths(mask)
    found = runs[on_track & mask]
    if not found.size:
        return mask
    thickness = np.median(found)
    thickest = max(2, MAX_THICKNESS * max(mask.shape))
    if thickness > thickest or _is_drawn(mask, tracks, thickness):
        return mask
    near = on_track
    for _ in range(TRACK_MARGIN_PX):
        near = near | np.roll(near, 1, axis=0) | np.roll(near, -1, axis=0)
    return mask & ~(near & (runs <= 1.5 * thickness + 1))


def _is_drawn(mask: Array, tracks: Array, thickness: float) -> bool:
    """Whether there is one line, and it is the bar of a digit cropped exactly to its box."""
    single = np.ptp(np.flatnonzero(tracks)) < 3 * thickness + 2
    return bool(single and mask[0].any() and mask[-1].any())


def _slope(mask: Array) -> tuple[Array, Array]:
    """The slope at which most ink falls into few rows.

    Returns the drop (width,) of each column in pixels, and the coverage (height,) of each row: the
    fraction of its columns with ink once the slope is removed.
    """
    height, width = mask.shape
    columns = np.arange(width)
    y, x = np.nonzero(mask)
    count = 2 * int(STEEPEST_SLOPE * width) + 1
    best: tuple[float, Array, Array] | None = None
    for slope in np.linspace(-STEEPEST_SLOPE, STEEPEST_SLOPE, count):
        drops = np.round(slope * (columns - width / 2)).astype(int)
        row = y - drops[x]
        counts = np.bincount(row[(row >= 0) & (row < height)], minlength=height)
        coverage = counts / width
        score = float((coverage[coverage > MIN_LENGTH] ** 2).sum())
        if best is None or score > best[0]:
            best = score, drops, coverage
    assert best is not None
    return best[1], best[2]


def _run_lengths(mask: Array) -> Array:
    """The length (height, width) of the vertical run of ink of each pixel; 0 on paper."""
    rows = np.arange(mask.shape[0])[:, None]
    last = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    following = np.where(mask, mask.shape[0], rows)[::-1]
    following = np.minimum.accumulate(following, axis=0)[::-1]
    return np.where(mask, following - last - 1, 0)
