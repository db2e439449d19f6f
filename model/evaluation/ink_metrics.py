"""How well a network reads pen strokes, and what it does with drawings that are no digits."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from model.card import InkMetrics, Rejection
from model.data.ink_files import Sample, digit_of
from model.data.outliers import LOOK_ALIKES, Drawing, scribble
from model.evaluation.decision import judge
from model.evaluation.metrics import compute_metrics
from model.ink import EVERYTHING, Normalise, render
from model.network import Network
from model.types import Array

SCRIBBLES = 1_000  # made whenever ink is measured, always the same ones


def measure_ink(
    network: Network, samples: Sequence[Sample], without: Sequence[str] = ()
) -> InkMetrics:
    """Read drawings as the app would; ready for JSON.

    without: names of what a drawing is not to be brought to, see `model.ink.redraw.Normalise`

    Of the drawings whose label is a digit, all that `compute_metrics` gives, and `accepted`, the
    fraction that is answered with a digit. `rejected` is the share of all drawings that is not.
    Where some are no digits, `no_digits` says how many of these are rejected, look-alikes apart.
    `scribbles` says the same of scribbles that are made here.
    """
    normalise = Normalise(**dict.fromkeys(without, False))
    probabilities, rejected = _read(network, [sample.strokes for sample in samples], normalise)
    labels = labels_of(samples)
    is_digit, alike = labels >= 0, np.array([s.label in LOOK_ALIKES for s in samples])
    result = InkMetrics(images=0)
    if is_digit.any():
        result = cast(InkMetrics, compute_metrics(probabilities[is_digit], labels[is_digit]))
        result["accepted"] = float(1 - rejected[is_digit].mean())
    result["rejected"] = float(rejected.mean())
    if not is_digit.all():
        result["no_digits"] = _share(rejected[~is_digit & ~alike])
        result["look_alikes"] = _share(rejected[alike])
    rng = np.random.default_rng(SCRIBBLES)
    result["scribbles"] = _share(_read(network, [scribble(rng) for _ in range(SCRIBBLES)])[1])
    return result


def _read(
    network: Network, drawings: Sequence[Drawing], normalise: Normalise = EVERYTHING
) -> tuple[Array, Array]:
    """Probabilities (N, 10) of drawings, and for each (N,) whether it is not taken for a digit."""
    pictures = pictures_of(drawings, network.card.frame, normalise)
    probabilities, shares = network.read(pictures)
    thresholds = network.card.thresholds
    pairs = zip(pictures, shares, strict=True)
    return probabilities, np.array([judge(*pair, thresholds) != "digit" for pair in pairs])


def pictures_of(
    drawings: Sequence[Drawing], frame: str, normalise: Normalise = EVERYTHING
) -> Array:
    """(N, 28, 28): drawings, each a list of strokes, as a network of this frame reads them."""
    return np.array([render(strokes, frame, normalise=normalise) for strokes in drawings])


def labels_of(samples: Sequence[Sample]) -> Array:
    """(N,): the digit that each label says, −1 for what is none."""
    digits = [digit_of(sample) for sample in samples]
    return np.array([-1 if digit is None else digit for digit in digits])


def _share(rejected: Array) -> Rejection:
    """How many there are, and the share that is rejected; None where there are none."""
    share = float(rejected.mean()) if len(rejected) else None
    return Rejection(drawings=len(rejected), rejected=share)
