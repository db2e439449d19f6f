"""The decision with a reject option (Chow 1970): a digit, unsure between two, or not a digit.

It uses the probabilities with reject of model/nn/heads.py, in which the rubbish class has its part
of the sum. Two thresholds in the card decide: the least probability of the best digit, and its
least fraction of the sum over all ten digits. They are fitted on validation digits, of which
99 in 100 pass both. A temperature calibrates the probabilities before.
"""

import math
from copy import copy

import numpy as np

from model.card import Thresholds
from model.nn.heads import Head
from model.types import Array

VERDICTS = ("digit", "unsure", "not-a-digit", "blank")
BELOW_DIGIT = 0.007  # fraction of validation digits that fail the threshold "digit"
BELOW_UNSURE = 0.003  # fraction of validation digits that fail the threshold "unsure"
MIN_TEMPERATURE, MAX_TEMPERATURE = 0.05, 20.0  # between these the best one is sought
LOG_TEMPERATURE_PRECISION = 1e-4
GOLDEN = (math.sqrt(5) - 1) / 2  # the golden ratio less one


def decide(picture: Array, with_reject: Array, thresholds: Thresholds) -> str:
    """One of VERDICTS.

    picture:     (28, 28), blank where it holds no ink
    with_reject: (10,) probabilities of the digits; what their sum lacks of one is the rubbish class
    thresholds:  "digit" is the least probability of a digit, "unsure" its least fraction of the
                 sum of all ten

    If the best digit fails a threshold but the two best together reach "digit", the answer is
    unsure between these two.
    """
    if not picture.any():
        return "blank"
    *_, second, best = ordered = sorted(with_reject.tolist())  # for ten numbers faster than NumPy
    if best >= thresholds["digit"] and best >= thresholds["unsure"] * sum(ordered):
        return "digit"
    return "unsure" if best + second >= thresholds["digit"] else "not-a-digit"


def fit_temperature(head: Head, logits: Array, labels: Array) -> float:
    """The temperature with the greatest likelihood of labels (N,) given logits (10, N).

    Guo et al. 2017 (arXiv 1706.04599), section 4.2. The likelihood has one maximum, which a golden
    section search over log T finds. The head is not changed.
    """
    candidate, exact = copy(head), logits.astype(np.float64)

    def loss(log_t: float) -> float:
        candidate.temperature = math.exp(log_t)
        of_label = candidate.probabilities(exact)[labels, np.arange(len(labels))]
        return -float(np.log(np.maximum(of_label, np.finfo(of_label.dtype).tiny)).mean())

    low, high = math.log(MIN_TEMPERATURE), math.log(MAX_TEMPERATURE)
    while high - low > LOG_TEMPERATURE_PRECISION:
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return math.exp((low + high) / 2)


def fit_thresholds(*sets: Array) -> Thresholds:
    """The thresholds of `decide` with which 99 % of validation digits are answered with a digit.

    sets: probabilities with reject (N, 10) of each set of digits; every set has the same weight
    """
    best = [rows.max(axis=1) for rows in sets]
    fractions = [rows.max(axis=1) / rows.sum(axis=1) for rows in sets]
    return Thresholds(digit=_quantile(best, BELOW_DIGIT), unsure=_quantile(fractions, BELOW_UNSURE))


def _quantile(sets: list[Array], fraction: float) -> float:
    """The value below which this fraction lies, on average over the sets (n,)."""
    values = np.concatenate(sets)
    weights = np.concatenate([np.full(len(s), 1 / (len(s) * len(sets))) for s in sets])
    order = np.argsort(values, kind="stable")
    return float(values[order][np.searchsorted(weights[order].cumsum(), fraction)])
