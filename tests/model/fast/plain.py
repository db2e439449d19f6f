"""Networks and pictures for the tests of the inference pass, and the plain layers' outputs."""

import numpy as np

from model.fast.inference import WIDTH
from model.network import Network
from model.nn.arrays import batch_last, floats
from model.types import Array, Arrays

RNG = np.random.default_rng(9)
PICTURES = RNG.random((WIDTH + 2, 28, 28), np.float32) * np.float32(0.5)
BYTES = RNG.integers(0, 256, PICTURES.shape, np.uint8)


def randomised(network: Network) -> Network:
    """The network with random parameters, none of them zero, and moderate probabilities."""
    network.head.temperature = 8
    for parameter in network.parameters.values():
        parameter += RNG.normal(0, 0.02, parameter.shape).astype(np.float32)
    return network


def plain_outputs(network: Network, pictures: Array) -> Arrays:
    """Every layer's output (…, N) by the plain layers."""
    x, outputs = batch_last(floats(pictures)), {}
    for name, layer in network.layers.items():
        x, _ = layer.forward(x)
        outputs[name] = x
    return outputs


def plain(network: Network, pictures: Array) -> Array:
    """Logits (10 or 1, N) by the plain layers."""
    *_, last = plain_outputs(network, pictures).values()
    return network.head.logits(last)
