"""Heads: the last layer's output becomes probabilities, a loss and its derivatives.

The batch is the last axis, as in the layers. `logits` are what the temperature divides when
probabilities are asked for; it is never used in training. A temperature above 1 calibrates a
network that is overconfident (Guo et al. 2017, arXiv 1706.04599).

The heads of the readers give ten probabilities, one for each digit. The head of the gate gives
one: that the picture shows a digit at all.
"""

import math
from typing import Protocol

import numpy as np

from model.nn.codes import codes
from model.types import Array, Shape


class Head(Protocol):
    """What a network needs of its head."""

    temperature: float
    inputs: Shape  # the shape of the last layer's output for one image
    classes: int  # number of probabilities for one image

    def logits(self, x: Array) -> Array: ...

    def logits_backward(self, x: Array, dlogits: Array) -> Array: ...

    def probabilities(self, logits: Array) -> Array: ...

    def hits(self, probabilities: Array, targets: Array) -> Array: ...

    def loss_and_gradient(self, x: Array, targets: Array) -> tuple[float, Array, Array]: ...

    def curvature(self, x: Array) -> Array: ...


def one_hot(labels: Array, classes: int = 10) -> Array:
    """Labels (N,) as target distributions (classes, N) float32: 1 for the label, 0 elsewhere.

    A label of −1, no digit, gives a column of zeros.
    """
    return (np.arange(classes)[:, None] == labels).astype(np.float32)


class SoftmaxHead:
    """Softmax with cross-entropy (Bridle 1990): p = exp(x) / Σ exp(x), E = −Σ t·log p."""

    inputs: Shape = (10,)
    classes = 10

    def __init__(self, temperature: float = 1.0) -> None:
        self.temperature = temperature

    def logits(self, x: Array) -> Array:
        """The last layer's output (10, N), as it is."""
        return x

    def logits_backward(self, x: Array, dlogits: Array) -> Array:
        """The gradient at x (10, N), from the gradient at the logits (10, N)."""
        return dlogits

    def probabilities(self, logits: Array) -> Array:
        """(10, N) to (10, N); every column sums to one."""
        return _softmax(logits, self.temperature)

    def hits(self, probabilities: Array, targets: Array) -> Array:
        """Whether the most probable digit is the target (N,); both arguments (10, N)."""
        return _is_target(probabilities, targets)

    def loss_and_gradient(self, x: Array, targets: Array) -> tuple[float, Array, Array]:
        """The mean loss over N, the gradient at x, and the probabilities (10, N).

        x (10, N); targets (10, N): a distribution for each column, see `one_hot`. The gradient is
        (p − t) / N.
        """
        p, log_total = _beside(x, -math.inf)
        n = x.shape[1]
        loss = float(np.sum(log_total - (targets * x).sum(axis=0))) / n
        return loss, (p - targets) / p.dtype.type(n), p

    def curvature(self, x: Array) -> Array:
        """The second derivative of each image's loss by its logits (10, N): p·(1 − p)."""
        p, _ = _beside(x, -math.inf)
        return p * (1 - p)

    def __repr__(self) -> str:
        return "softmax, cross-entropy"


class LogisticHead:
    """One output: the probability p = 1 / (1 + exp(−x)) that the picture shows a digit.

    The loss is the cross-entropy E = −t·log p − (1 − t)·log(1 − p) (Cox 1958).
    """

    inputs: Shape = (1,)
    classes = 1

    def __init__(self, temperature: float = 1.0) -> None:
        self.temperature = temperature

    def logits(self, x: Array) -> Array:
        """The last layer's output (1, N), as it is."""
        return x

    def logits_backward(self, x: Array, dlogits: Array) -> Array:
        """The gradient at x (1, N), from the gradient at the logits (1, N)."""
        return dlogits

    def probabilities(self, logits: Array) -> Array:
        """(1, N) to (1, N)."""
        return _logistic(logits / logits.dtype.type(self.temperature))

    def hits(self, probabilities: Array, targets: Array) -> Array:
        """Whether a probability (1, N) is on the side of its target (N,); targets (10, N)."""
        return (probabilities[0] > 0.5) == (targets.sum(axis=0) > 0.5)

    def loss_and_gradient(self, x: Array, targets: Array) -> tuple[float, Array, Array]:
        """The mean loss over N, the gradient at x (1, N), and the probabilities (1, N).

        targets (10, N): a column of a digit sums to one, that of no digit to zero. The gradient is
        (p − t) / N.
        """
        t, n = targets.sum(axis=0, keepdims=True), x.shape[1]
        p = _logistic(x)
        loss = float(np.sum(np.logaddexp(0, x) - t * x)) / n
        return loss, (p - t) / p.dtype.type(n), p

    def curvature(self, x: Array) -> Array:
        """The second derivative of each image's loss by its logit (1, N): p·(1 − p)."""
        p = _logistic(x)
        return p * (1 - p)

    def __repr__(self) -> str:
        return "logistic, cross-entropy"


