"""HTTP as clients, proxies and load balancers speak it, over real sockets to the real gunicorn."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import parse_headers
from itertools import product

import pytest

from tests.browser.server import Server
from tests.strokes import SEVEN

WAIT = 60  # seconds for an answer on a busy machine; normally a few thousandths
READ = {"GET", "HEAD", "OPTIONS"}
ALLOWED = {
    "/": READ,
    "/models": READ,
    "/live": READ,
    "/health": READ,
    "/healthz": READ,
    "/api/models": READ,
    "/api/openapi.json": READ,
    "/static/favicon.svg": READ,
    "/api/predict": {"POST", "OPTIONS"},
    "/api/strokes": {"POST", "OPTIONS"},
}
METHODS = [*sorted(READ), "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"]

BODY = json.dumps({"strokes": SEVEN}).encode()
JSON = "Content-Type: application/json"
LIVE = b"GET /live HTTP/1.1\r\nHost: here\r\n\r\n"


@dataclass
class Found:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def allowed(self) -> set[str]:
        return set(self.headers["allow"].split(", "))


class Client:
    """One connection, on which requests follow one another."""

    def __init__(self, server: Server) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), WAIT)
        self._file = self._socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def line(self) -> bytes:
        return self._file.readline()

    def answer(self, method: str = "GET") -> Found:
        """The next answer; to a HEAD it has no body."""
        status = int(self.line().split()[1])
        headers = {name.lower(): value for name, value in parse_headers(self._file).items()}
        length = 0 if method == "HEAD" else int(headers["content-length"])
        return Found(status, headers, self._file.read(length))

    def ask(self, method: str, target: str, *fields: str, body: bytes = b"") -> Found:
        """The answer to a request of HTTP/1.1."""
        self.send(head(method, target, *fields, f"Content-Length: {len(body)}") + body)
        return self.answer(method)

    def has_ended(self) -> bool:
        """Whether the server has closed; waits for it."""
        return self._file.read(1) == b""

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    one = Client(server)
    yield one
    one.close()


def head(method: str, target: str, *fields: str, version: str = "1.1") -> bytes:
    lines = [f"{method} {target} HTTP/{version}", "Host: here.example", *fields]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


@pytest.mark.parametrize(("path", "method"), sorted(product(ALLOWED, METHODS)))
def test_each_address_has_its_methods(client: Client, path: str, method: str) -> None:
    found = client.ask(method, path)
    if method not in ALLOWED[path]:
        assert found.status == 405
        assert found.allowed == ALLOWED[path]
    elif method == "OPTIONS":
        assert (found.status, found.allowed, found.body) == (200, ALLOWED[path], b"")
    else:
        assert found.status == (400 if method == "POST" else 200)
    if method == "CONNECT":
        assert client.has_ended()  # what follows would be meant for another server
    else:
        assert client.ask("GET", "/live").status == 200  # no byte was left in between


@pytest.mark.parametrize("path", [*ALLOWED, "/nothing", "/static/nothing"])
@pytest.mark.parametrize("field", ["Accept: */*", "Accept: text/html", "Accept-Encoding: gzip"])
def test_head_has_the_length_of_get_and_no_body(client: Client, path: str, field: str) -> None:
    got, asked = client.ask("GET", path, field), client.ask("HEAD", path, field)
    assert asked.status == got.status
    assert asked.headers["content-type"] == got.headers["content-type"]
    if got.status != 405:  # its text names the method
        assert int(asked.headers["content-length"]) == len(got.body)
    assert client.ask("GET", "/live").status == 200


def test_an_answer_of_304_has_no_body(client: Client) -> None:
    etag = client.ask("GET", "/models").headers["etag"]
    for method in ("GET", "HEAD"):
        client.send(head(method, "/models", f"If-None-Match: {etag}"))
        assert client.answer("HEAD").status == 304
        assert client.ask("GET", "/live").status == 200


def test_a_client_that_waits_for_100_is_told_to_go_on(client: Client) -> None:
    length = f"Content-Length: {len(BODY)}"
    client.send(head("POST", "/api/predict", JSON, length, "Expect: 100-continue"))
    assert (client.line(), client.line()) == (b"HTTP/1.1 100 Continue\r\n", b"\r\n")
    client.send(BODY)
    assert json.loads(client.answer().body)["digit"] == 7


def test_a_body_that_is_far_too_long_is_refused_before_it_is_sent(client: Client) -> None:
    fields = JSON, "Content-Length: 1000000000", "Expect: 100-continue"
    client.send(head("POST", "/api/predict", *fields))
    assert client.answer().status == 413


def test_http_1_0_has_no_100(client: Client) -> None:
    fields = JSON, f"Content-Length: {len(BODY)}", "Expect: 100-continue"
    client.send(head("POST", "/api/predict", *fields, version="1.0") + BODY)
    assert client.answer().status == 200


CHUNKED = {
    "one chunk": chunk(BODY) + b"0\r\n\r\n",
    "two chunks": chunk(BODY[:9]) + chunk(BODY[9:]) + b"0\r\n\r\n",
    "extensions": chunk(BODY, b';a=b;c="d e"') + b"0;last\r\n\r\n",
    "trailers": chunk(BODY) + b"0\r\nX-Sum: 1\r\nContent-Type: image/png\r\n\r\n",
    "zeros before a length": b"000" + chunk(BODY) + b"0000\r\n\r\n",
}


@pytest.mark.parametrize("form", CHUNKED)
def test_a_body_in_chunks_is_read_and_the_connection_goes_on(client: Client, form: str) -> None:
    for _ in range(2):
        client.send(head("POST", "/api/predict", JSON, "Transfer-Encoding: chunked"))
        client.send(CHUNKED[form])
        assert json.loads(client.answer().body)["digit"] == 7


@pytest.mark.parametrize(
    "fields",
    [
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Transfer-Encoding: chunked, identity",),
        ("Content-Length: +5",),
        ("Host: again.example",),
    ],
)
def test_a_head_that_two_servers_may_read_differently_is_refused(
    client: Client, fields: tuple[str, ...]
) -> None:
    client.send(head("POST", "/api/predict", JSON, *fields) + chunk(BODY) + b"0\r\n\r\n" + LIVE)
    found = client.answer()
    assert 400 <= found.status < 502
    assert found.headers["connection"] == "close"


def test_requests_sent_ahead_are_answered_in_order(client: Client) -> None:
    paths = ["/live", "/nothing", "/models", "/api/models", "/live"] * 4
    client.send(b"".join(head("GET", path) for path in paths))
    assert [client.answer().status for _ in paths] == [200, 404, 200, 200, 200] * 4


def test_a_proxy_may_send_requests_of_many_visitors_on_one_connection(client: Client) -> None:
    for number in range(100):
        fields = JSON, f"X-Forwarded-For: 192.0.2.{number}", f"X-Request-Id: {number}"
        found = client.ask("POST", "/api/predict", *fields, body=BODY)
        assert (found.status, found.headers["x-request-id"]) == (200, str(number))


@pytest.mark.parametrize("fields", [(), ("Connection: close",)])
def test_http_1_0_ends_after_one_answer(client: Client, fields: tuple[str, ...]) -> None:
    client.send(head("GET", "/live", *fields, version="1.0"))
    found = client.answer()
    assert (found.status, found.headers["connection"]) == (200, "close")
    assert client.has_ended()


def test_http_1_0_goes_on_where_it_asks_for_that(client: Client) -> None:
    for _ in range(3):
        client.send(head("GET", "/live", "Connection: Keep-Alive", version="1.0"))
        found = client.answer()
        assert (found.status, found.headers["connection"]) == (200, "keep-alive")


def test_a_client_may_close_after_its_answer(client: Client) -> None:
    assert client.ask("GET", "/live", "Connection: close").headers["connection"] == "close"
    assert client.has_ended()


@pytest.mark.parametrize(
    ("target", "status", "host"),
    [
        ("http://there.example/", 200, "there.example"),
        ("http://there.example", 200, "there.example"),
        ("HTTP://there.example:81/?model=lenet", 200, "there.example:81"),
        ("http://there.example/nothing", 404, None),
        ("http:///", 200, "here.example"),
        ("//there.example/", 404, None),
        ("/http://there.example/", 404, None),
    ],
)
def test_a_target_may_name_the_server(
    client: Client, target: str, status: int, host: str | None
) -> None:
    found = client.ask("GET", target, "Accept: text/html")
    assert found.status == status
    assert host is None or f'content="http://{host}/"' in found.body.decode()


@pytest.mark.parametrize("target", ["*", "here", "here:80", "/é", "/a b", ""])
def test_what_is_no_target_is_refused(client: Client, target: str) -> None:
    client.send(head("GET", target))
    assert client.answer().status == 400
