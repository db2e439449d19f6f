"""Snapshots of a training: when they are taken, what they hold, and whom they belong to."""

from pathlib import Path

import numpy as np
import pytest

from model.data.examples import Images
from model.recipes import Recipe
from model.snapshots import fingerprint, is_due, load_snapshots, save_snapshots, take_snapshot
from model.training.trainer import Training
from model.variants import READERS, build
from model.weights import WeightsError, load, save
from tests.model.training.test_trainer import made_set, run, started


def with_snapshots() -> Training:
    training = started()
    training.snapshots = []
    return training


def test_they_are_taken_at_the_start_soon_after_it_and_at_the_end() -> None:
    steps = 80
    due = [step / steps for step in range(10 * steps + 1) if is_due(step, steps, 10)]
    assert due == [0, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 10]
    assert [step for step in range(4) if is_due(step, 3, 1)] == [0, 1, 2, 3]


def test_the_last_one_is_the_trained_network_in_float16() -> None:
    training = run(with_snapshots())
    assert training.snapshots
    first, last = training.snapshots[0], training.snapshots[-1]
    assert (first.epoch, last.epoch) == (0, training.recipe.epochs)
    assert last.loss < first.loss
    assert last.accuracy == training.history[-1]["validation_accuracy"]
    rebuilt = last.network("lenet")
    for name, parameter in training.network.parameters.items():
        np.testing.assert_array_equal(rebuilt.parameters[name], parameter.astype(np.float16))


def test_a_resumed_run_has_the_snapshots_of_one_without_a_stop(tmp_path: Path) -> None:
    whole, stopped, resumed = run(with_snapshots()), with_snapshots(), with_snapshots()
    for _ in stopped.batches():
        break
    stopped.save(tmp_path / "checkpoint")
    resumed.restore(tmp_path / "checkpoint")
    run(resumed)
    assert whole.snapshots
    assert resumed.snapshots
    assert [s.epoch for s in resumed.snapshots] == [s.epoch for s in whole.snapshots]
    for one, other in zip(whole.snapshots, resumed.snapshots, strict=True):
        assert (one.loss, one.accuracy) == (other.loss, other.accuracy)
        np.testing.assert_array_equal(one.parameters, other.parameters)


@pytest.mark.parametrize("name", READERS)
def test_a_run_of_any_network_can_be_resumed_with_its_snapshots(name: str, tmp_path: Path) -> None:
    def begun() -> Training:
        recipe = Recipe(1, 16, "adam", rate=0.001, schedule="constant", seed=1)
        images = Images(*made_set(32, seed=0), False)
        return Training(build(name, 1), images, made_set(5, seed=9), recipe, 1, snapshots=True)

    stopped, resumed = begun(), begun()
    for _ in stopped.batches():
        break
    stopped.save(tmp_path / "checkpoint")
    resumed.restore(tmp_path / "checkpoint")
    assert stopped.snapshots
    assert resumed.snapshots
    assert resumed.snapshots[0].parameters.tobytes() == stopped.snapshots[0].parameters.tobytes()


def test_a_file_gives_back_what_was_saved_for_its_own_network_alone(tmp_path: Path) -> None:
    network, other = build("lenet", 1), build("lenet", 2)
    taken = [take_snapshot(network, epoch, *made_set(20, seed=1)) for epoch in (0, 0.5)]
    save_snapshots(taken, network, tmp_path / "a.npz")
    found = load_snapshots(tmp_path / "a.npz", network)
    assert [(s.epoch, s.loss, s.accuracy) for s in found] == [
        (s.epoch, s.loss, s.accuracy) for s in taken
    ]
    np.testing.assert_array_equal(found[0].parameters, taken[0].parameters)
    with pytest.raises(WeightsError, match="found no snapshots of these weights of lenet"):
        load_snapshots(tmp_path / "a.npz", other)
    save(network, tmp_path / "weights.npz")
    with pytest.raises(WeightsError, match="found no snapshots"):
        load_snapshots(tmp_path / "weights.npz", network)


def test_a_file_of_snapshots_is_no_weight_file(tmp_path: Path) -> None:
    network = build("lenet", 1)
    save_snapshots([take_snapshot(network, 0, *made_set(20, seed=1))], network, tmp_path / "a.npz")
    with pytest.raises(WeightsError):
        load(tmp_path / "a.npz")


def test_a_fingerprint_changes_with_any_weight() -> None:
    network = build("lenet", 1)
    before = fingerprint(network)
    assert before == fingerprint(build("lenet", 1))
    network.parameters["f6.bias"][3] = 1e-7
    assert fingerprint(network) != before
