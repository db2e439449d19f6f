"""A server, started with a command and an environment of its own, and asked to read a digit."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from tests.strokes import SEVEN

SECONDS = 60
ROUTER = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}  # of the platform
USER = 1000
# A namespace of its own, in which only /dev/shm can be written to, and then another user.
READ_ONLY = """
for folder in "$FOLDER" /var/tmp; do
    mount --bind "$folder" "$folder" && mount -o remount,bind,ro "$folder" || exit 99
done
exec setpriv --reuid 1000 --regid 1000 --clear-groups -- "$@"
"""


@dataclass(frozen=True)
class Start:
    """What a platform starts.

    command:     words
    folder:      where
    environment: all variables that it sees, but not PORT
    health:      the paths that the platform asks
    is_image:    whether it runs as another user, who can write to nothing but /dev/shm
    """

    command: list[str]
    folder: Path
    environment: Mapping[str, str]
    health: tuple[str, ...]
    is_image: bool


@dataclass(frozen=True)
class Server:
    """A server that runs, or has run."""

    url: str
    log: Path
    process: "subprocess.Popen[bytes]"

    def get(self, path: str, body: Any = None) -> tuple[int, str]:
        """Status and text of an answer, asked for as the platform's router does."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, {"Content-Type": "application/json", **ROUTER})
        with urlopen(request, timeout=SECONDS) as response:
            return response.status, response.read().decode()

    def read_a_seven(self) -> dict[str, Any]:
        """What the default network answers to a drawn 7."""
        _, text = self.get("/api/predict", {"strokes": SEVEN})
        answer: dict[str, Any] = json.loads(text)
        return answer

    def missing_parts(self) -> list[str]:
        """The page's style sheets and modules that are not there, with their status."""
        _, page = self.get("/")
        links = re.findall(r'(?:<link[^>]* href|<script[^>]* src)="([^"#]+)"', page)
        assert any(link.endswith(".js") for link in links)
        wanted = [urljoin("/", link) for link in links]
        return [link for link in wanted if self.get(link)[0] != 200]

    def stop(self) -> int:
        """Its exit status after SIGTERM, which every platform sends."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


def free_port() -> int:
    """A port that the system has just given away."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def can_be_read_only() -> bool:
    """Whether this process may make folders read-only for what it starts."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        return False
    return subprocess.run(**_as_container(["true"], {}), check=False).returncode == 0


def _as_container(command: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
    wrapper = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh"]
    folders = {"FOLDER": tempfile.gettempdir(), "PATH": environment.get("PATH", "/usr/bin:/bin")}
    return {"args": wrapper + command, "env": {**environment, **folders}}


@contextmanager
def started(start: Start, log: Path, read_only: bool = False) -> Iterator[Server]:
    """A server on a port of its own, healthy; RuntimeError shows its output if it is not."""
    port = free_port()
    environment = {**start.environment, "PORT": str(port)}
    options: dict[str, Any] = {"args": start.command, "env": environment}
    if start.is_image and read_only:
        options = _as_container(start.command, environment)
    elif start.is_image and os.geteuid() == 0:
        options |= {"user": USER, "group": USER, "extra_groups": []}
    with log.open("wb") as output:
        process = subprocess.Popen(
            **options, cwd=start.folder, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", log, process)
    try:
        _wait(server, start.health)
        yield server
    finally:
        process.kill()
        process.wait()


def _wait(server: Server, paths: tuple[str, ...]) -> None:
    end = time.monotonic() + SECONDS
    while not all(_is_well(server, path) for path in paths):
        if server.process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server did not start; it said:\n{server.log.read_text()}")
        time.sleep(0.05)


def _is_well(server: Server, path: str) -> bool:
    try:
        return server.get(path)[0] == 200
    except HTTPError as error:
        if error.code == 404:  # waiting does not help
            raise
        return False
    except (URLError, OSError):
        return False
