"""Random drawings that are no digits: scribbles, shapes, faces, two digits, half a digit.

A network that has been trained on digits alone takes everything for a digit. So it is trained on
these drawings and on letters too, as examples of the rubbish class (outlier exposure: Hendrycks
et al. 2019, arXiv 1812.04606). Each function returns strokes (n, 2), x and y with y down, in a
unit of its own, and the generator alone decides which.
"""

from collections.abc import Sequence

import numpy as np

from model.data.ink_files import Sample
from model.types import Array

Drawing = Sequence[Array]
FULL_TURN = 2 * np.pi  # radians
SMALLEST_SIDE = 1e-9  # keeps a dot from a division by zero
NARROWEST = 0.4  # least width by length of half a digit; a narrower half may look like a 1
# Upper ends of the range of a random number from 0 to 1 in which each kind is drawn.
SCRIBBLE, SHAPE, FACE, PAIR, PAIR_WITH_HALF = 0.45, 0.55, 0.65, 0.84, 0.92  # the rest: half a digit
# Letters that many people write as others write a digit; no reader could tell them apart.
LOOK_ALIKES = frozenset("oOlIZSBgqbzsDQiJ")


def random_outlier(digits: Sequence[Sample], rng: np.random.Generator) -> Drawing:
    """A drawing of any kind in this file; pairs and halves only where digits are given."""
    chance = rng.random() if digits else FACE * rng.random()
    if chance < SCRIBBLE:
        return scribble(rng)
    if chance < FACE:
        return shape(rng) if chance < SHAPE else face(rng)
    first, second = (digits[int(i)] for i in rng.integers(len(digits), size=2))
    if chance < PAIR_WITH_HALF:
        right = half(second.strokes, rng) if chance > PAIR else second.strokes
        return pair(first.strokes, right, rng)
    piece = half(first.strokes, rng)
    size = np.ptp(np.concatenate(piece), axis=0)
    may_be_a_digit = first.label in "17" or size.min() < NARROWEST * size.max()
    return scribble(rng) if may_be_a_digit else piece


def scribble(rng: np.random.Generator) -> list[Array]:
    """One to three random lines: corners, a random walk, loops, hatching."""
    kinds = (_corners, _random_walk, _loops, _hatching)
    lines = 1 if rng.random() < 0.7 else rng.integers(2, 4)
    return [
        kinds[rng.integers(len(kinds))](rng) + rng.normal(0, 0.25, 2) * (lines > 1)
        for _ in range(lines)
    ]


def _corners(rng: np.random.Generator) -> Array:
    """Random points in the square from −½ to ½."""
    return rng.uniform(-0.5, 0.5, (rng.integers(7, 18), 2))


def _random_walk(rng: np.random.Generator) -> Array:
    """Steps of one length whose direction drifts; long enough to be more than one arc."""
    n = rng.integers(80, 240)
    heading = FULL_TURN * rng.random() + np.cumsum(rng.normal(0, rng.uniform(0.3, 1.0), n))
    walk = np.stack([np.cos(heading), np.sin(heading)], axis=1)
    return _to_unit_square(np.cumsum(walk, axis=0))


def _loops(rng: np.random.Generator) -> Array:
    """Sums of three sines for x and for y: closed and open curves that cross themselves."""
    t = np.linspace(0, rng.uniform(1.2, 3), 120)[:, None, None]
    waves, phases = rng.uniform(0.7, 3, (2, 3)), rng.uniform(0, FULL_TURN, (2, 3))
    return _to_unit_square((np.sin(FULL_TURN * waves * t + phases) / (0.5 + waves)).sum(axis=2))


def _hatching(rng: np.random.Generator) -> Array:
    """Parallel lines in one zigzag, in any direction."""
    n = rng.integers(7, 20)
    along = np.linspace(-0.5, 0.5, n) + rng.normal(0, 0.03, n)
    across = 0.5 * rng.uniform(0.4, 1, n) * (-1.0) ** np.arange(n)
    lines = np.stack([along * rng.uniform(0.4, 1), across], axis=1)
    rotated: Array = lines @ _rotation(rng.uniform(0, FULL_TURN))
    return rotated


