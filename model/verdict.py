"""What a network dares to say: a digit, a doubt, or that this is no digit at all.

Two numbers in the card decide, both found on validation images: a confidence that 99 of 100
digits reach, and one that 999 of 1,000 reach. A temperature makes the confidence honest first.
"""

import numpy as np

from model.types import Array

VERDICTS = ("digit", "unsure", "not-a-digit", "blank")


def judge(picture: Array, probabilities: Array, thresholds: dict[str, float]) -> str:
    """One of VERDICTS for a picture (28, 28) and its probabilities (10,)."""
    if not picture.any():
        return "blank"
    confidence = float(probabilities.max())
    if confidence >= thresholds["digit"]:
        return "digit"
    return "unsure" if confidence >= thresholds["unsure"] else "not-a-digit"


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


def fit_thresholds(probabilities: Array) -> dict[str, float]:
    """Confidences that 99 % and 99.9 % of validation images (N, 10) reach, as `judge` needs."""
    digit, unsure = np.quantile(probabilities.max(axis=1), [0.01, 0.001])
    return {"digit": float(digit), "unsure": float(unsure)}
