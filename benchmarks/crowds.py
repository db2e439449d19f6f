"""Clients that hold what a worker must keep: unfinished heads and bodies, requests, answers.

They use sockets that never wait, so a crowd sends what the server takes and no more.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress

from benchmarks.drawing import body
from benchmarks.load import request
from benchmarks.slow_clients import WITH_STEPS

MOST_BYTES = 4 * 1024 * 1024  # of a body
SMALL_BYTES = 131_000  # of a body that is not heavy
PUSHES, PAUSE_SECONDS = 5, 0.1

HEAD = b"GET /health HTTP/1.1\r\nHost: here\r\n" + b"".join(
    b"X-%d: %s\r\n" % (i, b"y" * 8_000) for i in range(99)
)


def begun(size: int) -> bytes:
    """A request that lacks the last byte of its body."""
    head = b"POST /api/predict HTTP/1.1\r\nHost: here\r\nContent-Type: image/png\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % size + b"x" * (size - 1)


MESSAGES: dict[str, Callable[[], bytes]] = {
    "never finish a head of 800 kB": lambda: HEAD,
    "send 1,000 drawings ahead": lambda: request(0, body()) * 1_000,
    "ask for layers and read nothing": lambda: request(0, WITH_STEPS) * 1_000,
    "never finish a body of 131 kB": lambda: begun(SMALL_BYTES),
    "never finish a body of 4 MB": lambda: begun(MOST_BYTES),
}


class Crowd:
    """So many clients that all send the same message, as far as the server takes it."""

    def __init__(self, port: int, size: int, message: bytes) -> None:
        address = ("127.0.0.1", port)
        self._rest = {socket.create_connection(address): memoryview(message) for _ in range(size)}
        for client in self._rest:
            client.setblocking(False)
        for _ in range(PUSHES):
            self._push()
            time.sleep(PAUSE_SECONDS)

    def _push(self) -> None:
        for client, rest in self._rest.items():
            with suppress(OSError):  # it takes no more, or has hung up
                while rest:
                    rest = rest[client.send(rest) :]
            self._rest[client] = rest

    def close(self) -> None:
        """Hang up."""
        for client in self._rest:
            client.close()
