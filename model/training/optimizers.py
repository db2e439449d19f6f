"""Optimizers, in order of complexity: each turns gradients into a change of the parameters.

`step` takes parameters and gradients as two dicts with the same dotted names and changes the
parameters in place. Weight decay is decoupled from the gradient (Loshchilov and Hutter 2019,
arXiv 1711.05101) and spares the biases. `state` holds the arrays that a checkpoint must keep.
"""

import math
from collections.abc import Callable

import numpy as np

from model.recipes import OPTIMIZERS
from model.types import Array, Arrays

ADAM_EPSILON = 1e-8  # added to the root of the second moment, as in the paper
FIRST_ESTIMATE_STEPS = 125  # SDLM estimates anew after so many steps of the first epoch, then 2 ×


class SGD:
    """Stochastic gradient descent with momentum (Polyak 1964): v ← m·v − r·g, w ← w + v."""

    def __init__(self, momentum: float = 0.9, weight_decay: float = 0.0) -> None:
        self.momentum, self.weight_decay = momentum, weight_decay
        self.state: Arrays = {}

    def step(self, parameters: Arrays, gradients: Arrays, learning_rate: float) -> None:
        """One step, in place; parameters and gradients have the same names and shapes."""
        for name, w in parameters.items():
            velocity = self.state.setdefault(f"velocity.{name}", np.zeros_like(w))
            velocity *= w.dtype.type(self.momentum)
            velocity -= w.dtype.type(learning_rate) * gradients[name]
            _decay(name, w, learning_rate * self.weight_decay)
            w += velocity


class Adam:
    """The first moment of the gradient over the root of the second (Kingma and Ba 2015).

    Algorithm 1 in the order of section 2, last paragraph: the bias of both moments is corrected
    in the learning rate and in ε, which are scalars, and not in the moments, which are arrays.
    The state holds the moments over 1 − β1 and 1 − β2: decaying sums of gradients and squares.
    """

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, weight_decay: float = 0.0) -> None:
        self.beta1, self.beta2, self.weight_decay = beta1, beta2, weight_decay
        self.state: Arrays = {"steps": np.zeros(1)}
        self._scratch: Arrays = {}  # an array for each parameter; a step allocates no memory

    def step(self, parameters: Arrays, gradients: Arrays, learning_rate: float) -> None:
        """One step, in place; parameters and gradients have the same names and shapes."""
        self.state["steps"] += 1
        t = float(self.state["steps"][0])
        root = math.sqrt((1 - self.beta2) / (1 - self.beta2**t))
        rate = learning_rate * (1 - self.beta1) / (1 - self.beta1**t) / root
        for name, w in parameters.items():
            dtype, g = w.dtype.type, gradients[name]
            first, second, scratch = self._arrays(name, w)
            first *= dtype(self.beta1)
            first += g
            second *= dtype(self.beta2)
            second += np.multiply(g, g, out=scratch)
            _decay(name, w, learning_rate * self.weight_decay)
            np.sqrt(second, out=scratch)
            scratch += dtype(ADAM_EPSILON / root)
            np.divide(first, scratch, out=scratch)
            scratch *= dtype(rate)
            w -= scratch

    def _arrays(self, name: str, w: Array) -> tuple[Array, Array, Array]:
        """The sums of gradients and of squares, and a scratch array, each of the shape of w."""
        if name not in self._scratch:
            self._scratch[name] = np.empty_like(w)
            for kept in ("gradients", "squares"):
                self.state.setdefault(f"{kept}.{name}", np.zeros_like(w))
        return self.state[f"gradients.{name}"], self.state[f"squares.{name}"], self._scratch[name]


class SDLM:
    """Stochastic diagonal Levenberg-Marquardt: w ← w − η/(µ + h)·g, a rate for every parameter.

    h is the curvature of the loss by this parameter, which `estimate` takes. A high curvature
    shortens the step. µ limits the step where the curvature is near zero (LeCun et al. 1998,
    section III-A and appendix C; µ = 0.02).
    """

    def __init__(self, mu: float = 0.02) -> None:
        self.mu = mu
        self.state: Arrays = {}

    @staticmethod
    def is_estimate_due(epoch: int, step: int) -> bool:
        """Whether to estimate the curvature before this step of this epoch, both from 0.

        Before each epoch, as in the paper; and in the first one after 125, 250, 500 … steps. The
        paper says "the second-order properties of the error surface change rather slowly"
        (appendix C), but from random weights they change fast.
        """
        doublings, remainder = divmod(step, FIRST_ESTIMATE_STEPS)
        is_power_of_two = doublings & (doublings - 1) == 0
        return step == 0 or (epoch == 0 and remainder == 0 and is_power_of_two)

    def estimate(self, curvatures: Arrays) -> None:
        """Use these mean curvatures, by dotted name, for the following steps."""
        self.state = {name: 1 / (h.dtype.type(self.mu) + h) for name, h in curvatures.items()}

    def step(self, parameters: Arrays, gradients: Arrays, learning_rate: float) -> None:
        """One step, in place; parameters and gradients have the same names and shapes."""
        for name, w in parameters.items():
            step = self.state[name] * gradients[name]
            step *= w.dtype.type(learning_rate)
            w -= step


Optimizer = SGD | Adam | SDLM


def optimizer_named(name: str, weight_decay: float = 0.0) -> Optimizer:
    """A new optimizer; ValueError lists the names. SDLM has no weight decay."""
    makers: dict[str, Callable[[], Optimizer]] = {
        "sgd": lambda: SGD(momentum=0.0, weight_decay=weight_decay),
        "momentum": lambda: SGD(momentum=0.9, weight_decay=weight_decay),
        "adam": lambda: Adam(weight_decay=weight_decay),
        "sdlm": SDLM,
    }
    if name not in makers:
        raise ValueError(f"no optimizer {name!r}; there are: {', '.join(OPTIMIZERS)}")
    return makers[name]()


def state_after_steps(name: str, parameters: Arrays) -> Arrays:
    """Arrays of the names and shapes of an optimizer's state, after any number of steps."""
    optimizer, zeros = optimizer_named(name), {key: w * 0 for key, w in parameters.items()}
    if isinstance(optimizer, SDLM):
        optimizer.estimate(zeros)
    optimizer.step(zeros, zeros, 0.0)
    return optimizer.state


def _decay(name: str, w: Array, fraction: float) -> None:
    """Shrink weights by this fraction, in place; leave biases."""
    if fraction and name.endswith(".weight"):
        w *= w.dtype.type(1 - fraction)
