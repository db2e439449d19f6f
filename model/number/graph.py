"""The segmentation graph of a drawing: where digits may part, and what may be a digit.

Cuts lie between fragments that are sorted from left to right. Those where digits surely do not
part, because too much overlaps, are left out at once; what lies between two of the others is a
primitive, and every few primitives beside each other are a candidate for a digit, unless they
are too wide, too low or too far apart to be one.

All lengths named here are in heights of a typical digit of the drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from model.number.cuts import Fragment, fragments_of
from model.types import Array

OVERLAP = 0.25  # a stroke is never cut where its parts overlap more
COVERED = 0.9  # two strokes never part if more than this share of the narrower is covered
THIN = 0.1  # a stroke narrower than this counts as that wide
APART = 0.35  # a candidate has no wider gap inside
BROADEST = 2.2  # a candidate of several primitives is never wider,
BROADEST_CUT = 1.5  # nor than this, if a stroke is cut at its side
LOWEST_CUT = 0.55  # a candidate is never lower, if a stroke is cut at its side,
SPAN_CUT = 8  # nor of more primitives
SPAN = 16  # a candidate is never of more primitives,
LIFTS = 4  # nor is the pen lifted more often in it
MOST_CUTS = 39  # in a drawing


@dataclass(frozen=True, eq=False)
class Graph:
    """Cuts, and the ink between them.

    arcs:   first and last cut of each candidate; cut 0 is the left end of the drawing
    pieces: the fragments of each candidate
    scraps: by the cut before it, each primitive that may be left out, for it is but a part of a
            stroke, and whether it is a bridge
    gaps:   at each inner cut, negative for an overlap: in typical heights, but an overlap of two
            strokes in widths of the narrower
    inked:  at each inner cut, whether a stroke is cut there
    """

    arcs: list[tuple[int, int]]
    pieces: list[list[Fragment]]
    scraps: dict[int, bool]
    gaps: Array
    inked: Array

    @classmethod
    def of_one(cls, fragments: list[Fragment]) -> "Graph":
        """All ink as the only candidate."""
        return cls([(0, 1)], [fragments], {}, np.empty(0), np.empty(0, bool))


def graph_of(lines: Mapping[int, Array], height: float) -> Graph:
    """The graph of a drawing: strokes (n, 2) by their indices, and the height of a digit."""
    fragments = fragments_of(lines, height)
    gaps, inked = gaps_between(fragments, height)
    room = gaps + np.where(inked, OVERLAP, COVERED)  # cuts with none are left out
    least = np.sort(room)[-MOST_CUTS] if len(room) > MOST_CUTS else 0
    cuts = np.flatnonzero((room > 0) & (room >= least))[:MOST_CUTS]
    ends = [0, *(cuts + 1).tolist(), len(fragments)]
    primitives = [fragments[a:b] for a, b in pairwise(ends)]
    gaps, inked = gaps[cuts], inked[cuts]
    arcs = candidates(primitives, gaps, inked, height)
    pieces = [list(chain(*primitives[a:b])) for a, b in arcs]
    scraps = {
        place: len(primitive) == 1 and primitive[0].is_bridge
        for place, primitive in enumerate(primitives)
        if _is_cut(primitive)
    }
    return Graph(arcs, pieces, scraps, gaps, inked)


def gaps_between(fragments: list[Fragment], height: float) -> tuple[Array, Array]:
    """Between each fragment and the next one (n − 1,): `gaps` and `inked` as Graph has them."""
    low = np.array([fragment.low[0] for fragment in fragments])
    high = np.array([fragment.high[0] for fragment in fragments])
    strokes = np.array([fragment.stroke for fragment in fragments])
    inked, widths = np.zeros(len(fragments) - 1, bool), np.empty(len(fragments))
    for stroke in set(strokes.tolist()):
        own = np.flatnonzero(strokes == stroke)
        inked[own[0] : own[-1]] = True
        widths[own] = high[own].max() - low[own].min()
    ends, begins = np.maximum.accumulate(high), np.minimum.accumulate(low[::-1])[::-1]
    gaps = (begins[1:] - ends[:-1]) / height
    narrower = np.maximum(np.minimum(widths[1:], widths[:-1]) / height, THIN)
    return np.where((gaps < 0) & ~inked, gaps / narrower, gaps), inked


def candidates(
    primitives: list[list[Fragment]], gaps: Array, inked: Array, height: float
) -> list[tuple[int, int]]:
    """First and last cut of all that may be a digit; sorted."""
    low = np.array([np.min([f.low for f in primitive], axis=0) for primitive in primitives])
    high = np.array([np.max([f.high for f in primitive], axis=0) for primitive in primitives])
    cut = [False, *inked.tolist(), False]
    lifts = np.append(0, (~inked).cumsum()).tolist()  # at the inner cuts before each
    arcs = []
    for a in range(len(primitives)):
        for b in range(a + 1, min(a + SPAN, len(primitives)) + 1):
            width, tall = (high[a:b].max(axis=0) - low[a:b].min(axis=0)) / height
            lifted = lifts[b - 1] - lifts[a]
            if b > a + 1 and (width > BROADEST or gaps[b - 2] > APART or lifted > LIFTS):
                break
            ill_cut = width > BROADEST_CUT or tall < LOWEST_CUT or b - a > SPAN_CUT
            needed = b == a + 1 and not _is_cut(primitives[a])  # it cannot be left out
            if needed or not ((cut[a] or cut[b]) and ill_cut):
                arcs.append((a, b))
    return arcs


def _is_cut(primitive: list[Fragment]) -> bool:
    """Whether it has parts of strokes alone."""
    return all(fragment.parts > 1 for fragment in primitive)
