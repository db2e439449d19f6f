"""Clients that ask again as soon as they are answered, in a process of their own.

    python -m benchmarks.load --port 8000 --clients 8 --seconds 2 < BODIES
    python -m benchmarks.load --port 8000 --clients 8 --seconds 2 --a-second 60 < BODIES

Each line of BODIES is the JSON of a drawing. A client sends one after the other, and then the first
again; each client begins at another one. With --a-second it asks at most so often. Each has one
connection, kept alive. The clients use bare sockets, so that they need little CPU: on a machine
with two cores the server has one core to itself.
"""

import argparse
import json
import math
import selectors
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter, process_time

ANSWERED = b"HTTP/1.1 200 "
ANSWER_SECONDS = 10  # the time limit of an answer
LENGTH = b"\r\ncontent-length: "


@dataclass(eq=False)
class Client:
    """One connection, the time at which its question was sent, and how many were sent before."""

    connection: socket.socket
    asked: float = 0.0
    count: int = 0
    received: bytes = b""
    seconds: list[float] = field(default_factory=list)

    def ask(self, question: bytes) -> None:
        self.received, self.asked = b"", perf_counter()
        self.count += 1
        self.connection.sendall(question)

    def listen(self) -> bool:
        """Receive once; return whether the answer is complete. RuntimeError for a refusal."""
        piece = self.connection.recv(65536)
        self.received += piece
        head = self.received.find(b"\r\n\r\n")
        if not piece or (head >= 0 and not self.received.startswith(ANSWERED)):
            raise RuntimeError(f"the server answered: {self.received[:500]!r}")
        if head < 0:
            return False
        start = self.received[:head].lower().index(LENGTH) + len(LENGTH)
        length = int(self.received[start : self.received.find(b"\r", start)])
        if len(self.received) < head + 4 + length:
            return False
        self.seconds.append(perf_counter() - self.asked)
        return True


def request(port: int, body: bytes) -> bytes:
    """The bytes of a POST of a drawing."""
    head = (
        f"POST /api/predict HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(
    port: int, clients: int, seconds: float, bodies: Sequence[bytes], a_second: float = math.inf
) -> dict[str, float]:
    """Requests a second, median and 99th percentile of an answer's time in ms.

    And `busy`, the fraction of the time in which these clients used the CPU: near 1, the clients
    limited the result, not the server.
    """
    questions = [request(port, body) for body in bodies]
    listening = selectors.DefaultSelector()
    all_clients = [Client(socket.create_connection(("127.0.0.1", port))) for _ in range(clients)]
    for number, client in enumerate(all_clients):
        client.count = number * len(questions) // clients
        client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.register(client.connection, selectors.EVENT_READ, client)
    started, busy = perf_counter(), process_time()
    due = {client: started + i / clients / a_second for i, client in enumerate(all_clients)}
    # On a slow machine the loop goes on until every client has been answered once.
    while perf_counter() - started < seconds or not all(one.seconds for one in all_clients):
        for client in [one for one, moment in due.items() if moment <= perf_counter()]:
            del due[client]
            client.ask(questions[client.count % len(questions)])
        wait = min(due.values()) - perf_counter() if due else ANSWER_SECONDS
        ready = listening.select(timeout=max(0, wait))
        if not ready and not due:
            raise RuntimeError(f"the server answered nothing for {ANSWER_SECONDS} s")
        for key, _ in ready:
            if key.data.listen():
                due[key.data] = key.data.asked + 1 / a_second
    elapsed, busy = perf_counter() - started, process_time() - busy
    for client in all_clients:
        client.connection.close()
    times = sorted(second for client in all_clients for second in client.seconds)
    return {
        "per_second": len(times) / elapsed,
        "p50": times[len(times) // 2] * 1e3,
        "p99": times[len(times) * 99 // 100] * 1e3,
        "busy": busy / elapsed,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--a-second", type=float, default=math.inf)
    args = parser.parse_args()
    bodies = sys.stdin.buffer.read().splitlines()
    print(json.dumps(load(args.port, args.clients, args.seconds, bodies, args.a_second)))


if __name__ == "__main__":
    main()
