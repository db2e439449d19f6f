"""Metrics on pen strokes: accuracy on digits, and the rejection of drawings that are no digits."""

from collections.abc import Sequence
from functools import partial
from typing import cast

import numpy as np

from model.card import InkMetrics, Rejection
from model.data.ink_files import Sample, digit_of
from model.data.outliers import LOOK_ALIKES, Drawing, scribble
from model.evaluation.decision import decide
from model.evaluation.gate import Gate
from model.evaluation.metrics import auroc, compute_metrics
from model.ink import FULL_NORMALISATION, Normalise, render
from model.network import Network
from model.types import Array

SCRIBBLE_COUNT = 1_000  # random scribbles, the same for every network
SCRIBBLE_SEED = 1_000


def measure_ink(
    network: Network, gate: Gate, samples: Sequence[Sample], without: Sequence[str] = ()
) -> InkMetrics:
    """Read drawings as the app would, the gate first, and measure the answers.

    network: a reader
    samples: drawings of digits, of other things, or both
    without: names of steps of `model.ink.redraw.Normalise` that are left out
    Returns a dict that is ready for JSON: all entries of `compute_metrics` for the digits, if there
    are any, and those of `rejections`. A drawing is rejected if the answer is not a digit.
    """
    normalise = Normalise(**dict.fromkeys(without, False))

    def read(drawings: Sequence[Drawing], normalise: Normalise) -> tuple[Array, Array, Array]:
        """Probabilities (N, 10), the gate's (N,), and whether each (N,) is rejected."""
        redraw = partial(pictures_of, drawings, normalise=normalise)
        pictures = redraw(network.card.frame)
        probabilities = network.predict(pictures)
        is_digit = gate.digit_probability(pictures, network.card.frame, redraw)
        answers = zip(pictures, probabilities, is_digit, strict=True)
        rejected = [decide(*answer, gate.threshold) != "digit" for answer in answers]
        return probabilities, is_digit, np.array(rejected)

    labels = labels_of(samples)
    probabilities, is_digit, rejected = read([s.strokes for s in samples], normalise)
    result = InkMetrics(images=0)
    if (labels >= 0).any():
        of_digits = labels >= 0
        result = cast(InkMetrics, compute_metrics(probabilities[of_digits], labels[of_digits]))
    scribbles = read(_scribbles(), FULL_NORMALISATION)[2]
    return result | rejections(samples, rejected, is_digit, scribbles)


def measure_gate(network: Network, samples: Sequence[Sample]) -> InkMetrics:
    """The number of digits, and the entries of `rejections`, for a gate alone."""
    gate = Gate(network)

    def ask(drawings: Sequence[Drawing]) -> Array:
        redraw = partial(pictures_of, drawings)
        return gate.digit_probability(redraw(network.card.frame), network.card.frame, redraw)

    is_digit = ask([sample.strokes for sample in samples])
    scribbles = ask(_scribbles()) < gate.threshold
    measured = rejections(samples, is_digit < gate.threshold, is_digit, scribbles)
    return InkMetrics(images=int((labels_of(samples) >= 0).sum())) | measured


def rejections(
    samples: Sequence[Sample], rejected: Array, is_digit: Array, scribbles: Array
) -> InkMetrics:
    """What is accepted and what is rejected, as fractions.

    rejected: (N,) whether each drawing is; is_digit: (N,) the gate's probabilities
    scribbles: whether each of some random scribbles is rejected

    accepted     of the digits, if there are any
    rejected     of all drawings
    no_digits    of the drawings of no digits without look-alikes: how many, and which fraction is
                 rejected (None if there are none)
    look_alikes  the same for letters that look like digits
    scribbles    the same for random scribbles
    auroc        how often the gate gives a digit more than a drawing of no_digits
    """
    of_digits = labels_of(samples) >= 0
    look_alikes = np.array([sample.label in LOOK_ALIKES for sample in samples])
    others = ~of_digits & ~look_alikes
    result = InkMetrics(rejected=float(rejected.mean()), scribbles=_rejection(scribbles))
    if of_digits.any():
        result["accepted"] = float(1 - rejected[of_digits].mean())
    if not of_digits.all():
        result["no_digits"] = _rejection(rejected[others])
        result["look_alikes"] = _rejection(rejected[look_alikes])
        result["auroc"] = auroc(is_digit[of_digits], is_digit[others])
    return result


def pictures_of(
    drawings: Sequence[Drawing], frame: str, normalise: Normalise = FULL_NORMALISATION
) -> Array:
    """Pictures (N, 28, 28) of drawings, each a list of strokes (n, 2), in this frame."""
    return np.array([render(strokes, frame, normalise=normalise) for strokes in drawings])


def labels_of(samples: Sequence[Sample]) -> Array:
    """The digits (N,) of the labels, −1 for a label that is no digit."""
    digits = [digit_of(sample) for sample in samples]
    return np.array([-1 if digit is None else digit for digit in digits])


def _scribbles() -> list[Drawing]:
    rng = np.random.default_rng(SCRIBBLE_SEED)
    return [scribble(rng) for _ in range(SCRIBBLE_COUNT)]


def _rejection(rejected: Array) -> Rejection:
    """The number of drawings (N,), and the fraction that is rejected, None if there are none."""
    fraction = float(rejected.mean()) if len(rejected) else None
    return Rejection(drawings=len(rejected), rejected=fraction)
