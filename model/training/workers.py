"""Data-parallel training: several processes share each batch and take the same step.

A batch is cut into shards. Each process learns its own shards and lays their gradients on a table
in shared memory; when all have done so, each adds up the whole table in the same order and takes
the same step on its own copy of the parameters. So only gradients travel, and the result does not
depend on how many processes there are: a single one walks over the same shards and adds them up
in the same order.

The table has two sides that are used in turn. Whoever has met the others again knows that all have
read what was laid out before, so one meeting for each batch is enough.
"""

import itertools
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Semaphore
from typing import Any

import numpy as np

from model.fast.flat import shapes_in_order, total_size, views_by_name, weights_and_biases
from model.types import Array, Arrays

SHARD = 32  # examples at least; two of these cost no more than one batch of 64
MOST = 8  # shards of a batch: of a large one they are larger, and the table stays small
SUMS = 3  # numbers that a shard gives besides its gradients
PATIENCE = 1.0  # seconds between two looks at whether the others are still alive

# A new interpreter for each process, not a copy of this one: safe beside threads, on any system.
_CONTEXT = multiprocessing.get_context("spawn")


class WorkerError(RuntimeError):
    """A process of the run ended before its time."""


def shards_of(batch_size: int) -> int:
    """How many shards a batch is cut into; that many processes can share it."""
    return min(MOST, -(-batch_size // SHARD))


class Table:
    """Where the shards of a batch are added up.

    parameters: what the gradients look like, by name
    shards:     how many a batch has at most
    workers:    processes that share the table; each has a rank, 0 for the first
    """

    def __init__(self, parameters: Arrays, shards: int, workers: int = 1) -> None:
        self.shapes = shapes_in_order(parameters)
        self.kind = next(iter(parameters.values())).dtype
        self.size = total_size(self.shapes)
        self.shards, self.workers = shards, workers
        self.memory = [self._memory(self.size, self.kind), self._memory(SUMS, np.dtype(float))]
        self.laid_out = self._signals()
        self.take_seat(0, lambda: None)

    def _memory(self, size: int, kind: np.dtype) -> Any:
        size *= 2 * self.shards * kind.itemsize
        return bytearray(size) if self.workers == 1 else _CONTEXT.RawArray("b", size)

    def _signals(self) -> dict[tuple[int, int], Semaphore]:
        """For each pair of ranks (a, b): how often a has laid out what b has not yet read."""
        pairs = itertools.permutations(range(self.workers), 2)
        return {pair: _CONTEXT.Semaphore(0) for pair in pairs}

    def take_seat(self, rank: int, check: Callable[[], None]) -> None:
        """Say which process this is, and how to see that the others live: check() raises if not."""
        self.rank, self.check, self.side = rank, check, 0
        kept = np.frombuffer(self.memory[0], self.kind)
        self.gradients = kept.reshape(2, self.shards, self.size)
        self.sums = np.frombuffer(self.memory[1]).reshape(2, self.shards, SUMS)
        self.places = [
            [views_by_name(long, self.shapes) for long in side] for side in self.gradients
        ]
        self.added = np.empty(self.size, self.kind)
        self.by_kind = weights_and_biases(self.added, self.shapes)

    def lay(self, shard: int, share: float, gradients: Arrays, sums: tuple[float, ...]) -> None:
        """Lay out what one shard gave, which is that share of this batch."""
        factor = self.kind.type(share)
        for name, place in self.places[self.side][shard].items():
            np.multiply(gradients[name], factor, out=place)
        self.sums[self.side, shard] = sums

    def add_up(self, shards: int) -> tuple[Arrays, Array]:
        """What these first shards gave, which are this batch: mean gradients, and sums (SUMS,).

        Waits for the other processes. The gradients are two long arrays (model/fast/flat.py),
        valid until the next batch.
        """
        self._meet()
        np.add.reduce(self.gradients[self.side, :shards], axis=0, out=self.added)
        sums = self.sums[self.side, :shards].sum(axis=0)
        self.side = 1 - self.side
        return self.by_kind, sums

    def _meet(self) -> None:
        others = [rank for rank in range(self.workers) if rank != self.rank]
        for other in others:
            self.laid_out[self.rank, other].release()
        for other in others:
            while not self.laid_out[other, self.rank].acquire(timeout=PATIENCE):
                self.check()

    def clear(self) -> None:
        """Nobody sits here any more but this process: whatever was announced is void."""
        self.laid_out = self._signals()
        self.side = 0

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: memory and signals, which are shared, and no views."""
        kept = ("shapes", "kind", "size", "shards", "workers", "memory", "laid_out")
        return {name: getattr(self, name) for name in kept}


class Team:
    """The other processes of a run: started when first needed, ended when the run is left.

    job(table, state) is what each of them does whenever `begin(state)` is called here; it must
    be possible to pickle it.
    """

    def __init__(self, table: Table, job: Callable[[Table, Any], None]) -> None:
        self.table, self.job = table, job
        self.members: list[tuple[SpawnProcess, Connection]] = []
        table.take_seat(0, self.check)

    def begin(self, state: Any) -> None:
        """Set every process to work from this state."""
        if not self.members:
            self._start()
        for _, orders in self.members:
            orders.send(state)

    def _start(self) -> None:
        # One BLAS thread each: the processes are what fills the cores.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        for rank in range(1, self.table.workers):
            orders, heard = _CONTEXT.Pipe()
            process = _CONTEXT.Process(
                target=_serve, args=(self.job, self.table, rank, heard), daemon=True
            )
            process.start()
            heard.close()  # so that the other end sees when this process is gone
            self.members.append((process, orders))

    def check(self) -> None:
        """WorkerError if one of the processes has ended."""
        for process, _ in self.members:
            if not process.is_alive():
                self.dismiss()
                raise WorkerError(
                    f"a worker process ended with status {process.exitcode}; continue from the "
                    "last epoch with --resume, with fewer --workers if memory was short"
                )

    def dismiss(self) -> None:
        """End the processes, whatever they are doing; the next `begin` starts new ones."""
        for process, orders in self.members:
            orders.close()
            process.terminate()
            process.join()
        self.members = []
        self.table.clear()


def _serve(job: Callable[[Table, Any], None], table: Table, rank: int, orders: Connection) -> None:
    """The life of another process: work on order, until nobody is there to give one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process to answer
    first = multiprocessing.parent_process()

    def check() -> None:
        if first is None or not first.is_alive():
            sys.exit()

    table.take_seat(rank, check)
    while True:
        try:
            state = orders.recv()
        except EOFError:
            return
        job(table, state)
