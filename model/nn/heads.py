"""What the last layer means: its output becomes probabilities, a loss and its derivatives.

The batch is the last axis, as in the layers. `logits` are what a softmax turns into
probabilities, one row for each digit; the temperature divides them when probabilities are asked
for, never in training. Above 1 it makes a network that is too sure of itself honest (Guo et al.
2017, arXiv 1706.04599).

Both heads know the rubbish class of LeCun et al. 1998, equation 9: exp(−j), beside the ten
exponentials of the digits, stands for all that is no digit. A target of ten zeros teaches it. It
has no output of its own: it wins where all ten scores are low. `probabilities` leave it out and
say which digit it is, if it is one; `shares` let it in and say how surely it is that digit. One
row for both would be simpler, but as honest as the first about digits it is only without rubbish.
"""

import math
from typing import Protocol

import numpy as np

from model.nn.codes import codes
from model.types import Array, Shape


class Head(Protocol):
    """What a network needs of its head."""

    temperature: float
    rubbish: float  # j, the penalty of being no digit; infinite where that is never considered
    inputs: Shape  # what the last layer must give for one image

    def logits(self, x: Array) -> Array: ...

    def probabilities(self, logits: Array) -> Array: ...

    def shares(self, logits: Array) -> Array: ...

    def loss(self, x: Array, targets: Array) -> tuple[float, Array, Array]: ...

    def curvature(self, x: Array) -> Array: ...


def one_hot(labels: Array, classes: int = 10) -> Array:
    """Labels (N,) as target distributions (classes, N) float32: one for the label, else zero."""
    targets = np.zeros((classes, len(labels)), np.float32)
    targets[labels, np.arange(len(labels))] = 1
    return targets


class SoftmaxHead:
    """Softmax with cross-entropy (Bridle 1990): p = exp(x) / Σ exp(x), E = −Σ t·log p.

    With a rubbish class: p = exp(x) / (exp(−j) + Σ exp(x)), and exp(−j) over the same for rubbish.
    """

    inputs: Shape = (10,)

    def __init__(self, temperature: float = 1.0, rubbish: float = math.inf) -> None:
        self.temperature, self.rubbish = temperature, rubbish

    def logits(self, x: Array) -> Array:
        """The last layer's output (10, N), as it is."""
        return x

    def probabilities(self, logits: Array) -> Array:
        """(10, N) to (10, N); every column sums to one."""
        return _softmax(logits / logits.dtype.type(self.temperature))

    def shares(self, logits: Array) -> Array:
        """(10, N) to (10, N); what a column lacks of one is the share of rubbish."""
        return _shares(logits, self.temperature, self.rubbish)

    def loss(self, x: Array, targets: Array) -> tuple[float, Array, Array]:
        """Mean loss over N, its gradient by x, and the probabilities, with rubbish's left out.

        x (10, N); targets (10, N): a distribution for each column, see `one_hot`, or ten zeros
        for rubbish. The gradient is (p − t) / N: the logarithm undoes the exponential, and what
        remains is the error.
        """
        p, log_total = _with_rubbish(x, self.rubbish)
        n = x.shape[1]
        loss = float(np.sum(log_total - (targets * x).sum(axis=0))) / n
        return loss, (p - targets) / p.dtype.type(n), p

    def curvature(self, x: Array) -> Array:
        """The second derivative of each image's loss by its own scores: p·(1 − p)."""
        p, _ = _with_rubbish(x, self.rubbish)
        return p * (1 - p)

    def __repr__(self) -> str:
        return "softmax, cross-entropy"


class RBFHead:
    """Ten distances to fixed codes, and the MAP loss with its rubbish class.

    y_i = Σ_j (x_j − code_ij)² / 2σ² is the penalty of digit i: the distance of LeCun et al. 1998,
    equation 7, as the negative log-likelihood of a Gaussian around the code, which is how the
    paper reads it. E = y_D + log(exp(−j) + Σ_i exp(−y_i)) (equation 9) pulls the right code near
    and pushes the others away; exp(−j) stands for all that is no digit, and stops the pushing of
    what is far already. The codes are fixed: if they could move, all ten could collapse onto one
    point (section III-B).

    The paper gives neither σ nor j. With σ² = ½, the bare equation 7, the first steps drive every
    unit into saturation; σ = 4 and j = 1 read the validation part best after two passes.
    """

    inputs: Shape = (84,)

    def __init__(self, sigma: float = 4.0, rubbish: float = 1.0, temperature: float = 1.0) -> None:
        self.weight = 1 / (2 * sigma**2)  # of a squared distance
        self.rubbish, self.temperature = rubbish, temperature
        self.codes = codes()

    def logits(self, x: Array) -> Array:
        """Minus the penalty of each digit: (84, N) to (10, N)."""
        # |x − c|² = |x|² − 2·c·x + |c|², and every code has |c|² = 84.
        near = self.codes.astype(x.dtype) @ x
        distance = (x * x).sum(axis=0) - 2 * near + x.dtype.type(self.codes.shape[1])
        return distance * x.dtype.type(-self.weight)

    def probabilities(self, logits: Array) -> Array:
        """Of the ten digits alone, without the rubbish class: every column sums to one."""
        return _softmax(logits / logits.dtype.type(self.temperature))

    def shares(self, logits: Array) -> Array:
        """With the rubbish class: what a column lacks of one is its share."""
        return _shares(logits, self.temperature, self.rubbish)

    def loss(self, x: Array, targets: Array) -> tuple[float, Array, Array]:
        """Mean loss over N, its gradient by x (84, N), and the probabilities (10, N).

        With p_i = exp(−y_i) / (exp(−j) + Σ exp(−y)): ∂E/∂y_i = t_i − p_i, and
        ∂y_i/∂x = (x − code_i) / σ².
        """
        logits, n = self.logits(x), x.shape[1]
        p, log_total = _with_rubbish(logits, self.rubbish)
        loss = float(np.sum(log_total - (targets * logits).sum(axis=0))) / n
        by_penalty = (targets - p) * x.dtype.type(2 * self.weight / n)  # (10, N)
        by_x = x * by_penalty.sum(axis=0) - self.codes.T.astype(x.dtype) @ by_penalty
        return loss, by_x, _softmax(logits)

    def curvature(self, x: Array) -> Array:
        """The second derivative of a penalty by x, (84, N): 1/σ² everywhere.

        That of the whole loss is smaller where the network is sure, which makes the steps of SDLM
        longer and noisier there; with this one it reads better after two passes.
        """
        return np.full_like(x, 2 * self.weight)

    def __repr__(self) -> str:
        return "RBF on ten 7 × 12 codes, MAP loss"


def _softmax(logits: Array) -> Array:
    e = np.exp(logits - logits.max(axis=0))  # the largest exponent is 0, so nothing overflows
    e /= e.sum(axis=0)
    return e


def _shares(logits: Array, temperature: float, rubbish: float) -> Array:
    cooled = logits / logits.dtype.type(temperature)
    return _with_rubbish(cooled, rubbish / temperature)[0]


def _with_rubbish(logits: Array, rubbish: float) -> tuple[Array, Array]:
    """Probabilities (10, N) that leave rubbish its share, and log(e^−j + Σ e^logits) (N)."""
    own = logits.dtype.type(-rubbish)
    top = np.maximum(logits.max(axis=0), own)
    e = np.exp(logits - top)
    total = e.sum(axis=0) + np.exp(own - top)
    return e / total, np.log(total) + top
