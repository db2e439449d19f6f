"""Calibration after training, on validation data: a reader's temperature, a gate's threshold."""

from collections.abc import Sequence

import numpy as np

from model.data.ink_files import Sample
from model.evaluation.decision import fit_temperature, fit_threshold
from model.evaluation.ink_metrics import labels_of, pictures_of
from model.evaluation.metrics import compute_metrics
from model.frames import SIDE
from model.network import Network
from model.types import Array

Labelled = tuple[Array, Array]  # images (N, 28, 28) and labels (N,)


def calibrate(network: Network, images: Labelled, drawings: Sequence[Sample] = ()) -> None:
    """Write the temperature of a reader and its validation metrics, or the threshold of a gate.

    images:   digits that the network was not trained on
    drawings: digits as strokes, likewise; together they weigh as much as all images
    """
    card, sets = network.card, [images]
    if drawings:
        strokes = [drawing.strokes for drawing in drawings]
        sets.append((pictures_of(strokes, card.frame), labels_of(drawings)))
    if card.kind == "gate":
        card.threshold = fit_threshold(*[network.predict(pictures)[:, 0] for pictures, _ in sets])
        return
    logits = [(network.logits(pictures), labels) for pictures, labels in sets]
    card.temperature = network.head.temperature = fit_temperature(network.head, logits)
    pictures, labels = images
    card.validation = compute_metrics(network.predict(pictures), labels)


def with_drawings(images: Labelled, drawings: Sequence[Sample], frame: str) -> Labelled:
    """The images, and the pictures of drawings in this frame; what is no digit has the label −1."""
    pictures = pictures_of([drawing.strokes for drawing in drawings], frame)
    pixels = np.rint(255 * pictures).astype(np.uint8).reshape(-1, SIDE, SIDE)
    labels = labels_of(drawings).astype(int)
    return np.concatenate([images[0], pixels]), np.concatenate([images[1].astype(int), labels])
