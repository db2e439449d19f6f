"""A small reverse proxy: it removes a prefix from addresses, and says so only where it is told."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

# These are about one connection, and are not passed on (RFC 9110, 7.6.1).
OF_A_CONNECTION = {"connection", "keep-alive", "te", "transfer-encoding", "upgrade"}
TIMEOUT = 60  # seconds


class Proxy:
    """What a running proxy has seen.

    asked: (method, path as the client sent it, status) of each request, the newest last
    """

    def __init__(self, port: int, prefix: str) -> None:
        self.port, self.prefix = port, prefix
        self.asked: list[tuple[str, str, int]] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"{self.origin}{self.prefix}/"


@contextmanager
def proxied(
    port: int, prefix: str = "", told: Mapping[str, str] | None = None, strips: bool = True
) -> Iterator[Proxy]:
    """A proxy on a free port before the server on this one; connections to both are kept alive.

    prefix: begins every address here, such as "/digits"; any other address is a 404 of the proxy
    told:   headers that it sets, such as X-Forwarded-Prefix, X-Forwarded-Proto; those that a
            client sent under these names are dropped
    strips: whether it removes the prefix
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    proxy = Proxy(server.server_port, prefix)
    server.way = proxy, port, dict(told or {}), strips  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client, and one to the server for all its requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._proxy, port, self._told, self._strips = self.server.way  # type: ignore[attr-defined]
        self._upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def finish(self) -> None:
        self._upstream.close()
        super().finish()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        prefix = self._proxy.prefix
        if not self.path.startswith(f"{prefix}/"):
            return self._answer(404, [], b"The proxy has nothing here.")
        path = self.path.removeprefix(prefix) if self._strips else self.path
        dropped = OF_A_CONNECTION | {name.lower() for name in self._told}
        headers = {k: v for k, v in self.headers.items() if k.lower() not in dropped}
        response = self._response(path, body, {**headers, **self._told})
        passed = [(k, v) for k, v in response.getheaders() if k.lower() not in OF_A_CONNECTION]
        return self._answer(response.status, passed, response.read())

    do_HEAD = do_POST = do_OPTIONS = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _response(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        """Ask the server; once more if it has meanwhile closed the connection that was kept."""
        for is_last in (False, True):
            try:
                self._upstream.request(self.command, path, body or None, headers)
                return self._upstream.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                self._upstream.close()
                if is_last:
                    raise
        raise AssertionError

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self._proxy.asked.append((self.command, self.path, status))
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, value)
        if self.command != "HEAD" and status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: a test reads `asked`."""
