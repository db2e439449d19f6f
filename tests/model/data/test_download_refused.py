"""Downloads that cannot succeed end soon, with one line that gives reason and cure."""

import re
import socket
from pathlib import Path
from types import SimpleNamespace

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
    assert len(server.answered) == 3
    assert message == (
        f"{server.url}: the server answered 503 Service Unavailable in attempt 3, the last; check "
        "the connection and run again, which goes on after the 0 bytes that are here, or save the "
        f"file as {target} by other means"
    )


def test_by_default_there_are_four_attempts_after_1_3_and_9_seconds(
    server: FileServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    server.faults = [Fault(503)] * 9
    with pytest.raises(DataError, match="in attempt 4, the last"):
        fetch(server.url, target)
    assert slept == [1, 3, 9]


def test_a_failed_attempt_is_told_at_once(
    server: FileServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[object] = []
    monkeypatch.setattr("time.sleep", events.append)
    server.faults = [Fault(503)] * 9
    with pytest.raises(DataError):
        fetch(server.url, target, waits=(1, 3), say=events.append)
    problem = f"{server.url}: the server answered 503 Service Unavailable; the next attempt begins"
    assert events == [
        f"downloading {server.url} into {target.parent}",
        *(f"{problem} in 1 s", 1),
        *(f"{problem} in 3 s", 3),
    ]


def test_the_message_of_a_broken_connection_names_the_bytes_received(
    server: FileServer, target: Path
) -> None:
    server.faults = [Fault(how="cut", after=CUT)]
    message = failure(server.url, target)
    assert f"{server.url}: the line broke after 400,000 of 1,024,000 bytes in att" in message
    assert "run again, which goes on after the 400,000 bytes that are here" in message


@pytest.mark.parametrize("status", [401, 403, 404, 410, 302])
def test_a_permanent_refusal_is_not_retried(server: FileServer, target: Path, status: int) -> None:
    server.faults = [Fault(status)] * 20
    message = failure(server.url, target, waits=(0,) * 15)
    assert message.startswith(f"{server.url}: the server answered {status} ")
    cure = f"check the address or save the file as {target} by other means"
    assert message.endswith(f", wanted the file; {cure}")
    assert len(server.answered) <= (11 if status == 302 else 1)  # ten redirects are followed


def test_a_silent_server_times_out(server: FileServer, target: Path) -> None:
    server.faults = [Fault(how="stall", after=0)]
    assert f"{server.url}: the line broke (timed out) in attempt 1" in failure(server.url, target)


def test_a_closed_port_is_reported(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: so it refuses
        message = failure(f"http://127.0.0.1:{taken.getsockname()[1]}/", target)
    assert re.search(r": no answer \(.*refused\) in attempt 1", message)
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
def test_an_invalid_address_is_reported_at_once(
    target: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    message = failure(url, target, waits=(1,))
    assert slept == []
    if url.startswith("http"):
        assert re.fullmatch(
            re.escape(repr(url)) + r" is not an address \(.+\); wanted https://…", message
        )
    else:
        wanted = "is not an address to download from; wanted http:// or https://"
        assert message == f"{url!r} {wanted}"


def test_a_file_larger_than_the_free_disk_space_is_not_downloaded(
    server: FileServer, target: Path
) -> None:
    server.claimed_length = 10**18
    message = failure(server.url, target)
    assert re.fullmatch(
        re.escape(str(target.parent))
        + r": [0-9,]+ bytes free, wanted 1,000,000,000,000,000,000 for gzip.zip; "
        "make room or choose another folder with --data DIR",
        message,
    )


@pytest.mark.parametrize(("free", "fits"), [(1_024_000, True), (1_023_999, False)])
def test_the_bytes_that_are_still_missing_must_fit(
    server: FileServer, target: Path, monkeypatch: pytest.MonkeyPatch, free: int, fits: bool
) -> None:
    usage = SimpleNamespace(total=0, used=0, free=free)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    if fits:
        fetch(server.url, target)
    else:
        assert "1,023,999 bytes free, wanted 1,024,000 for" in failure(server.url, target)


def test_after_an_earlier_attempt_only_the_missing_bytes_must_fit(
    server: FileServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.faults = [Fault(how="cut", after=CUT)]
    failure(server.url, target)
    usage = SimpleNamespace(total=0, used=0, free=1_024_000 - CUT)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    fetch(server.url, target)


def test_a_part_file_that_another_server_refuses_is_named(server: FileServer, target: Path) -> None:
    server.faults = [Fault(how="cut", after=CUT)]
    failure(server.url, target)
    server.range_shift = 1
    found = f"the server sent 'bytes {CUT + 1}-1023999/1024000' of another file"
    assert f"{server.url}: {found} in attempt 1" in failure(server.url, target)
