"""Random drawings that are no digits: scribbles, signs, faces, two digits, half a digit.

A network that has been trained on digits alone takes everything for a digit. So it is trained on
these drawings and on letters too, as examples of no digit (outlier exposure: Hendrycks et al.
2019, arXiv 1812.04606). Each function returns strokes (n, 2), x and y with y down, in a unit of its
own, and the generator alone decides which.
"""

from collections.abc import Callable, Sequence

import numpy as np

from model.data import symbols
from model.data.ink_files import Sample
from model.data.symbols import FULL_TURN, rotation_by
from model.types import Array

Drawing = Sequence[Array]
SMALLEST_SIDE = 1e-9  # keeps a dot from a division by zero
# Letters that many people write as others write a digit; no reader could tell them apart.
LOOK_ALIKES = frozenset("oOlIZSBgqbzsDQiJ")
# Digits whose halves are no digits. Half of a 6, 8 or 9 may be a 0, of a 2 a 7, of a 4 a 1.
HALVED = frozenset("035")
NARROWEST_HALF = 0.4  # width by length; a narrower half may look like a 1
# Digits whose mirror image is no digit; 0, 1 and 8 hardly change. Some mirrored 2s resemble a 5
# written like an S, and the other way round. The many real digits beside them set the limit.
MIRRORED = frozenset("2345679")
NARROWEST_MIRRORED = 0.5  # width by height
MIDDLE_OF_FOUR = 0.75  # a mirrored 4 whose stem lies nearer to the middle is still a 4
TRIES = 6  # digits looked at before a scribble is drawn instead


def random_outlier(digits: Sequence[Sample], rng: np.random.Generator) -> Drawing:
    """A drawing of any kind in MADE, or in OF_DIGITS where digits are given."""
    kinds = len(MADE) + len(OF_DIGITS) * bool(digits)
    shares = np.array([share for _, share in [*MADE, *OF_DIGITS][:kinds]])
    number = rng.choice(kinds, p=shares / shares.sum())
    if number < len(MADE):
        return MADE[number][0](rng)
    return OF_DIGITS[number - len(MADE)][0](digits, rng)


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
    rotated: Array = lines @ rotation_by(rng.uniform(0, FULL_TURN))
    return rotated


def two_digits(digits: Sequence[Sample], rng: np.random.Generator) -> Drawing:
    """Two of the digits side by side."""
    first, second = (digits[int(i)] for i in rng.integers(len(digits), size=2))
    return pair(first.strokes, second.strokes, rng)


def digit_and_half(digits: Sequence[Sample], rng: np.random.Generator) -> Drawing:
    """One of the digits, and half of another to its right."""
    first, second = (digits[int(i)] for i in rng.integers(len(digits), size=2))
    return pair(first.strokes, half(second.strokes, rng), rng)


def half_of_a_digit(digits: Sequence[Sample], rng: np.random.Generator) -> Drawing:
    """Half of one of the digits, if it is clearly none; a scribble after TRIES."""
    for chosen in rng.integers(len(digits), size=TRIES):
        piece = half(digits[chosen].strokes, rng)
        size = np.ptp(np.concatenate(piece), axis=0)
        if digits[chosen].label in HALVED and size.min() >= NARROWEST_HALF * size.max():
            return piece
    return scribble(rng)


def mirrored_digit(digits: Sequence[Sample], rng: np.random.Generator) -> Drawing:
    """The mirror image of one of the digits, if it is clearly none; a scribble after TRIES."""
    for chosen in rng.integers(len(digits), size=TRIES):
        if _has_a_clear_mirror_image(digits[chosen]):
            return [line * (-1, 1) for line in digits[chosen].strokes]
    return scribble(rng)


def _has_a_clear_mirror_image(digit: Sample) -> bool:
    """Whether the mirror image of a digit is clearly no digit."""
    points = np.concatenate(digit.strokes)
    size = np.ptp(points, axis=0)
    if digit.label == "4":
        foot = points[points[:, 1].argmax(), 0] - points[:, 0].min()
        if foot < MIDDLE_OF_FOUR * size[0]:
            return False
    return digit.label in MIRRORED and bool(size[0] >= NARROWEST_MIRRORED * size[1])


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


# The kinds and their shares. The drawings OF_DIGITS are left out where no digits are given.
MADE: list[tuple[Callable[[np.random.Generator], Drawing], float]] = [
    (scribble, 0.26),
    (symbols.sign, 0.12),
    (symbols.heart, 0.06),
    (symbols.arrow, 0.06),
    (symbols.face, 0.05),
    (symbols.tick, 0.04),
    (symbols.star, 0.04),
    (symbols.dots, 0.04),
    (symbols.shape, 0.03),
    (symbols.spiral, 0.03),
]
OF_DIGITS: list[tuple[Callable[[Sequence[Sample], np.random.Generator], Drawing], float]] = [
    (two_digits, 0.12),
    (digit_and_half, 0.04),
    (half_of_a_digit, 0.05),
    (mirrored_digit, 0.06),
]
