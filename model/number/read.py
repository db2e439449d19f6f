"""Reading a whole number from left to right.

The method is section IV of LeCun et al. 1998. The drawing is over-segmented (model/number/cuts.py).
Gate and network read all candidates for digits in one batch. In the graph whose nodes are the cuts
and whose arcs are the candidates, the path with the least penalty is the number. The penalty of an
arc rises if gate or network doubt that it is a digit, or if its size differs from the others. The
penalty of a node rises with the improbability of a digit boundary, or of no boundary, at its gap.

Penalties are negative log likelihoods: 0.7 stands for a probability of one half. They were fitted
on numbers of two and three digits, composed from ink to learn from (benchmarks/compose.py).
"""

from dataclasses import dataclass

import numpy as np

from model.evaluation import Gate, decide
from model.ink.redraw import render
from model.ink.trace import Strokes, points_of
from model.network import Network
from model.number.cuts import Fragment, is_scribble, joined, typical_height
from model.number.graph import Graph, graph_of
from model.types import Array

MIN_PROBABILITY = 1e-3  # of being a digit, for any candidate
# A gap between two strokes, in typical heights: at EVEN_GAP both answers are equally probable, and
# one GAP_SCALE from it the odds are e to one. An overlap counts as this fraction of its value.
EVEN_GAP, GAP_SCALE, OVERLAP_FACTOR = -0.22, 0.25, 0.2
CUT_PENALTY = 1.5  # for cutting a stroke
OVERLAP_PENALTY = 4.0  # for cutting a stroke, for each typical height by which its parts overlap
BRIDGE_PENALTY = 0.15  # for leaving out a straight line from one digit to the next
OMISSION_PENALTY = 4.0  # for leaving out another part of a stroke
# For the squared heights by which a piece is lower than USUAL_HEIGHT and wider than USUAL_WIDTH.
HEIGHT_PENALTY, USUAL_HEIGHT = 4.0, 0.95
WIDTH_PENALTY, USUAL_WIDTH = 8.0, 1.1
MIN_SIZE = 0.35  # typical heights; a smaller piece beside larger ones is no digit
OMITTED = -1  # marks ink that is left out, in place of the index of a candidate


@dataclass(frozen=True, eq=False)
class Piece:
    """One digit of a number, or something in the place of a digit.

    box:           left, top, right, bottom in the unit of the strokes
    strokes:       indices of its strokes; a stroke that was cut is in several pieces
    picture:       (28, 28) float32 in [0, 1], the network's input
    probabilities: (10,) float32 of the digits, with the sum 1
    digit_probability: the gate's, that it is a digit
    size:          longer side in heights of the drawing's typical digit
    """

    box: tuple[float, float, float, float]
    strokes: tuple[int, ...]
    picture: Array
    probabilities: Array
    digit_probability: float
    size: float

    def verdict(self, threshold: float) -> str:
        """One of VERDICTS, with the gate's threshold.

        A piece much smaller than its neighbours is no digit.
        """
        if self.size < MIN_SIZE:
            return "not-a-digit"
        return decide(self.picture, self.probabilities, self.digit_probability, threshold)


def read_number(network: Network, gate: Gate, strokes: Strokes) -> list[Piece]:
    """The digits of a drawing, from left to right; an empty list if there are no points.

    network: a reader
    strokes: a list of strokes; a stroke is a list of points (x, y, …) in any unit, y down
    ValueError for points that are no finite pairs.
    """
    lines = {name: points_of(stroke) for name, stroke in enumerate(strokes) if len(stroke)}
    if not lines:
        return []
    height = typical_height(lines.values())
    pieces = []
    if not is_scribble(lines.values(), height):
        pieces = _read(network, gate, graph_of(lines, height), lines, height)
    if pieces:
        return pieces
    # There is too much ink, or all of it was left out because none looks like a digit.
    whole = Graph.of_one([Fragment.of(name, line) for name, line in lines.items()])
    return _read(network, gate, whole, lines, height)


