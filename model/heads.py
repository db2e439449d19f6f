"""What the last layer means: scores become probabilities, a loss and its gradient."""

import numpy as np

from model.types import Array


def one_hot(labels: Array, classes: int = 10) -> Array:
    """Labels (N,) as target distributions (classes, N) float32: one for the label, else zero."""
    targets = np.zeros((classes, len(labels)), np.float32)
    targets[labels, np.arange(len(labels))] = 1
    return targets


class SoftmaxHead:
    """Softmax with cross-entropy (Bridle 1990): p = exp(s) / Σ exp(s), E = −Σ t·log p.

    temperature divides the scores when probabilities are asked for, never in training: above 1
    it makes a network that is too sure of itself honest (Guo et al. 2017, arXiv 1706.04599).
    """

    def __init__(self, temperature: float = 1.0) -> None:
        self.temperature = temperature

    def probabilities(self, scores: Array) -> Array:
        """Scores (classes, N) to probabilities (classes, N); every column sums to one."""
        return _softmax(scores / scores.dtype.type(self.temperature))

    def loss(self, scores: Array, targets: Array) -> tuple[float, Array, Array]:
        """Mean loss over N, its gradient by the scores, and the probabilities.

        targets (classes, N): a distribution for each column, see `one_hot`. The gradient is
        (p − t) / N: the logarithm undoes the exponential, and what remains is the error itself.
        """
        p = _softmax(scores)
        tiny = np.finfo(p.dtype).tiny
        n = scores.shape[1]
        loss = -float(np.sum(targets * np.log(np.maximum(p, tiny)))) / n
        return loss, (p - targets) / p.dtype.type(n), p

    def __repr__(self) -> str:
        return "softmax, cross-entropy"


def _softmax(scores: Array) -> Array:
    e = np.exp(scores - scores.max(axis=0))  # the largest exponent is 0, so nothing overflows
    e /= e.sum(axis=0)
    return e
