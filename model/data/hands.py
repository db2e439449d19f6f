"""Rare ways of writing a digit, each drawn by a function of its own.

A few hundred writers do not show every hand that there is. Each function here puts a few anchor
points where the pen turns, with random proportions, and moves every one of them a little; model/ink
joins them by curves, and model/data/stroke_augmentation.py bends the result further. x and y are in
heights of the digit, y down.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from model.types import Array

ANCHOR_DEVIATION = 0.022  # of each coordinate of an anchor point, in heights
LEAST_SHARE, LARGEST_SHARE = 0.05, 0.15  # a rare hand is drawn more often, a usual one less often

Strokes = list[Array]  # (n, 2) each
Points = Sequence[tuple[float, float]]


class Hand(NamedTuple):
    """One way of writing a digit.

    draw:  makes its strokes, anew for each call
    share: of the drawings of this digit by 123 people, how many are written so; see
           docs/experiments.md
    """

    digit: int
    draw: Callable[[np.random.Generator], Strokes]
    share: float


def random_hand(rng: np.random.Generator) -> tuple[int, Strokes]:
    """A digit and its strokes in one of the HANDS; the shares are kept within the two limits."""
    hand = _HANDS[_UP_TO.searchsorted(rng.random(), side="right")]
    return hand.digit, hand.draw(rng)


def zero_begun_inside(rng: np.random.Generator) -> Strokes:
    """The pen begins inside the 0, goes up to its line and then round."""
    width, turns = rng.uniform(0.55, 0.95), rng.uniform(0.95, 1.1)
    begin = rng.uniform(-0.3, 0.5)  # radians from the top, clockwise
    angles = begin - np.linspace(0, 2 * np.pi * turns, 12)
    ring = [(0.5 * width * np.sin(a), -0.5 * np.cos(a)) for a in angles]
    inside = (ring[0][0] * 0.6 + rng.uniform(-0.2, 0.1), rng.uniform(-0.35, 0.1))
    return _written(rng, [inside, *ring])


def one_with_flag(rng: np.random.Generator) -> Strokes:
    """A stem and a steep flag, which stays shorter than half of the stem: else it is a 7."""
    flag, lean = _flag(rng, 0.2, 0.48), rng.uniform(-0.15, 0.05)
    return _written(rng, [flag, (0, 0), (lean / 2, 0.5), (lean, 1)])


def one_with_flag_and_base(rng: np.random.Generator) -> Strokes:
    """A stem, a long flag and a base line, in one, two or three strokes."""
    flag, lean = _flag(rng, 0.25, 0.6), rng.uniform(-0.12, 0.05)
    left, right = lean - rng.uniform(0.18, 0.38), lean + rng.uniform(0.18, 0.38)
    stem, base = [(0, 0), (lean, 1)], [(left, 1.0), (lean, 1.01), (right, 1.0)]
    kind = rng.random()
    if kind < 0.5:
        return _written(rng, [flag, *stem, *base])
    if kind < 0.75:
        return _written(rng, [flag, *stem], base)
    return _written(rng, stem, [(0, 0), flag], base)


def _flag(rng: np.random.Generator, shortest: float, longest: float) -> tuple[float, float]:
    """The free end of a flag that reaches so far down, at most 43° from a vertical stem."""
    down = rng.uniform(shortest, longest)
    return -down * rng.uniform(0.45, 0.92), down


def two_like_z(rng: np.random.Generator) -> Strokes:
    """A flat 2 of three nearly straight lines."""
    wide, deep = rng.uniform(0.8, 1.6), rng.uniform(0.0, 0.14)
    hook = rng.uniform(0.02, 0.16)
    roof = [(0.05, hook), (0.2 * wide, 0.02), (0.75 * wide, 0), (0.88 * wide, 0.1 + deep / 2)]
    if rng.random() < 0.3:  # a sharp corner
        roof = [(0.05, hook), (0.9 * wide, 0.03)]
    base = [(0.02, 0.95), (0.5 * wide, 0.93), (wide, 0.96 + rng.uniform(-0.1, 0.06))]
    return _written(rng, [*roof, (0.45 * wide, 0.55), *base])


def four_in_one_stroke(rng: np.random.Generator) -> Strokes:
    """Like lightning: down, to the right, and down again."""
    bar, wide = rng.uniform(0.45, 0.62), rng.uniform(0.45, 0.75)
    top, rise = rng.uniform(0.15, 0.45), rng.uniform(0.02, 0.3)
    foot = wide - rng.uniform(0.05, 0.25)
    down = [(top, 0), (top * 0.45, bar * 0.55), (0, bar)]
    along = [(0.55 * wide, bar - 0.03), (wide, bar - rise)]
    return _written(rng, [*down, *along, (foot, 1)])


def four_open_with_short_stem(rng: np.random.Generator) -> Strokes:
    """Open at the top; the right stem begins at the height of the bar, as in ч or h."""
    bar, wide = rng.uniform(0.48, 0.62), rng.uniform(0.4, 0.65)
    lean = rng.uniform(-0.05, 0.15)
    if rng.random() < 0.5:  # a round bowl
        left = [(lean, 0), (0.02, 0.55 * bar), (0.12 * wide, 0.95 * bar), (0.5 * wide, bar)]
    else:
        left = [(lean, 0), (0.02, bar), (0.5 * wide, bar - 0.02)]
    bar_end = (wide + rng.uniform(0.0, 0.12), bar - rng.uniform(0.0, 0.06))
    stem = [(wide, bar - rng.uniform(0.08, 0.3)), (wide - lean, 1)]
    return _written(rng, [*left, bar_end], stem)


def four_with_long_foot(rng: np.random.Generator) -> Strokes:
    """The bar is high, and the stem goes far below it; some end in a base line or a bend."""
    bar, wide = rng.uniform(0.3, 0.45), rng.uniform(0.3, 0.5)
    begin = wide * rng.uniform(0.1, 0.8)
    bar_line = [(begin, 0), (0, bar), (wide + rng.uniform(0.03, 0.2), bar - 0.02)]
    foot = wide - rng.uniform(-0.02, 0.15)
    stem = [(wide - 0.02, rng.uniform(-0.05, 0.15)), (wide - 0.03, 0.6)]
    ending = rng.random()
    if ending < 0.15:
        side = rng.uniform(0.1, 0.2)
        return _written(rng, bar_line, [*stem, (foot, 1)], [(foot - side, 1), (foot + side, 1)])
    bend = [(foot - rng.uniform(0.08, 0.2), 1.0)] if ending < 0.5 else []
    return _written(rng, bar_line, [*stem, (foot, 0.97), *bend])


def five_with_distant_roof(rng: np.random.Generator) -> Strokes:
    """The roof is a stroke of its own that does not touch the body."""
    wide, gap = rng.uniform(0.45, 0.7), rng.uniform(0.14, 0.3)
    waist = rng.uniform(0.38, 0.48)
    neck = [(0.2 * wide, 0.14), (0.1 * wide, waist), (0.45 * wide, waist - 0.04)]
    belly = [(wide, 0.65), (0.75 * wide, 0.92), (0.3 * wide, 1), (0, rng.uniform(0.85, 0.97))]
    aside = max(0.0, rng.uniform(-0.7, 0.9))  # 0: the roof begins above the neck; 1: beside it
    left, high = 0.2 * wide + aside * gap, 0.14 - (1 - aside) * gap
    roof = [(left, high), (left + rng.uniform(0.3, 0.6), high + rng.uniform(-0.08, 0.05))]
    return _written(rng, neck + belly, roof)


def six_with_straight_line(rng: np.random.Generator) -> Strokes:
    """A straight line down to a small loop."""
    loop, lean = rng.uniform(0.27, 0.4), rng.uniform(0.1, 0.5)
    wide = loop * rng.uniform(0.8, 1.2)
    line = [(lean, 0), (lean * 0.5, 0.5 * (1 - loop / 2)), (0, 1 - loop / 2)]
    bottom = [(0.12 * wide, 1 - 0.1 * loop), (0.5 * wide, 1), (wide, 1 - 0.4 * loop)]
    closing = [(0.6 * wide, 1 - loop), (rng.uniform(0, 0.15) * wide, 1 - 0.6 * loop)]
    return _written(rng, line + bottom + closing)


def seven_in_one_go(rng: np.random.Generator) -> Strokes:
    """From the foot the pen runs back to the left and draws the bar, without leaving the paper.

    Where the roof is an arch, it looks like a 2 with a bar.
    """
    wide, foot = rng.uniform(0.42, 0.72), rng.uniform(0.05, 0.32)
    bar, back = rng.uniform(0.42, 0.62), rng.uniform(0.05, 0.25)
    arch = max(0.0, rng.uniform(-0.1, 0.12))
    roof = [(0, rng.uniform(-0.02, 0.1) + arch), (0.5 * wide, -0.2 * arch), (wide, 0.01 + arch)]
    stem = [(0.5 * (wide + foot) + 0.02, 0.45), (foot, 1)]
    loop = [(foot - back, 0.93 - back), (foot - 0.7 * back, bar + 0.06)]
    bar_end = (foot + rng.uniform(0.35, 0.62), bar - rng.uniform(0.0, 0.08))
    return _written(rng, [*roof, *stem, *loop, bar_end])


def seven_with_serif(rng: np.random.Generator) -> Strokes:
    """The roof begins with a serif or a hook, as in a narrow 9 that is open; some have a bar."""
    wide, serif = rng.uniform(0.4, 0.7), rng.uniform(0.12, 0.32)
    curl = rng.uniform(-0.03, 0.25) * wide
    foot = wide * rng.uniform(0.3, 0.8)
    roof = [(curl, serif), (0, 0.5 * serif), (0.04, 0.02), (0.5 * wide, 0.04), (wide, 0)]
    middle = 0.55 * wide + 0.45 * foot
    stem = [(middle + 0.02, 0.45), (foot, 1)]
    bar = [(middle - rng.uniform(0.18, 0.3), 0.52), (middle + rng.uniform(0.15, 0.3), 0.5)]
    return _written(rng, roof + stem, *([bar] if rng.random() < 0.3 else []))


def eight_begun_as_s(rng: np.random.Generator) -> Strokes:
    """An S that a nearly straight stroke closes, in one go or as a second stroke."""
    wide, waist = rng.uniform(0.45, 0.7), rng.uniform(0.42, 0.52)
    upper = [(0.85 * wide, 0.12), (0.5 * wide, 0), (0.1 * wide, 0.18), (0.45 * wide, waist)]
    lower = [(0.95 * wide, 0.75), (0.5 * wide, 1), (0.05 * wide, 0.8)]
    end = (0.85 * wide + rng.uniform(-0.05, 0.2), rng.uniform(-0.03, 0.22))
    closing = [(0.45 * wide, waist + 0.02), end]
    if rng.random() < 0.5:
        return _written(rng, upper + lower + closing)
    return _written(rng, upper + lower, [(0.08 * wide, 0.8), *closing])


def nine_with_broad_hook(rng: np.random.Generator) -> Strokes:
    """The tail bends far to the left and up again, as in g."""
    wide, loop = rng.uniform(0.4, 0.75), rng.uniform(0.35, 0.5)
    ring = [(wide, 0.3 * loop), (0.5 * wide, 0), (0, 0.5 * loop), (0.45 * wide, loop)]
    down = [(wide, 0.35 * loop), (wide + rng.uniform(-0.04, 0.08), 0.65)]
    left = wide * rng.uniform(-0.45, 0.3)
    hook = [(0.6 * wide, 0.99), ((left + 0.5 * wide) / 2, 1), (left, 1 - rng.uniform(0.03, 0.25))]
    return _written(rng, ring + down + hook)


def _written(rng: np.random.Generator, *lines: Points) -> Strokes:
    """The lines with each anchor point moved a little."""
    return [np.array(line) + rng.normal(0, ANCHOR_DEVIATION, (len(line), 2)) for line in lines]


HANDS = {
    "0 begun inside": Hand(0, zero_begun_inside, 0.158),
    "1 with a flag": Hand(1, one_with_flag, 0.284),
    "1 with a long flag and a base line": Hand(1, one_with_flag_and_base, 0.131),
    "2 like a flat z": Hand(2, two_like_z, 0.084),
    "4 in one stroke": Hand(4, four_in_one_stroke, 0.129),
    "4 open, with a short stem": Hand(4, four_open_with_short_stem, 0.198),
    "4 with a long foot": Hand(4, four_with_long_foot, 0.206),
    "5 with a distant roof": Hand(5, five_with_distant_roof, 0.159),
    "6 as a line with a small loop": Hand(6, six_with_straight_line, 0.097),
    "7 in one go with its bar": Hand(7, seven_in_one_go, 0.002),
    "7 with a serif": Hand(7, seven_with_serif, 0.141),
    "8 begun as an S": Hand(8, eight_begun_as_s, 0.079),
    "9 with a broad hook": Hand(9, nine_with_broad_hook, 0.146),
}
_HANDS = list(HANDS.values())
_SHARES = np.clip([hand.share for hand in _HANDS], LEAST_SHARE, LARGEST_SHARE)
_UP_TO = (_SHARES / _SHARES.sum()).cumsum()  # the share of each hand and all before it
_UP_TO /= _UP_TO[-1]
