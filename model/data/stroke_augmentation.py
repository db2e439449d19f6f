"""Another hand's strokes: what somebody else, or the same person again, might have drawn.

A drawing is slanted, turned, stretched and bent a little, and each of its strokes goes a little
astray, before it is fitted into the frame and drawn: so the frame stays exact whatever the hand,
which distorting the finished picture cannot do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.types import Array


@dataclass(frozen=True)
class Hand:
    """How far strokes may be changed. Rotation, slant and stretch are drawn evenly from −limit to
    limit; bend and stray are deviations, as shares of the drawing's longest side.
    """

    rotation: float = 8.0  # degrees
    slant: float = 0.3  # sideways for each unit up
    stretch: float = 0.15  # of the logarithm of the size, for width and height apart
    bend: float = 0.025  # of a wave about as long as the drawing, across every stroke alike
    stray: float = 0.02  # of a stroke as a whole
    pen: float = 0.35  # of the logarithm of the pen's width


def redrawn(strokes: Sequence[Array], rng: np.random.Generator, hand: Hand) -> list[Array]:
    """The strokes (n, 2) as another hand would have them; about (0, 0), longest side about 1."""
    points = np.concatenate(strokes).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / max(float((high - low).max()), 1e-9)
    points = points @ _matrix(rng, hand).T
    waves, phases = rng.normal(0, 4, (2, 2)), rng.uniform(0, 2 * np.pi, 2)
    points += rng.normal(0, hand.bend, 2) * np.sin(points @ waves + phases)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return [line + rng.normal(0, hand.stray, 2) for line in np.split(points, ends)]


def with_habit(digit: int, strokes: Sequence[Array], rng: np.random.Generator) -> list[Array]:
    """The strokes of a digit, now and then with a slash through a 0 or a bar across a 7.

    Many people write them so, few of them in America, where most of the images come from.
    """
    often = {0: 0.05, 7: 0.15}.get(digit, 0)
    if rng.random() >= often:
        return list(strokes)
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    reach = rng.uniform(-0.1, 0.15)
    ends = {0: [(-reach, 1 + reach), (1 + reach, -reach)], 7: [(0.2, 0.5), (0.9, 0.5)]}[digit]
    added = low + size * (np.array(ends) + rng.normal(0, 0.07, (2, 2)))
    return [*strokes, added]


def pen_width(pen: float, rng: np.random.Generator, hand: Hand) -> float:
    """Some width around the frame's own pen, in pixels."""
    return float(pen * np.exp(rng.uniform(-hand.pen, hand.pen)))


def _matrix(rng: np.random.Generator, hand: Hand) -> Array:
    """Stretched, then slanted, then turned: (2, 2)."""
    angle = np.deg2rad(rng.uniform(-hand.rotation, hand.rotation))
    wide, tall = np.exp(rng.uniform(-hand.stretch, hand.stretch, 2))
    slant = rng.uniform(-hand.slant, hand.slant)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.array([[wide, slant * tall], [0, tall]])
