"""Snapshots of a network while it was trained: one file beside its weights.

The file has one array of float16, a row of all parameters for each snapshot, and a card of the kind
"snapshots" that names the network which the training ended with, by the checksum of its weights.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from model.array_file import ArrayFile, save_arrays
from model.network import Network
from model.types import Array
from model.variants import build
from model.weights import WeightsError

EPOCHS = (0, 1 / 8, 1 / 4, 1 / 2, *(2**n for n in range(16)))  # after these, and after the last
MOST = len(EPOCHS) + 1  # snapshots of a training
CURE = "train again with --snapshots, or delete the file"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The parameters of a network after so many epochs of its training.

    loss:       mean of −log p of the right digit, on the validation images
    accuracy:   fraction of them read right
    parameters: (parameter_count,) float16, in the order of the network's names
    """

    epoch: float
    loss: float
    accuracy: float
    parameters: Array

    def network(self, name: str) -> Network:
        """A network of that variant with these parameters."""
        network, start = build(name), 0
        for parameter in network.parameters.values():
            values = self.parameters[start : start + parameter.size]
            parameter[...] = values.reshape(parameter.shape)
            start += parameter.size
        return network


def parameter_count(network: Network) -> int:
    """The number of all parameters, also of those few that are never trained."""
    return sum(parameter.size for parameter in network.parameters.values())


def take_snapshot(network: Network, epoch: float, images: Array, labels: Array) -> Snapshot:
    """The network as it is now, measured on images (N, 28, 28) and labels (N,)."""
    probabilities = network.predict(images)
    of_label = np.maximum(probabilities[np.arange(len(labels)), labels], np.finfo(np.float32).tiny)
    return Snapshot(
        epoch,
        loss=-float(np.log(of_label).mean()),
        accuracy=float((probabilities.argmax(axis=1) == labels).mean()),
        parameters=np.concatenate(
            [a.ravel() for a in network.parameters.values()], dtype=np.float16
        ),
    )


def is_due(step: int, steps_per_epoch: int, epochs: int) -> bool:
    """Whether a snapshot is taken after so many steps of a run of so many epochs."""
    moments = (epoch for epoch in (*EPOCHS, epochs) if epoch <= epochs)
    return step in {math.ceil(epoch * steps_per_epoch) for epoch in moments}


def fingerprint(network: Network) -> str:
    """SHA-256 of all parameters in the order of their names, in hexadecimal."""
    digest = hashlib.sha256()
    for name, parameter in sorted(network.parameters.items()):
        digest.update(name.encode() + np.ascontiguousarray(parameter).tobytes())
    return digest.hexdigest()


def as_rows(snapshots: Sequence[Snapshot]) -> tuple[list[dict[str, float]], Array]:
    """What is known of each snapshot, ready for JSON, and their parameters (n, parameter_count)."""
    rows = [{"epoch": s.epoch, "loss": s.loss, "accuracy": s.accuracy} for s in snapshots]
    return rows, np.array([s.parameters for s in snapshots], np.float16)


def from_rows(rows: Sequence[dict[str, float]], parameters: Array) -> list[Snapshot]:
    """The snapshots that `as_rows` was given."""
    return [Snapshot(**row, parameters=own) for row, own in zip(rows, parameters, strict=True)]


def save_snapshots(snapshots: Sequence[Snapshot], network: Network, path: Path) -> None:
    """Write the snapshots of the training that ended with this network."""
    rows, parameters = as_rows(snapshots)
    card: dict[str, Any] = {"kind": "snapshots", "model": network.name, "snapshots": rows}
    save_arrays(path, {"parameters": parameters}, card | {"of": fingerprint(network)})


def load_snapshots(path: Path, network: Network) -> list[Snapshot]:
    """The snapshots in a file, in the order of their epochs.

    WeightsError for another file than `save_snapshots` wrote for exactly this network.
    """
    with ArrayFile(path) as file:
        card = file.card
        if card.get("kind") != "snapshots" or card.get("of") != fingerprint(network):
            raise WeightsError(
                f"{path}: found no snapshots of these weights of {network.name}, wanted those of "
                f"the same training; {CURE}"
            )
        rows = card.get("snapshots")
        if not _are_rows(rows):
            raise WeightsError(
                f"{path}: found a card that does not say epoch, loss and accuracy of at most "
                f"{MOST} snapshots, wanted these three numbers of each; {CURE}"
            )
        wanted = {"parameters": ((len(rows), parameter_count(network)), np.dtype(np.float16))}
        if file.shapes != wanted:
            raise WeightsError(f"{path}: found {file.shapes}, wanted {wanted}; {CURE}")
        return from_rows(rows, file.read()["parameters"])


def _are_rows(rows: object) -> TypeGuard[list[dict[str, float]]]:
    """Whether this part of a card is what `as_rows` makes."""
    names = {"epoch", "loss", "accuracy"}
    return (
        isinstance(rows, list)
        and 0 < len(rows) <= MOST
        and all(isinstance(row, dict) and row.keys() == names for row in rows)
        and all(type(value) in (int, float) for row in rows for value in row.values())
        and all(math.isfinite(value) for row in rows for value in row.values())
    )
