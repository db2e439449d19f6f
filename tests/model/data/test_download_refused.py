"""A download that cannot succeed ends soon, in one line that says why and what to do."""

import socket
from pathlib import Path

import pytest

from model.data.download import fetch
from model.data.idx import DataError
from tests.model.data.fileserver import Fault, FileServer

CONTENT = bytes(1_024_000)
CUT = 400_000


@pytest.fixture
def server(file_server: FileServer) -> FileServer:
    file_server.content = CONTENT
    return file_server


def failure(url: str, target: Path, waits: tuple[float, ...] = ()) -> str:
    """The message of a download that cannot succeed; it is one line."""
    with pytest.raises(DataError) as caught:
        fetch(url, target, waits=waits, timeout=0.2)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert not target.exists()
    return message


def test_attempts_are_counted_and_spaced(
    server: FileServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    server.faults = [Fault(503)] * 9
    message = failure(server.url, target, waits=(1, 3))
    assert slept == [1, 3]
    assert len(server.seen) == 3
    assert "503 Service Unavailable in attempt 3, the last; check the connection" in message


def test_the_message_of_a_broken_line_says_what_is_kept(server: FileServer, target: Path) -> None:
    server.faults = [Fault(how="cut", after=CUT)]
    message = failure(server.url, target)
    assert f"{server.url}: the line broke after 400,000 of 1,024,000 bytes" in message
    assert "run again, which goes on after the 400,000 bytes that are here" in message


@pytest.mark.parametrize("status", [401, 403, 404, 410, 302])
def test_a_refusal_that_will_not_change_is_not_asked_again(
    server: FileServer, target: Path, status: int
) -> None:
    server.faults = [Fault(status)] * 20
    message = failure(server.url, target, waits=(0,) * 15)
    assert f"{server.url}: the server answered {status}" in message
    assert f"check the address or save the file as {target} by other means" in message
    assert len(server.seen) <= (11 if status == 302 else 1)  # a circle is followed ten times


def test_a_silent_server_is_left(server: FileServer, target: Path) -> None:
    server.faults = [Fault(how="stall", after=0)]
    assert "timed out" in failure(server.url, target)


def test_a_closed_port_is_reported(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refused, and nobody can take it
        message = failure(f"http://127.0.0.1:{taken.getsockname()[1]}/", target)
    assert "no answer" in message
    assert "refused" in message
    assert "check the connection" in message


def test_an_unknown_host_is_reported(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    message = failure("http://nowhere.invalid/gzip.zip", target)
    assert "http://nowhere.invalid/gzip.zip: no answer" in message
    assert "Name or service not known" in message


@pytest.mark.parametrize(
    "url",
    ["", "gzip.zip", "file:///etc/hostname", "http://[::1", "http://host:port/", "http://a b/"],
)
def test_what_is_no_address_is_reported_at_once(
    target: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    message = failure(url, target, waits=(1,))
    assert slept == []
    assert repr(url) in message
    assert "wanted http" in message


def test_a_file_larger_than_the_disk_is_not_begun(server: FileServer, target: Path) -> None:
    server.claimed_length = 10**18
    message = failure(server.url, target)
    assert "bytes free, wanted 1,000,000,000,000,000,000 for gzip.zip" in message
    assert "make room" in message
