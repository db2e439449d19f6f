"""The page under a prefix: behind the tests' own proxy, and behind the nginx of docs/deploy.md."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Protocol

import pytest

from tests.browser.server import ROOT, Server
from tests.proxy import proxied
from tests.strokes import SEVEN

PREFIX = "/lenet"
TOLD = {"X-Forwarded-Prefix": PREFIX, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "seen.here"}
DRAWING = json.dumps({"strokes": SEVEN}).encode()
SECONDS = 60  # at most, for a start or an answer


class Start(Protocol):
    """Starts a proxy before the server of this port; gives its own port."""

    def __call__(
        self, port: int, is_told: bool = True, strips: bool = True
    ) -> AbstractContextManager[int]: ...


def nginx_block() -> str:
    page = (ROOT / "docs" / "deploy.md").read_text()
    (block,) = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    return str(block)


def configured(folder: Path, port: int, own: int, is_told: bool, strips: bool) -> str:
    """The block of the page as a whole configuration, with the headers of the test."""
    lines = nginx_block().replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    lines = lines.replace("listen 80;", f"listen 127.0.0.1:{own};")
    lines = re.sub(r"proxy_set_header X-Forwarded-(Host|Proto|Prefix) .*\n", "", lines)
    told = "".join(f"proxy_set_header {name} {value};" for name, value in TOLD.items() if is_told)
    slash = "/" if strips else ""
    lines = lines.replace("proxy_pass http://lenet/;", f"proxy_pass http://lenet{slash}; {told}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    main = f"daemon off; pid {folder}/pid; error_log {folder}/errors; events {{ }}\n"
    return f"{main}http {{ access_log off;\n{paths}{lines}}}\n"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(params=["python", "nginx"])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Start:
    """Either proxy."""

    @contextmanager
    def python(port: int, is_told: bool = True, strips: bool = True) -> Iterator[int]:
        with proxied(port, PREFIX, TOLD if is_told else {}, strips) as proxy:
            yield proxy.port

    @contextmanager
    def nginx(port: int, is_told: bool = True, strips: bool = True) -> Iterator[int]:
        own, file = free_port(), tmp_path / "nginx.conf"
        file.write_text(configured(tmp_path, port, own, is_told, strips))
        command = ["nginx", "-c", str(file), "-e", str(tmp_path / "errors")]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                wait_for(own, process)
                yield own
            finally:
                process.terminate()

    if request.param == "python":
        return python
    if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") is None:
        pytest.skip("nginx is not installed; the proxy of the tests does the same")
    return nginx


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), SECONDS).close()
        except ConnectionRefusedError:
            assert process.poll() is None, "nginx did not start"
            assert time.monotonic() < end
            time.sleep(0.02)


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request(method, path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def digit(port: int) -> int:
    found: int = json.loads(ask(port, f"{PREFIX}/api/predict", "POST", DRAWING)[1])["digit"]
    return found


def test_a_proxy_that_removes_the_prefix_and_says_so(server: Server, start: Start) -> None:
    with start(server.port) as port:
        assert digit(port) == 7
        assert b"https://seen.here/lenet/" in ask(port, f"{PREFIX}/")[1]
        api = json.loads(ask(port, f"{PREFIX}/api/openapi.json")[1])
        assert api["servers"] == [{"url": PREFIX}]
        assert f"the page is at {PREFIX}/" in ask(port, f"{PREFIX}/nothing")[1].decode()
        headers = ask(port, f"{PREFIX}/live")[0].headers
        assert "Strict-Transport-Security" in headers


def test_a_proxy_that_removes_the_prefix_silently(server: Server, start: Start) -> None:
    with start(server.port, is_told=False) as port:
        assert digit(port) == 7
        assert ask(port, f"{PREFIX}/models")[0].status == 200


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("prefixed") / "log", SCRIPT_NAME=PREFIX) as server:
        yield server


@pytest.mark.parametrize("strips", [True, False])
def test_the_prefix_as_a_setting(prefixed: Server, start: Start, strips: bool) -> None:
    with start(prefixed.port, is_told=False, strips=strips) as port:
        assert digit(port) == 7
        api = json.loads(ask(port, f"{PREFIX}/api/openapi.json")[1])
        assert api["servers"] == [{"url": PREFIX}]


def test_a_thousand_questions_go_over_the_connections_that_are_kept(
    server: Server, start: Start
) -> None:
    with start(server.port) as port, ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(lambda _: digit(port), range(1_000))) == {7: 1_000}
