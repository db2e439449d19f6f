"""The line that invites people to draw is printed by a server that listens, and by no other."""

import os
import re
import socket
import subprocess
import sys
from urllib.request import urlopen

from tests.browser.server import ROOT

SECONDS = 60  # most that a start may take on a busy machine


def start(port: int) -> "subprocess.Popen[str]":
    """What `make run` starts."""
    recipe = re.search(r"^run:.*\n(?:\t.*\n)*", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    assert "Draw a digit" not in recipe[0]
    assert "HOST=127.0.0.1 PORT='$(PORT)' " in recipe[0]
    assert '$(BIN)/gunicorn "app.asgi:create_app()"' in recipe[0]
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "app.asgi:create_app()"],
        cwd=ROOT,
        env={**os.environ, "HOST": "127.0.0.1", "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_invitation_names_an_address_that_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start(port)
    assert process.stdout
    invitation = process.stdout.readline()
    address = re.fullmatch(
        r"Draw a digit: (http://127\.0\.0\.1:[1-9]\d*)   \(Ctrl-C stops\)\n", invitation
    )
    try:
        assert address, invitation
        with urlopen(address[1], timeout=SECONDS) as page:
            assert page.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def test_nobody_is_invited_to_a_port_that_another_program_has() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        printed, errors = start(port).communicate(timeout=SECONDS)
    assert printed == ""
    assert f"Connection in use: ('127.0.0.1', {port})" in errors
