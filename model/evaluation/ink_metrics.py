"""Metrics on pen strokes: accuracy on digits, and the rejection of drawings that are no digits."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from model.card import InkMetrics, Rejection
from model.data.ink_files import Sample, digit_of
from model.data.outliers import LOOK_ALIKES, Drawing, scribble
from model.evaluation.decision import decide
from model.evaluation.metrics import compute_metrics
from model.ink import FULL_NORMALISATION, Normalise, render
from model.network import Network
from model.types import Array

SCRIBBLE_COUNT = 1_000  # random scribbles, the same for every network
SCRIBBLE_SEED = 1_000


def measure_ink(
    network: Network, samples: Sequence[Sample], without: Sequence[str] = ()
) -> InkMetrics:
    """Read drawings as the app would, and measure the answers.

    samples: drawings of digits, of other things, or both
    without: names of steps of `model.ink.redraw.Normalise` that are left out
    Returns a dict that is ready for JSON:

    images       number of digits; if there are any, also all entries of `compute_metrics` for them
    accepted     fraction of the digits that is answered with a digit
    rejected     fraction of all drawings that is not answered with a digit
    no_digits    the drawings of no digits without look-alikes: how many, and which fraction is
                 rejected (None if there are none)
    look_alikes  the same for letters that look like digits
    scribbles    the same for random scribbles
    """
    normalise = Normalise(**dict.fromkeys(without, False))
    probabilities, rejected = _read(network, [sample.strokes for sample in samples], normalise)
    labels = labels_of(samples)
    is_digit, looks_like_one = labels >= 0, np.array([s.label in LOOK_ALIKES for s in samples])
    result = InkMetrics(images=0)
    if is_digit.any():
        result = cast(InkMetrics, compute_metrics(probabilities[is_digit], labels[is_digit]))
        result["accepted"] = float(1 - rejected[is_digit].mean())
    result["rejected"] = float(rejected.mean())
    if not is_digit.all():
        result["no_digits"] = _rejection(rejected[~is_digit & ~looks_like_one])
        result["look_alikes"] = _rejection(rejected[looks_like_one])
    rng = np.random.default_rng(SCRIBBLE_SEED)
    scribbles = [scribble(rng) for _ in range(SCRIBBLE_COUNT)]
    result["scribbles"] = _rejection(_read(network, scribbles)[1])
    return result


def _read(
    network: Network, drawings: Sequence[Drawing], normalise: Normalise = FULL_NORMALISATION
) -> tuple[Array, Array]:
    """Probabilities (N, 10) of drawings, and whether each (N,) is rejected."""
    pictures = pictures_of(drawings, network.card.frame, normalise)
    probabilities, with_reject = network.read(pictures)
    thresholds = network.card.thresholds
    pairs = zip(pictures, with_reject, strict=True)
    return probabilities, np.array([decide(*pair, thresholds) != "digit" for pair in pairs])


def pictures_of(
    drawings: Sequence[Drawing], frame: str, normalise: Normalise = FULL_NORMALISATION
) -> Array:
    """Pictures (N, 28, 28) of drawings, each a list of strokes (n, 2), in this frame."""
    return np.array([render(strokes, frame, normalise=normalise) for strokes in drawings])


def labels_of(samples: Sequence[Sample]) -> Array:
    """The digits (N,) of the labels, −1 for a label that is no digit."""
    digits = [digit_of(sample) for sample in samples]
    return np.array([-1 if digit is None else digit for digit in digits])


def _rejection(rejected: Array) -> Rejection:
    """The number of drawings (N,), and the fraction that is rejected, None if there are none."""
    fraction = float(rejected.mean()) if len(rejected) else None
    return Rejection(drawings=len(rejected), rejected=fraction)
