"""Replay: a drawing read again at moments of its making, each as it was then."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from model.evaluation import Gate
from model.ink import render
from model.network import Network
from model.types import Array

MOST_MOMENTS = 40  # of a drawing; evenly spaced along its points
# Drawn for all moments together. Drawing takes time for each point, so that a drawing of more than
# 1,200 points, four times those of a large digit, has fewer moments: one of 20,000 has two.
MOST_POINTS = 24_000


@dataclass(frozen=True, eq=False)
class Moment:
    """A drawing when only so many of its points were there.

    points:            how many, in the order of the strokes
    image:             (28, 28) float32 in [0, 1], the network's input
    probabilities:     (10,) of the digits, with the sum 1
    digit_probability: the gate's, that it is a digit at all
    """

    points: int
    image: Array
    probabilities: Array
    digit_probability: float


def replay(network: Network, gate: Gate, strokes: Sequence[Array]) -> list[Moment]:
    """The drawing at up to MOST_MOMENTS moments, the last one complete; none if it is blank.

    strokes: arrays (n, 2) of points, y down, in the order of drawing
    What the network reads of a moment is what it reads of those points alone.
    """
    counts = moments_of(sum(map(len, strokes)))
    if not counts:
        return []
    parts = [first_points(strokes, count) for count in counts]
    pictures = partial(_pictures, parts)
    frame = network.card.frame
    images = pictures(frame)
    probabilities = network.predict(images)
    are_digits = gate.digit_probability(images, frame, pictures)
    return [
        Moment(count, image, p, float(is_digit))
        for count, image, p, is_digit in zip(counts, images, probabilities, are_digits, strict=True)
    ]


def moments_of(points: int) -> list[int]:
    """After how many of the points each moment is: evenly spaced, the last one after all."""
    if points == 0:
        return []
    # n moments of a drawing have (n + 1) / 2 times its points.
    most = min(MOST_MOMENTS, points, max(1, 2 * MOST_POINTS // points))
    return [round(points * moment / most) for moment in range(1, most + 1)]


def first_points(strokes: Sequence[Array], count: int) -> list[Array]:
    """The strokes up to that many points; the last one may be cut."""
    part: list[Array] = []
    for stroke in strokes:
        if count <= 0:
            break
        part.append(stroke[:count])
        count -= len(stroke)
    return part


def _pictures(drawings: Sequence[Sequence[Array]], frame: str) -> Array:
    return np.stack([render(strokes, frame) for strokes in drawings])  # (n, 28, 28)
