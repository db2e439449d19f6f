"""The app under the real gunicorn: what a test client cannot show."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.server import ROOT, Server
from tests.strokes import SEVEN


def post(server: Server, chunks: list[bytes]) -> tuple[int, bytes]:
    """Send a body in chunks, its length not told; the status and the body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
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


@pytest.mark.parametrize(("kind", "status"), [("application/json", 413), ("image/heic", 415)])
def test_who_sends_far_too_much_still_hears_why(server: Server, kind: str, status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/api/predict", bytes(30_000_000), {"Content-Type": kind})
    assert connection.getresponse().status == status
    connection.close()


def test_without_weights_it_says_why_in_one_paragraph(tmp_path: Path) -> None:
    app = f"app.asgi:create_app({{'WEIGHTS': '{tmp_path}'}})"
    start = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--preload", "--bind", "127.0.0.1:0", app],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert start.returncode == 1
    assert "Error: the server cannot start: " in start.stderr
    assert "train one with: python train.py" in start.stderr
    assert "Traceback" not in start.stderr
