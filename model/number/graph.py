"""The segmentation graph of a drawing: its cuts, and the candidates for digits between them.

Cuts lie between fragments that are sorted from left to right. A cut where too much ink overlaps
is left out at once. The fragments between two of the remaining cuts are a primitive. Every few
consecutive primitives are a candidate for a digit, unless they are too wide, too low or too far
apart.

All lengths named here are in heights of a typical digit of the drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from model.number.cuts import Fragment, fragments_of
from model.types import Array

MAX_OVERLAP = 0.25  # of the two parts of a stroke at a cut
MAX_COVERED = 0.9  # of the narrower of two strokes, as a fraction of its width, at a cut
MIN_WIDTH = 0.1  # a narrower stroke counts as that wide
WIDEST_GAP = 0.35  # inside a candidate
WIDEST = 2.2  # width of a candidate of several primitives
MAX_PRIMITIVES = 16  # in a candidate
MAX_LIFTS = 4  # of the pen in a candidate
# Narrower limits for a candidate at whose side a stroke is cut.
WIDEST_AT_CUT, LOWEST_AT_CUT, MAX_PRIMITIVES_AT_CUT = 1.5, 0.55, 8
MAX_CUTS = 39  # in a drawing


@dataclass(frozen=True, eq=False)
class Graph:
    """Cuts, and the candidates between them.

    arcs:      first and last cut of each candidate; cut 0 is the left end of the drawing
    fragments: the fragments of each candidate
    optional:  the primitives that may be left out, because they hold parts of strokes only: from
               the cut before each to whether it is a bridge
    gaps:      (cuts,) at each inner cut, negative for an overlap; in typical heights, but an
               overlap of two strokes in widths of the narrower one
    inked:     (cuts,) whether a stroke is cut at each inner cut
    """

    arcs: list[tuple[int, int]]
    fragments: list[list[Fragment]]
    optional: dict[int, bool]
    gaps: Array
    inked: Array

    @classmethod
    def of_one(cls, fragments: list[Fragment]) -> "Graph":
        """A graph with all ink as its only candidate."""
        return cls([(0, 1)], [fragments], {}, np.empty(0), np.empty(0, bool))


def graph_of(lines: Mapping[int, Array], height: float) -> Graph:
    """The graph of a drawing: strokes (n, 2) by their indices, and the height of a digit."""
    fragments = fragments_of(lines, height)
    gaps, inked = gaps_between(fragments, height)
    margins = gaps + np.where(inked, MAX_OVERLAP, MAX_COVERED)
    least = np.sort(margins)[-MAX_CUTS] if len(margins) > MAX_CUTS else 0
    cuts = np.flatnonzero((margins > 0) & (margins >= least))[:MAX_CUTS]
    ends = [0, *(cuts + 1).tolist(), len(fragments)]
    primitives = [fragments[a:b] for a, b in pairwise(ends)]
    gaps, inked = gaps[cuts], inked[cuts]
    arcs = candidates(primitives, gaps, inked, height)
    inks = [list(chain(*primitives[a:b])) for a, b in arcs]
    optional = {
        place: len(primitive) == 1 and primitive[0].is_bridge
        for place, primitive in enumerate(primitives)
        if _has_parts_only(primitive)
    }
    return Graph(arcs, inks, optional, gaps, inked)


def gaps_between(fragments: list[Fragment], height: float) -> tuple[Array, Array]:
    """`gaps` and `inked` of Graph, (n − 1,) each, between each fragment and the next one."""
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
    narrower = np.maximum(np.minimum(widths[1:], widths[:-1]) / height, MIN_WIDTH)
    return np.where((gaps < 0) & ~inked, gaps / narrower, gaps), inked


def candidates(
    primitives: list[list[Fragment]], gaps: Array, inked: Array, height: float
) -> list[tuple[int, int]]:
    """First and last cut of each candidate for a digit, sorted."""
    low = np.array([np.min([f.low for f in primitive], axis=0) for primitive in primitives])
    high = np.array([np.max([f.high for f in primitive], axis=0) for primitive in primitives])
    cut = [False, *inked.tolist(), False]
    lifts = np.append(0, (~inked).cumsum()).tolist()  # at the inner cuts before each
    arcs = []
    for a in range(len(primitives)):
        for b in range(a + 1, min(a + MAX_PRIMITIVES, len(primitives)) + 1):
            width, tall = (high[a:b].max(axis=0) - low[a:b].min(axis=0)) / height
            lifted = lifts[b - 1] - lifts[a]
            if b > a + 1 and (width > WIDEST or gaps[b - 2] > WIDEST_GAP or lifted > MAX_LIFTS):
                break
            unlikely = (
                width > WIDEST_AT_CUT or tall < LOWEST_AT_CUT or b - a > MAX_PRIMITIVES_AT_CUT
            )
            needed = b == a + 1 and not _has_parts_only(primitives[a])  # it cannot be left out
            if needed or not ((cut[a] or cut[b]) and unlikely):
                arcs.append((a, b))
    return arcs


def _has_parts_only(primitive: list[Fragment]) -> bool:
    """Whether it holds no whole stroke."""
    return all(fragment.parts > 1 for fragment in primitive)
