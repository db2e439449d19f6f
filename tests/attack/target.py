"""A real server to attack, and what must be true of it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.common import resident
from tests.app.test_server import answered, connected
from tests.attack.tally import Tally
from tests.browser.server import Server

MOST_MEGABYTES = 200  # of a worker


@contextmanager
def server() -> Iterator[Server]:
    """The app under gunicorn, with one worker; it logs no requests, only what goes wrong."""
    with TemporaryDirectory() as folder, Server(Path(folder) / "log", LOG_FORMAT="none") as server:
        yield server


@contextmanager
def attacked(tally: Tally) -> Iterator[Server]:
    """A server; after the block faults are counted if it was hurt.

    Its worker must be the same process, small enough, and answer a plain drawing. Its log must have
    no new line.
    """
    with server() as target:
        workers, log = target.workers(), target.log.read_bytes()
        yield target
        with connected(target) as client:
            if answered(client) != 7:
                tally.fault("a plain drawing was read wrong afterwards")
        if target.workers() != workers:
            tally.fault("the worker is another process")
        megabytes = max(resident(worker, peak=True) for worker in target.workers())
        tally.figures.append(f"worker at most {megabytes:.0f} MB")
        if megabytes > MOST_MEGABYTES:
            tally.fault(f"the worker had {megabytes:.0f} MB")
        more = target.log.read_bytes()[len(log) :]
        if more:
            tally.fault(f"a line in the log: {more[:300]!r}")
