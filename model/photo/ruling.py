"""Ruled and squared paper: lines across a whole picture, taken out of a mask of its ink.

Done as staff lines are taken out of scanned music: a line is known by its length, and of the
ink on its way only what is no taller than the line itself goes (Dalitz et al. 2008, "A comparative
study of staff removal algorithms"). A pen stroke that crosses is taller there and stays.
"""

import numpy as np

from model.types import Array

STEEPEST = 0.1  # rows a column, of a line that is called level
LONG = 0.6  # share of the columns, on which a ruled line shows
EDGE = 3  # pixels from the edge of the picture in which a line must begin and end
THICKEST = 0.03  # of the longest side: what is thicker is drawn


def without_lines(mask: Array) -> Array:
    """A mask without the level and the upright lines that cross it from edge to edge."""
    return _without_level_lines(_without_level_lines(mask).T).T


def _without_level_lines(mask: Array) -> Array:
    height, width = mask.shape
    if not (mask[:, :EDGE].any() and mask[:, -EDGE:].any()) or min(mask.shape) < 8 * EDGE:
        return mask
    drops, share = _steepness(mask)
    tracks = share > LONG  # by the rows of the picture once it is levelled
    rows = np.arange(height)[:, None] + drops  # (height, width), row of each track's pixel
    inside = (rows >= 0) & (rows < height)
    on_track = np.zeros_like(mask)
    columns = np.broadcast_to(np.arange(width), rows.shape)
    hit = inside & tracks[:, None]
    on_track[rows[hit], columns[hit]] = True
    runs = _run_lengths(mask)
    found = runs[on_track & mask]
    if not found.size:
        return mask
    thickness = np.median(found)
    if thickness > max(2, THICKEST * max(mask.shape)) or _is_drawn(mask, tracks, thickness):
        return mask
    near = on_track
    for _ in range(2):  # a line that is not quite straight strays from its track
        near = near | np.roll(near, 1, axis=0) | np.roll(near, -1, axis=0)
    return mask & ~(near & (runs <= 1.5 * thickness + 1))


def _is_drawn(mask: Array, tracks: Array, thickness: float) -> bool:
    """Whether a lone line is the bar of a digit that was cut out along its very edges."""
    lone = np.ptp(np.flatnonzero(tracks)) < 3 * thickness + 2
    return bool(lone and mask[0].any() and mask[-1].any())


def _steepness(mask: Array) -> tuple[Array, Array]:
    """The slope at which most ink falls into few rows: each column's drop, each row's share."""
    height, width = mask.shape
    columns = np.arange(width)
    y, x = np.nonzero(mask)
    best: tuple[float, Array, Array] | None = None
    for slope in np.linspace(-STEEPEST, STEEPEST, 2 * int(STEEPEST * width) + 1):
        drops = np.round(slope * (columns - width / 2)).astype(int)
        levelled = y - drops[x]
        counts = np.bincount(levelled[(levelled >= 0) & (levelled < height)], minlength=height)
        share = counts / width
        score = float((share[share > LONG] ** 2).sum())
        if best is None or score > best[0]:
            best = score, drops, share
    assert best is not None
    return best[1], best[2]


def _run_lengths(mask: Array) -> Array:
    """The length of the upright run of ink that each pixel belongs to; 0 on paper."""
    rows = np.arange(mask.shape[0])[:, None]
    last = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    following = np.where(mask, mask.shape[0], rows)[::-1]
    following = np.minimum.accumulate(following, axis=0)[::-1]
    return np.where(mask, following - last - 1, 0)
