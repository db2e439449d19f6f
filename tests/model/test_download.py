"""A download gets every byte once, whatever the line and the server do to it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from model.download import fetch
from model.idx import DataError
from tests.model.fileserver import Fault, FileServer, Seen, serving

CONTENT = bytes(range(256)) * 4000  # 1,024,000 bytes: more than the sockets can hold unread
CUT = 400_000
FIRST = Seen(None, None, CUT)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serving() as server:
        server.content = CONTENT
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "gzip.zip"


@dataclass
class Recorder:
    """A progress bar that remembers."""

    total: int
    already: int
    description: str
    counted: int = 0
    closed: bool = False

    def update(self, n: int, /) -> None:
        self.counted += n


def leave_a_part(server: FileServer, target: Path) -> None:
    """An earlier run that got the first CUT bytes."""
    server.faults = [Fault(how="cut", after=CUT)]
    with pytest.raises(DataError):
        fetch(server.url, target, waits=())


def failure(url: str, target: Path, waits: tuple[float, ...] = ()) -> str:
    """The message of a download that cannot succeed; it is one line."""
    with pytest.raises(DataError) as caught:
        fetch(url, target, waits=waits, timeout=0.2)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert not target.exists()
    return message


def test_a_whole_file_arrives_under_its_own_name_and_nothing_else_stays(
    server: FileServer, target: Path
) -> None:
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["gzip.zip"]
    assert server.seen == [Seen(None, None, len(CONTENT))]


def test_a_file_of_unknown_length_arrives(server: FileServer, target: Path) -> None:
    server.states_length = False
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("how", ["cut", "stall"])
def test_a_broken_line_costs_no_byte_twice(server: FileServer, target: Path, how: str) -> None:
    server.faults = [Fault(how=how, after=CUT)]
    fetch(server.url, target, waits=(0,), timeout=0.5)
    assert target.read_bytes() == CONTENT
    assert server.seen == [FIRST, Seen(f"bytes={CUT}-", '"first"', len(CONTENT) - CUT)]


def test_a_reset_connection_is_asked_again(server: FileServer, target: Path) -> None:
    server.faults = [Fault(how="reset", after=CUT)]
    fetch(server.url, target, waits=(0,))
    assert target.read_bytes() == CONTENT
    assert len(server.seen) == 2


def test_a_later_run_goes_on_where_the_first_stopped(server: FileServer, target: Path) -> None:
    leave_a_part(server, target)
    assert not target.exists()
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT
    assert server.sent == len(CONTENT)
    assert [path.name for path in target.parent.iterdir()] == ["gzip.zip"]


def test_a_server_without_ranges_sends_the_whole_file_again(
    server: FileServer, target: Path
) -> None:
    server.knows_ranges = False
    leave_a_part(server, target)
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT
    assert server.sent == CUT + len(CONTENT)


@pytest.mark.parametrize("knows_if_range", [True, False])
@pytest.mark.parametrize("mark", ["ETag", "Last-Modified"])
def test_the_parts_of_two_versions_are_never_joined(
    server: FileServer, target: Path, mark: str, knows_if_range: bool
) -> None:
    server.headers = {mark: '"one"' if mark == "ETag" else "Mon, 01 Jan 2024 00:00:00 GMT"}
    leave_a_part(server, target)
    server.headers = {mark: '"two"' if mark == "ETag" else "Tue, 02 Jan 2024 00:00:00 GMT"}
    server.content = CONTENT[::-1]
    server.knows_if_range = knows_if_range
    fetch(server.url, target, waits=(0,))
    assert target.read_bytes() == CONTENT[::-1]


def test_a_weak_tag_is_no_proof_so_the_date_is_sent(server: FileServer, target: Path) -> None:
    date = "Mon, 01 Jan 2024 00:00:00 GMT"
    server.headers = {"ETag": 'W/"about"', "Last-Modified": date}
    leave_a_part(server, target)
    fetch(server.url, target)
    assert server.seen[-1] == Seen(f"bytes={CUT}-", date, len(CONTENT) - CUT)


def test_a_server_that_marks_nothing_still_resumes(server: FileServer, target: Path) -> None:
    server.headers = {}
    leave_a_part(server, target)
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT
    assert server.seen[-1] == Seen(f"bytes={CUT}-", None, len(CONTENT) - CUT)


def test_a_part_longer_than_the_file_is_thrown_away(server: FileServer, target: Path) -> None:
    leave_a_part(server, target)
    server.content = CONTENT[:1000]
    fetch(server.url, target, waits=(0,))
    assert target.read_bytes() == CONTENT[:1000]


def test_a_range_that_begins_elsewhere_is_not_joined(server: FileServer, target: Path) -> None:
    leave_a_part(server, target)
    server.range_shift = 1
    fetch(server.url, target, waits=(0,))
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(server: FileServer, target: Path, status: int) -> None:
    server.faults = [Fault(status), Fault(status)]
    fetch(server.url, target, waits=(0, 0))
    assert target.read_bytes() == CONTENT
    assert len(server.seen) == 3


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
def test_what_is_no_address_is_reported_at_once(target: Path, url: str) -> None:
    message = failure(url, target, waits=(600,))
    assert repr(url) in message
    assert "wanted http" in message


def test_a_file_larger_than_the_disk_is_not_begun(server: FileServer, target: Path) -> None:
    server.claimed_length = 10**18
    message = failure(server.url, target, waits=(600,))
    assert "bytes free, wanted 1,000,000,000,000,000,000 for gzip.zip" in message
    assert "make room" in message


def test_the_bar_knows_the_total_what_is_here_and_every_new_byte(
    server: FileServer, target: Path
) -> None:
    bars: list[Recorder] = []

    @contextmanager
    def progress(total: int, already: int, description: str) -> Iterator[Recorder]:
        bars.append(Recorder(total, already, description))
        yield bars[-1]
        bars[-1].closed = True

    leave_a_part(server, target)
    fetch(server.url, target, progress=progress)
    (bar,) = bars
    assert bar == Recorder(len(CONTENT), CUT, "gzip.zip", len(CONTENT) - CUT, closed=True)
