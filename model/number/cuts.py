"""Candidate cuts of a drawing of several digits.

Heuristic over-segmentation (LeCun et al. 1998, section IV-A): many more cuts are proposed than
there are digits, and the network decides later which were right. Every lift of the pen is a cut.
A stroke is cut further only if it is wide enough for two digits: at sharp turns, at its local
extremes in height, and where a single line runs from one digit to the next (a bridge).

All lengths named here are in heights of a typical digit of the drawing.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.ink.trace import DOT_SIDE
from model.types import Array

RESAMPLE_STEP = 1 / 24  # distance of two points of a resampled stroke
MIN_CUT_WIDTH = 0.8  # a narrower stroke is not cut; 95 of 100 joined pairs are wider
TURN_DEGREES = 50.0  # a sharper turn is a candidate
TURN_ARM = 3  # points before and after, between which a turn is measured
MIN_CUT_DISTANCE = 0.17  # of two cuts along a stroke
MIN_HEIGHT = 1 / 24  # of a typical digit, in longest sides of the drawing
MAX_CUTS = 32  # in one stroke
LONGEST_INK = 150  # a drawing of greater length is a scribble,
MAX_STROKES = 150  # and so is one of more strokes
STRAIGHT = 0.9  # a line is straight if the distance of its ends is this fraction of its length
# Strength of a candidate besides the degrees of its turn; stronger ones are taken first.
EXTREME_STRENGTH, BRIDGE_END_STRENGTH, BRIDGE_MIDDLE_STRENGTH = 30, 20, 10


@dataclass(frozen=True, eq=False)
class Fragment:
    """A stroke, or a part of one, that is not cut further.

    line:      (n, 2) points
    stroke:    index of the stroke
    part:      index of this part in the order of drawing, 0 … parts − 1
    parts:     number of parts of the stroke
    low, high: corners of the bounding box, (x, y)
    """

    line: Array
    stroke: int
    part: int
    parts: int
    low: Array
    high: Array

    @classmethod
    def of(cls, stroke: int, line: Array, part: int = 0, parts: int = 1) -> "Fragment":
        """The fragment of a line (n, 2), with its bounding box."""
        return cls(line, stroke, part, parts, line.min(axis=0), line.max(axis=0))

    @property
    def is_bridge(self) -> bool:
        """Whether it may be the line from one digit to the next: straight, and to the right."""
        chord = self.line[-1] - self.line[0]
        inner = 0 < self.part < self.parts - 1
        return bool(inner and chord[0] > 0 and np.hypot(*chord) > STRAIGHT * _length(self.line))


def typical_height(lines: Collection[Array]) -> float:
    """The height of a typical digit: the median of the strokes' heights, weighted by height."""
    points = np.concatenate([*lines])
    heights = np.sort([np.ptp(line[:, 1]) for line in lines])
    median = heights[np.searchsorted(heights.cumsum(), heights.sum() / 2)]
    return float(max(median, MIN_HEIGHT * np.ptp(points, axis=0).max(), DOT_SIDE))


def is_scribble(lines: Collection[Array], height: float) -> bool:
    """Whether there is too much ink for a number, so that a segmentation would waste time."""
    return len(lines) > MAX_STROKES or sum(map(_length, lines)) > LONGEST_INK * height


def fragments_of(lines: Mapping[int, Array], height: float) -> list[Fragment]:
    """The fragments of all strokes (n, 2), sorted by the middles of their boxes, left to right."""
    fragments = []
    for stroke, line in lines.items():
        parts = cut(line, height)
        fragments += [Fragment.of(stroke, part, i, len(parts)) for i, part in enumerate(parts)]
    return sorted(fragments, key=lambda f: f.low[0] + f.high[0])


