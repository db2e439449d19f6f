"""Synchronous data-parallel training: several processes share the gradients of every batch.

Each process computes the gradients of its own part of a batch and writes them into a buffer in
shared memory. After a barrier every process sums the whole buffer in the same order (an
all-reduce) and takes the same optimizer step on its own copy of the parameters.

The buffer has two halves, used in turn. Double buffering needs one barrier a batch: a process that
passes it has read the other half before, so the next batch may overwrite that half.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Semaphore
from typing import Any

import numpy as np

from model.fast.flat import shapes_in_order, total_size, views_by_name, weights_and_biases
from model.types import Array, Arrays

PIECE_SIZE = 128  # examples in one pass: larger passes leave the processor's cache
SUMS = 2  # numbers that are summed over the batch besides the gradients
LIVENESS_CHECK_SECONDS = 0.5  # a waiting process checks so often that the others are alive

# A new interpreter for each process instead of a fork: safe with threads, and on every system.
CONTEXT = multiprocessing.get_context("spawn")


class WorkerError(RuntimeError):
    """A worker process ended before the run did."""


class GradientBuffer:
    """The gradients of all parts of a batch, in memory that all processes share.

    parameters: arrays of the shapes and the type of the gradients, by dotted name
    workers:    number of processes; each has a rank, 0 for the first
    """

    def __init__(self, parameters: Arrays, workers: int = 1) -> None:
        self.shapes = shapes_in_order(parameters)
        self.dtype = next(iter(parameters.values())).dtype
        self.size = total_size(self.shapes)
        self.workers = workers
        self.gradient_memory = self._allocate(self.size, self.dtype)
        self.sum_memory = self._allocate(SUMS, np.dtype(float))
        self.arrivals = self._semaphores()
        self.attach(0, lambda: None)

    def _allocate(self, size: int, dtype: np.dtype) -> Any:
        size_in_bytes = size * 2 * self.workers * dtype.itemsize
        if self.workers == 1:
            return bytearray(size_in_bytes)
        return CONTEXT.RawArray("b", size_in_bytes)

    def _semaphores(self) -> list[Semaphore]:
        """For each rank: the arrivals of the others at barriers that it has not passed."""
        ranks = range(self.workers) if self.workers > 1 else ()  # they belong to the system
        return [CONTEXT.Semaphore(0) for _ in ranks]

    def attach(self, rank: int, check: Callable[[], None]) -> None:
        """Use the buffer as the process of this rank.

        check: called twice a second at a barrier; raises if a process that it waits for has ended
        """
        self.rank, self.check, self.half, self.is_empty = rank, check, 0, True
        flat = np.frombuffer(self.gradient_memory, self.dtype)
        self.gradients = flat.reshape(2, self.workers, self.size)
        self.sums = np.frombuffer(self.sum_memory).reshape(2, self.workers, SUMS)
        self.own = [views_by_name(half[rank], self.shapes) for half in self.gradients]
        self.mean = np.empty(self.size, self.dtype)
        self.mean_by_kind = weights_and_biases(self.mean, self.shapes)

    def own_pieces(self, batch: Array) -> list[Array]:
        """What this process computes of a batch (N,), in pieces; empty for N ≤ rank."""
        part = batch[self.rank :: self.workers]
        return [part[start : start + PIECE_SIZE] for start in range(0, len(part), PIECE_SIZE)]

    def add(self, gradients: Arrays, fraction: float, sums: tuple[float, float]) -> None:
        """Add the results of one piece to those of this process.

        gradients: means over the piece, by dotted name
        fraction:  examples of the piece over examples of the batch
        sums:      two sums over the piece
        """
        factor = self.dtype.type(fraction)
        for name, own in self.own[self.half].items():
            if self.is_empty:
                np.multiply(gradients[name], factor, out=own)
            else:
                own += gradients[name] * factor
        own_sums = self.sums[self.half, self.rank]
        own_sums[:] = sums if self.is_empty else own_sums + sums
        self.is_empty = False

    def all_reduce(self, examples: int) -> tuple[Arrays, Array]:
        """Mean gradients and sums (2,) over a batch of so many examples; waits for all processes.

        The gradients are two flat arrays (model/fast/flat.py), valid until the next call.
        """
        self._barrier()
        np.add.reduce(self.gradients[self.half, :examples], axis=0, out=self.mean)
        sums = self.sums[self.half, :examples].sum(axis=0)
        self.half, self.is_empty = 1 - self.half, True
        return self.mean_by_kind, sums

    def _barrier(self) -> None:
        """Wait until every process has written its part; `check` may raise meanwhile.

        A process counts arrivals, by whatever process. One may arrive at the next barrier and be
        counted in place of a slower one. But it has passed this barrier then, so all have arrived.
        """
        others = [semaphore for rank, semaphore in enumerate(self.arrivals) if rank != self.rank]
        for other in others:
            other.release()
        for _ in others:
            while not self.arrivals[self.rank].acquire(timeout=LIVENESS_CHECK_SECONDS):
                self.check()

    def reset(self) -> None:
        """Forget an unfinished batch, after all other processes have ended."""
        self.arrivals = self._semaphores()
        self.half, self.is_empty = 0, True

    def __getstate__(self) -> dict[str, Any]:
        """What another process receives: shared memory and semaphores. `attach` makes the rest."""
        names = ("shapes", "dtype", "size", "workers")
        shared = ("gradient_memory", "sum_memory", "arrivals")
        return {name: getattr(self, name) for name in (*names, *shared)}
