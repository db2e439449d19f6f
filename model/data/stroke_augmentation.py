"""Random variations of pen strokes, made before they are scaled into a frame and drawn.

A drawing is sheared, rotated, scaled and bent a little, and each of its strokes is shifted. The
result is then placed in the frame, so the frame stays exact. Distorting the finished picture
would move the digit out of its frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.types import Array

SMALLEST_SIDE = 1e-9  # in the unit of the strokes; keeps a dot from a division by zero
WAVE_FREQUENCY = 4.0  # standard deviation, in radians for each unit; the longest side is 1
# How often a digit is written with one line more, and where this line begins and ends: x, y in
# fractions of the digit's box.
EXTRA_LINE_PROBABILITY = {0: 0.05, 7: 0.15}
BAR_OF_SEVEN = [(0.2, 0.5), (0.9, 0.5)]
EXTRA_LINE_DEVIATION = 0.07  # of each coordinate of the two ends
SLASH_OVERHANG = (-0.1, 0.15)  # of the slash through a 0 beyond the corners of the box


@dataclass(frozen=True)
class StrokeAugmentation:
    """How far strokes may be changed; the longest side of a drawing is the unit of length.

    rotation, shear, scale and pen_width are limits: values are drawn evenly from −limit to limit.
    wave and stroke_shift are standard deviations.
    """

    rotation: float = 8.0  # degrees, clockwise where positive
    shear: float = 0.3  # units to the right for each unit down
    scale: float = 0.15  # logarithm of the size; width and height are drawn separately
    wave: float = 0.025  # amplitude of a sine that bends all strokes alike
    stroke_shift: float = 0.02  # of each stroke as a whole
    pen_width: float = 0.35  # logarithm of the pen's width


def augment_strokes(
    strokes: Sequence[Array], rng: np.random.Generator, limits: StrokeAugmentation
) -> list[Array]:
    """A random variation of strokes (n, 2), centred on (0, 0) with a longest side of about 1."""
    points = np.concatenate(strokes).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / max(float((high - low).max()), SMALLEST_SIDE)
    points = points @ _affine_matrix(rng, limits).T
    frequencies = rng.normal(0, WAVE_FREQUENCY, (2, 2))
    phases = rng.uniform(0, 2 * np.pi, 2)
    points += rng.normal(0, limits.wave, 2) * np.sin(points @ frequencies + phases)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return [line + rng.normal(0, limits.stroke_shift, 2) for line in np.split(points, ends)]


def with_extra_line(digit: int, strokes: Sequence[Array], rng: np.random.Generator) -> list[Array]:
    """The strokes (n, 2) of a digit, in some cases with a slash through a 0 or a bar across a 7.

    Many people write so, but few in America, where most of the training images come from.
    """
    if rng.random() >= EXTRA_LINE_PROBABILITY.get(digit, 0):
        return list(strokes)
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    beyond = rng.uniform(*SLASH_OVERHANG)
    slash = [(-beyond, 1 + beyond), (1 + beyond, -beyond)]
    ends = np.array(slash if digit == 0 else BAR_OF_SEVEN)
    added = low + size * (ends + rng.normal(0, EXTRA_LINE_DEVIATION, (2, 2)))
    return [*strokes, added]


def random_pen_width(pen: float, rng: np.random.Generator, limits: StrokeAugmentation) -> float:
    """A width in pixels around the frame's own width `pen`."""
    return float(pen * np.exp(rng.uniform(-limits.pen_width, limits.pen_width)))


def _affine_matrix(rng: np.random.Generator, limits: StrokeAugmentation) -> Array:
    """(2, 2) for column vectors (x, y): scale first, then shear, then rotation."""
    angle = np.deg2rad(rng.uniform(-limits.rotation, limits.rotation))
    wide, tall = np.exp(rng.uniform(-limits.scale, limits.scale, 2))
    shear = rng.uniform(-limits.shear, limits.shear)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return rotation @ np.array([[wide, shear * tall], [0, tall]])
