"""The metrics of gunicorn's own StatsD client, as docs/deploy.md says to ask for them."""

import re
import socket
from pathlib import Path
from urllib.request import urlopen

from tests.browser.server import Server
from tests.pages import TEXTS

TIMEOUT_SECONDS = 60
ARGUMENTS = re.search(r'GUNICORN_CMD_ARGS="(.*?)"', TEXTS["docs/deploy.md"])


def test_requests_are_counted_and_timed(tmp_path: Path) -> None:
    assert ARGUMENTS is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as collector:
        collector.bind(("127.0.0.1", 0))
        collector.settimeout(TIMEOUT_SECONDS)
        here = f"127.0.0.1:{collector.getsockname()[1]}"
        arguments = ARGUMENTS[1].replace("127.0.0.1:8125", here)
        with Server(tmp_path / "output.txt", GUNICORN_CMD_ARGS=arguments) as server:
            urlopen(f"{server.url}live", timeout=TIMEOUT_SECONDS).close()
            wanted = {
                *("lenet.gunicorn.requests", "lenet.gunicorn.request.status.200"),
                *("lenet.gunicorn.request.duration", "lenet.gunicorn.workers"),
            }
            while wanted:
                wanted.discard(collector.recv(1_000).decode().partition(":")[0])
