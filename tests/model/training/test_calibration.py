"""Calibration: temperature and thresholds come from validation data, or from another network."""

from copy import copy
from pathlib import Path

import numpy as np
import pytest

from model.data.ink_files import Sample
from model.evaluation.decision import fit_temperature, fit_thresholds
from model.evaluation.ink_metrics import pictures_of
from model.network import Network
from model.training.calibration import calibrate, load_calibrated
from model.variants import build
from model.weights import WeightsError, save
from tests.model.training.test_trainer import SHAPES, made_set, run, started

VALIDATION = made_set(40, seed=9)


def sample(label: int, stretch: float) -> Sample:
    scale = np.array([stretch, 1], np.float32)
    strokes = [np.array(stroke, np.float32) * scale for stroke in SHAPES[label]]
    return Sample(str(label), "", strokes)


DRAWINGS = [sample(label, stretch) for label in (0, 1) for stretch in (0.7, 1, 1.4)]


@pytest.fixture(scope="module")
def trained() -> Network:
    return run(started()).network


def test_calibration_fits_temperature_and_thresholds_to_the_validation_images(
    trained: Network,
) -> None:
    images, labels = VALIDATION
    calibrate(trained, VALIDATION)
    card, logits = trained.card, trained.logits(images)
    head = copy(trained.head)
    head.temperature = fit_temperature(head, logits, labels)
    assert card.temperature == trained.head.temperature == head.temperature
    assert card.thresholds == fit_thresholds(head.probabilities_with_reject(logits).T)
    assert card.validation is not None
    assert card.validation["images"] == 40


def test_drawings_weigh_as_much_as_all_images_for_the_thresholds(trained: Network) -> None:
    images, labels = VALIDATION
    calibrate(trained, VALIDATION)
    on_images_alone = trained.card.temperature
    drawings = [*DRAWINGS, Sample("0", "", sample(1, 1).strokes)]  # the last one is read wrong
    calibrate(trained, VALIDATION, drawings)
    assert trained.card.temperature > on_images_alone
    pictures = pictures_of([drawing.strokes for drawing in drawings], trained.card.frame)
    logits = [trained.logits(images), trained.logits(pictures)]
    head = copy(trained.head)
    both = np.concatenate([labels, [0, 0, 0, 1, 1, 1, 0]])
    head.temperature = fit_temperature(head, np.concatenate(logits, axis=-1), both)
    assert trained.card.temperature == head.temperature
    assert trained.card.thresholds == fit_thresholds(
        *[head.probabilities_with_reject(some).T for some in logits]
    )


def test_temperature_and_thresholds_of_a_calibrated_network_are_copied(trained: Network) -> None:
    other = build("lenet", 3)
    other.card.temperature, other.card.thresholds = 1.75, {"digit": 0.5, "unsure": 0.25}
    other.card.ink_validation = {"images": 7}
    calibrate(trained, VALIDATION, DRAWINGS, other)
    assert trained.card.temperature == trained.head.temperature == 1.75
    assert trained.card.thresholds == {"digit": 0.5, "unsure": 0.25}
    assert trained.card.calibration == {"images": 7}


@pytest.mark.parametrize(
    ("model", "ink", "found"),
    [("lenet", False, "lenet, measured on no drawings"), ("lenet-tanh", True, "on drawings")],
)
def test_a_calibration_of_another_variant_or_without_ink_is_refused(
    tmp_path: Path, model: str, ink: bool, found: str
) -> None:
    network = build(model, 0)
    network.card.ink_validation = {"images": 7} if ink else None
    save(network, tmp_path / "a.npz")
    with pytest.raises(WeightsError, match=rf"a\.npz: found .*{found}.*wanted lenet as it comes"):
        load_calibrated(tmp_path / "a.npz", "lenet")


def test_a_network_of_the_same_kind_that_was_measured_on_ink_is_taken(tmp_path: Path) -> None:
    network = build("lenet", 0)
    network.card.ink_validation = {"images": 7}
    save(network, tmp_path / "a.npz")
    assert load_calibrated(tmp_path / "a.npz", "lenet").card.ink_validation == {"images": 7}
