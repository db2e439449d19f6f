"""Training, looked back at: one drawing read by the network at moments of its training."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.network import Network
from model.snapshots import load_snapshots
from model.types import Array


@dataclass(frozen=True, eq=False)
class Stage:
    """A network after so many epochs of its training, ready to read.

    loss:     mean of −log p of the right digit, on the validation images
    accuracy: fraction of them read right
    network:  with the temperature that the trained one has, so that the last stage answers as it
    kernels:  (maps, height, width), the weights of its first layer
    """

    epoch: float
    loss: float
    accuracy: float
    network: Network
    kernels: Array


def stages_of(path: Path, network: Network) -> list[Stage]:
    """The stages of this network's training, from its file of snapshots, the first one first.

    WeightsError for a file that is missing, damaged, or of another network.
    """
    stages = []
    for snapshot in load_snapshots(path, network):
        early = snapshot.network(network.name)
        early.head.temperature = network.head.temperature
        kernels = early.parameters["c1.weight"][:, 0]  # (maps, 1, height, width) → (maps, …)
        stages.append(Stage(snapshot.epoch, snapshot.loss, snapshot.accuracy, early, kernels))
    return stages


def read_stages(stages: Sequence[Stage], picture: Array) -> Array:
    """The probabilities (stages, 10) that each stage gives to one picture (28, 28)."""
    return np.stack([stage.network.predict(picture) for stage in stages])