def _read(
    network: Network, gate: Gate, graph: Graph, lines: dict[int, Array], height: float
) -> list[Piece]:
    """The pieces on the best path through the graph."""
    if not graph.arcs:
        return []
    inks = [joined(fragments, lines) for fragments in graph.fragments]

    def redraw(frame: str) -> Array:
        return np.array([render(ink, frame) for ink in inks])

    pictures = redraw(network.card.frame)
    probabilities = network.predict(pictures)
    is_digit = gate.digit_probability(pictures, network.card.frame, redraw)
    boxes = np.array([_box(ink) for ink in inks])
    sizes = (boxes[:, 2:] - boxes[:, :2]) / height  # (pieces, 2): width, height
    return [
        Piece(
            box=tuple(boxes[k].tolist()),
            strokes=tuple(sorted({fragment.stroke for fragment in graph.fragments[k]})),
            picture=pictures[k],
            probabilities=probabilities[k],
            digit_probability=float(is_digit[k]),
            size=float(sizes[k].max()),
        )
        for k in best_path(graph, piece_penalties(is_digit * probabilities.max(axis=1), sizes))
    ]


def piece_penalties(confidence: Array, sizes: Array) -> Array:
    """The penalty (N,) of each candidate.

    confidence: (N,) probability that it is a digit, times that of the best digit
    sizes: (N, 2) widths and heights in heights of a typical digit
    A confidence p counts as (10·p − 1) / 9, because a network that can tell nothing gives 0.1 to
    each digit.
    """
    digit = np.maximum((10 * confidence - 1) / 9, MIN_PROBABILITY)
    low = np.maximum(0, USUAL_HEIGHT - sizes[:, 1])
    wide = np.maximum(0, sizes[:, 0] - USUAL_WIDTH)
    return HEIGHT_PENALTY * low**2 + WIDTH_PENALTY * wide**2 - np.log(digit)


def cut_penalties(gaps: Array, inked: Array) -> tuple[Array, Array]:
    """Penalties (cuts,) of each inner cut: as a boundary of two digits, and inside of one.

    gaps, inked: see Graph
    """
    log_odds = (np.where(gaps < 0, OVERLAP_FACTOR * gaps, gaps) - EVEN_GAP) / GAP_SCALE
    of_cut_stroke = CUT_PENALTY - OVERLAP_PENALTY * np.minimum(gaps, 0)
    boundary = np.where(inked, of_cut_stroke, np.logaddexp(0, -log_odds))
    return boundary, np.where(inked, 0, np.logaddexp(0, log_odds))


def best_path(graph: Graph, penalties: Array) -> list[int]:
    """Indices of the candidates on the path of least penalty from the first to the last cut.

    penalties: (N,) of the candidates
    Viterbi's algorithm, with the cuts in order from left to right.
    """
    boundary, inside = cut_penalties(graph.gaps, graph.inked)
    until = np.concatenate([[0], inside.cumsum()])  # sum over the inner cuts before each cut
    last = len(boundary) + 1
    arcs = [
        (a, b, k, penalties[k] + until[b - 1] - until[a]) for k, (a, b) in enumerate(graph.arcs)
    ]
    arcs += [
        (a, a + 1, OMITTED, BRIDGE_PENALTY if is_bridge else OMISSION_PENALTY)
        for a, is_bridge in graph.optional.items()
    ]
    least = np.append(0, np.full(last, np.inf))
    back: dict[int, tuple[int, int]] = {}
    for a, b, k, penalty in sorted(arcs):
        total = least[a] + penalty + (boundary[b - 1] if b < last else 0)
        if total < least[b]:
            least[b], back[b] = total, (a, k)
    path, cut = [], last
    while cut:
        cut, k = back[cut]
        path.append(k)
    return [k for k in reversed(path) if k != OMITTED]


def _box(ink: list[Array]) -> Array:
    """Left, top, right, bottom (4,) of lines (n, 2)."""
    points = np.concatenate(ink)
    return np.concatenate([points.min(axis=0), points.max(axis=0)])
