"""The networks by name; each reads like its paper's table."""

from collections.abc import Callable

import numpy as np

from model.activations import ReLU
from model.heads import SoftmaxHead
from model.initialise import he, initialise
from model.layers import Conv2D, Flatten, Linear
from model.network import Network
from model.pooling import MaxPool


def lenet() -> Network:
    """LeNet as it is taught today: ReLU, max pooling, softmax. 44,426 parameters."""
    return Network(
        "lenet",
        {
            "c1": Conv2D(1, 6, kernel=5),  # (1, 28, 28) → (6, 24, 24)
            "relu1": ReLU(),
            "s2": MaxPool(),  # → (6, 12, 12)
            "c3": Conv2D(6, 16, kernel=5),  # → (16, 8, 8)
            "relu3": ReLU(),
            "s4": MaxPool(),  # → (16, 4, 4)
            "flat": Flatten(),  # → (256)
            "c5": Linear(256, 120),
            "relu5": ReLU(),
            "f6": Linear(120, 84),
            "relu6": ReLU(),
            "output": Linear(84, 10),
        },
        SoftmaxHead(),
    )


VARIANTS: dict[str, Callable[[], Network]] = {"lenet": lenet}


def build(name: str, seed: int | None = None) -> Network:
    """A network by name: all zeros, or with first weights where a seed is given.

    ValueError lists the right names.
    """
    if name not in VARIANTS:
        raise ValueError(f"no network {name!r}; there are: {', '.join(VARIANTS)}")
    network = VARIANTS[name]()
    return network if seed is None else initialise(network, he, np.random.default_rng(seed))
