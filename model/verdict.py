"""What a network dares to say: a digit, a doubt between two, or that this is no digit at all.

It goes by the shares of model/heads.py: how probable each digit is where all of them may be
wrong. Two numbers in the card decide, both found on validation drawings, and 99 of 100 digits
pass both: the share that the best digit must reach, and how far it must stand out among the ten.
A temperature makes the probabilities honest first.
"""

import numpy as np

from model.types import Array

VERDICTS = ("digit", "unsure", "not-a-digit", "blank")
STRANGE, DOUBTFUL = 0.007, 0.003  # shares of validation digits that may be turned away as such


def judge(picture: Array, shares: Array, thresholds: dict[str, float]) -> str:
    """One of VERDICTS for a picture (28, 28) and the digits' shares of it (10,).

    A digit must reach the threshold "digit", and of what all ten have the part "unsure". Where
    one does not but two together reach "digit", the answer is unsure between these two.
    """
    if not picture.any():
        return "blank"
    second, best = np.sort(shares)[-2:]
    if best >= thresholds["digit"] and best >= thresholds["unsure"] * shares.sum():
        return "digit"
    return "unsure" if best + second >= thresholds["digit"] else "not-a-digit"


def fit_temperature(logits: Array, labels: Array) -> float:
    """The temperature that makes logits (10, N) fit their labels (N,) best by log likelihood.

    Guo et al. 2017 (arXiv 1706.04599), section 4.2. The likelihood has one peak, so a golden
    section search over log T finds it.
    """
    exact = logits.astype(np.float64)
    shifted = exact - exact.max(axis=0)

    def loss(log_t: float) -> float:
        s = shifted / np.exp(log_t)
        truth = s[labels, np.arange(len(labels))]
        return float((np.log(np.exp(s).sum(axis=0)) - truth).mean())

    golden = (np.sqrt(5) - 1) / 2
    low, high = np.log(0.05), np.log(20.0)
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return float(np.exp((low + high) / 2))


def fit_thresholds(shares: Array) -> dict[str, float]:
    """What `judge` needs, such that 99 % of validation digits are answered with a digit.

    shares: the digits' shares of the validation digits (N, 10)
    """
    best = shares.max(axis=1)
    apart = best / shares.sum(axis=1)
    return {
        "digit": float(np.quantile(best, STRANGE)),
        "unsure": float(np.quantile(apart, DOUBTFUL)),
    }
