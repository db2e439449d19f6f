"""Drawings that mean something but are no digits: shapes, hearts, ticks, arrows, signs, faces.

Each function returns strokes (n, 2), x and y with y down, in a unit of its own, and the generator
alone decides which. Signs that some people write as others write a digit are left out: a vertical
or slanting line and brackets ( | / ] ) are a 1, > is a 7, an ampersand may be an 8, a ring is a 0.
"""

from collections.abc import Sequence

import numpy as np

from model.types import Array

Line = Sequence[tuple[float, float]]
FULL_TURN = 2 * np.pi  # radians
DEVIATION = 0.02  # of each coordinate of a point, by height


def shape(rng: np.random.Generator) -> list[Array]:
    """A triangle, a square, a cross or a grid of two lines each way, rotated a little.

    No polygon has more corners: smoothing would make a ring of it.
    """
    corners = int(rng.integers(3, 5))
    polygon = on_circle((np.arange(corners + 1) + (corners == 4) / 2) * FULL_TURN / corners)
    bar, offset = np.array([(-0.5, 0.0), (0.5, 0.0)]), np.array([0, 0.18])
    kinds = (
        [polygon],
        [bar, bar[:, ::-1]],
        [bar + offset, bar - offset, (bar + offset)[:, ::-1], (bar - offset)[:, ::-1]],
    )
    rotation = rotation_by(rng.uniform(-0.6, 0.6))
    return [line @ rotation for line in kinds[rng.integers(len(kinds))]]


def heart(rng: np.random.Generator) -> list[Array]:
    """Two lobes above a point at the bottom, in one stroke or two."""
    wide, dip = rng.uniform(0.42, 0.6), rng.uniform(0.24, 0.36)
    shoulder = rng.uniform(0.18, 0.3)
    side = [(0.0, dip), (0.2 * wide, 0.06), (0.6 * wide, 0), (wide, shoulder)]
    right = np.array([*side, (0.8 * wide, 0.52), (0.35 * wide, 0.82), (0, 1)])
    left = right * (-1, 1)
    if rng.random() < 0.3:
        return _by_hand(rng, left, right)
    halves = (left, right) if rng.random() < 0.5 else (right, left)
    begins_at_the_tip = rng.random() < 0.2
    first, second = (half[::-1] if begins_at_the_tip else half for half in halves)
    return _by_hand(rng, np.concatenate([first, second[-2::-1]]))


def star(rng: np.random.Generator) -> list[Array]:
    """Five points in one go, the outline of five points, or two triangles."""
    kind = rng.random()
    if kind < 0.45:
        return _by_hand(rng, on_circle(np.arange(6) * FULL_TURN * 2 / 5))
    if kind < 0.8:
        radius = np.where(np.arange(11) % 2, rng.uniform(0.35, 0.5), 1)
        return _by_hand(rng, radius[:, None] * on_circle(np.arange(11) * FULL_TURN / 10))
    triangle = on_circle(np.arange(4) * FULL_TURN / 3)
    return _by_hand(rng, triangle, -triangle)


def tick(rng: np.random.Generator) -> list[Array]:
    """A check mark: short to the bottom right, then long to the top right."""
    middle, wide = rng.uniform(0.22, 0.4), rng.uniform(0.85, 1.3)
    begin = (0, rng.uniform(0.45, 0.65))
    return _by_hand(rng, np.array([begin, (middle, 1), (wide, rng.uniform(0, 0.12))]))


def arrow(rng: np.random.Generator) -> list[Array]:
    """A shaft with a head, or two, to the right, left, top or bottom, in one to three strokes."""
    bend = np.array([(0, 0), (0.5, rng.choice([0, 0, rng.uniform(-0.12, 0.12)])), (1, 0)])
    back, aside = rng.uniform(0.22, 0.4), rng.uniform(0.22, 0.36)
    barbs = [(1 - back, -aside), (1, 0), (1 - back, aside)]
    lines = [[*bend.tolist(), *barbs[:1]], barbs[1:]] if rng.random() < 0.3 else [bend, barbs]
    if rng.random() < 0.3:
        lines = [[*bend.tolist(), barbs[0], barbs[2], barbs[1]]]  # a closed head in one go
    elif rng.random() < 0.15:
        lines.append([(back, -aside), (0, 0), (back, aside)])
    turned = rotation_by(rng.integers(4) * FULL_TURN / 4 + rng.uniform(-0.15, 0.15))
    return _by_hand(rng, *(np.array(line) @ turned for line in lines))


