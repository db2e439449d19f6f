"""Metrics of classification, from probabilities and labels."""

import math

import numpy as np

from model.card import Bin, Metrics
from model.types import Array

BINS = 15  # of equal width, for the calibration error, as in Guo et al. 2017
Z_95 = 1.959964  # the 97.5 % quantile of the standard normal distribution


def compute_metrics(probabilities: Array, labels: Array) -> Metrics:
    """All metrics in one dict that is ready for JSON.

    probabilities: (N, 10)
    labels: (N,), 0 … 9
    Returns images (N), accuracy and top3 (fractions), interval (of the accuracy, 95 %), per_digit
    (F1 of 0 … 9) and its mean macro_f1, confusion (confusion[i][j] images of digit i were read as
    j), ece (expected calibration error) and reliability (the bins that hold images).
    """
    counts = confusion(probabilities.argmax(axis=1), labels)
    hits = int(np.trace(counts))
    scores = f1(counts)
    return Metrics(
        images=len(labels),
        accuracy=hits / len(labels),
        interval=list(wilson(hits, len(labels))),
        top3=top_k(probabilities, labels, 3),
        macro_f1=float(scores.mean()),
        per_digit=[float(score) for score in scores],
        confusion=counts.tolist(),
        ece=calibration_error(probabilities, labels),
        reliability=[
            Bin(images=int(n), accuracy=float(right / n), confidence=float(confidence / n))
            for n, right, confidence in zip(*reliability(probabilities, labels), strict=True)
            if n
        ],
    )


def top_k(probabilities: Array, labels: Array, k: int) -> float:
    """The fraction of images whose label is among the k most probable digits."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float((best == np.asarray(labels)[:, None]).any(axis=1).mean())


def confusion(answers: Array, labels: Array, classes: int = 10) -> Array:
    """Counts (classes, classes): the row is the label, the column is the answer."""
    pairs = np.asarray(labels, np.int64) * classes + np.asarray(answers, np.int64)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def f1(counts: Array) -> Array:
    """F1 of each class, 2·hits / (labels + answers); 0 for a class that never occurs."""
    occurrences = counts.sum(axis=0) + counts.sum(axis=1)
    result: Array = 2 * np.diag(counts) / np.maximum(occurrences, 1)
    return result


def wilson(hits: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of the fraction hits / n (Wilson 1927), 95 % by default.

    Near 0 and 1 it is more accurate than ± 2 standard errors, and it stays within [0, 1].
    """
    fraction = hits / n
    middle = (fraction + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(fraction * (1 - fraction) / n + z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def precision_recall(counts: Array) -> tuple[Array, Array]:
    """Precision and recall of each class; 0 for a class without answers, or without images."""
    hits = np.diag(counts)
    return hits / np.maximum(counts.sum(axis=0), 1), hits / np.maximum(counts.sum(axis=1), 1)


def reliability(probabilities: Array, labels: Array) -> tuple[Array, Array, Array]:
    """Images sorted into BINS bins by their confidence, the probability of the answer.

    Returns for each bin (BINS,): the number of images, the number of right answers, and the sum
    of the confidences.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return (
        np.bincount(bins, minlength=BINS),
        np.bincount(bins[right], minlength=BINS),
        np.bincount(bins, weights=confidence, minlength=BINS),
    )


def calibration_error(probabilities: Array, labels: Array) -> float:
    """Expected calibration error: the mean gap of confidence and accuracy over the images.

    Guo et al. 2017 (arXiv 1706.04599), equation 3; the gap is that of the image's bin.
    """
    _, right, confidence = reliability(probabilities, labels)
    return float(np.abs(confidence - right).sum() / len(labels))


def auroc(positive: Array, negative: Array) -> float | None:
    """The area under the ROC curve: how often a positive has the higher score (Hanley 1982).

    positive, negative: scores (n,) of either kind; equal scores count as one half. None if one of
    the kinds is missing.
    """
    if not (len(positive) and len(negative)):
        return None
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    up_to = np.searchsorted(ordered, positive, side="right")
    return float((below + up_to).mean() / (2 * len(negative)))
