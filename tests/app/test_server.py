"""The app under the real gunicorn: tests that need real connections."""

import http.client
import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import pytest

from tests.browser.server import ROOT, Server
from tests.strokes import SEVEN

TIMEOUT_SECONDS = 60  # of an answer on a busy machine; normally a few thousandths
CROWD = 20  # slow clients at once; gunicorn's own default would be stopped by one


def request(body: bytes, **headers: str) -> bytes:
    head = "POST /api/predict HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{head}{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


PLAIN = request(json.dumps({"strokes": SEVEN}).encode())


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_SECONDS)


def answered(client: socket.socket) -> int:
    """The digit in the answer to a plain drawing of this client."""
    client.sendall(PLAIN)
    digit: int = json.loads(listened(client).read())["digit"]
    return digit


def listened(client: socket.socket) -> http.client.HTTPResponse:
    response = http.client.HTTPResponse(client)
    response.begin()
    return response


def post(server: Server, chunks: list[bytes]) -> tuple[int, bytes]:
    """Send a body in chunks without its length; returns status and body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_SECONDS)
    connection.putrequest("POST", "/api/predict")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    for chunk in [*chunks, b""]:
        connection.send(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def test_a_body_in_chunks_is_read(server: Server) -> None:
    body = json.dumps({"strokes": SEVEN}).encode()
    status, answer = post(server, [body[:20], body[20:]])
    assert (status, json.loads(answer)["digit"]) == (200, 7)


def test_a_body_in_chunks_without_end_is_refused(server: Server) -> None:
    limit = 4_194_304
    status, answer = post(server, [b" " * (limit // 4)] * 4 + [b"{}"])
    assert (status, json.loads(answer)["status"]) == (413, 413)
    assert "found a longer body, wanted at most 4,194,304 bytes" in json.loads(answer)["detail"]


@pytest.mark.parametrize(("media_type", "status"), [("application/json", 413), ("image/heic", 415)])
def test_a_client_that_sends_far_too_much_still_gets_the_refusal(
    server: Server, media_type: str, status: int
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_SECONDS)
    connection.request("POST", "/api/predict", bytes(30_000_000), {"Content-Type": media_type})
    assert connection.getresponse().status == status
    connection.close()


SLOW: dict[str, Callable[[socket.socket], None]] = {
    "never finish their head": lambda client: client.sendall(PLAIN[:30]),
    "never finish their body": lambda client: client.sendall(PLAIN[:-1]),
    "are silent": lambda client: None,
    "ask for close and do not hang up": lambda client: client.sendall(
        request(b"{}", Connection="close")
    ),
    "speak HTTP/1.0 and stay": lambda client: client.sendall(PLAIN.replace(b"1.1", b"1.0", 1)),
    "send garbage": lambda client: client.sendall(b"\x16\x03\x01\x02\x00 " * 20),
    "send 300 questions for a page and read no answer": lambda client: client.sendall(
        b"GET /models HTTP/1.1\r\nHost: here\r\n\r\n" * 300
    ),
}


@pytest.mark.parametrize("slow", SLOW)
def test_a_plain_drawing_does_not_wait_for_slow_clients(server: Server, slow: str) -> None:
    with ExitStack() as open_ones:
        for _ in range(CROWD):
            SLOW[slow](open_ones.enter_context(connected(server)))
        for _ in range(5):
            quick = open_ones.enter_context(connected(server))  # a new connection
            assert [answered(quick) for _ in range(4)] == [7] * 4


def test_a_client_that_does_not_read_its_answers_does_not_block_others(server: Server) -> None:
    with connected(server) as quick, connected(server) as deaf:
        deaf.settimeout(1)
        with pytest.raises(TimeoutError):  # when all buffers are full
            deaf.sendall(PLAIN * 600_000)  # 100 MB: more than any system keeps for a socket
        assert answered(quick) == 7


def test_the_number_of_connections_is_bounded_and_the_oldest_idle_one_goes() -> None:
    with started("app.asgi:create_app()", "--worker-connections", "2") as port, ExitStack() as all_:
        oldest, middle, youngest = (
            all_.enter_context(socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS))
            for _ in range(3)
        )
        assert oldest.recv(1) == b""
        assert [answered(client) for client in (middle, youngest)] == [7, 7]


def test_pipelined_questions_are_all_answered(server: Server) -> None:
    with connected(server) as client:
        client.sendall(PLAIN * 50)
        received = b""
        while received.count(b'"digit":7') < 50:
            piece = client.recv(65_536)
            assert piece, "the server hung up"
            received += piece


def test_concurrent_clients_get_their_own_answers(server: Server) -> None:
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


def test_plain_drawings_and_health_are_answered_before_a_scribble_ends(server: Server) -> None:
    scribble = np.random.default_rng(0).normal(0, 1, (20_000, 2)).cumsum(axis=0).round(1)
    body = json.dumps({"strokes": [scribble.tolist()], "layers": True, "steps": True}).encode()
    with connected(server) as heavy, connected(server) as quick:
        heavy.sendall(request(body))
        for _ in range(5):
            assert answered(quick) == 7
            with urlopen(f"{server.url}health", timeout=TIMEOUT_SECONDS) as response:
                assert response.status == 200
        assert select.select([heavy], [], [], 0)[0] == [], "the scribble was answered first"
        assert listened(heavy).status == 200


def start(*command: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def started(*command: str) -> Iterator[int]:
    """Start a server with this command; returns its port."""
    process = start(*command)
    assert process.stderr is not None
    try:
        heard = next(line for line in process.stderr if "Listening at: http://" in line)
        yield int(heard.split(" (")[0].rsplit(":", 1)[1])
    finally:
        process.terminate()
        process.communicate(timeout=TIMEOUT_SECONDS)


def test_a_wsgi_server_can_serve_the_app() -> None:
    with started("app:create_app()", "-k", "gthread", "-c", "/dev/null") as port:
        url = f"http://127.0.0.1:{port}/api/predict"
        body = json.dumps({"strokes": SEVEN}).encode()
        question = Request(url, body, {"Content-Type": "application/json"})
        with urlopen(question, timeout=TIMEOUT_SECONDS) as response:
            assert json.loads(response.read())["digit"] == 7


def test_without_weights_the_server_prints_the_reason_in_one_paragraph(tmp_path: Path) -> None:
    process = start(f"app.asgi:create_app({{'WEIGHTS': '{tmp_path}'}})")
    _, printed = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 1
    assert "Error: the server cannot start: " in printed
    assert "train one with: python train.py" in printed
    assert "Traceback" not in printed


def test_a_wsgi_app_under_the_asgi_worker_is_refused_at_the_start() -> None:
    process = start("app:create_app()")  # without -k, the worker of gunicorn.conf.py
    _, printed = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode != 0
    assert "lifespan startup failed" in printed