def dots(rng: np.random.Generator) -> list[Array]:
    """A single dot, or two to six."""
    count = 1 if rng.random() < 0.4 else int(rng.integers(2, 7))
    return [rng.uniform(-0.5, 0.5, (1, 2)) for _ in range(count)]


def spiral(rng: np.random.Generator) -> list[Array]:
    """Two and a half turns or more, from the middle or to it; or loops in a row, as a coil."""
    turns = rng.uniform(2.5, 4)
    t = np.linspace(0, turns, 100)
    turning = on_circle(FULL_TURN * t * rng.choice([-1, 1]) + rng.uniform(0, FULL_TURN))
    if rng.random() < 0.4:
        return [turning + np.stack([t * rng.uniform(0.3, 0.7), 0 * t], axis=1)]
    inwards = rng.random() < 0.5
    points = turning * (rng.uniform(0.05, 0.15) + t / turns)[:, None] * rng.uniform(0.8, 1, 2)
    return [points[::-1] if inwards else points]


def face(rng: np.random.Generator) -> list[Array]:
    """A round head, two eyes, a mouth, and in half of the cases a nose."""
    head = on_circle(np.linspace(0, FULL_TURN, 30)) * rng.uniform(0.8, 1, 2)
    x, y = rng.uniform(0.1, 0.22), rng.uniform(-0.2, -0.05)
    eye = on_circle(np.linspace(0, FULL_TURN, 9)) * rng.uniform(0, 0.06)
    eyes = [eye + np.array(middle) for middle in ((-x, y), (x, y))]
    t = np.linspace(-1, 1, 9)
    smile = rng.uniform(-0.15, 0.15)
    mouth = np.stack([t * rng.uniform(0.1, 0.22), 0.2 - smile * (t**2 - 0.5)], axis=1)
    nose = [np.array([(0.0, -0.05), (rng.uniform(-0.05, 0.05), 0.08)])]
    return [head, *eyes, mouth, *(nose if rng.random() < 0.5 else [])]


def sign(rng: np.random.Generator) -> list[Array]:
    """One of SIGNS, with each point moved a little."""
    return _by_hand(rng, *map(np.array, SIGNS[NAMES_OF_SIGNS[rng.integers(len(SIGNS))]]))


def on_circle(angles: Array) -> Array:
    """Points (n, 2) on a circle of radius ½; angles in radians, clockwise from the top."""
    return 0.5 * np.stack([np.sin(angles), -np.cos(angles)], axis=1)


