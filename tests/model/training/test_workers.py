"""Several processes share a batch: the same bytes as with one; interrupted runs end cleanly."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
import pytest

from model.fast.flat import flatten, shapes_in_order, weights_and_biases
from model.training import workers
from model.training.pool import WorkerPool
from model.training.workers import (
    MAX_SHARDS,
    SHARD_SIZE,
    GradientBuffer,
    WorkerError,
    shard_count,
)
from model.types import Arrays
from tests.model.training.test_trainer import run, started, weights

GRADIENTS: Arrays = {
    "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a.bias": np.ones(2, np.float32),
}


@pytest.mark.parametrize(
    ("batch", "shards"), [(1, 1), (32, 1), (33, 2), (64, 2), (65, 3), (256, 8), (9999, 8)]
)
def test_a_batch_is_cut_into_shards_of_32_and_into_8_at_most(batch: int, shards: int) -> None:
    assert (SHARD_SIZE, MAX_SHARDS) == (32, 8)
    assert shard_count(batch) == shards


def test_all_reduce_weighs_the_gradients_of_a_shard_by_its_fraction_and_adds_the_sums() -> None:
    buffer = GradientBuffer(GRADIENTS, max_shards=2)
    for batch in range(3):  # both halves of the buffer, and the first one again
        others = {name: a * (batch + 2) for name, a in GRADIENTS.items()}
        buffer.write(0, GRADIENTS, 0.25, (1.0, 2.0))
        buffer.write(1, others, 0.75, (10.0, 20.0))
        gradients, sums = buffer.all_reduce(2)
        wanted = weights_and_biases(
            flatten(GRADIENTS) * (0.25 + 0.75 * (batch + 2)), shapes_in_order(GRADIENTS)
        )
        assert gradients.keys() == wanted.keys()
        for kind, a in wanted.items():
            assert gradients[kind] == pytest.approx(a)
        assert sums.tolist() == [11.0, 22.0]


def test_a_last_batch_of_fewer_shards_leaves_the_others_out() -> None:
    buffer = GradientBuffer(GRADIENTS, max_shards=3)
    for half in range(2):
        for shard in range(3):
            buffer.write(shard, GRADIENTS, 1.0, (1.0, 2.0))
        gradients, sums = buffer.all_reduce(1 + half)
        expected = GRADIENTS["a.weight"].reshape(-1) * (1 + half)
        assert gradients["all.weight"].tolist() == expected.tolist()
        assert sums.tolist() == [1.0 + half, 2.0 + 2 * half]


def test_every_shard_belongs_to_one_process() -> None:
    buffer = GradientBuffer(GRADIENTS, max_shards=8, workers=3)
    own = []
    for rank in range(3):
        buffer.attach(rank, lambda: None)
        own += [list(buffer.own_shards(8))]
    assert own == [[0, 3, 6], [1, 4, 7], [2, 5]]


def test_two_processes_write_into_the_same_memory_and_sum_the_same() -> None:
    first = GradientBuffer(GRADIENTS, max_shards=2, workers=2)
    second = GradientBuffer.__new__(GradientBuffer)
    second.__dict__ = first.__getstate__()  # as another process receives it
    second.attach(1, lambda: None)
    with ThreadPoolExecutor(2) as threads:
        for batch in range(3):
            first.write(0, GRADIENTS, 0.5, (1.0, batch))
            second.write(1, GRADIENTS, 0.5, (2.0, batch))
            for gradients, sums in threads.map(lambda b: b.all_reduce(2), (first, second)):
                assert gradients["all.weight"].tolist() == GRADIENTS["a.weight"].ravel().tolist()
                assert sums.tolist() == [3.0, 2.0 * batch]


def test_a_barrier_asks_whether_the_others_live_while_it_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check() -> None:
        raise WorkerError("gone")

    monkeypatch.setattr(workers, "LIVENESS_CHECK_SECONDS", 0.01)
    buffer = GradientBuffer(GRADIENTS, max_shards=2, workers=2)
    buffer.attach(0, check)
    with pytest.raises(WorkerError, match="gone"):
        buffer.all_reduce(2)


@pytest.mark.parametrize("optimizer", ["adam", "sdlm"])
def test_two_and_three_processes_end_with_the_bytes_of_one(optimizer: str) -> None:
    alone = run(started(optimizer=optimizer, n=250, batch_size=96))
    for count in (2, 3):
        shared = run(started(optimizer=optimizer, n=250, batch_size=96, workers=count))
        assert weights(shared) == weights(alone)
        assert shared.record() == alone.record()
        shared.pool.stop()


def test_a_run_of_two_processes_left_in_an_epoch_is_continued_by_one(tmp_path: Path) -> None:
    whole = run(started(n=250, batch_size=64))
    first = started(n=250, batch_size=64, workers=2)
    for now in first.batches():
        if now.step == 2:
            break
    first.save(tmp_path / "checkpoint.npz")
    assert not first.pool.workers, "the other process should have been stopped"

    second = started(n=250, batch_size=64)
    second.restore(tmp_path / "checkpoint.npz")
    assert weights(run(second)) == weights(whole)
    run(first)  # once more, with new processes
    assert weights(first) == weights(whole)
    first.pool.stop()


def test_a_process_that_dies_ends_the_run_with_a_reason() -> None:
    training = started(n=250, batch_size=64, workers=2)
    batches = training.batches()
    next(batches)
    os.kill(training.pool.workers[0][0].pid or 0, signal.SIGKILL)
    with pytest.raises(WorkerError, match=r"status -9.*--resume"):
        list(batches)
    assert not training.pool.workers


def kill_the_first(pool: WorkerPool) -> None:
    while not pool.workers:
        time.sleep(0.001)
    os.kill(pool.workers[0][0].pid or 0, signal.SIGKILL)


def test_a_process_that_dies_before_it_has_its_data_ends_the_run_too() -> None:
    training = started(n=250, batch_size=64, workers=2)  # more data than a pipe holds
    with ThreadPoolExecutor(1) as thread:
        thread.submit(kill_the_first, training.pool)
        with pytest.raises(WorkerError, match="status -9"):
            list(training.batches())
    assert not training.pool.workers
    run(training)  # with new processes
    assert weights(training) == weights(run(started(n=250, batch_size=64)))
    training.pool.stop()


def test_a_process_that_dies_between_two_epochs_ends_the_run_too() -> None:
    training = started(n=250, batch_size=64, workers=2)
    list(training.batches())
    training.finish_epoch()
    kill_the_first(training.pool)
    with pytest.raises(WorkerError, match="status -9"):
        list(training.batches())


def test_a_suspended_process_can_be_ended() -> None:
    training = started(n=250, batch_size=64, workers=2)
    training.pool.spawn()
    worker = training.pool.workers[0][0]
    os.kill(worker.pid or 0, signal.SIGSTOP)
    training.pool.stop()
    assert worker.exitcode == -signal.SIGKILL


def test_an_interrupt_while_processes_start_ends_them(monkeypatch: pytest.MonkeyPatch) -> None:
    training = started(n=250, batch_size=64, workers=2)
    seen: list[SpawnProcess] = []

    def interrupted(message: object) -> None:
        seen.extend(process for process, _ in training.pool.workers)
        raise KeyboardInterrupt

    monkeypatch.setattr(training.pool, "_send", interrupted)
    with pytest.raises(KeyboardInterrupt):
        training.pool.spawn()
    assert [process.exitcode for process in seen] == [-signal.SIGKILL]
    assert not training.pool.workers


def test_ctrl_c_is_left_to_the_first_process() -> None:
    training = started(epochs=1, n=250, batch_size=64, workers=2)
    batches = training.batches()
    next(batches)
    worker = training.pool.workers[0][0]
    os.kill(worker.pid or 0, signal.SIGINT)
    assert len(list(batches)) == 3
    assert worker.is_alive()
    training.pool.stop()
    assert not worker.is_alive()


KILLED_IN_A_BATCH = """
import os, signal
from tests.model.training.test_trainer import started
training = started(n=250, batch_size=64, workers=2)
batches = training.batches()
next(batches)
print("begun", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_workers_of_a_killed_run_end_too() -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_A_BATCH], capture_output=True, text=True, timeout=120
    )  # returns when no process has the output open
    assert killed.returncode == -signal.SIGKILL
    assert killed.stdout == "begun\n"


def test_no_more_processes_than_a_batch_has_shards() -> None:
    assert started(batch_size=16, workers=4).buffer.workers == 1
    assert started(batch_size=64, workers=4).buffer.workers == 2
