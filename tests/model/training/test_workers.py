"""Several processes share a batch: the same bytes as one, however the run is left."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from model.fast.flat import flatten, shapes_in_order, weights_and_biases
from model.training.workers import MOST, SHARD, Table, WorkerError, shards_of
from model.types import Arrays
from tests.model.training.test_trainer import run, started, weights

GRADIENTS: Arrays = {
    "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a.bias": np.ones(2, np.float32),
}


@pytest.mark.parametrize(("batch", "shards"), [(1, 1), (32, 1), (33, 2), (64, 2), (9999, MOST)])
def test_a_batch_is_cut_into_shards_of_32_and_a_large_one_into_a_few(
    batch: int, shards: int
) -> None:
    assert SHARD == 32
    assert shards_of(batch) == shards


def test_shards_add_up_in_their_shares_to_weights_and_biases() -> None:
    table = Table(GRADIENTS, shards=2)
    for batch in range(3):  # both sides of the table, and the first one again
        more = {name: a * (batch + 2) for name, a in GRADIENTS.items()}
        table.lay(0, 0.25, GRADIENTS, (1.0, 2.0, 3.0))
        table.lay(1, 0.75, more, (10.0, 20.0, 30.0))
        gradients, sums = table.add_up(2)
        wanted = weights_and_biases(
            flatten(GRADIENTS) * (0.25 + 0.75 * (batch + 2)), shapes_in_order(GRADIENTS)
        )
        assert gradients.keys() == wanted.keys()
        for kind, a in wanted.items():
            assert gradients[kind] == pytest.approx(a)
        assert sums.tolist() == [11.0, 22.0, 33.0]


def test_a_last_batch_of_fewer_shards_leaves_the_others_out() -> None:
    table = Table(GRADIENTS, shards=3)
    table.lay(0, 1.0, GRADIENTS, (1.0, 2.0, 3.0))
    gradients, sums = table.add_up(1)
    assert gradients["all.weight"].tolist() == GRADIENTS["a.weight"].reshape(-1).tolist()
    assert sums.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("optimizer", ["adam", "sdlm"])
def test_two_and_three_processes_end_with_the_bytes_of_one(optimizer: str) -> None:
    alone = run(started(optimizer=optimizer, n=250, batch_size=96))
    for workers in (2, 3):
        team = run(started(optimizer=optimizer, n=250, batch_size=96, workers=workers))
        assert weights(team) == weights(alone)
        assert team.record() == alone.record()
        team.team.dismiss()


def test_a_run_of_two_processes_left_in_an_epoch_is_continued_by_one(tmp_path: Path) -> None:
    whole = run(started(n=250, batch_size=64))
    first = started(n=250, batch_size=64, workers=2)
    for now in first.batches():
        if now.step == 2:
            break
    first.save(tmp_path / "checkpoint.npz")
    assert not first.team.members, "the other process should have been ended"

    second = started(n=250, batch_size=64)
    second.restore(tmp_path / "checkpoint.npz")
    assert weights(run(second)) == weights(whole)
    run(first)  # and by itself, with a new process
    assert weights(first) == weights(whole)
    first.team.dismiss()


def test_a_process_that_dies_ends_the_run_with_a_reason() -> None:
    training = started(n=250, batch_size=64, workers=2)
    batches = training.batches()
    next(batches)
    os.kill(training.team.members[0][0].pid or 0, signal.SIGKILL)
    with pytest.raises(WorkerError, match=r"status -9.*--resume"):
        list(batches)
    assert not training.team.members


def test_no_more_processes_than_a_batch_has_shards() -> None:
    assert started(batch_size=16, workers=4).table.workers == 1
    assert started(batch_size=64, workers=4).table.workers == 2