class RBFHead:
    """Ten distances to fixed codes, and the MAP loss with its rubbish class.

    The rubbish class is exp(−j) beside the ten exponentials, for everything that is no digit. It
    belongs to the loss alone.

    y_i = Σ_j (x_j − code_ij)² / 2σ² is the penalty of digit i: the distance of LeCun et al. 1998,
    equation 7, as the negative log-likelihood of a Gaussian around the code. The loss is
    E = y_D + log(exp(−j) + Σ_i exp(−y_i)) (equation 9). It lowers the penalty of the right digit
    and raises the others; exp(−j) limits how far it raises them. The codes are fixed: if they
    could move, all ten could collapse onto one point (section III-B).

    The paper gives neither σ nor j. With σ² = ½ (equation 7 as printed) the first steps saturate
    every unit. σ = 4 and j = 1 gave the best validation accuracy after two passes.
    """

    inputs: Shape = (84,)
    classes = 10

    def __init__(self, sigma: float = 4.0, rubbish: float = 1.0, temperature: float = 1.0) -> None:
        self.weight = 1 / (2 * sigma**2)  # of a squared distance
        self.rubbish, self.temperature = rubbish, temperature
        self.codes = codes()

    def logits(self, x: Array) -> Array:
        """Minus the penalty of each digit: (84, N) to (10, N)."""
        # |x − c|² = |x|² − 2·c·x + |c|², and every code has |c|² = 84.
        products = self.codes.astype(x.dtype) @ x
        distance = (x * x).sum(axis=0) - 2 * products + x.dtype.type(self.codes.shape[1])
        return distance * x.dtype.type(-self.weight)

    def logits_backward(self, x: Array, dlogits: Array) -> Array:
        """The gradient at x (84, N), from the gradient at the logits (10, N).

        −∂y_i/∂x = (code_i − x) / σ².
        """
        dpenalties = dlogits * x.dtype.type(-2 * self.weight)
        return x * dpenalties.sum(axis=0) - self.codes.T.astype(x.dtype) @ dpenalties

    def probabilities(self, logits: Array) -> Array:
        """(10, N) to (10, N), without the rubbish class; every column sums to one."""
        return _softmax(logits, self.temperature)

    def hits(self, probabilities: Array, targets: Array) -> Array:
        """Whether the most probable digit is the target (N,); both arguments (10, N)."""
        return _is_target(probabilities, targets)

    def loss_and_gradient(self, x: Array, targets: Array) -> tuple[float, Array, Array]:
        """The mean loss over N, the gradient at x (84, N), and the probabilities (10, N).

        targets (10, N): see SoftmaxHead; a column of ten zeros is of the rubbish class. With
        p_i = exp(−y_i) / (exp(−j) + Σ exp(−y)):
        ∂E/∂y_i = t_i − p_i.
        """
        logits, n = self.logits(x), x.shape[1]
        p, log_total = _beside(logits, -self.rubbish)
        loss = float(np.sum(log_total - (targets * logits).sum(axis=0))) / n
        return loss, self.logits_backward(x, (p - targets) / p.dtype.type(n)), _softmax(logits)

    def curvature(self, x: Array) -> Array:
        """The second derivative of a penalty by x, (84, N): 1/σ² everywhere.

        The second derivative of the whole loss is smaller where the network is sure. It makes the
        steps of SDLM longer and noisier; accuracy after two passes is better with this one.
        """
        return np.full_like(x, 2 * self.weight)

    def __repr__(self) -> str:
        return "RBF on ten 7 × 12 codes, MAP loss"


def _softmax(logits: Array, temperature: float = 1.0) -> Array:
    """Probabilities (10, N) of logits (10, N)."""
    if logits.shape[1] == 1:
        return _softmax_of_one(logits, temperature)
    return _beside(logits / logits.dtype.type(temperature), -math.inf)[0]


def _softmax_of_one(logits: Array, temperature: float) -> Array:
    """The same for one picture, (10, 1). Ten numbers are faster in Python than in NumPy."""
    column = logits[:, 0].tolist()
    top = max(column)  # subtracted, so that nothing overflows
    e = [math.exp((logit - top) / temperature) for logit in column]
    total = sum(e)
    return np.array([value / total for value in e], logits.dtype)[:, None]


def _beside(logits: Array, other: float) -> tuple[Array, Array]:
    """Probabilities (10, N) beside a class of the logit `other`, and log(e^other + Σ e^logits)."""
    reject = logits.dtype.type(other)
    top = np.maximum(logits.max(axis=0), reject)  # subtracted, so that nothing overflows
    e = np.exp(logits - top)
    total = e.sum(axis=0) + np.exp(reject - top)
    return e / total, np.log(total) + top


def _is_target(probabilities: Array, targets: Array) -> Array:
    """Whether the most probable class (N,) is the target; both arguments (classes, N)."""
    return targets[probabilities.argmax(axis=0), np.arange(targets.shape[1])] > 0.5


def _logistic(x: Array) -> Array:
    """1 / (1 + exp(−x)) without overflow: half of 1 + tanh(x / 2)."""
    half = x.dtype.type(0.5)
    return half + half * np.tanh(half * x)
