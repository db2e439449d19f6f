"""Weights for tests that need all five readers: lenet with its snapshots and the gate as committed,
four untrained.

One card is complete, one has no history, one has no metrics, one has neither.
"""

from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np

from model.card import Card, Metrics
from model.evaluation.metrics import compute_metrics
from model.network import Network
from model.variants import GATE, READERS, build
from model.weights import save

# The entries that the app needs. The temperature is low, so that an untrained network is sure.
MINIMAL_CARD = {"frame": "mnist", "temperature": 0.015}
EPOCHS = [
    {"epoch": 1, "loss": 2.3125, "accuracy": 0.1015, "validation_accuracy": 0.1275},
    {"epoch": 2, "loss": 0.7265, "accuracy": 0.7635, "validation_accuracy": 0.8545},
    {"epoch": 3, "loss": 0.0945, "accuracy": 0.9715, "validation_accuracy": 0.9805},
]


def made_weights(folder: Path) -> Path:
    """Write the weight files of five readers and a gate; returns the folder."""
    for name in ("lenet", "lenet.snapshots", GATE):
        copy(f"weights/{name}.npz", folder)
    cards = {
        "lenet-32": complete_card(),
        "lenet-sigmoid": MINIMAL_CARD | {"metrics": measured(2)},
        "lenet-tanh": MINIMAL_CARD | {"history": EPOCHS[:1]},
        "lenet5-1998": MINIMAL_CARD,
    }
    for seed, (name, card) in enumerate(cards.items()):
        network = build(name, seed)
        amend(network, card)
        save(network, folder / f"{name}.npz")
    assert {path.stem for path in folder.iterdir()} == {*READERS, "lenet.snapshots", GATE}
    return folder


def amend(network: Network, changes: Mapping[str, object]) -> None:
    """Change entries of a network's card; they have the form of the JSON."""
    network.card = Card.from_json({**network.card.to_json(), **changes})


def complete_card() -> dict[str, Any]:
    """All entries that train.py writes; the source must be escaped in HTML."""
    recipe = {"epochs": 3, "batch_size": 64, "optimizer": "adam", "schedule": "warm-cosine"}
    recipe |= {"rate": 0.0015, "weight_decay": 0.025, "augment": True, "seed": 4711}
    return MINIMAL_CARD | {
        "dataset": "mnist",
        "source": "drawn by <Anna> & Bert",
        "epochs": 3,
        "training_images": 45_678,
        "seed": 4711,
        "recipe": recipe,
        "training_accuracy": 0.9815,
        "history": EPOCHS,
        "validation": measured(0),
        "metrics": measured(1),
        "ink": {"digits": 3_456, "no_digits": 0, "writers": 45},
        "ink_metrics": measured(2),
    }


def measured(seed: int) -> Metrics:
    """The metrics of 2,000 random answers, of which about four fifths are right."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, 2_000)
    answers = np.where(rng.random(2_000) < 0.8, labels, rng.integers(0, 10, 2_000))
    scores = rng.random((2_000, 10)) + 3 * np.eye(10)[answers]
    return compute_metrics(scores / scores.sum(axis=1, keepdims=True), labels)
