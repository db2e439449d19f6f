"""Plain drawings while very many other clients are slow: every one is answered.

    python -m tests.attack.slow --cases 100

The sorts of slow clients are those of benchmarks/slow_clients.py and two more; at the end all sorts
are there at once.
"""

import socket
from contextlib import ExitStack

import numpy as np

from benchmarks.drawing import body
from benchmarks.load import request
from benchmarks.slow_clients import SLOW, Start, crowd, waits
from tests.attack.tally import Tally, command
from tests.attack.target import attacked
from tests.browser.server import Server

DRAWINGS = 100  # while the clients of one sort are slow
PIPELINED = 300  # requests of a client that never reads
MOST_SECONDS = 3.0  # for a drawing; half of it where the crowd asks for drawings too


def ask_and_never_read(client: socket.socket, question: bytes) -> None:
    client.sendall(b"GET /api/models HTTP/1.1\r\nHost: here\r\n\r\n" * PIPELINED)


def drip(client: socket.socket, question: bytes) -> None:
    """Begin a body in chunks of a byte, and stop within the size of a chunk."""
    head = question.partition(b"\r\nContent-Length")[0]
    client.sendall(head + b"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1")


SORTS: dict[str, Start] = {
    **{name: start for name, start in SLOW.items() if "comparison" not in name},
    "never read their answers": ask_and_never_read,
    "stop within a chunk": drip,
}


def attack(cases: int, seed: int) -> Tally:
    """That many clients of each sort at once. seed: not used, nothing is random here"""
    tally = Tally()
    with attacked(tally) as target:
        question = request(target.port, body())
        for name, start in SORTS.items():
            with crowd(target.port, start, question, cases):
                _ask(tally, target, question, f"{cases} clients that {name}")
            tally.cases += cases
        with ExitStack() as all_sorts:
            for start in SORTS.values():
                all_sorts.enter_context(crowd(target.port, start, question, cases))
            _ask(tally, target, question, f"{cases} clients of each sort")
    return tally


def _ask(tally: Tally, target: Server, question: bytes, crowd: str) -> None:
    """Ask for plain drawings, each over a new connection."""
    seconds = waits(target.port, question, DRAWINGS)
    tally.statuses[200] += len(seconds)
    if len(seconds) < DRAWINGS:
        tally.fault(f"{crowd}: {len(seconds)} of {DRAWINGS} drawings were answered")
        return
    p99 = float(np.quantile(seconds, 0.99))
    tally.figures.append(f"{crowd}: p99 {p99 * 1e3:.0f} ms")
    if p99 > MOST_SECONDS:
        tally.fault(f"{crowd}: p99 {p99:.1f} s")


if __name__ == "__main__":
    command(attack, 100)
