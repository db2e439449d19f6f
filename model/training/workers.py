"""Synchronous data-parallel training: several processes share the gradients of every batch.

A batch is split into shards. Each process computes the gradients of its own shards and writes them
into a buffer in shared memory. After a barrier every process sums the whole buffer in the same
order (an all-reduce) and takes the same optimizer step on its own copy of the parameters. One
process alone computes the same shards and sums them in the same order, so the result does not
depend on the number of processes.

The buffer has two halves, used in turn. Double buffering needs one barrier a batch: a process that
passes it has read the other half before, so the next batch may overwrite that half.
"""

import itertools
import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Semaphore
from typing import Any

import numpy as np

from model.fast.flat import shapes_in_order, total_size, views_by_name, weights_and_biases
from model.types import Array, Arrays

SHARD_SIZE = 32  # examples; two shards of 32 take no longer than one batch of 64
MAX_SHARDS = 8  # in a batch; a batch of more than 256 examples has larger shards
SUMS_PER_SHARD = 2  # numbers that are summed over the batch besides the gradients
LIVENESS_CHECK_SECONDS = 0.5  # a waiting process checks so often that the others are alive

# A new interpreter for each process instead of a fork: safe with threads, and on every system.
CONTEXT = multiprocessing.get_context("spawn")


class WorkerError(RuntimeError):
    """A worker process ended before the run did."""


def shard_count(batch_size: int) -> int:
    """The number of shards of a batch, and the most processes that can share it."""
    return min(MAX_SHARDS, -(-batch_size // SHARD_SIZE))


class GradientBuffer:
    """The gradients of all shards of a batch, in memory that all processes share.

    parameters: arrays of the shapes and the type of the gradients, by dotted name
    max_shards: the most shards of a batch
    workers:    number of processes; each has a rank, 0 for the first
    """

    def __init__(self, parameters: Arrays, max_shards: int, workers: int = 1) -> None:
        self.shapes = shapes_in_order(parameters)
        self.dtype = next(iter(parameters.values())).dtype
        self.size = total_size(self.shapes)
        self.max_shards, self.workers = max_shards, workers
        self.gradient_memory = self._allocate(self.size, self.dtype)
        self.sum_memory = self._allocate(SUMS_PER_SHARD, np.dtype(float))
        self.arrivals = self._semaphores()
        self.attach(0, lambda: None)

    def _allocate(self, size: int, dtype: np.dtype) -> Any:
        size_in_bytes = size * 2 * self.max_shards * dtype.itemsize
        if self.workers == 1:
            return bytearray(size_in_bytes)
        return CONTEXT.RawArray("b", size_in_bytes)

    def _semaphores(self) -> dict[tuple[int, int], Semaphore]:
        """For each pair of ranks (a, b): the barriers that a has reached and b has not passed."""
        pairs = itertools.permutations(range(self.workers), 2)
        return {pair: CONTEXT.Semaphore(0) for pair in pairs}

    def attach(self, rank: int, check: Callable[[], None]) -> None:
        """Use the buffer as the process of this rank.

        check: called twice a second at a barrier; raises if a process that it waits for has ended
        """
        self.rank, self.check, self.half = rank, check, 0
        flat = np.frombuffer(self.gradient_memory, self.dtype)
        self.gradients = flat.reshape(2, self.max_shards, self.size)
        self.sums = np.frombuffer(self.sum_memory).reshape(2, self.max_shards, SUMS_PER_SHARD)
        self.slots = [
            [views_by_name(slot, self.shapes) for slot in half] for half in self.gradients
        ]
        self.mean = np.empty(self.size, self.dtype)
        self.mean_by_kind = weights_and_biases(self.mean, self.shapes)

    def own_shards(self, shards: int) -> range:
        """The shards of a batch that this process computes."""
        return range(self.rank, shards, self.workers)

    def write(
        self, shard: int, gradients: Arrays, fraction: float, sums: tuple[float, float]
    ) -> None:
        """Store the results of one shard.

        gradients: means over the shard, by dotted name
        fraction:  examples of the shard over examples of the batch
        sums:      two sums over the shard
        """
        factor = self.dtype.type(fraction)
        for name, slot in self.slots[self.half][shard].items():
            np.multiply(gradients[name], factor, out=slot)
        self.sums[self.half, shard] = sums

    def all_reduce(self, shards: int) -> tuple[Arrays, Array]:
        """Mean gradients and sums (2,) over a batch of so many shards; waits for all processes.

        The gradients are two flat arrays (model/fast/flat.py), valid until the next call.
        """
        self._barrier()
        np.add.reduce(self.gradients[self.half, :shards], axis=0, out=self.mean)
        sums = self.sums[self.half, :shards].sum(axis=0)
        self.half = 1 - self.half
        return self.mean_by_kind, sums

    def _barrier(self) -> None:
        """Wait until every process has written its shards; `check` may raise meanwhile."""
        others = [rank for rank in range(self.workers) if rank != self.rank]
        for other in others:
            self.arrivals[self.rank, other].release()
        for other in others:
            while not self.arrivals[other, self.rank].acquire(timeout=LIVENESS_CHECK_SECONDS):
                self.check()

    def reset(self) -> None:
        """Forget an unfinished batch, after all other processes have ended."""
        self.arrivals = self._semaphores()
        self.half = 0

    def __getstate__(self) -> dict[str, Any]:
        """What another process receives: shared memory and semaphores. `attach` makes the rest."""
        names = ("shapes", "dtype", "size", "max_shards", "workers")
        shared = ("gradient_memory", "sum_memory", "arrivals")
        return {name: getattr(self, name) for name in (*names, *shared)}
