"""The processes of a training besides the first one: started, given their task, watched, ended.

What they share is in model/training/workers.py. A process that ends too early ends the run
with a WorkerError within a second, also while it starts.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from model.training.workers import CONTEXT, LIVENESS_CHECK_SECONDS, GradientBuffer, WorkerError


class WorkerPool:
    """The processes of rank 1, 2, …; rank 0 is the process that owns the pool.

    task: called in every worker as task(buffer, state) for each `start(state)`; can be pickled
    """

    def __init__(self, buffer: GradientBuffer, task: Callable[[GradientBuffer, Any], None]) -> None:
        self.buffer, self.task = buffer, task
        self.workers: list[tuple[SpawnProcess, Connection]] = []
        buffer.attach(0, self.check)

    def spawn(self) -> None:
        """Start the processes, where none run, and wait until each has the task and is ready.

        WorkerError if one ends before. Ctrl-C and any other exception stops them all.
        """
        if self.workers:
            return
        # One BLAS thread each, because the processes fill the cores.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        try:
            for rank in range(1, self.buffer.workers):
                with _without_interrupts():
                    self.workers.append(self._spawned(rank))
            self._send(self.task)
            for process, connection in self.workers:
                if next(_received(connection), None) is None:
                    raise self._ended(process)
        except BaseException:
            self.stop()
            raise

    def _spawned(self, rank: int) -> tuple[SpawnProcess, Connection]:
        """A new process, and the connection to it.

        A process is started with a few bytes only: if it ended before it read more than a pipe
        holds, `Process.start` would wait for ever. The task follows through the connection.
        """
        connection, theirs = CONTEXT.Pipe()
        process = CONTEXT.Process(target=_serve, args=(self.buffer, rank, theirs), daemon=True)
        process.start()
        theirs.close()  # otherwise this end would not notice the end of the process
        return process, connection

    def start(self, state: Any) -> None:
        """Let every worker do the task from this state. The first call starts the processes."""
        self.spawn()
        self._send(state)

    def _send(self, message: Any) -> None:
        for process, connection in self.workers:
            try:
                connection.send(message)
            except OSError:  # it has ended
                raise self._ended(process) from None

    def _ended(self, process: SpawnProcess) -> WorkerError:
        """Stop all workers because this one has ended; returns the error to raise."""
        process.join(LIVENESS_CHECK_SECONDS)  # its connection closes a moment before it ends
        status = process.exitcode
        self.stop()
        return WorkerError(
            f"a worker process ended with status {status}; continue from the last epoch with "
            "--resume, with fewer --workers if memory was short"
        )

    def check(self) -> None:
        """WorkerError if a worker has ended; the others are stopped before."""
        for process, _ in self.workers:
            if not process.is_alive():
                raise self._ended(process)

    def stop(self) -> None:
        """End all workers, also within a batch; the next `start` starts new ones."""
        for process, connection in self.workers:
            connection.close()
            process.kill()  # it has nothing to save; a suspended process would outlive `terminate`
            process.join()
        self.workers = []
        self.buffer.reset()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Inside this context Ctrl-C waits. A process that is started in it never gets one.

    The terminal sends Ctrl-C to every process, and the first one handles it.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows: a starting worker may show a traceback
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(buffer: GradientBuffer, rank: int, connection: Connection) -> None:
    """The main function of a worker: receive the task and say so, then do it for every state."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it was not blocked from the beginning
    parent = multiprocessing.parent_process()

    def check() -> None:
        if parent is None or not parent.is_alive():
            sys.exit()

    buffer.attach(rank, check)
    messages = _received(connection)
    for task in messages:
        connection.send("ready")
        for state in messages:
            task(buffer, state)


def _received(connection: Connection) -> Iterator[Any]:
    """Every message until the other end is closed."""
    with suppress(EOFError, OSError):
        while True:
            yield connection.recv()
