"""Why one digit and not another: which ink of a drawing matters, and what the smallest change is.

All readings here leave the rest of the drawing where it is. A drawing with less ink would otherwise
be scaled and centred anew, and the effect of that would be mixed with the effect of the ink.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from model.evaluation import Gate
from model.ink import Piece, pieces_of, render, without
from model.ink.trace import Strokes
from model.insight.answers import Answer, read_all
from model.insight.maps import difference, gradient, occlusion
from model.network import Network
from model.types import Array

BEAM = 8  # sets of pieces of one size that are kept while the search goes on
MOST_GROWN = 40  # sets of one size that are tried; in a scribble all pieces touch each other
TOUCHING = 0.5  # two pieces touch if a pixel is at least so dark in the pictures of both
MOST_ERASED = 0.5  # fraction of the pieces that an erasure may take
READ_AGAIN = 3  # erasures of one size that are read as new drawings
MORE_PIECES = 2  # of an erasure that changes a new drawing too, than of the smallest one
MOST_POINTS = 2_000  # of a drawing in which erasures are searched


@dataclass(frozen=True)
class Erasure:
    """Pieces without which the network answers with another digit.

    pieces:  their indices
    digit:   the most probable one while the rest stays in its place
    strokes: the drawing without them, each (n, 2)
    redrawn: the answer to these strokes as a new drawing, scaled and centred anew
    """

    pieces: list[int]
    digit: int
    strokes: list[Array]
    redrawn: Answer


@dataclass(frozen=True)
class Why:
    """What speaks for the first of two digits and against the second.

    difference: of their scores
    pieces, effects: the pieces of the strokes, and by how much the difference falls without each.
             The effects do not add up to the difference: two pieces may make up for each other.
    erasure: the smallest one that the search found, or None
    gradient, occlusion: (28, 28), see model/insight/maps.py
    """

    difference: float
    pieces: list[Piece]
    effects: list[float]
    erasure: Erasure | None
    gradient: Array
    occlusion: Array


def why(network: Network, gate: Gate, strokes: Strokes, digits: tuple[int, int]) -> Why:
    """Compare two digits on a drawing.

    network: a reader
    strokes: as for `render`; ValueError as there
    """
    frame = network.card.frame
    pieces = pieces_of(strokes, frame)
    picture = pictures_without(pieces, [()])[0] if pieces else render(strokes, frame)
    whole = float(difference(network, picture[None], digits)[0])
    effects: list[float] = []
    if pieces:
        less = pictures_without(pieces, [{i} for i in range(len(pieces))])
        effects = (whole - difference(network, less, digits)).tolist()
    return Why(
        difference=whole,
        pieces=pieces,
        effects=effects,
        erasure=smallest_erasure(network, gate, strokes, pieces),
        gradient=gradient(network, picture, digits),
        occlusion=occlusion(network, picture, digits),
    )


def pictures_without(pieces: Sequence[Piece], left_out: Sequence[Collection[int]]) -> Array:
    """The pictures (n, 28, 28) of all pieces but those of each of n sets of indices."""
    alone = np.array([piece.picture for piece in pieces])  # (k, 28, 28)
    kept = np.array([[i not in some for i in range(len(pieces))] for some in left_out])  # (n, k)
    pictures: Array = np.where(kept[:, :, None, None], alone, 0).max(axis=1)
    return pictures


def smallest_erasure(
    network: Network, gate: Gate, strokes: Strokes, pieces: Sequence[Piece]
) -> Erasure | None:
    """The fewest connected pieces found without which the answer is another digit.

    A beam search: sets of connected pieces grow by one piece at a time, and the BEAM sets that
    bring another digit nearest are kept. So a smaller set may exist that is not found.

    The digit must change while the rest stays in its place. It should change, too, where the rest
    is read as a new drawing; MORE_PIECES are allowed for that. None if there is no such set of up
    to MOST_ERASED of the pieces, or if there are more than MOST_POINTS.
    """
    if len(pieces) < 2 or sum(map(len, strokes)) > MOST_POINTS:
        return None
    leader = int(network.logits(pictures_without(pieces, [()]))[:, 0].argmax())
    first = None
    for some, digit in _changing(network, leader, pieces):
        if first and len(some) > len(first.pieces) + MORE_PIECES:
            break
        rest = without(strokes, [pieces[i] for i in some])
        (redrawn,) = read_all(network, gate, partial(_alone, rest))
        erasure = Erasure(some, digit, rest, redrawn)
        if redrawn.digit not in (None, leader):
            return erasure
        first = first or erasure
    return first


def _changing(
    network: Network, leader: int, pieces: Sequence[Piece]
) -> Iterator[tuple[list[int], int]]:
    """Sets of pieces whose loss takes the lead from a digit, and the new leader.

    The smaller sets come first, READ_AGAIN of each size, those with the greatest change first.
    """
    touching = _touching(pieces)
    beam = [frozenset([i]) for i in range(len(pieces))]
    for _ in range(max(1, int(MOST_ERASED * len(pieces)))):
        logits = network.logits(pictures_without(pieces, beam))  # (10, n)
        lead = logits[leader] - np.delete(logits, leader, axis=0).max(axis=0)
        order = np.argsort(lead, kind="stable").tolist()
        for i in order[:READ_AGAIN]:
            if lead[i] < 0:
                yield sorted(beam[i]), int(logits[:, i].argmax())
        grown = (beam[i] | {j} for i in order[:BEAM] for j in _beside(beam[i], touching))
        beam = list(islice(dict.fromkeys(grown), MOST_GROWN))
        if not beam:
            return


def _alone(strokes: Strokes, frame: str) -> Array:
    return render(strokes, frame)[None]


def _touching(pieces: Sequence[Piece]) -> Array:
    """Which pieces (k, k) touch each other, or follow each other in a stroke."""
    ink = np.array([piece.picture.ravel() for piece in pieces]) >= TOUCHING
    return ink.astype(np.float32) @ ink.T.astype(np.float32) > 0


def _beside(some: frozenset[int], touching: Array) -> list[int]:
    """The pieces that are none of these and touch one of them."""
    near = touching[sorted(some)].any(axis=0)
    return [j for j in np.flatnonzero(near).tolist() if j not in some]
