"""How long plain drawings and /health wait while other clients are slow, and the server's memory.

    python -m benchmarks.slow_clients [--quick]

Two servers of one worker each: the app as it is served (app/asgi.py, app/worker.py), and as a WSGI
app under gunicorn's `gthread` with 64 threads. A hundred slow clients of one sort are connected to
a server. Then another client asks for plain drawings, each over a new connection, because a blocked
server cannot accept connections. It stops after LOST_SECONDS without an answer. Then it asks ours
for /health as often; the last column is the most memory that our worker has used.
The last rows are requests a second without slow clients. The servers are measured alternately.
"""

import argparse
import json
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter, sleep

import numpy as np

from benchmarks.common import spread
from benchmarks.drawing import body
from benchmarks.load import Client, request
from benchmarks.served import GTHREAD, Served, alternate, serving
from tests.strokes import SEVEN

CROWD = 100  # slow clients at once
LOST_SECONDS = 5  # a drawing without an answer after that counts as lost, and no more are sent
SETTLE_SECONDS = 0.5  # for the server to accept or close the slow clients
SERVERS: dict[str, tuple[str, ...]] = {"asgi + adapter": (), "gthread, 64 threads": GTHREAD}

Start = Callable[[socket.socket, bytes], None]


def ask_for_close(client: socket.socket, question: bytes) -> None:
    client.sendall(question.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))


def ask_ahead(question: bytes) -> Start:
    """A client that sends questions until the server reads no more, and reads no answer."""

    def start(client: socket.socket, _: bytes) -> None:
        client.setblocking(False)
        with suppress(OSError):
            client.sendall(question)

    return start


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode()


WITH_STEPS = json.dumps({"strokes": SEVEN, "layers": True, "steps": True}).encode()
SLOW: dict[str, Start] = {
    "none, for comparison": lambda client, question: client.close(),
    "never finish their head": lambda client, question: client.sendall(question[:30]),
    "never finish their body": lambda client, question: client.sendall(question[:-1]),
    "are silent": lambda client, question: None,
    "ask for `close` and do not hang up": ask_for_close,
    "speak HTTP/1.0 and stay": lambda client, question: client.sendall(
        question.replace(b"1.1", b"1.0", 1)
    ),
    "send garbage and stay": lambda client, question: client.sendall(b"\x16\x03\x01 " * 50),
    "ask 300 times for `/models` and read nothing": ask_ahead(get("/models") * 300),
    "ask 5,000 times for layers and read nothing": ask_ahead(request(0, WITH_STEPS) * 5_000),
}


@contextmanager
def crowd(port: int, start: Start, question: bytes, size: int = CROWD) -> Iterator[None]:
    """That many slow clients of one sort, connected while the block runs."""
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(size)]
    try:
        for client in clients:
            start(client, question)
        sleep(SETTLE_SECONDS)
        yield
    finally:
        for client in clients:
            client.close()
        sleep(SETTLE_SECONDS)


def waits(port: int, question: bytes, drawings: int) -> list[float]:
    """Seconds until each of the drawings was answered; fewer values if one was lost."""
    seconds: list[float] = []
    for _ in range(drawings):
        started = perf_counter()
        try:
            address = ("127.0.0.1", port)
            with socket.create_connection(address, timeout=LOST_SECONDS) as connection:
                client = Client(connection)
                client.ask(question)
                while not client.listen():
                    pass
        except TimeoutError:
            break
        seconds.append(perf_counter() - started)
    return seconds


def in_words(seconds: list[float], drawings: int) -> str:
    """The median and the 99th percentile in ms, or how many were answered."""
    if len(seconds) < drawings:
        return f"{len(seconds)} of {drawings} answered" if seconds else "none answered"
    p50, p99 = np.quantile(seconds, [0.5, 0.99]) * 1e3
    return f"{p50:.1f} / {p99:.1f}"


def peak(server: Served) -> float:
    """The most memory in MB that the worker has used so far."""
    (worker,) = server.workers()
    status = Path(f"/proc/{worker}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1e3


def measure(quick: bool) -> list[list[str]]:
    """The rows of the table."""
    drawings, rounds = (50, 2) if quick else (300, 5)
    plain = body()
    columns = [*SERVERS, "`/health`, p50 / p99 ms", "our worker's peak, MB"]
    rows = [[f"{CROWD} clients that … (plain drawing, p50 / p99 ms)", *columns]]
    # Each sort gets new servers: a server that one sort has blocked would answer no other.
    for name, start in SLOW.items():
        cells, more = [], []
        for command in SERVERS.values():
            with serving(plain, *command) as server:
                question = request(server.port, plain)
                with crowd(server.port, start, question):
                    cells.append(in_words(waits(server.port, question, drawings), drawings))
                    if not command:
                        health = waits(server.port, get("/health"), drawings)
                        more = [in_words(health, drawings), f"{peak(server):.0f}"]
        rows.append([name, *cells, *more])
        print(f"… {name}", file=sys.stderr)
    with serving(plain) as own, serving(plain, *GTHREAD) as gthread:
        for clients in (1, 8):
            found = alternate([own, gthread], plain, clients, rounds, seconds=1)
            rates = [spread([load["per_second"] for load in loads]) for loads in found]
            cells = [f"{low:.0f}–{high:.0f}" for low, _, high in rates]
            rows.append(
                [f"requests a second, {clients} client{'s' * (clients > 1)}", *cells, "", ""]
            )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer drawings, wider spreads")
    args = parser.parse_args()
    rows = measure(args.quick)
    rows.insert(1, ["---"] * len(rows[0]))
    print("\n".join(f"| {' | '.join(row)} |" for row in rows))


if __name__ == "__main__":
    main()
