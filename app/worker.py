"""gunicorn's `asgi` worker, with the limits of a connection that gunicorn has no settings for.

gunicorn waits without end for the first head of a connection, and for a client to read its answers;
and it accepts any number of connections. Two small subclasses add what is missing. They use some of
gunicorn's private names: tests/app/test_worker.py fails if gunicorn changes one of them.
"""

import socket
from asyncio import TimerHandle, Transport
from itertools import chain
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

from app.limits import LIMITS
from app.security import REFUSAL

HEAD_SECONDS = LIMITS["MAX_HEAD_SECONDS"].most
ANSWER_SECONDS = 20  # for a client to make room for the rest of its answers
MAX_UNREAD = 64  # connections at once whose client does not read its answers
UNREAD_BYTES = 8 * 1024  # of answers, beyond those that the system keeps, are "not read"
HEAD_BYTES = 32 * 1024  # of a head; gunicorn by itself takes 100 fields of 8 kB
READ_BYTES = 16 * 1024  # at once from a client; asyncio by itself reads 256 kB
UNPARSED_BYTES = 32 * 1024  # of the next requests that a client sends ahead; then reading stops
WAITING_BYTES = 4 * 1024 * 1024  # of heads and of requests sent ahead, by all clients together
KERNEL_BYTES = 128 * 1024  # of answers that the system keeps for a client; else up to 4 MB


class Connection(ASGIProtocol):  # type: ignore[misc]  # gunicorn has no type hints
    """The connection of one client.

    A client that has sent only a part of its head after HEAD_SECONDS gets a 408. A client that has
    sent nothing, or does not read its answers, is disconnected.
    """

    def __init__(self, worker: "Worker") -> None:
        super().__init__(worker)
        self._max_buffer_size = UNPARSED_BYTES
        self._has_sent = False
        self._head_bytes = 0  # of the present request
        self._head_timer: TimerHandle | None = None
        self._answer_timer: TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it waits for the head of a request."""
        return self._current_request is None

    def connection_made(self, transport: Transport) -> None:
        """Start waiting for the first head; another connection may have to go."""
        if (connected := transport.get_extra_info("socket")) is not None:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=UNREAD_BYTES)
        transport.max_size = READ_BYTES  # type: ignore[attr-defined]
        self._wait_for_head()
        self.worker.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.worker.forget(self)
        for timer in (self._head_timer, self._answer_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _feed_callback_parser(self, data: bytes) -> bool:
        self._has_sent = True
        goes_on: bool = super()._feed_callback_parser(data)
        if goes_on and self.is_idle:
            self._resume_reading()
            self._wait_for_head()
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._send_error_response(431, f"the head is larger than {HEAD_BYTES:,} bytes")
                self._close_transport()
                return False
        self.worker.holds(self, self._head_bytes + self._http1_buffered())
        return goes_on

    def _resume_reading(self) -> None:
        """gunicorn reads on after every answer, even if megabytes of requests wait already."""
        if self._http1_buffered() <= self._max_buffer_size:
            super()._resume_reading()

    def _on_headers_complete(self) -> Any:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        self.worker.has_asked(self)
        answer = super()._on_headers_complete()
        self._head_bytes = sum(map(len, chain.from_iterable(self._current_request.headers)))
        return answer

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        """gunicorn's own answers, to what is no request, have our headers and a line in our log."""
        super()._send_error_response(status, message, (*extra_headers, *REFUSAL))
        if status != 500:  # the app has failed, and has logged it
            self.worker.asgi.log.write_refusal(status, len(message.encode()))

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_bytes = 0
            self._head_timer = self.worker.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def _head_is_late(self) -> None:
        if self._has_sent:
            found = f"the head did not arrive within {HEAD_SECONDS:.0f} seconds; send it faster"
            self._send_error_response(408, found)
        self._keepalive_timeout()  # closes the connection

    def pause_writing(self) -> None:
        """The client has more than UNREAD_BYTES of answers to read."""
        super().pause_writing()
        self._wait_for_reader()
        self.worker.does_not_read(self)

    def resume_writing(self) -> None:
        """The client has read most of it."""
        super().resume_writing()
        self.worker.reads(self)
        if self._answer_timer is not None and not self._closed:
            self._answer_timer.cancel()
            self._answer_timer = None

    def _wait_for_reader(self) -> None:
        if self._answer_timer is None:
            self._answer_timer = self.worker.loop.call_later(ANSWER_SECONDS, self.transport.abort)

    def _close_transport(self) -> None:
        super()._close_transport()
        if self.transport.get_write_buffer_size():
            self._wait_for_reader()


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]
    """The worker, with at most `worker_connections` connections, a setting of gunicorn."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connections: dict[Connection, None] = {}  # the one that asked last is the last
        self._unread: dict[Connection, None] = {}  # whose clients do not read, in their order
        self._waiting: dict[Connection, int] = {}  # bytes of their heads and of requests sent ahead
        self._waiting_bytes = 0  # of all

    def init_process(self) -> None:
        """Serve; gunicorn has no setting for the class of a connection."""
        gasgi.ASGIProtocol = Connection
        super().init_process()

    def admit(self, new: Connection) -> None:
        """Close the oldest idle connection, or else the oldest, if there are too many."""
        if len(self._connections) >= self.worker_connections:
            idle = (one for one in self._connections if one.is_idle)
            self._drop(next(idle, next(iter(self._connections))))
        self._connections[new] = None

    def has_asked(self, connection: Connection) -> None:
        """A head is whole: this connection is the youngest now."""
        if connection in self._connections:
            del self._connections[connection]
            self._connections[connection] = None

    def does_not_read(self, connection: Connection) -> None:
        """Close the connection that has been like this for the longest time, if there are many."""
        if len(self._unread) >= MAX_UNREAD:
            self._drop(next(iter(self._unread)))
        self._unread[connection] = None

    def reads(self, connection: Connection) -> None:
        """Its client has begun to read again."""
        self._unread.pop(connection, None)

    def holds(self, connection: Connection, size: int) -> None:
        """Note so many bytes; close the connections that hold most, if all hold too many."""
        if connection in self._connections:
            self._waiting_bytes += size - self._waiting.get(connection, 0)
            self._waiting[connection] = size
        while self._waiting_bytes > WAITING_BYTES:
            self._drop(max(self._waiting, key=self._waiting.__getitem__))

    def forget(self, connection: Connection) -> None:
        """It has ended."""
        self._connections.pop(connection, None)
        self._unread.pop(connection, None)
        self._waiting_bytes -= self._waiting.pop(connection, 0)

    def _drop(self, connection: Connection) -> None:
        self.forget(connection)
        connection.transport.abort()
