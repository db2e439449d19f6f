"""What is no HTTP, sent to the real server: refused, and only our lines in the log."""

import re
import socket
import time

import numpy as np
import pytest

from tests.app.test_server import PLAIN, TIMEOUT_SECONDS, answered, connected
from tests.browser.server import Server

SECRET = b"Anna drew a seven"  # a log that holds it would tell what was sent
POST = b"POST /api/predict HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n%s\r\n" % (len(SECRET), SECRET)
GET = b"GET /health HTTP/1.1\r\nHost: here\r\n"
FAULTS: dict[str, tuple[int, bytes, bytes]] = {  # status, and what is sent, in two parts
    "a chunk size that is no number": (400, CHUNKED, b"zz\r\n" + SECRET),
    "a chunk size that is text": (400, CHUNKED, SECRET + b"\r\n"),
    "a chunk size below 0": (400, CHUNKED, b"-5\r\n" + SECRET),
    "a chunk size with 0x": (400, CHUNKED, b"0x5\r\n" + SECRET),
    "a chunk longer than it says": (400, CHUNKED, b"3\r\n" + SECRET),
    "a bad chunk after a good one": (400, CHUNKED + CHUNK, SECRET + b"\r\n"),
    "a chunk with a bad extension": (400, CHUNKED, b"5;a=\x01" + SECRET + b"\r\n"),
    "a chunk with bare line feeds": (400, CHUNKED, CHUNK.replace(b"\r", b"")),
    "chunks and a length": (400, POST, b"Content-Length: 9\r\n" + CHUNKED[len(POST) :] + CHUNK),
    "chunks in HTTP/1.0": (400, CHUNKED.replace(b"1.1", b"1.0", 1), b""),
    "a transfer coding that nobody knows": (501, POST, b"Transfer-Encoding: x\r\n\r\n" + SECRET),
    "two lengths": (400, POST, b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n" + SECRET),
    "a length that is no number": (400, POST, b"Content-Length: " + SECRET + b"\r\n\r\n"),
    "a length below 0": (400, POST, b"Content-Length: -1\r\n\r\n" + SECRET),
    "a length of 5,000 digits": (413, POST, b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"),
    "a request line that is none": (400, SECRET, b"\r\n\r\n"),
    "a header name with spaces": (400, GET, SECRET + b": 1\r\n\r\n"),
    "a header with a zero": (400, GET, b"X: " + SECRET + b"\0\r\n\r\n"),
    "an address that is no text": (400, b"GET /\xff", SECRET + b" HTTP/1.1\r\n\r\n"),
    "a version that nobody speaks": (400, b"GET / HTTP/", b"9.9\r\n\r\n"),
    "a long address": (414, b"GET /", SECRET * 600 + b" HTTP/1.1\r\n\r\n"),
    "a long header": (431, GET, b"X: " + SECRET * 600 + b"\r\n\r\n"),
    "200 headers": (431, GET, b"X: " + SECRET + b"\r\n" + b"X: 1\r\n" * 200 + b"\r\n"),
}


# Nothing of what a client wrote has a place in it.
LINE = re.compile(
    rb"time=[-0-9T:.+]{29} method=(POST|GET|-) route=(/api/predict|/health|-) status=\d{3} "
    rb"ms=\d+\.\d+ bytes=\d+ id=([0-9a-f]{16}|-) process=\d+"
)


def others(log: bytes) -> list[bytes]:
    """The lines that are not ours, such as those of a traceback."""
    return [line for line in log.splitlines() if not LINE.fullmatch(line)]


def sent(server: Server, *parts: bytes, pause: float = 0.0, ended: bool = False) -> bytes:
    """All that the server answers until it hangs up. ended: whether to say that no more comes."""
    received = b""
    with connected(server) as client:
        for part in parts:
            client.sendall(part)
            time.sleep(pause)
        if ended:
            client.shutdown(socket.SHUT_WR)
        while piece := client.recv(65_536):
            received += piece
    return received


@pytest.mark.parametrize("pause", [0.0, 0.05], ids=["at once", "while the server waits"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_client_is_refused_and_leaves_only_our_line(
    server: Server, name: str, pause: float
) -> None:
    before = others(server.log.read_bytes())
    status, *parts = FAULTS[name]
    answer = sent(server, *parts, pause=pause)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert len(answer) < 2_000  # and does not give back all that was sent
    assert others(server.log.read_bytes()) == before


def test_chunks_with_any_fault_leave_only_our_lines_and_halt_nobody(server: Server) -> None:
    before, random = others(server.log.read_bytes()), np.random.default_rng(0)
    for _ in range(300):
        message = bytearray(CHUNKED + CHUNK + b"0\r\n\r\n")
        for place in random.integers(len(POST), len(message), 3):
            message[place] = random.integers(256)
        assert b"HTTP/1.1 500" not in sent(server, bytes(message), ended=True)
    with connected(server) as client:
        assert answered(client) == 7
    assert others(server.log.read_bytes()) == before


def test_who_hangs_up_within_a_body_leaves_only_our_line(server: Server) -> None:
    before = others(server.log.read_bytes())
    for part in (PLAIN[:-1], CHUNKED + CHUNK[:-9], PLAIN[:30]):
        with connected(server) as client:
            client.settimeout(TIMEOUT_SECONDS)
            client.sendall(part)
    with connected(server) as client:
        assert answered(client) == 7
    assert others(server.log.read_bytes()) == before
