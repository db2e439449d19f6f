"""What a network dares to say: a digit, a doubt between two, or that this is no digit at all.

It goes by the shares of model/nn/heads.py: how probable each digit is where all of them may be
wrong. Two numbers in the card decide, both found on validation digits, of which 99 of 100 pass
both: the share that the best digit must reach, and how far it must stand out among the ten.
A temperature makes the probabilities honest first.
"""

import math
from copy import copy

import numpy as np

from model.card import Thresholds
from model.nn.heads import Head
from model.types import Array

VERDICTS = ("digit", "unsure", "not-a-digit", "blank")
STRANGE, DOUBTFUL = 0.007, 0.003  # shares of validation digits that may be turned away as such


def judge(picture: Array, shares: Array, thresholds: Thresholds) -> str:
    """One of VERDICTS for a picture (28, 28) and the digits' shares of it (10,).

    A digit must reach the threshold "digit", and of what all ten have the part "unsure". Where
    one does not but two together reach "digit", the answer is unsure between these two.
    """
    if not picture.any():
        return "blank"
    *_, second, best = ordered = sorted(shares.tolist())  # ten numbers are quicker without NumPy
    if best >= thresholds["digit"] and best >= thresholds["unsure"] * sum(ordered):
        return "digit"
    return "unsure" if best + second >= thresholds["digit"] else "not-a-digit"


def fit_temperature(head: Head, logits: Array, labels: Array) -> float:
    """The temperature with which this head fits logits (10, N) best to their labels (N,).

    Best by log likelihood: Guo et al. 2017 (arXiv 1706.04599), section 4.2. It has one peak, so a
    golden section search over log T finds it.
    """
    tried, exact = copy(head), logits.astype(np.float64)

    def loss(log_t: float) -> float:
        tried.temperature = math.exp(log_t)
        truth = tried.probabilities(exact)[labels, np.arange(len(labels))]
        return -float(np.log(np.maximum(truth, np.finfo(truth.dtype).tiny)).mean())

    golden = (math.sqrt(5) - 1) / 2
    low, high = math.log(0.05), math.log(20.0)
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return math.exp((low + high) / 2)


def fit_thresholds(*shares: Array) -> Thresholds:
    """What `judge` needs, such that 99 % of validation digits are answered with a digit.

    shares: the digits' shares (N, 10) of each set of digits; each set counts the same
    """
    best = [some.max(axis=1) for some in shares]
    apart = [some.max(axis=1) / some.sum(axis=1) for some in shares]
    return Thresholds(digit=_quantile(best, STRANGE), unsure=_quantile(apart, DOUBTFUL))


def _quantile(sets: list[Array], share: float) -> float:
    """The value below which that share lies, on average over the sets."""
    values = np.concatenate(sets)
    weights = np.concatenate([np.full(len(s), 1 / (len(s) * len(sets))) for s in sets])
    order = np.argsort(values, kind="stable")
    return float(values[order][np.searchsorted(weights[order].cumsum(), share)])