def shape(rng: np.random.Generator) -> list[Array]:
    """A polygon, a star, a cross or a grid of two lines each way, rotated a little."""
    corners = int(rng.integers(3, 7))
    polygon = np.arange(corners + 1) * FULL_TURN / corners
    star = np.arange(6) * FULL_TURN * 2 / 5
    bar, offset = np.array([(-0.5, 0.0), (0.5, 0.0)]), np.array([0, 0.18])
    kinds = (
        [_on_circle(polygon)],
        [_on_circle(star)],
        [bar, bar[:, ::-1]],
        [bar + offset, bar - offset, (bar + offset)[:, ::-1], (bar - offset)[:, ::-1]],
    )
    rotation = _rotation(rng.uniform(-0.6, 0.6))
    return [line @ rotation for line in kinds[rng.integers(len(kinds))]]


def face(rng: np.random.Generator) -> list[Array]:
    """A round head, two eyes, a mouth, and in half of the cases a nose."""
    head = _on_circle(np.linspace(0, FULL_TURN, 30)) * rng.uniform(0.8, 1, 2)
    x, y = rng.uniform(0.1, 0.22), rng.uniform(-0.2, -0.05)
    eye = _on_circle(np.linspace(0, FULL_TURN, 9)) * rng.uniform(0, 0.06)
    eyes = [eye + np.array(middle) for middle in ((-x, y), (x, y))]
    t = np.linspace(-1, 1, 9)
    smile = rng.uniform(-0.15, 0.15)
    mouth = np.stack([t * rng.uniform(0.1, 0.22), 0.2 - smile * (t**2 - 0.5)], axis=1)
    nose = [np.array([(0.0, -0.05), (rng.uniform(-0.05, 0.05), 0.08)])]
    return [head, *eyes, mouth, *(nose if rng.random() < 0.5 else [])]


def pair(left: Drawing, right: Drawing, rng: np.random.Generator) -> list[Array]:
    """Two drawings side by side.

    The gap between them is −0.1 (an overlap) to 0.45 of their height.
    """
    first, second = _to_unit_height(left), _to_unit_height(right)
    gap = rng.uniform(-0.1, 0.45)
    edge = max(line[:, 0].max() for line in first) - min(line[:, 0].min() for line in second)
    shift = (edge + gap, rng.normal(0, 0.08))
    return first + [line * rng.uniform(0.85, 1.15) + shift for line in second]


def half(drawing: Drawing, rng: np.random.Generator) -> list[Array]:
    """The first or the last 35 to 55 % of a drawing, by length; at least one point."""
    points = np.concatenate(drawing)
    stroke = np.repeat(np.arange(len(drawing)), [len(line) for line in drawing])
    lengths = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    along = np.cumsum(lengths) / max(float(lengths.sum()), SMALLEST_SIDE)
    fraction = rng.uniform(0.35, 0.55)
    kept = along < fraction if rng.random() < 0.5 else along > 1 - fraction
    kept[0 if kept[0] else -1] = True
    return [
        points[kept & (stroke == i)] for i in range(len(drawing)) if (kept & (stroke == i)).any()
    ]


def _on_circle(angles: Array) -> Array:
    """Points (n, 2) on a circle of radius ½; angles in radians, clockwise from the top."""
    return 0.5 * np.stack([np.sin(angles), -np.cos(angles)], axis=1)


def _rotation(angle: float) -> Array:
    """The matrix (2, 2) that rotates row vectors by an angle in radians."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _to_unit_square(points: Array) -> Array:
    """Points scaled into the square from −½ to ½.

    The longer side becomes 1. The shorter side becomes 1 too, but is scaled at most twice as much.
    """
    points = points - (points.min(axis=0) + points.max(axis=0)) / 2
    size = np.ptp(points, axis=0)
    return points / np.maximum(size, max(float(size.max()) / 2, SMALLEST_SIDE))


def _to_unit_height(drawing: Drawing) -> list[Array]:
    """A drawing moved to (0, 0) and scaled so that its longer side is 1."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    return [(line - low) / max(float(size.max()), SMALLEST_SIDE) for line in drawing]
