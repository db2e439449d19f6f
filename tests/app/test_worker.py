"""gunicorn's loop answers plain drawings itself, and nothing that could make others wait."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from app.worker import SHORT, is_short
from tests.browser.server import Server
from tests.strokes import SEVEN

PATIENCE = 20  # seconds; an answer takes a thousandth of one


def request(body: bytes, path: str = "/api/predict", length: int | None = None) -> bytes:
    length = len(body) if length is None else length
    head = f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {length}\r\n\r\n".encode() + body


def drawing(**more: object) -> bytes:
    return json.dumps({"strokes": SEVEN, **more}).encode()


PLAIN = request(drawing(model="lenet", layers=False))


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)


def answered(client: socket.socket) -> int:
    client.sendall(PLAIN)  # in one piece; http.client would send head and body apart
    response = http.client.HTTPResponse(client)
    response.begin()
    digit: int = json.loads(response.read())["digit"]
    return digit


@pytest.mark.parametrize("sent", [PLAIN, PLAIN.replace(b"Content-L", b"content-l"), PLAIN * 2])
def test_a_whole_drawing_is_short_and_stays_to_be_read(
    ends: tuple[socket.socket, socket.socket], sent: bytes
) -> None:
    here, there = ends
    there.sendall(sent)
    assert is_short(here)
    assert here.recv(65_536) == sent


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        PLAIN[:30],
        PLAIN[:-1],
        request(drawing(), length=10**9),
        PLAIN.replace(b"Length: ", b"Length: " + b"9" * 5000),
        request(drawing(many=True)),
        request(drawing(layers=True)),
        request(b'{"steps" : true}'),
        request(b" " * SHORT + drawing()),
        request(drawing(), path="/api/models"),
        b"GET /api/models HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        PLAIN.replace(b"Content-Length", b"Length"),
        b"\x16\x03\x01" + PLAIN,
    ],
)
def test_nothing_else_is(ends: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    here, there = ends
    there.sendall(sent)
    assert not is_short(here)


def test_nor_is_one_whose_client_has_not_read_what_was_said(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    here, there = ends
    there.sendall(PLAIN)
    here.sendall(b"an answer")
    assert not is_short(here)
    there.recv(100)
    assert is_short(here)


def test_nor_one_whose_client_has_gone(ends: tuple[socket.socket, socket.socket]) -> None:
    here, there = ends
    there.close()
    assert not is_short(here)


def test_clients_who_are_slow_to_send_halt_nobody_else(server: Server) -> None:
    with ExitStack() as open_ones:
        quick = open_ones.enter_context(connected(server))
        assert answered(quick) == 7  # from now on the loop listens to it
        for _ in range(8):  # twice as many as there are threads
            open_ones.enter_context(connected(server)).sendall(PLAIN[:-1])
        for _ in range(20):
            assert answered(quick) == 7


def test_a_client_who_does_not_listen_halts_nobody_else(server: Server) -> None:
    with connected(server) as quick, connected(server) as deaf:
        assert answered(quick) == 7
        deaf.settimeout(1)
        with pytest.raises(TimeoutError):  # once nothing more fits on the way there and back
            deaf.sendall(PLAIN * 100_000)
        assert answered(quick) == 7


def test_questions_sent_in_one_go_are_all_answered(server: Server) -> None:
    with connected(server) as client:
        client.sendall(PLAIN * 50)
        received = b""
        while received.count(b'"digit":7') < 50:
            piece = client.recv(65_536)
            assert piece, "the server hung up"
            received += piece


def test_many_at_once_each_get_their_own_answer(server: Server) -> None:
    found: list[int] = []

    def ask() -> None:
        with connected(server) as client:
            found.extend(answered(client) for _ in range(25))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert found == [7] * 200
