"""Shapes in black and white: their parts, their thickness, and the lines in their middle.

A mask is a bool array (height, width), True where there is ink. Beyond its edge there is none.
"""

import numpy as np

from model.types import Array


def named_parts(mask: Array) -> Array:
    """Each connected part gets a name of its own, the same for all of its pixels; 0 elsewhere.

    Pixels that touch at a corner are connected. A pixel is first named by its place. Then it
    takes the highest name around it, and the name that the pixel of this name has taken by now:
    the second step doubles its reach each time, so that the longest line needs few rounds.
    """
    names = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        higher = np.where(mask, _highest_around(names), 0)
        higher = np.append(0, higher)[higher]
        if (higher == names).all():
            return names
        names = higher


def distances(mask: Array) -> Array:
    """From each pixel of ink to the edge of the ink, in pixels; 0 outside. Beyond lies paper.

    Exact and Euclidean, the columns first and then the rows (Meijster, Roerdink and Hesselink
    2000). A pixel's middle lies half a pixel from its own edge, so ink has at least 0.5.
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


def pen_radius(distance: Array) -> float:
    """Half the width in pixels of the pen that drew ink with these distances to its edge.

    Pixels as far from it as any around them are the middle of a stroke. Blobs and crossings are
    broader than the pen: hence not the mean of these distances but one below their median.
    """
    middle = (distance > 0) & (distance == _highest_around(distance))
    return float(np.quantile(distance[middle], 0.3)) if middle.any() else 0.0


def thin(mask: Array, kept: Array) -> Array:
    """A mask thinned to lines one pixel wide where its pixels are not kept; no line breaks.

    Zhang and Suen 1984, "A fast parallel algorithm for thinning digital patterns": a layer goes
    in two halves, south-east and north-west, so that a line two pixels wide does not vanish.
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
    """Thin lines without the branches of at most this many pixels; every other line stays whole.

    Rough edges and the corners of a pen leave such spurs, never longer than the pen is wide.
    All ends are shortened, which takes short branches off; then what is left of a line grows
    back along it.
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
    _, count, begins = _surroundings(lines)
    return lines & (count <= 2) & (begins <= 1)


def _surroundings(mask: Array) -> tuple[Array, Array, Array]:
    """Each pixel's neighbours, how many are ink, and how often ink begins on the way round.

    Where it begins more than once, the pixel is a bridge.
    """
    around = _neighbours(mask)
    begins = np.sum(~around & np.roll(around, -1, axis=0), axis=0)
    return around, np.sum(around, axis=0), begins


def _neighbours(mask: Array) -> Array:
    """(8, height, width): what lies to the north of each pixel, north-east, and so round."""
    height, width = mask.shape
    wide = np.pad(mask, 1)
    steps = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    return np.stack([wide[1 + y : 1 + y + height, 1 + x : 1 + x + width] for y, x in steps])


def _highest_around(values: Array) -> Array:
    """Of each value and its eight neighbours the highest; 0 counts for what lies outside."""
    wide = np.pad(values, 1)
    rows = np.maximum(np.maximum(wide[:-2], wide[1:-1]), wide[2:])
    highest: Array = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return highest
