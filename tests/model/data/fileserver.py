"""A file server on loopback that misbehaves on request, for the tests of downloads."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Fault:
    """The fault of one answer: a status, or `how` the body ends after `after` bytes."""

    status: int | None = None
    how: str = ""  # "cut" (closed), "reset" or "stall" (open but silent)
    after: int = 0


@dataclass(frozen=True)
class Answered:
    """An answered request: its headers, and the number of bytes sent of the body."""

    wanted_range: str | None
    if_range: str | None
    sent: int


class FileServer(ThreadingHTTPServer):
    """Serves `content` at every path, unless `contents` has the name at the end of the path.

    The answers to the first requests have these `faults`; `paths` are those that were asked for.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = b""
        self.contents: dict[str, bytes] = {}
        self.paths: list[str] = []
        self.headers: dict[str, str] = {"ETag": '"first"'}
        self.knows_ranges = True
        self.knows_if_range = True
        self.marks_ranges = True
        self.states_length = True
        self.claimed_length: int | None = None
        self.range_shift = 0
        self.faults: list[Fault] = []
        self.answered: list[Answered] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """The address of the file."""
        return f"{self.root}gzip.zip"

    @property
    def root(self) -> str:
        """The address of the folder."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    @property
    def sent(self) -> int:
        """The number of bytes of all answers' bodies."""
        return sum(request.sent for request in self.answered)


@contextmanager
def serving() -> Iterator[FileServer]:
    """A running FileServer on a free port."""
    with FileServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        fault = self.server.faults.pop(0) if self.server.faults else Fault()
        wanted, mark = self.headers["Range"], self.headers["If-Range"]
        if fault.status is not None:
            body, status, headers = b"", fault.status, {"Location": self.path}
        else:
            body, status, headers = self._answer(wanted, mark)
        sent = body[: fault.after] if fault.how else body
        # Recorded before the bytes are sent: a client that has them all may ask again at once.
        self.server.answered.append(Answered(wanted, mark, len(sent)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.server.states_length:
            self.send_header("Content-Length", str(self.server.claimed_length or len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # A client may close the connection early.
            self.wfile.write(sent)
        self._end(fault.how)

    def _answer(self, wanted: str | None, mark: str | None) -> tuple[bytes, int, dict[str, str]]:
        server = self.server
        content = server.contents.get(self.path.rpartition("/")[2], server.content)
        known = {server.headers.get("ETag"), server.headers.get("Last-Modified")}
        same = mark is None or mark in known or not server.knows_if_range
        if not (wanted and server.knows_ranges and same):
            return content, 200, server.headers
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            return b"", 416, {"Content-Range": f"bytes */{len(content)}"}
        start += server.range_shift
        answered = f"bytes {start}-{len(content) - 1}/{len(content)}"
        marks = server.headers if server.marks_ranges else {}
        return content[start:], 206, {**marks, "Content-Range": answered}

    def _end(self, how: str) -> None:
        if how == "stall":
            self.server.closing.wait()
        if how == "reset":  # SO_LINGER 0: close sends RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""
