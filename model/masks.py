"""Shapes in black and white: their parts, their thickness, and how to peel them.

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


def depths(mask: Array) -> Array:
    """How deep each pixel lies, from 1 at the edge of the ink; 0 outside of it."""
    depth = np.zeros(mask.shape, np.int64)
    left, corners = mask, False
    while left.any():
        depth += left
        outside = np.pad(~left, 1, constant_values=True)
        left, corners = left & ~_grown(outside, corners)[1:-1, 1:-1], not corners
    return depth


def pen_radius(depth: Array) -> int:
    """Half the width in pixels of the pen that drew a mask of these depths.

    Pixels as deep as any around them are the middle of a stroke. Blobs and crossings are deeper
    than the pen is wide: hence not the mean of these depths but one near their lowest.
    """
    middle = (depth > 0) & (depth == _highest_around(depth))
    return int(np.quantile(depth[middle], 0.15)) if middle.any() else 0


def peel(mask: Array, layers: int) -> Array:
    """Take layers of pixels off a mask on all sides, but break no line and open no hole.

    Zhang and Suen 1984, "A fast parallel algorithm for thinning digital patterns": a layer goes
    in two halves, south-east and north-west, so that a line two pixels wide does not vanish.
    """
    for _ in range(layers):
        for side in (0, 4):
            around = _neighbours(mask)
            count = np.sum(around, axis=0)
            # How often ink begins on the way round: more than once, and the pixel is a bridge.
            begins = np.sum(~around & np.roll(around, -1, axis=0), axis=0)
            north, east, south, west = np.roll(around, side, axis=0)[::2]
            on_this_side = ~(east & south & (north | west))
            mask = mask & ~((count >= 2) & (count <= 6) & (begins == 1) & on_this_side)
    return mask


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


def _grown(mask: Array, corners: bool) -> Array:
    """A mask and its neighbours, those at the corners too if asked. By turns: octagons."""
    around = _neighbours(mask)
    return mask | (around if corners else around[::2]).any(axis=0)
