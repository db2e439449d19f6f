"""What people draw that is no digit: scribbles, shapes, faces, two digits, half a digit.

A network that has only ever seen digits calls everything a digit. These are shown to it beside
real letters, as examples of rubbish (outlier exposure: Hendrycks et al. 2019, arXiv 1812.04606).
Each function makes strokes (n, 2) in a unit of its own; the rng decides which.
"""

from collections.abc import Sequence

import numpy as np

from model.data.ink_files import Sample
from model.types import Array

Drawing = Sequence[Array]
TURN = 2 * np.pi
NARROW = 0.4  # by its length; half a digit as narrow as this may well be a one
# Letters that many people write as others write a digit: nobody could tell them apart.
LOOK_ALIKES = frozenset("oOlIZSBgqbzsDQiJ")


def oddity(digits: Sequence[Sample], rng: np.random.Generator) -> Drawing:
    """Any of what follows; two digits or half of one only where there are digits to take."""
    chance = rng.random() if digits else 0.65 * rng.random()
    if chance < 0.45:
        return scribble(rng)
    if chance < 0.65:
        return shape(rng) if chance < 0.55 else face(rng)
    one, other = (digits[int(i)] for i in rng.integers(len(digits), size=2))
    if chance < 0.92:
        half = chance > 0.84
        return pair(one.strokes, part(other.strokes, rng) if half else other.strokes, rng)
    some = part(one.strokes, rng)
    size = np.ptp(np.concatenate(some), axis=0)
    may_be_a_digit = one.label in "17" or size.min() < NARROW * size.max()
    return scribble(rng) if may_be_a_digit else some


def scribble(rng: np.random.Generator) -> list[Array]:
    """One to three lines without sense: corners, a wandering pen, loops, hatching."""
    kinds = (_corners, _wander, _loops, _hatching)
    strokes = 1 if rng.random() < 0.7 else rng.integers(2, 4)
    return [
        kinds[rng.integers(len(kinds))](rng) + rng.normal(0, 0.25, 2) * (strokes > 1)
        for _ in range(strokes)
    ]


def _corners(rng: np.random.Generator) -> Array:
    return rng.uniform(-0.5, 0.5, (rng.integers(7, 18), 2))


def _wander(rng: np.random.Generator) -> Array:
    """A pen whose direction drifts at random, for long enough to be no single bow."""
    n = rng.integers(80, 240)
    heading = TURN * rng.random() + np.cumsum(rng.normal(0, rng.uniform(0.3, 1.0), n))
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=1)
    return _unit(np.cumsum(steps, axis=0))


def _loops(rng: np.random.Generator) -> Array:
    """Sums of three waves for x and for y: closed and open curves that cross themselves."""
    t = np.linspace(0, rng.uniform(1.2, 3), 120)[:, None, None]
    waves, phases = rng.uniform(0.7, 3, (2, 3)), rng.uniform(0, TURN, (2, 3))
    return _unit((np.sin(TURN * waves * t + phases) / (0.5 + waves)).sum(axis=2))


def _hatching(rng: np.random.Generator) -> Array:
    """To and fro, from one side to the other."""
    n = rng.integers(7, 20)
    along = np.linspace(-0.5, 0.5, n) + rng.normal(0, 0.03, n)
    across = 0.5 * rng.uniform(0.4, 1, n) * (-1.0) ** np.arange(n)
    lines = np.stack([along * rng.uniform(0.4, 1), across], axis=1)
    turned: Array = lines @ _turn(rng.uniform(0, TURN))
    return turned


def shape(rng: np.random.Generator) -> list[Array]:
    """A polygon, a star, a cross or a grid of two lines each way, turned a little."""
    corners = int(rng.integers(3, 7))
    ring = np.arange(corners + 1) * TURN / corners
    bar, aside = np.array([(-0.5, 0.0), (0.5, 0.0)]), np.array([0, 0.18])
    kinds = (
        [_around(ring)],
        [_around(np.arange(6) * TURN * 2 / 5)],
        [bar, bar[:, ::-1]],
        [bar + aside, bar - aside, (bar + aside)[:, ::-1], (bar - aside)[:, ::-1]],
    )
    turn = _turn(rng.uniform(-0.6, 0.6))
    return [line @ turn for line in kinds[rng.integers(len(kinds))]]


def face(rng: np.random.Generator) -> list[Array]:
    """A round head, two eyes, a mouth, now and then a nose."""
    head = _around(np.linspace(0, TURN, 30)) * rng.uniform(0.8, 1, 2)
    apart, high = rng.uniform(0.1, 0.22), rng.uniform(-0.2, -0.05)
    size = rng.uniform(0, 0.06)
    eyes = [_around(np.linspace(0, TURN, 9)) * size + (x, high) for x in (-apart, apart)]
    t = np.linspace(-1, 1, 9)
    smile = rng.uniform(-0.15, 0.15)
    mouth = np.stack([t * rng.uniform(0.1, 0.22), 0.2 - smile * (t**2 - 0.5)], axis=1)
    nose = [np.array([(0.0, -0.05), (rng.uniform(-0.05, 0.05), 0.08)])]
    return [head, *eyes, mouth, *(nose if rng.random() < 0.5 else [])]


def pair(left: Drawing, right: Drawing, rng: np.random.Generator) -> list[Array]:
    """Two drawings beside each other, from overlapping a little to a gap of half their height."""
    first, second = _tall(left), _tall(right)
    gap = rng.uniform(-0.1, 0.45)
    edge = max(line[:, 0].max() for line in first) - min(line[:, 0].min() for line in second)
    move = (edge + gap, rng.normal(0, 0.08))
    return first + [line * rng.uniform(0.85, 1.15) + move for line in second]


def part(drawing: Drawing, rng: np.random.Generator) -> list[Array]:
    """What is left of a drawing when its pen starts late or stops early: about half of it."""
    points = np.concatenate(drawing)
    stroke = np.repeat(np.arange(len(drawing)), [len(line) for line in drawing])
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    along = np.cumsum(steps) / max(float(steps.sum()), 1e-9)
    share = rng.uniform(0.35, 0.55)
    kept = along < share if rng.random() < 0.5 else along > 1 - share
    kept[0 if kept[0] else -1] = True
    return [
        points[kept & (stroke == i)] for i in range(len(drawing)) if (kept & (stroke == i)).any()
    ]


def _around(angles: Array) -> Array:
    """Points on the circle of radius ½, from the top."""
    return 0.5 * np.stack([np.sin(angles), -np.cos(angles)], axis=1)


def _turn(angle: float) -> Array:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _unit(points: Array) -> Array:
    """Into the square from −½ to ½, each side by itself but never stretched more than twice."""
    points = points - (points.min(axis=0) + points.max(axis=0)) / 2
    size = np.ptp(points, axis=0)
    return points / np.maximum(size, max(float(size.max()) / 2, 1e-9))


def _tall(drawing: Drawing) -> list[Array]:
    """A drawing moved to (0, 0) and made one unit high, or as wide where it is flat."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    return [(line - low) / max(float(size.max()), 1e-9) for line in drawing]