def rotation_by(angle: float) -> Array:
    """The matrix (2, 2) that rotates row vectors by an angle in radians."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _by_hand(rng: np.random.Generator, *lines: Array) -> list[Array]:
    """The lines with each point moved a little."""
    return [line + rng.normal(0, DEVIATION, line.shape) for line in lines]


def _arc(
    x: float, y: float, radius: float, begin: float, end: float, high: float = 1
) -> list[tuple[float, float]]:
    """Nine points on an arc around (x, y); angles in degrees, clockwise from the top."""
    angles = np.radians(np.linspace(begin, end, 9))
    return [(x + radius * np.sin(a), y - high * radius * np.cos(a)) for a in angles]


def _dot(x: float, y: float) -> Line:
    return _arc(x, y, 0.05, 0, 360)


# On a square of side 1, y down.
DASH, STEM = [(0, 0.5), (1, 0.5)], [(0.5, 0), (0.5, 1)]
UPPER, LOWER = [(0.1, 0.33), (0.9, 0.33)], [(0.1, 0.67), (0.9, 0.67)]
S_CURVE = [*_arc(0.5, 0.3, 0.25, 70, -160), *_arc(0.5, 0.75, 0.25, 20, 250)]
C_CURVE = _arc(0.6, 0.5, 0.5, 40, -220)
WAVE = [(0, 0.55), (0.25, 0.4), (0.5, 0.5), (0.75, 0.6), (1, 0.45)]
SMALL_RINGS = [_arc(0.15, 0.2, 0.15, 0, 360), _arc(0.85, 0.8, 0.15, 0, 360)]
SIGNS: dict[str, Sequence[Line]] = {
    "+": [DASH, STEM],
    "-": [DASH],
    "=": [UPPER, LOWER],
    "≠": [UPPER, LOWER, [(0.8, 0), (0.2, 1)]],
    "±": [[(0.1, 0.4), (0.9, 0.4)], [(0.5, 0), (0.5, 0.8)], [(0.1, 1), (0.9, 1)]],
    "÷": [DASH, _dot(0.5, 0.15), _dot(0.5, 0.85)],
    "x": [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
    "*": [STEM, [(0.1, 0.25), (0.9, 0.75)], [(0.9, 0.25), (0.1, 0.75)]],
    "~": [WAVE],
    "≈": [[(x, y - 0.2) for x, y in WAVE], [(x, y + 0.2) for x, y in WAVE]],
    "^": [[(0, 0.7), (0.5, 0), (1, 0.7)]],
    "<": [[(0.9, 0), (0, 0.45), (0.9, 0.9)]],
    "«": [[(0.5, 0), (0, 0.5), (0.5, 1)], [(1, 0), (0.5, 0.5), (1, 1)]],
    "[": [[(0.5, 0), (0, 0), (0, 1), (0.5, 1)]],
    "?": [[*_arc(0.5, 0.27, 0.25, -80, 140), (0.5, 0.6), (0.5, 0.72)], _dot(0.5, 1)],
    "!": [[(0.5, 0), (0.5, 0.68)], _dot(0.5, 1)],
    ":": [_dot(0.5, 0), _dot(0.5, 1)],
    ";": [_dot(0.5, 0.3), [(0.5, 0.85), (0.52, 1), (0.4, 1.15)]],
    "…": [_dot(0, 0.5), _dot(0.5, 0.5), _dot(1, 0.5)],
    "%": [[(0.9, 0), (0.1, 1)], *SMALL_RINGS],
    "@": [[*_arc(0.5, 0.5, 0.2, 90, -270), (0.72, 0.65), *_arc(0.5, 0.5, 0.5, 100, -220)]],
    "$": [S_CURVE, [(0.5, -0.1), (0.5, 1.1)]],
    "€": [C_CURVE, [(-0.1, 0.4), (0.6, 0.4)], [(-0.1, 0.6), (0.6, 0.6)]],
    "£": [[*_arc(0.6, 0.25, 0.25, 80, -90), (0.38, 0.8), (0.1, 1), (0.9, 1)], DASH],
    "√": [[(0, 0.6), (0.12, 0.55), (0.35, 1), (0.6, 0), (1.3, 0)]],
    "π": [[(0, 0.1), (1, 0.05)], [(0.3, 0.1), (0.2, 1)], [(0.7, 0.1), (0.75, 0.95), (0.95, 1)]],
    "note": [
        [(0.5, 0), (0.5, 0.8), *_arc(0.33, 0.85, 0.17, 90, 450, 0.7)],
        [(0.5, 0), (0.85, 0.3)],
    ],
    "notes": [
        [*_arc(0.1, 0.88, 0.15, 90, 450, 0.7), (0.25, 0.1), (0.95, 0), (0.95, 0.75)],
        _arc(0.8, 0.8, 0.15, 90, 450, 0.7),
    ],
    ":-)": [
        _dot(0.15, 0.35),
        _dot(0.15, 0.65),
        [(0.4, 0.5), (0.6, 0.5)],
        _arc(0.7, 0.5, 0.4, 40, 140),
    ],
    "house": [
        [(0.1, 0.45), (0.1, 1), (0.9, 1), (0.9, 0.45), (0.1, 0.45)],
        [(0, 0.5), (0.5, 0), (1, 0.5)],
    ],
    "sun": [
        _arc(0.5, 0.5, 0.22, 0, 360),
        *([(0.5, y), (0.5, y + 0.2)] for y in (-0.1, 0.9)),
        *([(x, 0.5), (x + 0.2, 0.5)] for x in (-0.1, 0.9)),
        *([(x, x), (x + 0.13, x + 0.13)] for x in (0.08, 0.79)),
        *([(x, 1 - x), (x + 0.13, 0.87 - x)] for x in (0.08, 0.79)),
    ],
    "person": [
        _arc(0.5, 0.14, 0.14, 180, 540),
        [(0.5, 0.28), (0.5, 0.65)],
        [(0.2, 0.42), (0.8, 0.42)],
        [(0.25, 1), (0.5, 0.65), (0.75, 1)],
    ],
}
NAMES_OF_SIGNS = list(SIGNS)
