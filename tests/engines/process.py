"""Programs of a smoke test: started, listened to, and stopped with their children."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

START_LIMIT = 60  # seconds until a program is ready, on a busy machine
STOP_LIMIT = 10  # seconds until it has ended

Program = subprocess.Popen[bytes]
Found = TypeVar("Found")


@contextmanager
def started(command: Sequence[str | Path], log: Path, **environment: str) -> Iterator[Program]:
    """A program that writes into a log and gets these variables; it ends with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that its children can be stopped with it
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: Program) -> None:
    """Ask it to end, and end it and all its children after a while."""
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def said(process: Program, log: Path, pattern: str) -> str:
    """The first group of a pattern, once the log has it; RuntimeError shows the log instead."""
    found = until(process, log, lambda: re.search(pattern, log.read_text(errors="replace")))
    return found[1]


def until(process: Program, log: Path, ready: Callable[[], Found | None]) -> Found:
    """What `ready` returns, once that is not None; RuntimeError if the program ends or is slow."""
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        if (found := ready()) is not None:
            return found
        time.sleep(0.05)
    lines = log.read_text(errors="replace").splitlines()[-20:]
    program = Path(str(process.args[0])).name  # type: ignore[index]
    raise RuntimeError(f"{program} did not start; it said:\n" + "\n".join(lines))
