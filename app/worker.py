"""gunicorn's worker with threads, except that what is soon done is done at once.

A request that goes to a thread costs more than it takes to answer: two threads wake each other,
and then take turns with the interpreter at every one of the hundred steps that NumPy takes
without it. Most requests are a drawing, asked for as the pen moves; it is there from its first
byte to its last, and answered in half a millisecond. So the loop that hears of it answers it.
Whatever might make others wait goes to a thread as ever: what comes in pieces, clients who are slow
to listen, pictures, whole numbers, and answers with more in them than ten probabilities.
"""

import fcntl
import re
import socket
import sys
import termios
from concurrent.futures import Future

from gunicorn.workers.gthread import TConn, ThreadWorker

SHORT = 16_384  # bytes of a request, head and all: some thousand points
DRAWING = b"POST /api/predict HTTP/1.1\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d{1,5})\r\n", re.IGNORECASE)
MORE = re.compile(rb'"(many|layers|steps)"\s*:\s*true')  # what takes long, or fills a socket


class Worker(ThreadWorker):
    """Settings and behaviour are those of gunicorn's `gthread`."""

    def enqueue_req(self, conn: TConn) -> None:
        """A connection may have something to be answered: answer it, or let a thread do so."""
        read_ahead = conn.parser and conn.parser.unreader.buf.getvalue()
        if read_ahead or not is_short(conn.sock):
            super().enqueue_req(conn)
            return
        done: Future[object] = Future()
        done.set_result(self.handle(conn))
        self.finish_request(conn, done)


def is_short(connection: socket.socket) -> bool:
    """Whether all of a plain drawing waits there, and the answer will find an empty socket."""
    try:
        waiting = connection.recv(SHORT, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        unsent = fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4))
    except (OSError, ValueError):  # nothing there yet; TLS, which cannot be looked into
        return False
    if int.from_bytes(unsent, sys.byteorder) > 0:
        return False
    head, blank, body = waiting.partition(b"\r\n\r\n")
    length = LENGTH.search(head + b"\r\n") if blank and head.startswith(DRAWING) else None
    return bool(length and len(body) >= int(length[1]) and not MORE.search(body))
