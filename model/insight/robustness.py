"""How far a drawing may be changed before the answer is another one.

It is turned, slanted, and drawn with thinner and thicker lines, and each time it is read as any new
drawing is. This gives every drawing the size, the place and the pen of the data set again. Nothing
makes it upright again, so turning and slanting reach the network.

The width of the user's own pen never reaches the network, because every line is drawn again. Only
the width of this new line does. So it is varied here, in pixels of the 28 × 28 picture, while the
ink with its line stays as large as the data set's digits are. This shows what the network would do
without that step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from model.evaluation import Gate
from model.frames import FRAMES
from model.ink import Normalise, render
from model.ink.redraw import smoothed
from model.ink.trace import Strokes
from model.insight.answers import Answer, read_all
from model.network import Network
from model.types import Array

TURNS = tuple(range(-60, 61, 10))  # degrees, for the map; to the right where positive
SLANTS = tuple(range(-40, 41, 10))
WIDTHS = tuple(2 ** (k / 2) for k in range(-4, 5))  # of the line, in widths of the usual one
LARGEST_TURN, LARGEST_SLANT = 90, 60  # degrees that are tried
COARSE_STEP = 5  # degrees
MOST_POINTS = 500  # of the smoothed line; a digit has about 100
SMOOTH_ALREADY = Normalise(smooth=False)


class Change(NamedTuple):
    """What is done to a drawing: slanted first, then turned, both in degrees, then redrawn.

    width: of the line, in widths of the usual one
    """

    turn: float = 0
    slant: float = 0
    width: float = 1


@dataclass(frozen=True)
class Robustness:
    """Where the answer to a drawing holds.

    answer: to the drawing as it is
    map:    the answers for each of SLANTS a row, with one for each of TURNS
    widths: the answers for each of WIDTHS
    turn, slant: degrees to the left and to the right up to which the digit stays the same
    width:  the thinnest and the thickest of WIDTHS up to which it does

    The lists are empty, and the last three None, for what is no digit, and for far too much ink.
    """

    answer: Answer
    map: list[list[Answer]]
    widths: list[Answer]
    turn: tuple[int, int] | None = None
    slant: tuple[int, int] | None = None
    width: tuple[float, float] | None = None


def robustness(network: Network, gate: Gate, strokes: Strokes) -> Robustness:
    """Turn, slant, thin and thicken a drawing, and read it each time.

    network: a reader
    strokes: as for `render`; ValueError as there
    """
    (answer,) = read_all(network, gate, lambda frame: render(strokes, frame)[None])
    lines = smoothed(strokes) if answer.digit is not None else []
    if not 0 < sum(map(len, lines)) <= MOST_POINTS:
        return Robustness(answer, [], [])

    def read(changes: Sequence[Change]) -> list[Answer]:
        return read_all(network, gate, lambda frame: _redrawn(lines, changes, frame))

    def holds(changes: Sequence[Change]) -> list[bool]:
        return [other.digit == answer.digit for other in read(changes)]

    cells = read([Change(turn, slant) for slant in SLANTS for turn in TURNS])
    widths = read([Change(width=width) for width in WIDTHS])
    return Robustness(
        answer,
        map=[cells[start : start + len(TURNS)] for start in range(0, len(cells), len(TURNS))],
        widths=widths,
        turn=_reach(lambda some: holds([Change(turn=d) for d in some]), LARGEST_TURN),
        slant=_reach(lambda some: holds([Change(slant=d) for d in some]), LARGEST_SLANT),
        width=_thinnest_and_thickest([other.digit == answer.digit for other in widths]),
    )


def changed(lines: Sequence[Array], change: Change) -> list[Array]:
    """Strokes (n, 2), y down, slanted and turned; to the right where the angles are positive."""
    turn, slant = np.radians(change.turn), np.radians(change.slant)
    slanted = np.array([[1, -np.tan(slant)], [0, 1]])
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return [line @ (turned @ slanted).T for line in lines]


def _redrawn(lines: Sequence[Array], changes: Sequence[Change], frame: str) -> Array:
    """The pictures (N, 28, 28) of smoothed strokes after each change."""
    pen = FRAMES[frame].pen
    return np.array(
        [render(changed(lines, c), frame, c.width * pen, SMOOTH_ALREADY) for c in changes]
    )


def _reach(holds: Callable[[Sequence[int]], list[bool]], most: int) -> tuple[int, int]:
    """How many degrees to the left and to the right the answer holds without a break.

    holds: whether it holds at each of some degrees; most: degrees that are tried
    """
    return _reach_one_way(holds, -1, most), _reach_one_way(holds, 1, most)


def _reach_one_way(holds: Callable[[Sequence[int]], list[bool]], sign: int, most: int) -> int:
    """Every fifth degree is tried, then those before the first of them that changes the answer."""
    coarse = holds([sign * d for d in range(COARSE_STEP, most + 1, COARSE_STEP)])
    far = COARSE_STEP * _count(coarse)
    if far == most:
        return most
    return far + _count(holds([sign * d for d in range(far + 1, far + COARSE_STEP)]))


def _thinnest_and_thickest(holds: Sequence[bool]) -> tuple[float, float]:
    """From whether the answer holds with each of WIDTHS: how far it does from the usual width."""
    usual = WIDTHS.index(1)
    thinner, thicker = holds[usual - 1 :: -1], holds[usual + 1 :]
    return WIDTHS[usual - _count(thinner)], WIDTHS[usual + _count(thicker)]


def _count(holds: Sequence[bool]) -> int:
    """How many are true before the first that is not."""
    return next((i for i, is_true in enumerate(holds) if not is_true), len(holds))
