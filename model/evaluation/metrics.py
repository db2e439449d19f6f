"""How well a network reads: from probabilities and labels to plain numbers."""

import math

import numpy as np

from model.card import Metrics
from model.types import Array

BINS = 15  # for the calibration error, as in Guo et al. 2017


def compute_metrics(probabilities: Array, labels: Array) -> Metrics:
    """Every number at once, ready for JSON; probabilities (N, 10), labels (N,)."""
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
    )


def top_k(probabilities: Array, labels: Array, k: int) -> float:
    """The share of images whose label is among the k most probable digits."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float((best == np.asarray(labels)[:, None]).any(axis=1).mean())


def confusion(answers: Array, labels: Array, classes: int = 10) -> Array:
    """Counts (classes, classes): row is the label, column the answer."""
    pairs = np.asarray(labels, np.int64) * classes + np.asarray(answers, np.int64)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def f1(counts: Array) -> Array:
    """F1 of each class, 2·hits / (labelled + answered); 0 for a class that never occurs."""
    occurrences = counts.sum(axis=0) + counts.sum(axis=1)
    result: Array = 2 * np.diag(counts) / np.maximum(occurrences, 1)
    return result


def wilson(hits: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): honest near 1, where ± 2 σ would pass it."""
    share = hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def precision_recall(counts: Array) -> tuple[Array, Array]:
    """Of each class: right answers by all its answers, and by all its images; 0 where none."""
    hits = np.diag(counts)
    return hits / np.maximum(counts.sum(axis=0), 1), hits / np.maximum(counts.sum(axis=1), 1)


def reliability(probabilities: Array, labels: Array) -> tuple[Array, Array, Array]:
    """Images sorted into 15 bins of equal width by the probability of their answer.

    For each bin: the images in it, those read right, and the sum of their probabilities.
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
    """How far confidence and accuracy lie apart, on average (Guo et al. 2017, equation 3).

    Each bin of `reliability` counts with its share of the images.
    """
    _, right, confidence = reliability(probabilities, labels)
    return float(np.abs(confidence - right).sum() / len(labels))
