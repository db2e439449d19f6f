"""Binary images: connected components, the distance transform, and thinning.

A mask is a bool array (height, width), True for ink. Outside of it there is no ink.
"""

import numpy as np

from model.types import Array

RADIUS_QUANTILE = 0.3  # of the distances in the middles of strokes


def label_components(mask: Array) -> Array:
    """Label the connected components: an integer above 0 for each, 0 for the background.

    Pixels that touch at a corner are connected (8-connectivity). Each pixel begins with its own
    label. In each round it takes the highest label around it, and then the present label of the
    pixel that began with this one. The second step doubles the reach, so few rounds are needed.
    """
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        higher = np.where(mask, _highest_around(labels), 0)
        higher = np.append(0, higher)[higher]
        if (higher == labels).all():
            return labels
        labels = higher


def distances(mask: Array) -> Array:
    """The distance (height, width) in pixels of each ink pixel to the edge of the ink, else 0.

    An exact Euclidean distance transform, columns first and then rows (Meijster, Roerdink and
    Hesselink 2000). The middle of a pixel is half a pixel from its edge, so ink has at least 0.5.
    """
    wide = np.pad(mask, 1)
    rows, columns = (np.arange(side, dtype=np.float32) for side in wide.shape)
    rows = rows[:, None]
    far = np.float32(sum(wide.shape))
    above = rows - np.maximum.accumulate(np.where(wide, -far, rows), axis=0)
    below = np.minimum.accumulate(np.where(wide, 2 * far, rows)[::-1], axis=0)[::-1] - rows
    upright = np.minimum(above, below) ** 2
    across = (columns[:, None] - columns) ** 2
    squared = np.stack([(across + row).min(axis=1) for row in upright])
    return np.maximum(np.sqrt(squared) - np.float32(0.5), 0)[1:-1, 1:-1]


def highest_within(values: Array, reach: int) -> Array:
    """Dilation by a square: the maximum over `reach` pixels to every side."""
    for _ in range(2):
        values = np.pad(values, [(reach, reach), (0, 0)], mode="edge")
        width = 1  # of the window whose maxima are known so far
        while width < 2 * reach + 1:
            shift = min(width, 2 * reach + 1 - width)
            values = np.maximum(values[:-shift], values[shift:])
            width += shift
        values = values.T
    return values


def pen_radius(distance: Array) -> float:
    """Half the width in pixels of the pen, from the `distances` of its ink.

    Local maxima of the distance are the middles of strokes. Blobs and crossings are broader than
    the pen, so the radius is a quantile below the median of these maxima.
    """
    middle = (distance > 0) & (distance == _highest_around(distance))
    return float(np.quantile(distance[middle], RADIUS_QUANTILE)) if middle.any() else 0.0


def thin(mask: Array, kept: Array) -> Array:
    """A mask thinned to connected lines one pixel wide, but for the pixels `kept`.

    Zhang and Suen 1984, "A fast parallel algorithm for thinning digital patterns". Each layer is
    removed in two halves, south-east and north-west, so a line two pixels wide does not vanish.
    """
    while True:
        before = mask
        for side in (0, 4):
            around, count, begins = _surroundings(mask)
            north, east, south, west = np.roll(around, side, axis=0)[::2]
            on_this_side = ~(east & south & (north | west))
            mask = mask & (kept | ~((count >= 2) & (count <= 6) & (begins == 1) & on_this_side))
        if (mask == before).all():
            return mask


def pruned(lines: Array, kept: Array, length: int) -> Array:
    """Thin lines without spurs, that is, branches of at most `length` pixels.

    Rough edges leave spurs that are not longer than the pen is wide. All ends except the pixels
    `kept` are shortened, which removes the spurs, and the remaining lines grow back.
    """
    short = lines
    for _ in range(length):
        ends = _ends(short) & ~kept
        if short.sum() - ends.sum() < 2:
            return lines
        short = short & ~ends
    tips = _ends(short)
    for _ in range(length):
        tips = _neighbours(tips).any(axis=0) & lines & ~short
        short = short | tips
    return short


def _ends(lines: Array) -> Array:
    """The end points of thin lines, as a mask."""
    _, count, begins = _surroundings(lines)
    return lines & (count <= 2) & (begins <= 1)


def _surroundings(mask: Array) -> tuple[Array, Array, Array]:
    """The neighbours of each pixel, their number, and the number of runs of ink around it.

    A pixel with more than one run connects parts of the ink.
    """
    around = _neighbours(mask)
    begins = np.sum(~around & np.roll(around, -1, axis=0), axis=0)
    return around, np.sum(around, axis=0), begins


def _neighbours(mask: Array) -> Array:
    """(8, height, width): the neighbours of each pixel, clockwise from the north."""
    height, width = mask.shape
    wide = np.pad(mask, 1)
    offsets = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    return np.stack([wide[1 + y : 1 + y + height, 1 + x : 1 + x + width] for y, x in offsets])


def _highest_around(values: Array) -> Array:
    """The maximum of each value and its eight neighbours; outside of the array is 0."""
    wide = np.pad(values, 1)
    rows = np.maximum(np.maximum(wide[:-2], wide[1:-1]), wide[2:])
    highest: Array = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return highest
