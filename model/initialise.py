"""First weights: random, and as large as keeps a signal's size from layer to layer."""

from collections.abc import Callable

import numpy as np

from model.layers import Layer
from model.network import Network

Scheme = Callable[[int, int], float]  # fan-in and fan-out to the deviation of a weight


def he(fan_in: int, fan_out: int) -> float:
    """√(2 / fan-in), for ReLU, which lets half of a signal through (He et al. 2015, eq. 10)."""
    return float(np.sqrt(2 / fan_in))


def initialise(network: Network, scheme: Scheme, rng: np.random.Generator) -> Network:
    """Normal weights with the scheme's deviation, zero biases; layer by layer from one rng."""
    for layer in network.layers.values():
        if layer.size:
            _initialise_layer(layer, scheme, rng)
    return network


def _initialise_layer(layer: Layer, scheme: Scheme, rng: np.random.Generator) -> None:
    weight = layer.parameters["weight"]
    weight[...] = rng.normal(0, scheme(*layer.fans()), weight.shape)
    layer.parameters["bias"][...] = 0
