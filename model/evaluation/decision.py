"""The decision with a reject option (Chow 1970): a digit, unsure between two, or not a digit.

The gate (model/evaluation/gate.py) says whether the drawing is a digit at all; one threshold in its
card decides, which 99.3 % of its validation digits reach. The reader's probabilities, calibrated by
a temperature, say whether it is sure enough of one digit.
"""

import math
from collections.abc import Sequence
from copy import copy

import numpy as np

from model.nn.heads import Head
from model.types import Array

VERDICTS = ("digit", "unsure", "not-a-digit", "blank")
MIN_CONFIDENCE = 0.6  # of the best digit for "digit", of the two best together for "unsure"
TURNED_AWAY = 0.007  # fraction of the gate's validation digits below its threshold
MIN_TEMPERATURE, MAX_TEMPERATURE = 0.05, 20.0  # between these the best one is sought
LOG_TEMPERATURE_PRECISION = 1e-4
GOLDEN = (math.sqrt(5) - 1) / 2  # the golden ratio less one


def decide(picture: Array, probabilities: Array, digit_probability: float, threshold: float) -> str:
    """One of VERDICTS.

    picture:           (28, 28), blank where it holds no ink
    probabilities:     (10,) of the digits, with the sum 1
    digit_probability: the gate's, that the picture shows a digit; compared with its threshold
    """
    if not picture.any():
        return "blank"
    if digit_probability < threshold:
        return "not-a-digit"
    *_, second, best = sorted(probabilities.tolist())  # for ten numbers faster than NumPy
    if best >= MIN_CONFIDENCE:
        return "digit"
    return "unsure" if best + second >= MIN_CONFIDENCE else "not-a-digit"


def fit_temperature(head: Head, sets: Sequence[tuple[Array, Array]]) -> float:
    """The temperature with the greatest likelihood of the labels.

    sets: logits (10, N) and labels (N,) of each set of digits; every set has the same weight
    Guo et al. 2017 (arXiv 1706.04599), section 4.2. The likelihood has one maximum, which a golden
    section search over log T finds. The head is not changed.
    """
    candidate = copy(head)
    exact = [(logits.astype(np.float64), labels) for logits, labels in sets]

    def loss(log_t: float) -> float:
        candidate.temperature = math.exp(log_t)
        return sum(_log_loss(candidate.probabilities(some), labels) for some, labels in exact)

    low, high = math.log(MIN_TEMPERATURE), math.log(MAX_TEMPERATURE)
    while high - low > LOG_TEMPERATURE_PRECISION:
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return math.exp((low + high) / 2)


def _log_loss(probabilities: Array, labels: Array) -> float:
    """The mean of −log p of the labels (N,); probabilities (10, N)."""
    of_label = probabilities[labels, np.arange(len(labels))]
    return -float(np.log(np.maximum(of_label, np.finfo(of_label.dtype).tiny)).mean())


def fit_threshold(*sets: Array) -> float:
    """The threshold of a gate below which TURNED_AWAY of the digits lie.

    sets: probabilities (n,) of being a digit, of each set of digits; every set has the same weight
    """
    values = np.concatenate(sets)
    weights = np.concatenate([np.full(len(s), 1 / (len(s) * len(sets))) for s in sets])
    order = np.argsort(values, kind="stable")
    return float(values[order][np.searchsorted(weights[order].cumsum(), TURNED_AWAY)])
