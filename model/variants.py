"""The networks by name: five readers, each as the table of its paper, and the gate.

Shapes at the right are (maps, height, width) of one image.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.card import untrained
from model.network import Network
from model.nn.activations import ReLU, ScaledTanh, Sigmoid, Tanh
from model.nn.heads import Head, LogisticHead, RBFHead, SoftmaxHead
from model.nn.initialise import Scheme, he, initialise, lecun, xavier
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad, Rescale
from model.nn.pooling import AveragePool, MaxPool, Subsample

GATE = "gate"  # the name of the network that is asked before every reader
MEAN, DEVIATION = 0.1307, 0.3081  # of the pixels of MNIST's training images

# The maps of S2 that each of the 16 maps of C3 reads (LeCun et al. 1998, table I): three or four
# neighbours, two pairs, or all. The table breaks the symmetry between maps and saves 900 weights.
TABLE_I = np.array(
    [
        [1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1],
        [1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1],
        [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1],
        [0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1],
        [0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1],
        [0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1],
    ]
).T  # (16, 6)


@dataclass(frozen=True)
class Variant:
    """What is needed to build a network.

    origin: where its shape comes from; first: the scheme of its first weights
    kind:   "reader" of digits, or "gate" before the readers
    normalised: mean and standard deviation by which its first layer normalises the pixels. They
    go into the card. A weight file that was trained with other values is refused.
    """

    title: str
    origin: str
    layers: Callable[[], dict[str, Layer]]
    head: Callable[[], Head]
    first: Scheme
    normalised: tuple[float, float] | None = None
    kind: str = "reader"


def _lenet() -> dict[str, Layer]:
    return {
        "c1": Conv2D(1, 6, kernel=5),  # 1 × 28 × 28 → 6 × 24 × 24
        "relu1": ReLU(),
        "s2": MaxPool(),  # → 6 × 12 × 12
        "c3": Conv2D(6, 16, kernel=5),  # → 16 × 8 × 8
        "relu3": ReLU(),
        "s4": MaxPool(),  # → 16 × 4 × 4
        "flat": Flatten(),  # → 256
        "c5": Linear(256, 120),
        "relu5": ReLU(),
        "f6": Linear(120, 84),
        "relu6": ReLU(),
        "output": Linear(84, 10),
    }


def _gate() -> dict[str, Layer]:
    return _lenet() | {"output": Linear(84, 1)}


def _lenet_32() -> dict[str, Layer]:
    return {
        "pad": Pad(2),  # 1 × 28 × 28 → 1 × 32 × 32
        "c1": Conv2D(1, 6, kernel=5),  # → 6 × 28 × 28
        "relu1": ReLU(),
        "s2": MaxPool(),  # → 6 × 14 × 14
        "c3": Conv2D(6, 16, kernel=5),  # → 16 × 10 × 10
        "relu3": ReLU(),
        "s4": MaxPool(),  # → 16 × 5 × 5
        "flat": Flatten(),  # → 400
        "c5": Linear(400, 120),
        "relu5": ReLU(),
        "f6": Linear(120, 84),
        "relu6": ReLU(),
        "output": Linear(84, 10),
    }


def _averaging(squash: type[Sigmoid] | type[Tanh]) -> dict[str, Layer]:
    return {
        "c1": Conv2D(1, 6, kernel=5),  # 1 × 32 × 32 → 6 × 28 × 28
        "squash1": squash(),
        "s2": AveragePool(),  # → 6 × 14 × 14
        "c3": Conv2D(6, 16, kernel=5),  # → 16 × 10 × 10
        "squash3": squash(),
        "s4": AveragePool(),  # → 16 × 5 × 5
        "c5": Conv2D(16, 120, kernel=5),  # → 120 × 1 × 1
        "squash5": squash(),
        "flat": Flatten(),  # → 120
        "f6": Linear(120, 84),
        "squash6": squash(),
        "output": Linear(84, 10),
    }


def _lenet_sigmoid() -> dict[str, Layer]:
    return {"pad": Pad(2)} | _averaging(Sigmoid)


def _lenet_tanh() -> dict[str, Layer]:
    scale = Rescale(paper=(0 - MEAN) / DEVIATION, ink=(1 - MEAN) / DEVIATION)
    return {"pad": Pad(2), "scale": scale} | _averaging(Tanh)


def _lenet5_1998() -> dict[str, Layer]:
    return {
        "pad": Pad(2),  # 1 × 28 × 28 → 1 × 32 × 32
        "scale": Rescale(paper=-0.1, ink=1.175),
        "c1": Conv2D(1, 6, kernel=5),  # → 6 × 28 × 28
        "squash1": ScaledTanh(),
        "s2": Subsample(6),  # → 6 × 14 × 14
        "squash2": ScaledTanh(),
        "c3": Conv2D(6, 16, kernel=5, connections=TABLE_I),  # → 16 × 10 × 10
        "squash3": ScaledTanh(),
        "s4": Subsample(16),  # → 16 × 5 × 5
        "squash4": ScaledTanh(),
        "c5": Conv2D(16, 120, kernel=5),  # → 120 × 1 × 1
        "squash5": ScaledTanh(),
        "flat": Flatten(),  # → 120
        "f6": Linear(120, 84),
        "squash6": ScaledTanh(),  # → 84, compared with ten codes of 7 × 12
    }


VARIANTS = {
    "lenet": Variant("LeNet with ReLU and max pooling", "LeNet, modern", _lenet, SoftmaxHead, he),
    "lenet-32": Variant(
        "LeNet on 32 × 32, ReLU and max pooling", "PyTorch tutorials", _lenet_32, SoftmaxHead, he
    ),
    "lenet-sigmoid": Variant(
        "LeNet with sigmoid and average pooling",
        "Dive into Deep Learning, 2020",
        _lenet_sigmoid,
        SoftmaxHead,
        xavier(),
    ),
    "lenet-tanh": Variant(
        "LeNet with tanh and average pooling",
        "LeNet-5 as it is often rebuilt",
        _lenet_tanh,
        SoftmaxHead,
        xavier(gain=5 / 3),
        normalised=(MEAN, DEVIATION),
    ),
    "lenet5-1998": Variant(
        "LeNet-5 as printed: RBF outputs, MAP loss",
        "LeCun, Bottou, Bengio and Haffner 1998",
        _lenet5_1998,
        RBFHead,
        lecun,
    ),
    GATE: Variant(
        "The gate: is this a digit at all?", "LeNet, modern", _gate, LogisticHead, he, kind="gate"
    ),
}

READERS = [name for name, variant in VARIANTS.items() if variant.kind == "reader"]


def build(name: str, seed: int | None = None) -> Network:
    """A network by name: with first weights from the seed, or all zeros without one.

    ValueError for an unknown name; it lists the known ones.
    """
    if name not in VARIANTS:
        raise ValueError(f"no network {name!r}; there are: {', '.join(VARIANTS)}")
    variant = VARIANTS[name]
    network = Network(name, variant.layers(), variant.head())
    network.card = untrained(name, variant.kind, variant.normalised)
    if seed is not None:
        initialise(network.layers.values(), variant.first, np.random.default_rng(seed))
    return network
