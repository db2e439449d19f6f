"""A worker of app/worker.py without a process, and clients connected to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from app.logs import RequestLog
from app.worker import Connection, Worker
from tests.app.conftest import CONFIG

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\n"
TIMEOUT_SECONDS = 60  # of each test; normally a few tenths are enough


class App:
    """An ASGI app that reads the whole body, then answers with so many bytes."""

    def __init__(self, size: int = 1) -> None:
        self.size = size
        self.log = RequestLog(CONFIG)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        length = [(b"content-length", str(self.size).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": b"x" * self.size})


class Served:
    """A worker, and clients connected to it."""

    def __init__(self, worker: Worker, port: int) -> None:
        self.worker, self.port = worker, port
        self.clients: list[socket.socket] = []

    async def client(self, *parts: bytes) -> socket.socket:
        """A client that the server has accepted, and that has sent these parts."""
        loop, before = asyncio.get_running_loop(), self.connections[-1:]
        client = socket.socket()
        client.setblocking(False)
        self.clients.append(client)
        await loop.sock_connect(client, ("127.0.0.1", self.port))
        await until(lambda: self.connections[-1:] != before)  # the youngest is the last
        for part in parts:
            await loop.sock_sendall(client, part)
        return client

    @property
    def connections(self) -> list[Connection]:
        return list(self.worker._connections)


async def received(client: socket.socket) -> bytes:
    """All that a client receives until the server hangs up."""
    pieces = []
    while piece := await asyncio.get_running_loop().sock_recv(client, 65_536):
        pieces.append(piece)
    return b"".join(pieces)


async def is_answered(client: socket.socket) -> bool:
    """Whether a question of this client is answered."""
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_sendall(client, GET)
        return (await loop.sock_recv(client, 65_536)).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.01)


@asynccontextmanager
async def serving(size: int = 1, connections: int = 100) -> AsyncIterator[Served]:
    config = Config()
    config.set("worker_connections", connections)
    config.set("keepalive", 60)
    config.set("asgi_disconnect_grace_period", 0)
    worker = Worker(0, 0, [], None, 30, config, Logger(config))
    worker.asgi, worker.loop = App(size), asyncio.get_running_loop()
    server = await worker.loop.create_server(lambda: Connection(worker), "127.0.0.1", 0)
    served = Served(worker, server.sockets[0].getsockname()[1])
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            yield served
    finally:
        server.close()
        for client in served.clients:
            client.close()
        for connection in served.connections:
            connection.transport.abort()
        await until(lambda: not served.connections)
        worker.tmp.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(test())  # type: ignore[arg-type]
