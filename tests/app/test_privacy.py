"""Nothing drawn is stored or logged."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.drawn import drawn, encoded
from tests.strokes import FIVE

FORM = "multipart/form-data; boundary=x"
CHANGES = {"os.mkdir", "os.rename", "shutil.copyfile", "tempfile.mkstemp", "socket.connect"}
TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT
watchers: list[list[str]] = []


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    if watchers and (event in CHANGES or (event == "open" and arguments[2] & TO_WRITE)):
        watchers[-1].append(f"{event} {arguments[0]}")


sys.addaudithook(hook)  # Python calls it at every open; it cannot be removed


@contextmanager
def watched() -> Iterator[list[str]]:
    """The files opened for writing, files made or moved, and connections, while the block runs."""
    watchers.append([])
    try:
        yield watchers[-1]
    finally:
        watchers.pop()


def large_picture() -> bytes:
    """A picture of more than 500 kB; Werkzeug would put such an upload into a file."""
    body = encoded(drawn(FIVE, 1000), "BMP")
    assert len(body) > 900_000
    return body


def form(picture: bytes) -> bytes:
    """The body that a browser sends. (Werkzeug's test client would write it to a file.)"""
    field = b'--x\r\nContent-Disposition: form-data; name="image"; filename="5.bmp"\r\n\r\n'
    return field + picture + b"\r\n--x--\r\n"


def test_a_drawing_leaves_no_trace(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    picture = large_picture()
    with watched() as written:
        answers = [
            client.post("/api/predict", json={"strokes": FIVE, "layers": True}),
            client.post("/api/predict", data=picture, content_type="image/bmp"),
            client.post("/api/predict", data=form(picture), content_type=FORM),
            client.post("/api/predict", json={"strokes": [[[12345, None]]]}),
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 400]
    assert written == []
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_the_audit_hook_records_writes(tmp_path: Path) -> None:
    with watched() as written:
        (tmp_path / "drawing").write_text("7")
    assert written == [f"open {tmp_path / 'drawing'}"]
