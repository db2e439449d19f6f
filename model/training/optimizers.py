"""How a gradient becomes a step, in order of complexity.

Each walks two flat dicts, parameters and gradients, by the same dotted names and changes the
parameters in place. Weight decay is decoupled from the gradient (Loshchilov and Hutter 2019,
arXiv 1711.05101) and spares the biases. What must survive an interruption is in `state`.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from model.recipes import OPTIMIZERS
from model.types import Array, Arrays


class SGD:
    """Stochastic gradient descent with momentum (Polyak 1964): v ← m·v − r·g, w ← w + v."""

    def __init__(self, momentum: float = 0.9, weight_decay: float = 0.0) -> None:
        self.momentum, self.weight_decay = momentum, weight_decay
        self.state: Arrays = {}

    def step(self, parameters: Arrays, gradients: Arrays, rate: float) -> None:
        for name, w in parameters.items():
            v = self.state.setdefault(f"velocity.{name}", np.zeros_like(w))
            v *= w.dtype.type(self.momentum)
            v -= w.dtype.type(rate) * gradients[name]
            _decay(name, parameters, rate * self.weight_decay)
            w += v


class Adam:
    """Steps of the gradient's mean over its root mean square (Kingma and Ba 2015, algorithm 1).

    Both means start at zero. That is made up for in the rate and in ε, which are one number each,
    and not in the means, as the paper does too where time counts (end of section 2).
    """

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, weight_decay: float = 0.0) -> None:
        self.beta1, self.beta2, self.weight_decay = beta1, beta2, weight_decay
        self.state: Arrays = {"steps": np.zeros(1)}
        self._spare: Arrays = {}  # as large as the parameters, so that no step asks for memory

    def step(self, parameters: Arrays, gradients: Arrays, rate: float) -> None:
        self.state["steps"] += 1
        t = float(self.state["steps"][0])
        root_bias = math.sqrt(1 - self.beta2**t)
        corrected, epsilon = rate * root_bias / (1 - self.beta1**t), 1e-8 * root_bias
        for name, w in parameters.items():
            if name not in self._spare:
                self._spare[name] = np.empty((2, *w.shape), w.dtype)
                for kept in ("mean", "square"):
                    self.state.setdefault(f"{kept}.{name}", np.zeros_like(w))
            mean, square = self.state[f"mean.{name}"], self.state[f"square.{name}"]
            kind, g, (step, root) = w.dtype.type, gradients[name], self._spare[name]
            _towards(mean, g, kind(1 - self.beta1), step)
            _towards(square, np.multiply(g, g, out=root), kind(1 - self.beta2), step)
            _decay(name, parameters, rate * self.weight_decay)
            np.sqrt(square, out=root)
            root += kind(epsilon)
            np.multiply(mean, kind(corrected), out=step)
            step /= root
            w -= step


class SDLM:
    """Stochastic diagonal Levenberg-Marquardt: w ← w − η/(µ + h)·g, a rate for every weight.

    h is the weight's own curvature, estimated before each pass by `estimate`: where the loss is
    steeply curved, steps are short. µ keeps them finite where it is flat (LeCun et al. 1998,
    section III-A and appendix C; µ = 0.02).
    """

    def __init__(self, mu: float = 0.02) -> None:
        self.mu = mu
        self.state: Arrays = {}

    def estimate(self, curvatures: Arrays) -> None:
        """Take the mean curvature of every weight, by dotted name, for the steps to come."""
        self.state = {name: 1 / (h.dtype.type(self.mu) + h) for name, h in curvatures.items()}

    def step(self, parameters: Arrays, gradients: Arrays, rate: float) -> None:
        for name, w in parameters.items():
            step = self.state[name] * gradients[name]
            step *= w.dtype.type(rate)
            w -= step


Optimizer = SGD | Adam | SDLM


def optimizer_named(name: str, weight_decay: float = 0.0) -> Optimizer:
    """A fresh optimizer; ValueError lists the names. SDLM knows no weight decay."""
    makers: dict[str, Callable[[], Optimizer]] = {
        "sgd": lambda: SGD(momentum=0.0, weight_decay=weight_decay),
        "momentum": lambda: SGD(momentum=0.9, weight_decay=weight_decay),
        "adam": lambda: Adam(weight_decay=weight_decay),
        "sdlm": SDLM,
    }
    if name not in makers:
        raise ValueError(f"no optimizer {name!r}; there are: {', '.join(OPTIMIZERS)}")
    return makers[name]()


def _towards(mean: Array, new: Array, share: Any, spare: Array) -> None:
    """mean ← mean + share·(new − mean), in place."""
    np.subtract(new, mean, out=spare)
    spare *= share
    mean += spare


def _decay(name: str, parameters: Arrays, share: float) -> None:
    if share and name.endswith(".weight"):
        parameters[name] *= parameters[name].dtype.type(1 - share)
