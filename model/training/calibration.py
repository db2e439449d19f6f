"""Calibration after training: the temperature and the thresholds, found on validation data."""

from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np

from model.card import Thresholds
from model.data.ink_files import Sample
from model.evaluation.decision import fit_temperature, fit_thresholds
from model.evaluation.ink_metrics import labels_of, pictures_of
from model.evaluation.metrics import compute_metrics
from model.network import Network
from model.types import Array
from model.weights import WeightsError, load

Labelled = tuple[Array, Array]  # images (N, 28, 28) and labels (N,)


def calibrate(
    network: Network,
    validation: Labelled,
    drawings: Sequence[Sample] = (),
    calibrated: Network | None = None,
) -> None:
    """Write temperature, thresholds and validation metrics to the card and the head.

    validation: images (N, 28, 28) and labels (N,) that the network was not trained on
    drawings:   digits for validation; for the thresholds they weigh as much as all images
    calibrated: a network trained in the same way on fewer writers; its temperature and thresholds
                are copied. A network trained on all writers has none left to calibrate on.
    """
    card = network.card
    if calibrated:
        card.temperature = calibrated.card.temperature
        card.thresholds = calibrated.card.thresholds
        card.calibration = calibrated.card.ink_validation
    else:
        card.temperature, card.thresholds = _fit(network, validation, drawings)
    network.head.temperature = card.temperature
    images, labels = validation
    card.validation = compute_metrics(network.predict(images), labels)


def _fit(
    network: Network, validation: Labelled, drawings: Sequence[Sample]
) -> tuple[float, Thresholds]:
    sets = [validation]
    if drawings:
        strokes = [drawing.strokes for drawing in drawings]
        sets.append((pictures_of(strokes, network.card.frame), labels_of(drawings)))
    logits = [network.logits(images) for images, _ in sets]
    labels = np.concatenate([labels for _, labels in sets])
    head = copy(network.head)
    head.temperature = fit_temperature(head, np.concatenate(logits, axis=-1), labels)
    return head.temperature, fit_thresholds(
        *[head.probabilities_with_reject(some).T for some in logits]
    )


def load_calibrated(path: Path, model: str) -> Network:
    """A network to copy temperature and thresholds from.

    WeightsError if it is not of this model or had no drawings for validation.
    """
    network = load(path)
    measured_on = "drawings" if network.card.ink_validation else "no drawings"
    if network.name != model or measured_on == "no drawings":
        raise WeightsError(
            f"{path}: found {network.name}, measured on {measured_on} for validation, wanted "
            f"{model} as it comes from: train.py --model {model} --ink … --fold 1"
        )
    return network
