"""Several processes share a batch: the same step as one; interrupted runs end cleanly."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.fast.flat import flatten, shapes_in_order, weights_and_biases
from model.training import workers
from model.training.pool import WorkerPool
from model.training.workers import PIECE_SIZE, GradientBuffer, WorkerError
from model.types import Arrays
from tests.model.training.test_trainer import run, started, weights

GRADIENTS: Arrays = {
    "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a.bias": np.ones(2, np.float32),
}


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
@pytest.mark.parametrize("size", [1, 7, 64, 300, 1100])
def test_every_example_of_a_batch_is_in_one_piece_of_one_process(size: int, workers: int) -> None:
    buffer, batch = GradientBuffer(GRADIENTS, workers), np.arange(size)
    parts = []
    for rank in range(workers):
        buffer.attach(rank, lambda: None)
        parts.append(buffer.own_pieces(batch))
    pieces = [piece for part in parts for piece in part]
    assert all(0 < len(piece) <= PIECE_SIZE for piece in pieces)
    assert sorted(np.concatenate(pieces).tolist()) == batch.tolist()
    lengths = [sum(map(len, part)) for part in parts]
    assert max(lengths) - min(lengths) <= 1, "a process would wait for another"
    assert all(lengths[:size]), "the first processes should have the work"


def test_all_reduce_weighs_the_gradients_of_a_piece_by_its_fraction_and_adds_the_sums() -> None:
    buffer = GradientBuffer(GRADIENTS)
    for batch in range(3):  # both halves of the buffer, and the first one again
        others = {name: a * (batch + 2) for name, a in GRADIENTS.items()}
        buffer.add(GRADIENTS, 0.25, (1.0, 2.0))
        buffer.add(others, 0.75, (10.0, 20.0))
        gradients, sums = buffer.all_reduce(64)
        wanted = weights_and_biases(
            flatten(GRADIENTS) * (0.25 + 0.75 * (batch + 2)), shapes_in_order(GRADIENTS)
        )
        assert gradients.keys() == wanted.keys()
        for kind, a in wanted.items():
            assert gradients[kind] == pytest.approx(a)
        assert sums.tolist() == [11.0, 22.0]


def attached(workers: int) -> list[GradientBuffer]:
    """The buffers of so many processes, all of them in this one."""
    first = GradientBuffer(GRADIENTS, workers)
    others = [GradientBuffer.__new__(GradientBuffer) for _ in range(1, workers)]
    for rank, buffer in enumerate(others, start=1):
        buffer.__dict__ = first.__getstate__()  # as another process receives it
        buffer.attach(rank, lambda: None)
    return [first, *others]


@pytest.mark.parametrize("workers", [2, 3, 5])
def test_processes_write_into_the_same_memory_and_sum_the_same(workers: int) -> None:
    def run(buffer: GradientBuffer) -> list[tuple[float, list[float]]]:
        found = []
        for batch in range(200):
            buffer.add(GRADIENTS, batch, (1.0, buffer.rank))
            gradients, sums = buffer.all_reduce(64)
            found.append((float(gradients["all.weight"][1]), sums.tolist()))
        return found

    with ThreadPoolExecutor(workers) as threads:
        results = list(threads.map(run, attached(workers)))
    ranks = sum(range(workers))
    assert results == [[(workers * b, [workers, ranks]) for b in range(200)]] * workers


def test_a_last_batch_of_fewer_examples_than_processes_leaves_the_others_out() -> None:
    def run(buffer: GradientBuffer) -> list[float]:
        found = []
        for size in (64, 2, 64, 1):
            for piece in buffer.own_pieces(np.arange(size)):
                buffer.add(GRADIENTS, len(piece) / size, (float(len(piece)), 0.0))
            gradients, sums = buffer.all_reduce(size)
            assert gradients["all.weight"] == pytest.approx(GRADIENTS["a.weight"].ravel())
            found.append(sums[0])
        return found

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(run, attached(3))) == [[64, 2, 64, 1]] * 3


def test_a_barrier_asks_whether_the_others_live_while_it_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check() -> None:
        raise WorkerError("gone")

    monkeypatch.setattr(workers, "LIVENESS_CHECK_SECONDS", 0.01)
    buffer = GradientBuffer(GRADIENTS, workers=2)
    buffer.attach(0, check)
    with pytest.raises(WorkerError, match="gone"):
        buffer.all_reduce(2)


@pytest.mark.parametrize("optimizer", ["adam", "sdlm"])
@pytest.mark.parametrize("count", [2, 3])
def test_the_same_number_of_processes_ends_with_the_same_bytes(optimizer: str, count: int) -> None:
    shared = [run(started(optimizer=optimizer, n=250, batch_size=96, workers=count)) for _ in "ab"]
    assert weights(shared[0]) == weights(shared[1])
    assert shared[0].record() == shared[1].record()
    for training in shared:
        training.pool.stop()


@pytest.mark.parametrize("count", [2, 3])
def test_any_number_of_processes_takes_the_same_steps_up_to_rounding(count: int) -> None:
    options: dict[str, Any] = {
        "optimizer": "momentum",
        "n": 250,
        "batch_size": 83,
        "augment": False,
    }
    alone, shared = started(**options), started(**options, workers=count)
    before = {name: a.copy() for name, a in alone.network.parameters.items()}
    for training in (alone, shared):
        list(training.batches())  # the last one has a single example
    assert shared.progress.epoch_means.loss == pytest.approx(alone.progress.epoch_means.loss)
    for name, w in shared.network.parameters.items():
        moved = np.abs(alone.network.parameters[name] - before[name]).max()
        assert moved > 0
        assert w == pytest.approx(alone.network.parameters[name], abs=float(1e-4 * moved)), name
    shared.pool.stop()


def stopped_after_two_steps(path: Path) -> None:
    first = started(n=250, batch_size=64, workers=2)
    for now in first.batches():
        if now.step == 2:
            break
    first.save(path)
    assert not first.pool.workers, "the other process should have been stopped"


def test_a_run_of_two_processes_left_in_an_epoch_and_resumed_ends_with_the_same_bytes(
    tmp_path: Path,
) -> None:
    whole = run(started(n=250, batch_size=64, workers=2))
    stopped_after_two_steps(tmp_path / "checkpoint.npz")
    second = started(n=250, batch_size=64, workers=2)
    second.restore(tmp_path / "checkpoint.npz")
    assert weights(run(second)) == weights(whole)
    for training in (whole, second):
        training.pool.stop()


def test_a_run_of_two_processes_may_be_continued_by_one(tmp_path: Path) -> None:
    stopped_after_two_steps(tmp_path / "checkpoint.npz")
    second = started(n=250, batch_size=64)
    second.restore(tmp_path / "checkpoint.npz")
    run(second)
    assert [row["epoch"] for row in second.history] == [1, 2]
    assert np.isfinite(second.history[-1]["loss"])


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
    whole = run(started(n=250, batch_size=64, workers=2))
    assert weights(training) == weights(whole)
    for one in (training, whole):
        one.pool.stop()


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


def test_no_more_processes_than_a_batch_has_examples() -> None:
    assert started(batch_size=1, workers=4).buffer.workers == 1
    assert started(batch_size=16, workers=4).buffer.workers == 4
