"""Measuring a network: a reader alone, a reader behind a gate, or a gate alone."""

from collections.abc import Sequence
from pathlib import Path

from model.card import InkMetrics, Metrics
from model.data.datasets import Dataset
from model.data.ink_files import Sample
from model.evaluation.gate import NO_GATE, Gate
from model.evaluation.ink_metrics import measure_gate, measure_ink
from model.evaluation.metrics import compute_metrics
from model.network import Network
from model.variants import GATE
from model.weights import WeightsError, load


def measure_images(network: Network, dataset: Dataset) -> Metrics | InkMetrics:
    """The metrics of a reader on test images; of a gate, which fraction it accepts."""
    probabilities = network.predict(dataset.test_images)
    if network.card.kind == "reader":
        return compute_metrics(probabilities, dataset.test_labels)
    accepted = (probabilities >= Gate(network).threshold).mean()
    return InkMetrics(images=len(probabilities), accepted=float(accepted))


def measure_drawings(
    network: Network, gate: Gate, samples: Sequence[Sample], without: Sequence[str] = ()
) -> InkMetrics:
    """The metrics of a reader behind this gate, or those of a gate alone."""
    if network.card.kind == "gate":
        return measure_gate(network, samples)
    return measure_ink(network, gate, samples, without)


def gate_beside(weights: Path, folder: Path) -> Gate:
    """The gate in the folder of a weight file, or else in this folder; none if both lack one."""
    for place in (weights.parent, folder):
        if (place / f"{GATE}.npz").exists():
            return load_gate(place / f"{GATE}.npz")
    return NO_GATE


def load_gate(path: Path) -> Gate:
    """The gate in a weight file; WeightsError as from `load`, and for a network of another kind."""
    network = load(path)
    try:
        return Gate(network)
    except ValueError as error:
        raise WeightsError(
            f"{path}: {error}; train one with: python train.py --model {GATE} --ink FILE "
            "--outliers FILE --replace"
        ) from None
