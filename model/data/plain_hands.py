"""The usual ways of writing the ten digits, two or three of each.

They stand in for the data set where there is none: a network that is taught a few drawings is also
shown these, so that it does not forget them (model/training/fine_tuning.py). Each form is a table
of anchor points where the pen turns; x and y in heights of the digit, y down. A drawing gets other
proportions and moves every point a little. The rare ways are in model/data/hands.py.
"""

import numpy as np

from model.data.hands import ANCHOR_DEVIATION, Points, Strokes
from model.types import Array

WIDTH = 0.25  # logarithm of the width: limit, drawn evenly from −limit to limit
WAIST = 0.2  # the same of an exponent of y: it moves what lies between top and foot up or down

_BELLY = [(0.3, 0.42), (0.55, 0.55), (0.58, 0.78), (0.36, 0.98), (0.1, 0.97), (0, 0.86)]  # of a 5

PLAIN_HANDS: list[tuple[int, list[Points]]] = [
    (0, [[(0.4, 0.02), (0.12, 0.14), (0, 0.5), (0.1, 0.87), (0.34, 1), (0.57, 0.87), (0.68, 0.5),
          (0.58, 0.13), (0.36, 0)]]),
    (0, [[(0.2, 0.03), (0.38, 0), (0.56, 0.16), (0.6, 0.5), (0.5, 0.86), (0.28, 1), (0.06, 0.83),
          (0, 0.45), (0.08, 0.15), (0.24, 0)]]),
    (1, [[(0.02, 0), (0.01, 0.5), (0, 1)]]),
    (1, [[(0.24, 0), (0.13, 0.5), (0, 1)]]),
    (1, [[(0, 0.17), (0.18, 0), (0.19, 0.5), (0.19, 1)]]),
    (2, [[(0, 0.2), (0.14, 0.03), (0.36, 0), (0.54, 0.15), (0.5, 0.4), (0.25, 0.72), (0, 0.98),
          (0.3, 0.97), (0.64, 0.98)]]),
    (2, [[(0.02, 0.18), (0.2, 0.01), (0.45, 0.06), (0.5, 0.3), (0.34, 0.66), (0.12, 0.95),
          (0, 0.9), (0.1, 0.8), (0.3, 0.9), (0.48, 0.99), (0.66, 0.92)]]),
    (3, [[(0.02, 0.12), (0.24, 0), (0.48, 0.1), (0.45, 0.32), (0.2, 0.46), (0.48, 0.56),
          (0.56, 0.78), (0.34, 0.98), (0.1, 0.97), (0, 0.86)]]),
    (3, [[(0.03, 0.03), (0.52, 0), (0.22, 0.4), (0.5, 0.52), (0.56, 0.76), (0.36, 0.97),
          (0.12, 0.98), (0, 0.88)]]),
    (4, [[(0.1, 0.05), (0.05, 0.3), (0.02, 0.55), (0.3, 0.55), (0.62, 0.54)],
         [(0.46, 0), (0.45, 0.5), (0.43, 1)]]),
    (4, [[(0.44, 0), (0.2, 0.34), (0, 0.64), (0.32, 0.63), (0.64, 0.63)],
         [(0.46, 0.03), (0.45, 0.5), (0.44, 1)]]),
    (4, [[(0.4, 1), (0.42, 0.5), (0.44, 0), (0.2, 0.36), (0, 0.66), (0.3, 0.65), (0.62, 0.64)]]),
    (5, [[(0.56, 0.02), (0.1, 0.01), (0.04, 0.45), *_BELLY]]),
    (5, [[(0.08, 0.03), (0.04, 0.46), *_BELLY], [(0.08, 0.03), (0.3, 0.02), (0.58, 0)]]),
    (6, [[(0.42, 0), (0.18, 0.2), (0.02, 0.55), (0.05, 0.86), (0.28, 1), (0.5, 0.86), (0.5, 0.64),
          (0.3, 0.52), (0.1, 0.6), (0.04, 0.76)]]),
    (6, [[(0.22, 0), (0.06, 0.35), (0, 0.7), (0.1, 0.94), (0.3, 1), (0.48, 0.84), (0.42, 0.64),
          (0.22, 0.58), (0.04, 0.72)]]),
    (7, [[(0, 0.02), (0.3, 0.02), (0.6, 0), (0.42, 0.4), (0.26, 1)]]),
    (7, [[(0, 0.03), (0.3, 0.02), (0.6, 0), (0.42, 0.42), (0.28, 1)],
         [(0.16, 0.5), (0.36, 0.49), (0.58, 0.47)]]),
    (8, [[(0.5, 0.12), (0.28, 0), (0.06, 0.12), (0.1, 0.34), (0.3, 0.47), (0.52, 0.66),
          (0.48, 0.92), (0.26, 1), (0.04, 0.9), (0.06, 0.66), (0.28, 0.48), (0.48, 0.3),
          (0.5, 0.1)]]),
    (8, [[(0.28, 0.46), (0.06, 0.3), (0.1, 0.06), (0.28, 0), (0.46, 0.08), (0.5, 0.3),
          (0.3, 0.46), (0.06, 0.64), (0.04, 0.88), (0.28, 1), (0.52, 0.88), (0.52, 0.64),
          (0.3, 0.46)]]),
    (9, [[(0.5, 0.1), (0.26, 0), (0.03, 0.14), (0.06, 0.38), (0.26, 0.46), (0.46, 0.34),
          (0.52, 0.08), (0.5, 0.5), (0.46, 1)]]),
    (9, [[(0.48, 0.12), (0.26, 0), (0.04, 0.16), (0.08, 0.4), (0.28, 0.44), (0.46, 0.28),
          (0.5, 0.12), (0.48, 0.6), (0.36, 0.93), (0.14, 1), (0.02, 0.9)]]),
]  # fmt: skip


def random_plain_hand(rng: np.random.Generator) -> tuple[int, Strokes]:
    """A digit and its strokes (n, 2) each; the ten digits are equally frequent."""
    digit = int(rng.integers(10))
    forms = [strokes for other, strokes in PLAIN_HANDS if other == digit]
    strokes = forms[rng.integers(len(forms))]
    width, waist = np.exp(rng.uniform(-WIDTH, WIDTH)), np.exp(rng.uniform(-WAIST, WAIST))
    return digit, [_written(np.array(line), width, waist, rng) for line in strokes]


def _written(line: Array, width: float, waist: float, rng: np.random.Generator) -> Array:
    """One line (n, 2) in other proportions, with each anchor point moved a little."""
    placed = np.stack([line[:, 0] * width, line[:, 1] ** waist], axis=1)
    return placed + rng.normal(0, ANCHOR_DEVIATION, placed.shape)
