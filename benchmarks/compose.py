"""Numbers of several digits, composed from digits that one writer wrote apart."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.data.ink_files import Sample, digit_of
from model.types import Array

TOUCHING_FRACTION = 0.1  # of neighbours: they are moved until their ink touches
JOINED_FRACTION = 0.05  # of neighbours: the pen is not lifted between them


@dataclass(frozen=True, eq=False)
class Number:
    """A composed number.

    digits:  the writer's own samples, unchanged
    strokes: of the whole number, (n, 2) each; the height of a typical digit is 100
    joined:  how many pairs of neighbours are drawn without lifting the pen
    """

    digits: list[Sample]
    strokes: list[Array]
    joined: int

    @property
    def text(self) -> str:
        return "".join(digit.label for digit in self.digits)


def by_writer(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    """The digits among the samples, for each writer."""
    writers = defaultdict(list)
    for sample in samples:
        if digit_of(sample) is not None:
            writers[sample.writer].append(sample)
    return dict(writers)


def compose(
    samples: Sequence[Sample],
    length: int,
    rng: np.random.Generator,
    touching: float = TOUCHING_FRACTION,
    joined: float = JOINED_FRACTION,
) -> Number:
    """A number of `length` digits, drawn at random from the samples of one writer.

    Every digit is scaled to the same height (deviation 8 %) and set on one line (deviation 4 % of
    the height). Gaps are uniform from -0.05 to 0.4 heights. Some neighbours touch or are joined.
    """
    digits = [samples[i] for i in rng.integers(0, len(samples), length)]
    strokes: list[Array] = []
    joints = 0
    for digit in digits:
        added = _set_on_line(digit, rng)
        chance = rng.random()
        gap = 100 * rng.uniform(-0.05, 0.4)
        if strokes:
            if chance < touching:
                added = _shifted(added, _shift_until_touching(strokes, added))
            else:
                ends = max(line[:, 0].max() for line in strokes)
                added = _shifted(added, ends + gap)
        if strokes and touching <= chance < touching + joined and _is_natural(strokes, added):
            joint = np.concatenate([strokes[-1], added[0]])
            strokes, added, joints = strokes[:-1], [joint, *added[1:]], joints + 1
        strokes = strokes + added
    return Number(digits, strokes, joints)


def _set_on_line(digit: Sample, rng: np.random.Generator) -> list[Array]:
    """The digit's strokes, about 100 high; they stand near y = 0 and begin at x = 0."""
    every = np.concatenate(digit.strokes).astype(np.float64)
    low, high = every.min(axis=0), every.max(axis=0)
    height = max(high[1] - low[1], (high[0] - low[0]) / 2, 1e-6)
    scale = 100 * np.exp(rng.normal(0, 0.08)) / height
    foot = rng.normal(0, 4)
    return [(line - (low[0], high[1])) * scale + (0, foot) for line in digit.strokes]


def _is_natural(left: list[Array], right: list[Array]) -> bool:
    """Whether a pen would stay down: it moves to the right, by less than a digit's height."""
    step = right[0][0] - left[-1][-1]
    return bool(step[0] > 0 and np.hypot(*step) < 100)


def _shifted(strokes: list[Array], x: float) -> list[Array]:
    return [line + np.array([x, 0]) for line in strokes]


def _shift_until_touching(left: list[Array], right: list[Array]) -> float:
    """How far the strokes on the right, which begin at x = 0, move until they touch the others."""
    ends, starts = _profile(left, max), _profile(right, min)
    shifts = [ends[row] - starts[row] for row in ends.keys() & starts.keys()]
    return max(shifts) if shifts else max(ends.values())


def _profile(strokes: list[Array], outermost: Callable[[float, float], float]) -> dict[int, float]:
    """The outermost x of the ink in every row of 4 units."""
    rows: dict[int, float] = {}
    for line in strokes:
        for (x0, y0), (x1, y1) in pairwise(line):
            steps = int(abs(y1 - y0) / 2) + 2
            for x, y in zip(np.linspace(x0, x1, steps), np.linspace(y0, y1, steps), strict=True):
                row = int(y // 4)
                rows[row] = outermost(rows.get(row, x), x)
    return rows
