"""A drawing is read by the network as it was at each moment of its training."""

from pathlib import Path

import numpy as np
import pytest

from model import WeightsError, load
from model.ink import render
from model.insight import read_stages, stages_of
from model.snapshots import load_snapshots, save_snapshots, take_snapshot
from model.variants import READERS, build
from tests.model.training.test_trainer import made_set
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO

FILE = Path("weights/lenet.snapshots.npz")
DIGITS = {0: ZERO, 1: ONE, 3: THREE, 5: FIVE, 7: SEVEN}


def test_the_last_stage_answers_as_the_trained_network() -> None:
    network = load("weights/lenet.npz")
    stages = stages_of(FILE, network)
    for digit, strokes in DIGITS.items():
        read = read_stages(stages, picture := render(strokes))
        assert read.shape == (len(stages), 10)
        assert read[-1] == pytest.approx(network.predict(picture), abs=0.01)  # float16
        assert read[-1].argmax() == digit


def test_the_stages_begin_untrained_and_become_better() -> None:
    stages = stages_of(FILE, load("weights/lenet.npz"))
    epochs = [stage.epoch for stage in stages]
    assert epochs[:7] == [0, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4]
    assert epochs == sorted(epochs)
    assert stages[0].accuracy < 0.2 < 0.98 < stages[-1].accuracy
    assert stages[0].loss > 2 > 0.1 > stages[-1].loss
    sure = read_stages(stages, render(SEVEN))[:, 7]
    assert sure[0] < 0.5 < 0.9 < sure[-1]


def test_the_kernels_are_the_first_layer_at_that_moment() -> None:
    network = load("weights/lenet.npz")
    stages, snapshots = stages_of(FILE, network), load_snapshots(FILE, network)
    for stage, snapshot in zip(stages, snapshots, strict=True):
        assert stage.kernels.shape == (6, 5, 5)
        np.testing.assert_array_equal(stage.kernels.ravel(), snapshot.parameters[: 6 * 25])
    assert np.abs(stages[-1].kernels - stages[0].kernels).max() > 0.1


@pytest.mark.parametrize("name", READERS)
def test_every_reader_has_six_kernels_and_its_own_temperature(name: str, tmp_path: Path) -> None:
    network = build(name, 1)
    network.head.temperature = 2.5
    save_snapshots([take_snapshot(network, 0, *made_set(5, seed=1))], network, tmp_path / "a.npz")
    (stage,) = stages_of(tmp_path / "a.npz", network)
    assert stage.kernels.shape == (6, 5, 5)
    assert stage.network.head.temperature == 2.5


def test_snapshots_of_another_network_are_refused() -> None:
    with pytest.raises(WeightsError, match="found no snapshots of these weights of lenet"):
        stages_of(FILE, build("lenet", 1))
