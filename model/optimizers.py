"""How a gradient becomes a step, in order of complexity.

Each walks two flat dicts, parameters and gradients, by the same dotted names and changes the
parameters in place. Weight decay is decoupled from the gradient (Loshchilov and Hutter 2019,
arXiv 1711.05101) and spares the biases. What must survive an interruption is in `state`.
"""

from collections.abc import Callable

import numpy as np

from model.types import Arrays


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
    """Steps of the gradient's mean over its root mean square (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, weight_decay: float = 0.0) -> None:
        self.beta1, self.beta2, self.weight_decay = beta1, beta2, weight_decay
        self.state: Arrays = {"steps": np.zeros(1)}

    def step(self, parameters: Arrays, gradients: Arrays, rate: float) -> None:
        self.state["steps"] += 1
        t = float(self.state["steps"][0])
        bias1, bias2 = 1 - self.beta1**t, 1 - self.beta2**t  # both means start at zero
        for name, w in parameters.items():
            kind, g = w.dtype.type, gradients[name]
            mean = self.state.setdefault(f"mean.{name}", np.zeros_like(w))
            square = self.state.setdefault(f"square.{name}", np.zeros_like(w))
            mean += kind(1 - self.beta1) * (g - mean)
            square += kind(1 - self.beta2) * (g * g - square)
            _decay(name, parameters, rate * self.weight_decay)
            w -= kind(rate / bias1) * mean / (np.sqrt(square / kind(bias2)) + kind(1e-8))


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


OPTIMIZERS = ("sgd", "momentum", "adam", "sdlm")


def _decay(name: str, parameters: Arrays, share: float) -> None:
    if share and name.endswith(".weight"):
        parameters[name] *= parameters[name].dtype.type(1 - share)
