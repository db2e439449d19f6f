"""A whole number read from left to right.

The model is section IV of LeCun et al. 1998: the drawing is over-segmented (model/cuts.py); every
few fragments beside each other are a candidate piece; the network reads all candidates in one
batch; and in the graph whose nodes are the cuts and whose arcs are the candidates, the path with
the least penalty is the number. An arc's penalty says how little the network takes it for a digit
and how ill it fits the size of the others, a node's how unlikely a gap or a touch parts digits.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.cuts import Fragment, fragments_of, put_together, typical_height
from model.ink import Strokes, render
from model.network import Network
from model.types import Array
from model.verdict import judge

SPAN = 10  # fragments in a piece, at most
WIDEST = 1.7  # typical heights; a piece of several fragments is never wider
DOUBT = 1e-3  # however little a piece looks like a digit, this share of it does
GAP, GAP_SCALE = 0.02, 0.05  # typical heights: even chance of the gap between two strokes
OVERLAP = 0.35  # typical heights; what overlaps more is never parted
CROWDED = 5.0  # penalty of an overlap of one typical height between two digits
PEN = 2.0  # penalty of cutting a stroke
BRIDGE = 1.0  # penalty of leaving out a line that only joins two digits
TINY = 0.35  # typical heights; a digit is longer than this
LOW = 4.0  # penalty of a piece that is lower than the others


@dataclass(frozen=True, eq=False)
class Piece:
    """One digit of a number, or what stands in the place of one.

    box:           left, top, right, bottom in the units of the strokes
    strokes:       indices of the strokes in it; a stroke that was cut is in several pieces
    picture:       (28, 28) float32 in [0, 1], what the network was given
    probabilities: (10,) float32, of the digits
    size:          its longer side in heights of this drawing's typical digit
    """

    box: tuple[float, float, float, float]
    strokes: tuple[int, ...]
    picture: Array
    probabilities: Array
    size: float

    def verdict(self, thresholds: dict[str, float]) -> str:
        """One of model.verdict.VERDICTS; what is much smaller than the digits is none."""
        if self.size < TINY:
            return "not-a-digit"
        return judge(self.picture, self.probabilities, thresholds)


def read_number(network: Network, strokes: Strokes) -> list[Piece]:
    """The digits of a drawing, from left to right; none where nothing was drawn."""
    given = {i: np.asarray(s, np.float64)[:, :2] for i, s in enumerate(strokes) if len(s)}
    if not given:
        return []
    names, lines = list(given), list(given.values())
    height = typical_height(lines)
    fragments = fragments_of(lines, height)
    gaps, inked = gaps_between(fragments, height)
    nodes = np.flatnonzero(gaps > -OVERLAP) + 1
    ends = np.concatenate([[0], nodes, [len(fragments)]])
    gaps, inked = gaps[nodes - 1], inked[nodes - 1]
    groups = [fragments[a:b] for a, b in pairwise(ends)]
    arcs = candidates(groups, gaps, height)
    owns = [[f for group in groups[a:b] for f in group] for a, b in arcs]
    inks = [put_together(own) for own in owns]
    pictures = np.array([render(ink, network.card["frame"]) for ink in inks])
    read = network.predict(pictures)
    costs = penalties(inks, read, height)
    between = np.logaddexp(0, -(gaps - GAP) / GAP_SCALE)
    inside = np.logaddexp(0, (gaps - GAP) / GAP_SCALE)
    between[inked], inside[inked] = PEN, 0
    between += CROWDED * np.maximum(0, -gaps)
    path = best_path(arcs, costs, between, inside)
    pieces = []
    for k in path:
        every = np.concatenate(inks[k])
        low, high = every.min(axis=0), every.max(axis=0)
        pieces.append(
            Piece(
                (*low.tolist(), *high.tolist()),
                tuple(sorted({names[f.stroke] for f in owns[k]})),
                pictures[k],
                read[k],
                float((high - low).max() / height) if height else 1.0,
            )
        )
    return pieces


def gaps_between(fragments: list[Fragment], height: float) -> tuple[Array, Array]:
    lows = np.array([f.low[0] for f in fragments])
    highs = np.array([f.high[0] for f in fragments])
    right = np.minimum.accumulate(lows[::-1])[::-1]
    left = np.maximum.accumulate(highs)
    gaps = (right[1:] - left[:-1]) / max(height, 1e-9)
    inked = np.zeros(len(gaps), bool)
    where: dict[int, list[int]] = {}
    for k, f in enumerate(fragments):
        where.setdefault(f.stroke, []).append(k)
    for ks in where.values():
        inked[min(ks) : max(ks)] = True
    return gaps, inked


def candidates(groups: list[list[Fragment]], gaps: Array, height: float) -> list[tuple[int, int]]:
    lows = np.array([np.min([f.low for f in group], axis=0) for group in groups])
    highs = np.array([np.max([f.high for f in group], axis=0) for group in groups])
    arcs = []
    for a in range(len(groups)):
        for b in range(a + 1, min(a + SPAN, len(groups)) + 1):
            size = highs[a:b].max(axis=0) - lows[a:b].min(axis=0)
            if b > a + 1 and (size[0] > WIDEST * height or gaps[a : b - 1].max() > 0.6):
                break
            arcs.append((a, b))
    return arcs


def penalties(inks: list[list[Array]], read: Array, height: float) -> Array:
    digit = np.maximum((10 * read.max(axis=1) - 1) / 9, DOUBT)
    sizes = np.array([np.ptp(np.concatenate(i), axis=0) for i in inks])
    low = np.maximum(0, 0.75 - sizes[:, 1] / max(height, 1e-9))
    return -np.log(digit) + LOW * low**2


def best_path(
    arcs: list[tuple[int, int]],
    costs: Array,
    between: Array,
    inside: Array,
) -> list[int]:
    n = len(between) + 1
    total = np.full(n + 1, np.inf)
    total[0] = 0
    back: list[tuple[int, int]] = [(0, -1)] * (n + 1)
    within = np.concatenate([[0], np.cumsum(inside)])
    for k, (a, b) in enumerate(arcs):
        cost = total[a] + costs[k] + within[b - 1] - within[a] + (between[b - 1] if b < n else 0)
        if cost < total[b]:
            total[b], back[b] = cost, (a, k)
    path = []
    at = n
    while at:
        at, k = back[at]
        if k >= 0:
            path.append(k)
    return path[::-1]
