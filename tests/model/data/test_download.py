"""Downloads: every byte arrives, also after broken connections and from unusual servers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from model.data.download import fetch
from model.data.idx import DataError
from tests.model.data.fileserver import Answered, Fault, FileServer

CONTENT = bytes(range(256)) * 4000  # 1,024,000 bytes: more than the sockets can hold unread
CUT = 400_000
FIRST = Answered(None, None, CUT)


@pytest.fixture
def server(file_server: FileServer) -> FileServer:
    file_server.content = CONTENT
    return file_server


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
    """Simulate an earlier run that received the first CUT bytes."""
    server.faults = [Fault(how="cut", after=CUT)]
    with pytest.raises(DataError):
        fetch(server.url, target, waits=())


def test_a_whole_file_arrives_under_its_own_name_and_nothing_else_stays(
    server: FileServer, target: Path
) -> None:
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["gzip.zip"]
    assert server.answered == [Answered(None, None, len(CONTENT))]


def test_a_file_of_unknown_length_arrives(server: FileServer, target: Path) -> None:
    server.states_length = False
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("how", ["cut", "stall"])
def test_after_a_broken_connection_no_byte_is_sent_twice(
    server: FileServer, target: Path, how: str
) -> None:
    server.faults = [Fault(how=how, after=CUT)]
    fetch(server.url, target, waits=(0,), timeout=0.5)
    assert target.read_bytes() == CONTENT
    assert server.answered == [FIRST, Answered(f"bytes={CUT}-", '"first"', len(CONTENT) - CUT)]


def test_a_reset_connection_is_asked_again(server: FileServer, target: Path) -> None:
    server.faults = [Fault(how="reset", after=CUT)]
    fetch(server.url, target, waits=(0,))
    assert target.read_bytes() == CONTENT
    assert len(server.answered) == 2


def test_a_later_run_continues_the_download_of_the_first(server: FileServer, target: Path) -> None:
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


def test_with_a_weak_etag_the_date_is_sent_as_if_range(server: FileServer, target: Path) -> None:
    date = "Mon, 01 Jan 2024 00:00:00 GMT"
    server.headers = {"ETag": 'W/"about"', "Last-Modified": date}
    leave_a_part(server, target)
    fetch(server.url, target)
    assert server.answered[-1] == Answered(f"bytes={CUT}-", date, len(CONTENT) - CUT)


def test_a_server_without_etag_and_date_still_resumes(server: FileServer, target: Path) -> None:
    server.headers = {}
    leave_a_part(server, target)
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT
    assert server.answered[-1] == Answered(f"bytes={CUT}-", None, len(CONTENT) - CUT)


def test_a_partial_answer_may_leave_out_the_date(server: FileServer, target: Path) -> None:
    # RFC 9110, section 15.3.7: it may be left out where If-Range was asked.
    server.headers = {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    server.marks_ranges = False
    leave_a_part(server, target)
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT
    assert server.sent == len(CONTENT)


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


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_transient_status_is_retried(server: FileServer, target: Path, status: int) -> None:
    server.faults = [Fault(status), Fault(status)]
    fetch(server.url, target, waits=(0, 0))
    assert target.read_bytes() == CONTENT
    assert len(server.answered) == 3


def test_the_bar_gets_the_total_the_bytes_received_before_and_every_new_byte(
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
