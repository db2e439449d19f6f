"""A reader and a gate are measured by their kind, and the gate lies beside the weights."""

from pathlib import Path

import numpy as np
import pytest

from model import WeightsError
from model.data.datasets import Dataset
from model.evaluation import ink_metrics
from model.evaluation.ink_metrics import measure_gate, measure_ink
from model.evaluation.measure import gate_beside, measure_drawings, measure_images
from model.evaluation.metrics import compute_metrics
from model.network import Network
from model.variants import build
from model.weights import save
from tests.model.evaluation.scripted import as_gate, as_network, gate, reader, sample
from tests.strokes import FIVE, THREE

PICTURES = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
LABELS = (np.arange(20) % 10).astype(np.uint8)
DATASET = Dataset("mnist", "mnist", PICTURES[:5], LABELS[:5], PICTURES, LABELS)


def made_gate(threshold: float) -> Network:
    network = build("gate", seed=1)
    network.card.threshold = threshold
    return network


def test_a_reader_is_measured_by_the_labels_of_the_test_images() -> None:
    network = build("lenet", seed=1)
    wanted = compute_metrics(network.predict(PICTURES), LABELS)
    assert measure_images(network, DATASET) == wanted


def test_of_a_gate_the_fraction_of_images_at_or_above_its_threshold_is_measured() -> None:
    probabilities = np.sort(made_gate(0).predict(PICTURES)[:, 0])
    for passed in (20, 15, 1):
        network = made_gate(float(probabilities[20 - passed]))
        assert measure_images(network, DATASET) == {"images": 20, "accepted": passed / 20}


def test_drawings_are_measured_behind_the_gate_or_by_the_gate_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ink_metrics, "SCRIBBLE_COUNT", 5)
    network, asked = as_network(reader({"3": (3, 0.9)})), gate({"3": 0.9, "5": 0.1})
    samples = [sample("3", THREE), sample("A", FIVE)]
    behind = measure_drawings(network, as_gate(asked), samples, ["smooth"])
    assert behind == measure_ink(network, as_gate(asked), samples, ["smooth"])
    alone = measure_drawings(as_network(asked), as_gate(gate({})), samples)
    assert alone == measure_gate(as_network(asked), samples)
    assert "accuracy" not in alone


def folder(path: Path, threshold: float | None) -> Path:
    path.mkdir()
    if threshold is not None:
        save(made_gate(threshold), path / "gate.npz")
    return path


@pytest.mark.parametrize(
    ("beside", "elsewhere", "wanted"),
    [(0.25, 0.5, 0.25), (None, 0.5, 0.5), (0.25, None, 0.25), (None, None, 0.0)],
)
def test_the_gate_beside_the_weights_comes_before_the_one_of_the_other_folder(
    tmp_path: Path, beside: float | None, elsewhere: float | None, wanted: float
) -> None:
    here, there = folder(tmp_path / "here", beside), folder(tmp_path / "there", elsewhere)
    found = gate_beside(here / "mine.npz", there)
    assert (found.threshold, bool(found)) == (wanted, wanted > 0)


def test_a_file_named_gate_that_is_a_reader_or_damaged_is_refused(tmp_path: Path) -> None:
    save(build("lenet", seed=1), tmp_path / "gate.npz")
    with pytest.raises(WeightsError, match=r"gate\.npz: found lenet, a reader, wanted a gate; .*"):
        gate_beside(tmp_path / "lenet.npz", tmp_path)
    (tmp_path / "gate.npz").write_bytes(b"PK")
    with pytest.raises(WeightsError, match=r"gate\.npz: .*damaged"):
        gate_beside(tmp_path / "lenet.npz", tmp_path)