def joined(fragments: list[Fragment], lines: Mapping[int, Array]) -> list[Array]:
    """The lines (n, 2) of some fragments of the strokes `lines`.

    A stroke with all of its parts is returned as it was drawn. Consecutive parts become one line.
    """
    counts = Counter(fragment.stroke for fragment in fragments)
    whole = {f.stroke for f in fragments if counts[f.stroke] == f.parts}
    ink = [lines[stroke] for stroke in sorted(whole)]
    previous = None
    for fragment in sorted(fragments, key=lambda f: (f.stroke, f.part)):
        if fragment.stroke in whole:
            continue
        if previous and (previous.stroke, previous.part + 1) == (fragment.stroke, fragment.part):
            ink[-1] = np.concatenate([ink[-1], fragment.line[1:]])
        else:
            ink.append(fragment.line)
        previous = fragment
    return ink


def cut(line: Array, height: float) -> list[Array]:
    """The parts (m, 2) of a stroke (n, 2); each begins at the last point of the previous one."""
    if np.ptp(line[:, 0]) < MIN_CUT_WIDTH * height:
        return [line]
    line = resampled(line, RESAMPLE_STEP * height)
    ends = [0, *cut_places(line, height), len(line) - 1]
    return [line[a : b + 1] for a, b in pairwise(ends)]


def resampled(line: Array, step: float) -> Array:
    """Points (m, 2) at equal distances, at most `step`, along a line (n, 2)."""
    along = np.append(0, np.hypot(*np.diff(line, axis=0).T).cumsum())
    places = np.linspace(0, along[-1], max(2, int(np.ceil(along[-1] / step)) + 1))
    return np.stack([np.interp(places, along, line[:, k]) for k in (0, 1)], axis=1)


def cut_places(line: Array, height: float) -> list[int]:
    """Indices of the points of a resampled line (n, 2) at which it is cut, in order."""
    turns = _turns(line)
    strength = np.where(turns > TURN_DEGREES, turns, 0.0)
    strength[_extremes(line[:, 1])] += EXTREME_STRENGTH
    for first, last in _bridges(line, height):
        strength[[first, last]] += BRIDGE_END_STRENGTH
        strength[(first + last) // 2] += BRIDGE_MIDDLE_STRENGTH
    least = round(MIN_CUT_DISTANCE / RESAMPLE_STEP)
    places: list[int] = []
    for place in np.argsort(-strength, kind="stable"):
        if not strength[place] or len(places) == MAX_CUTS:
            break
        if least <= place < len(line) - least and all(abs(place - p) >= least for p in places):
            places.append(int(place))
    return sorted(places)


def _turns(line: Array, arm: int = TURN_ARM) -> Array:
    """The angle (n,) in degrees, 0 to 180, by which a resampled line (n, 2) turns at each point."""
    turns = np.zeros(len(line))
    if len(line) > 2 * arm:
        before = line[arm:-arm] - line[: -2 * arm]
        after = line[2 * arm :] - line[arm:-arm]
        cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        turns[arm:-arm] = np.degrees(np.abs(np.arctan2(cross, (before * after).sum(axis=1))))
    return turns


def _extremes(values: Array) -> Array:
    """Indices of the local minima and maxima of values (n,)."""
    signs = np.sign(np.diff(values))
    return np.flatnonzero(signs[:-1] * signs[1:] < 0) + 1


def _bridges(line: Array, height: float) -> list[tuple[int, int]]:
    """First and last index of every part over whose columns the stroke passes only once."""
    x = line[:, 0]
    width = RESAMPLE_STEP * height
    columns = np.arange(x.min() + width / 2, x.max(), width)
    left = x[:, None] < columns  # (points, columns)
    passes = left[:-1] != left[1:]
    once = passes.sum(axis=0) == 1
    ends = np.flatnonzero(np.diff(np.concatenate([[False], once, [False]])))
    crossing = passes.argmax(axis=0)  # index of the point before the column
    pairs = zip(crossing[ends[::2]], crossing[ends[1::2] - 1], strict=True)
    return [(min(pair), max(pair)) for pair in pairs]


def _length(line: Array) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())
