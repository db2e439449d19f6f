"""Heads: the last layer's output becomes probabilities, a loss and its derivatives.

The batch is the last axis, as in the layers. A softmax turns `logits` into probabilities, one row
for each digit. The temperature divides the logits when probabilities are asked for, never in
training. A temperature above 1 calibrates a network that is overconfident (Guo et al. 2017,
arXiv 1706.04599).

Both heads have the rubbish class of LeCun et al. 1998, equation 9: exp(−j) stands beside the ten
exponentials of the digits, for everything that is no digit. Targets of ten zeros train it. It has
no output of its own; it wins where all ten logits are low. `probabilities` leaves it out: which
digit is it, if it is a digit? `probabilities_with_reject` includes it: how sure is it that this
is that digit? A single row would be calibrated only without the reject class.
"""

import math
from typing import Protocol

import numpy as np

from model.nn.codes import codes
from model.types import Array, Shape


class Head(Protocol):
    """What a network needs of its head."""

    temperature: float
    rubbish: float  # j, the penalty of the rubbish class; infinite: there is no such class
    inputs: Shape  # the shape of the last layer's output for one image

    def logits(self, x: Array) -> Array: ...

    def probabilities(self, logits: Array) -> Array: ...

    def probabilities_with_reject(self, logits: Array) -> Array: ...

    def loss_and_gradient(self, x: Array, targets: Array) -> tuple[float, Array, Array]: ...

    def curvature(self, x: Array) -> Array: ...


def one_hot(labels: Array, classes: int = 10) -> Array:
    """Labels (N,) as target distributions (classes, N) float32: 1 for the label, 0 elsewhere."""
    targets = np.zeros((classes, len(labels)), np.float32)
    targets[labels, np.arange(len(labels))] = 1
    return targets


class SoftmaxHead:
    """Softmax with cross-entropy (Bridle 1990): p = exp(x) / Σ exp(x), E = −Σ t·log p.

    With a rubbish class: p = exp(x) / (exp(−j) + Σ exp(x)), and for rubbish exp(−j) / (…).
    """

    inputs: Shape = (10,)

    def __init__(self, temperature: float = 1.0, rubbish: float = math.inf) -> None:
        self.temperature, self.rubbish = temperature, rubbish

    def logits(self, x: Array) -> Array:
        """The last layer's output (10, N), as it is."""
        return x

    def probabilities(self, logits: Array) -> Array:
        """(10, N) to (10, N); every column sums to one."""
        return _softmax(logits, self.temperature)

    def probabilities_with_reject(self, logits: Array) -> Array:
        """(10, N) to (10, N); a column sums to one minus the probability of the rubbish class."""
        return _softmax(logits, self.temperature, self.rubbish)

    def loss_and_gradient(self, x: Array, targets: Array) -> tuple[float, Array, Array]:
        """The mean loss over N, the gradient at x, and the ten digits' probabilities (10, N).

        x (10, N); targets (10, N): a distribution for each column, see `one_hot`, or ten zeros
        for rubbish. The gradient is (p − t) / N.
        """
        p, log_total = _with_rubbish(x, self.rubbish)
        n = x.shape[1]
        loss = float(np.sum(log_total - (targets * x).sum(axis=0))) / n
        return loss, (p - targets) / p.dtype.type(n), p

    def curvature(self, x: Array) -> Array:
        """The second derivative of each image's loss by its logits (10, N): p·(1 − p)."""
        p, _ = _with_rubbish(x, self.rubbish)
        return p * (1 - p)

    def __repr__(self) -> str:
        return "softmax, cross-entropy"


class RBFHead:
    """Ten distances to fixed codes, and the MAP loss with its rubbish class.

    y_i = Σ_j (x_j − code_ij)² / 2σ² is the penalty of digit i: the distance of LeCun et al. 1998,
    equation 7, as the negative log-likelihood of a Gaussian around the code. The loss is
    E = y_D + log(exp(−j) + Σ_i exp(−y_i)) (equation 9). It lowers the penalty of the right digit
    and raises the others; exp(−j) limits how far it raises them. The codes are fixed: if they
    could move, all ten could collapse onto one point (section III-B).

    The paper gives neither σ nor j. With σ² = ½ (equation 7 as printed) the first steps saturate
    every unit. σ = 4 and j = 1 gave the best validation accuracy after two passes.
    """

    inputs: Shape = (84,)

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

    def probabilities(self, logits: Array) -> Array:
        """(10, N) to (10, N), without the rubbish class; every column sums to one."""
        return _softmax(logits, self.temperature)

    def probabilities_with_reject(self, logits: Array) -> Array:
        """(10, N) to (10, N); a column sums to one minus the probability of the rubbish class."""
        return _softmax(logits, self.temperature, self.rubbish)

    def loss_and_gradient(self, x: Array, targets: Array) -> tuple[float, Array, Array]:
        """The mean loss over N, the gradient at x (84, N), and the probabilities (10, N).

        targets (10, N): see SoftmaxHead. With p_i = exp(−y_i) / (exp(−j) + Σ exp(−y)):
        ∂E/∂y_i = t_i − p_i, and ∂y_i/∂x = (x − code_i) / σ².
        """
        logits, n = self.logits(x), x.shape[1]
        p, log_total = _with_rubbish(logits, self.rubbish)
        loss = float(np.sum(log_total - (targets * logits).sum(axis=0))) / n
        dpenalties = (targets - p) * x.dtype.type(2 * self.weight / n)  # (10, N)
        dx = x * dpenalties.sum(axis=0) - self.codes.T.astype(x.dtype) @ dpenalties
        return loss, dx, _softmax(logits)

    def curvature(self, x: Array) -> Array:
        """The second derivative of a penalty by x, (84, N): 1/σ² everywhere.

        The second derivative of the whole loss is smaller where the network is sure. It makes the
        steps of SDLM longer and noisier; accuracy after two passes is better with this one.
        """
        return np.full_like(x, 2 * self.weight)

    def __repr__(self) -> str:
        return "RBF on ten 7 × 12 codes, MAP loss"


def _softmax(logits: Array, temperature: float = 1.0, rubbish: float = math.inf) -> Array:
    """Probabilities (10, N) of logits (10, N) beside the rubbish class, where there is one."""
    if logits.shape[1] == 1:
        return _softmax_of_one(logits, temperature, rubbish)
    return _with_rubbish(logits / logits.dtype.type(temperature), rubbish / temperature)[0]


def _softmax_of_one(logits: Array, temperature: float, rubbish: float) -> Array:
    """The same for one picture, (10, 1). Ten numbers are faster in Python than in NumPy."""
    column = logits[:, 0].tolist()
    top = max(-rubbish, *column)  # subtracted, so that nothing overflows
    e = [math.exp((logit - top) / temperature) for logit in column]
    total = sum(e) + math.exp((-rubbish - top) / temperature)
    return np.array([value / total for value in e], logits.dtype)[:, None]


def _with_rubbish(logits: Array, rubbish: float) -> tuple[Array, Array]:
    """Probabilities (10, N) beside the rubbish class, and log(e^−j + Σ e^logits) (N)."""
    reject = logits.dtype.type(-rubbish)  # the logit of the rubbish class
    top = np.maximum(logits.max(axis=0), reject)  # subtracted, so that nothing overflows
    e = np.exp(logits - top)
    total = e.sum(axis=0) + np.exp(reject - top)
    return e / total, np.log(total) + top
