"""A whole number read from left to right.

The model is section IV of LeCun et al. 1998: the drawing is over-segmented
(model/number/cuts.py), every few primitives beside each other are a candidate piece, the network
reads all candidates in one batch, and in the graph whose nodes are the cuts and whose arcs are the
candidates the path with the least penalty is the number. An arc's penalty says how little the
network takes it for a digit and how ill it fits the size of the others; a node's how unlikely two
digits part, or one holds together, at such a gap.

The penalties are negative log likelihoods, so 0.7 is even odds. They were fitted on numbers of
two and three digits composed from ink of writers that are not held out (benchmarks/compose.py).
"""

from dataclasses import dataclass

import numpy as np

from model.evaluation import decide
from model.ink.redraw import Strokes, points_of, render
from model.network import Network
from model.number.cuts import Fragment, is_scribble, put_together, typical_height
from model.number.graph import Graph, graph_of
from model.types import Array

DOUBT = 1e-3  # however little a piece looks like a digit, this share of it does
PARTING = -0.22  # a gap between two strokes, in typical heights, that as often parts as not
SPREAD = 0.25  # of that gap: how far from it the odds are e to one
COVER = 0.2  # of a gap that is an overlap counts this much for the narrower stroke's whole width
CUT = 1.5  # penalty of cutting a stroke
CROWDED = 4.0  # penalty of cutting where the two digits overlap by a typical height
BRIDGE = 0.15  # penalty of leaving out a straight line that leads from one digit to the next
SCRAP = 4.0  # penalty of leaving out another part of a stroke
LOW, LOWEST = 4.0, 0.95  # penalty of the squared heights by which a piece is lower than this
WIDE, WIDEST = 8.0, 1.1  # and by which it is wider
TINY = 0.35  # typical heights; what is no longer than this beside larger ones is no digit

Arc = tuple[int, int, int]  # first cut, last cut, which candidate, or NONE for ink left out
NONE = -1


@dataclass(frozen=True, eq=False)
class Piece:
    """One digit of a number, or what stands in the place of one.

    box:           left, top, right, bottom in the units of the strokes
    strokes:       indices of the strokes in it; a stroke that was cut is in several pieces
    picture:       (28, 28) float32 in [0, 1], what the network was given
    probabilities: (10,) float32, of the digits
    shares:        (10,) float32, how surely it is that digit; what they lack of one is no digit
    size:          its longer side in heights of the drawing's typical digit
    """

    box: tuple[float, float, float, float]
    strokes: tuple[int, ...]
    picture: Array
    probabilities: Array
    shares: Array
    size: float

    def verdict(self, thresholds: dict[str, float]) -> str:
        """One of VERDICTS; a piece much smaller than its neighbours is no digit."""
        if self.size < TINY:
            return "not-a-digit"
        return decide(self.picture, self.shares, thresholds)


def read_number(network: Network, strokes: Strokes) -> list[Piece]:
    """The digits of a drawing, from left to right; none where nothing was drawn.

    strokes: a list of strokes; a stroke is a list of points (x, y, …) in any unit, y down
    ValueError for points that are no finite pairs.
    """
    lines = {name: points_of(stroke) for name, stroke in enumerate(strokes) if len(stroke)}
    if not lines:
        return []
    height = typical_height(lines.values())
    pieces = []
    if not is_scribble(lines.values(), height):
        pieces = _read(network, graph_of(lines, height), lines, height)
    if pieces:
        return pieces
    # Too much ink, or nothing that looks like a digit, so that all of it was left out.
    whole = Graph.of_one([Fragment.of(name, line) for name, line in lines.items()])
    return _read(network, whole, lines, height)


def _read(network: Network, graph: Graph, lines: dict[int, Array], height: float) -> list[Piece]:
    """Read every candidate, and keep those on the best path."""
    if not graph.arcs:
        return []
    inks = [put_together(fragments, lines) for fragments in graph.pieces]
    pictures = np.array([render(ink, network.card["frame"]) for ink in inks])
    read, shares = network.read(pictures)
    boxes = np.array([_box(ink) for ink in inks])
    sizes = (boxes[:, 2:] - boxes[:, :2]) / height  # (pieces, 2): width, height
    return [
        Piece(
            box=tuple(boxes[k].tolist()),
            strokes=tuple(sorted({fragment.stroke for fragment in graph.pieces[k]})),
            picture=pictures[k],
            probabilities=read[k],
            shares=shares[k],
            size=float(sizes[k].max()),
        )
        for k in best_path(graph, of_pieces(shares, sizes))
    ]


def of_pieces(shares: Array, sizes: Array) -> Array:
    """The penalty of each candidate (N,) from its digits' shares (N, 10) and its size (N, 2).

    To a network without a rubbish class even shares, 0.1 to each, mean nothing; so a best share
    p counts as (10·p − 1) / 9.
    """
    digit = np.maximum((10 * shares.max(axis=1) - 1) / 9, DOUBT)
    low, wide = np.maximum(0, LOWEST - sizes[:, 1]), np.maximum(0, sizes[:, 0] - WIDEST)
    return LOW * low**2 + WIDE * wide**2 - np.log(digit)


def of_cuts(gaps: Array, inked: Array) -> tuple[Array, Array]:
    """Penalties of every inner cut, if two digits part there and if one goes on across it."""
    odds = (np.where(gaps < 0, COVER * gaps, gaps) - PARTING) / SPREAD  # log of them
    parting = np.where(inked, CUT - CROWDED * np.minimum(gaps, 0), np.logaddexp(0, -odds))
    return parting, np.where(inked, 0, np.logaddexp(0, odds))


def best_path(graph: Graph, penalties: Array) -> list[int]:
    """The candidates on the path of least penalty from the first cut to the last (Viterbi)."""
    parting, across = of_cuts(graph.gaps, graph.inked)
    until = np.concatenate([[0], across.cumsum()])  # summed over the cuts before each
    last = len(parting) + 1
    arcs = [
        (a, b, k, penalties[k] + until[b - 1] - until[a]) for k, (a, b) in enumerate(graph.arcs)
    ]
    arcs += [(k, k + 1, NONE, BRIDGE if bridge else SCRAP) for k, bridge in graph.scraps.items()]
    least = np.append(0, np.full(last, np.inf))
    back: dict[int, tuple[int, int]] = {}
    for a, b, k, penalty in sorted(arcs):
        total = least[a] + penalty + (parting[b - 1] if b < last else 0)
        if total < least[b]:
            least[b], back[b] = total, (a, k)
    path, at = [], last
    while at:
        at, k = back[at]
        path.append(k)
    return [k for k in reversed(path) if k != NONE]


def _box(ink: list[Array]) -> Array:
    every = np.concatenate(ink)
    return np.concatenate([every.min(axis=0), every.max(axis=0)])
