"""First weights: random, and scaled so that a signal keeps its size from layer to layer."""

from collections.abc import Callable, Iterable

import numpy as np

from model.nn.layers import Layer
from model.types import Array, Shape

# (generator, shape, fan-in, fan-out) → weights; the fans broadcast to the shape.
Scheme = Callable[[np.random.Generator, Shape, Array, Array], Array]


def he(rng: np.random.Generator, shape: Shape, fan_in: Array, fan_out: Array) -> Array:
    """Normal, standard deviation √(2 / fan-in), for ReLU, which passes half of a signal.

    He et al. 2015 (arXiv 1502.01852), equation 10.
    """
    return rng.normal(0, np.sqrt(2 / fan_in), shape)


def xavier(gain: float = 1.0) -> Scheme:
    """Uniform within ±gain·√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010, equation 16).

    gain compensates an activation that shrinks its signal; 5/3 is usual for tanh.
    """

    def scheme(rng: np.random.Generator, shape: Shape, fan_in: Array, fan_out: Array) -> Array:
        limit = gain * np.sqrt(6 / (fan_in + fan_out))
        return rng.uniform(-limit, limit, shape)

    return scheme


def lecun(rng: np.random.Generator, shape: Shape, fan_in: Array, fan_out: Array) -> Array:
    """Uniform within ±2.4 / fan-in (LeCun et al. 1998, appendix A)."""
    return rng.uniform(-2.4 / fan_in, 2.4 / fan_in, shape)


def initialise(layers: Iterable[Layer], scheme: Scheme, rng: np.random.Generator) -> None:
    """Set the weights by the scheme and the biases to zero, in place, layer by layer."""
    for layer in layers:
        if layer.parameters:
            weight = layer.parameters["weight"]
            weight[...] = scheme(rng, weight.shape, *layer.fans())
            layer.parameters["bias"][...] = 0
