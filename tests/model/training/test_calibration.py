"""Calibration: a reader's temperature and a gate's threshold come from validation data."""

from copy import copy

import numpy as np
import pytest

from model.data.ink_files import Sample
from model.evaluation.decision import fit_temperature, fit_threshold
from model.evaluation.ink_metrics import pictures_of
from model.network import Network
from model.training.calibration import calibrate, with_drawings
from model.variants import build
from tests.model.training.test_trainer import SHAPES, made_set, run, started

VALIDATION = made_set(40, seed=9)


def sample(label: int | str, shape: int, stretch: float = 1) -> Sample:
    scale = np.array([stretch, 1], np.float32)
    strokes = [np.array(stroke, np.float32) * scale for stroke in SHAPES[shape]]
    return Sample(str(label), "", strokes)


DRAWINGS = [sample(label, label, stretch) for label in (0, 1) for stretch in (0.7, 1, 1.4)]


@pytest.fixture(scope="module")
def trained() -> Network:
    return run(started()).network


def test_the_temperature_of_a_reader_is_fitted_to_the_validation_images(trained: Network) -> None:
    images, labels = VALIDATION
    calibrate(trained, VALIDATION)
    card, head = trained.card, copy(trained.head)
    wanted = fit_temperature(head, [(trained.logits(images), labels)])
    assert card.temperature == trained.head.temperature == wanted
    assert card.threshold is None
    assert card.validation is not None
    assert card.validation["images"] == 40
    assert card.validation["reliability"]


def test_drawings_weigh_as_much_as_all_images_for_the_temperature(trained: Network) -> None:
    images, labels = VALIDATION
    calibrate(trained, VALIDATION)
    on_images_alone = trained.card.temperature
    drawings = [*DRAWINGS, sample("0", shape=1)]  # the last one is read wrong
    calibrate(trained, VALIDATION, drawings)
    assert trained.card.temperature > on_images_alone
    pictures = pictures_of([drawing.strokes for drawing in drawings], trained.card.frame)
    sets = [
        (trained.logits(images), labels),
        (trained.logits(pictures), np.array([0, 0, 0, 1, 1, 1, 0])),
    ]
    assert trained.card.temperature == fit_temperature(copy(trained.head), sets)


@pytest.mark.parametrize("frame", ["mnist", "emnist"])
def test_the_threshold_of_a_gate_is_fitted_to_digits_in_its_own_frame(frame: str) -> None:
    network = build("gate", seed=3)
    network.card.frame = frame
    calibrate(network, VALIDATION, DRAWINGS)
    pictures = pictures_of([drawing.strokes for drawing in DRAWINGS], frame)
    wanted = fit_threshold(*(network.predict(some)[:, 0] for some in (VALIDATION[0], pictures)))
    assert network.card.threshold == wanted
    assert network.card.temperature == network.head.temperature == 1
    assert network.card.validation is None


def test_without_drawings_the_threshold_is_that_of_the_images() -> None:
    network = build("gate", seed=3)
    calibrate(network, VALIDATION)
    assert network.card.threshold == fit_threshold(network.predict(VALIDATION[0])[:, 0])


def test_images_and_drawings_together_have_minus_one_for_what_is_no_digit() -> None:
    drawings = [sample("7", shape=1), sample("A", shape=0)]
    pictures, labels = with_drawings(VALIDATION, drawings, "emnist")
    assert pictures.shape == (42, 28, 28)
    assert pictures.dtype == np.uint8
    assert labels.tolist() == [*VALIDATION[1].tolist(), 7, -1]
    wanted = pictures_of([drawing.strokes for drawing in drawings], "emnist")
    np.testing.assert_allclose(pictures[40:] / 255, wanted, atol=0.5 / 255 + 1e-6)
    np.testing.assert_array_equal(pictures[:40], VALIDATION[0])


def test_no_drawings_leave_the_images_as_they_are() -> None:
    pictures, labels = with_drawings(VALIDATION, [], "mnist")
    np.testing.assert_array_equal(pictures, VALIDATION[0])
    assert labels.tolist() == VALIDATION[1].tolist()
