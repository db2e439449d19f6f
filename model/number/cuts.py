"""Where a drawing of several digits might be taken apart.

Heuristic over-segmentation (LeCun et al. 1998, section IV-A): cut wherever two digits might
meet, far too often rather than once too little, and let the network say later which cuts were
right. The pen did most of the work: between two strokes it was lifted. Only a stroke that is wide
enough for two digits is cut further, where a pen that goes on to the next digit leaves its mark:
at a sharp turn, at the bottom or the top of a bend, and where nothing but one line runs across.

All lengths named here are in heights of a typical digit of the drawing.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.ink.redraw import DOT_SIDE
from model.types import Array

GRAIN = 1 / 24  # between two points at which a stroke is looked at
WIDE = 0.8  # a stroke narrower than this is part of one digit; 95 of 100 joined pairs are wider
TURN = 50.0  # degrees; a sharper turn is where one digit may end
NEAR = 0.17  # two cuts nearer than this along the stroke are one
LEAST = 1 / 24  # of the longest side of the drawing, the height of a typical digit
MOST_CUTS = 32  # in one stroke
LONGEST = 150  # ink of greater length is no number that anybody would write,
MOST = 150  # nor are more strokes
STRAIGHT = 0.9  # a line is straight if its ends are this share of its length apart


@dataclass(frozen=True, eq=False)
class Fragment:
    """Ink that is never taken apart: a stroke, or a part of one.

    line:      (n, 2) points
    stroke:    the index of the stroke
    part:      which part of it this is, in time, out of `parts`
    low, high: corners of the box, (x, y)
    """

    line: Array
    stroke: int
    part: int
    parts: int
    low: Array
    high: Array

    @classmethod
    def of(cls, stroke: int, line: Array, part: int = 0, parts: int = 1) -> "Fragment":
        """A stroke, or that part of it."""
        return cls(line, stroke, part, parts, line.min(axis=0), line.max(axis=0))

    @property
    def is_bridge(self) -> bool:
        """Whether it may be no part of a digit, only the way of the pen to the next one."""
        step = self.line[-1] - self.line[0]
        inner = 0 < self.part < self.parts - 1
        return bool(inner and step[0] > 0 and np.hypot(*step) > STRAIGHT * _length(self.line))


def typical_height(lines: Collection[Array]) -> float:
    """How high a digit of this drawing is: the median over strokes, each weighing its height."""
    every = np.concatenate([*lines])
    heights = np.sort([np.ptp(line[:, 1]) for line in lines])
    median = heights[np.searchsorted(heights.cumsum(), heights.sum() / 2)]
    return float(max(median, LEAST * np.ptp(every, axis=0).max(), DOT_SIDE))


def is_scribble(lines: Collection[Array], height: float) -> bool:
    """Whether there is so much ink that looking for digits in it would only cost time."""
    return len(lines) > MOST or sum(map(_length, lines)) > LONGEST * height


def fragments_of(lines: Mapping[int, Array], height: float) -> list[Fragment]:
    """Every stroke (n, 2), or what it was cut into, sorted by its middle from left to right."""
    fragments = []
    for stroke, line in lines.items():
        parts = cut(line, height)
        fragments += [Fragment.of(stroke, part, i, len(parts)) for i, part in enumerate(parts)]
    return sorted(fragments, key=lambda f: f.low[0] + f.high[0])


def put_together(fragments: list[Fragment], lines: Mapping[int, Array]) -> list[Array]:
    """The lines of some fragments of strokes `lines`; a whole stroke is as it was drawn.

    Parts that follow each other in time are one line again.
    """
    counts = Counter(fragment.stroke for fragment in fragments)
    whole = {f.stroke for f in fragments if counts[f.stroke] == f.parts}
    ink = [lines[stroke] for stroke in sorted(whole)]
    last = None
    for fragment in sorted(fragments, key=lambda f: (f.stroke, f.part)):
        if fragment.stroke in whole:
            continue
        if last and (last.stroke, last.part + 1) == (fragment.stroke, fragment.part):
            ink[-1] = np.concatenate([ink[-1], fragment.line[1:]])
        else:
            ink.append(fragment.line)
        last = fragment
    return ink


def cut(line: Array, height: float) -> list[Array]:
    """A stroke (n, 2) cut into lines; one ends where the next begins."""
    if np.ptp(line[:, 0]) < WIDE * height:
        return [line]
    line = evenly(line, GRAIN * height)
    ends = [0, *cut_places(line, height), len(line) - 1]
    return [line[a : b + 1] for a, b in pairwise(ends)]


def evenly(line: Array, step: float) -> Array:
    """Points at even distances of about a step along a line (n, 2)."""
    along = np.append(0, np.hypot(*np.diff(line, axis=0).T).cumsum())
    places = np.linspace(0, along[-1], max(2, int(np.ceil(along[-1] / step)) + 1))
    return np.stack([np.interp(places, along, line[:, k]) for k in (0, 1)], axis=1)


def cut_places(line: Array, height: float) -> list[int]:
    """Indices of even points where a digit may end and the next begin, in order."""
    turns = _turns(line)
    strength = np.where(turns > TURN, turns, 0.0)
    strength[_extremes(line[:, 1])] += 30
    for first, last in _bridges(line, height):
        strength[[first, last]] += 20
        strength[(first + last) // 2] += 10
    near = round(NEAR / GRAIN)
    places: list[int] = []
    for place in np.argsort(-strength, kind="stable"):
        if not strength[place] or len(places) == MOST_CUTS:
            break
        if near <= place < len(line) - near and all(abs(place - p) >= near for p in places):
            places.append(int(place))
    return sorted(places)


def _turns(line: Array, reach: int = 3) -> Array:
    """By how many degrees the line turns at each of its even points."""
    turns = np.zeros(len(line))
    if len(line) > 2 * reach:
        coming = line[reach:-reach] - line[: -2 * reach]
        going = line[2 * reach :] - line[reach:-reach]
        cross = coming[:, 0] * going[:, 1] - coming[:, 1] * going[:, 0]
        turns[reach:-reach] = np.degrees(np.abs(np.arctan2(cross, (coming * going).sum(axis=1))))
    return turns


def _extremes(values: Array) -> Array:
    """Indices at which values stop rising or falling."""
    steps = np.sign(np.diff(values))
    return np.flatnonzero(steps[:-1] * steps[1:] < 0) + 1


def _bridges(line: Array, height: float) -> list[tuple[int, int]]:
    """First and last index of every part that runs across where the stroke passes only once."""
    x = line[:, 0]
    columns = np.arange(x.min() + GRAIN * height / 2, x.max(), GRAIN * height)
    left = x[:, None] < columns  # (points, columns)
    passes = left[:-1] != left[1:]
    once = passes.sum(axis=0) == 1
    ends = np.flatnonzero(np.diff(np.concatenate([[False], once, [False]])))
    at = passes.argmax(axis=0)
    pairs = zip(ends[::2], ends[1::2] - 1, strict=True)
    return [(min(at[a], at[b]), max(at[a], at[b])) for a, b in pairs]


def _length(line: Array) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())
