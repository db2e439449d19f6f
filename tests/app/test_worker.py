"""The limits of a connection: real sockets, a worker without a process, short times.

gunicorn is pinned. If a new version changes a private name that app/worker.py uses, a test fails.
"""

import asyncio
import inspect
from contextlib import suppress

import pytest
from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

import app.worker
from app.limits import HELD_BYTES, HELD_LARGE_BYTES, MEAN_CHUNK_BYTES, SMALL_CHUNKS
from app.security import REFUSAL
from app.worker import HEAD_BYTES, READ_BYTES, UNPARSED_BYTES, UNREAD_BYTES, Connection
from tests.app.worker import GET, POST, is_answered, received, run, serving, until
from tests.pages import ROOT, TEXTS, rows

PAGE = TEXTS["docs/limits.md"]
SHORT = 0.2  # seconds


def test_a_head_that_does_not_arrive_in_time_is_refused() -> None:
    async def test() -> None:
        async with serving() as served:
            client = await served.client(GET[:9])
            (connection,) = served.connections
            await until(lambda: connection._has_sent)
            connection._head_is_late()  # on a busy machine a short time would end before it
            assert (await received(client)).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
            await until(lambda: served.worker.nr_conns == 0)

    run(test)


@pytest.mark.parametrize("ahead", [b"", GET], ids=["later", "sent ahead"])
def test_a_later_head_that_does_not_arrive_in_time_is_refused(
    monkeypatch: pytest.MonkeyPatch, ahead: bytes
) -> None:
    async def test() -> None:
        async with serving() as served:
            client = await served.client()
            assert await is_answered(client)
            monkeypatch.setattr(app.worker, "HEAD_SECONDS", SHORT)
            await asyncio.get_running_loop().sock_sendall(client, ahead + GET[:9])
            answers = await received(client)
            assert answers.startswith(b"HTTP/1.1 200 ") == bool(ahead)
            assert b"HTTP/1.1 408 " in answers

    run(test)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414),
        (GET[:-2] + b"X-A: " + b"a" * 9_000 + b"\r\n\r\n", 431),
    ],
)
def test_answers_to_what_is_no_request_have_the_security_headers(head: bytes, status: int) -> None:
    async def test() -> None:
        async with serving() as served:
            client = await served.client(head)
            answer = (await received(client)).decode()
            lines = answer.split("\r\n\r\n")[0].split("\r\n")
            assert lines[0].startswith(f"HTTP/1.1 {status} ")
            assert {f"{name}: {value}" for name, value in REFUSAL} <= set(lines)

    run(test)


def test_a_silent_client_is_disconnected_without_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app.worker, "HEAD_SECONDS", SHORT)

    async def test() -> None:
        async with serving() as served:
            assert await received(await served.client()) == b""

    run(test)


def test_the_time_of_a_head_ends_with_it() -> None:
    async def test() -> None:
        async with serving() as served:
            client = await served.client(POST)
            (connection,) = served.connections
            await until(lambda: not connection.is_idle)
            assert connection._head_timer is None
            await asyncio.get_running_loop().sock_sendall(client, b"x")
            answer = await asyncio.get_running_loop().sock_recv(client, 65_536)
            assert answer.startswith(b"HTTP/1.1 200 ")
            await until(lambda: connection.is_idle)
            assert connection._head_timer is None  # between two questions a client may be silent

    run(test)


def test_who_does_not_read_its_answers_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.worker, "ANSWER_SECONDS", SHORT)

    async def test() -> None:
        async with serving(size=30_000_000) as served:
            await served.client(GET * 5)
            await until(lambda: served.worker.nr_conns == 0)

    run(test)


def test_who_closes_and_does_not_read_its_answer_is_disconnected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app.worker, "ANSWER_SECONDS", SHORT)

    async def test() -> None:
        async with serving(size=30_000_000) as served:
            await served.client(GET.replace(b"1.1", b"1.0"))
            await until(lambda: served.worker.nr_conns == 0)

    run(test)


def test_only_so_many_may_leave_their_answers_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.worker, "MAX_UNREAD", 2)

    async def test() -> None:
        async with serving(size=30_000_000) as served:
            await served.client(GET)
            await until(lambda: len(served.worker._unread) == 1)
            oldest = served.connections[0]
            for _ in range(2):
                await served.client(GET)
            await until(lambda: served.worker.nr_conns == 2)
            assert oldest not in served.connections

    run(test)


def test_the_oldest_idle_connection_goes_first() -> None:
    async def test() -> None:
        async with serving(connections=3) as served:
            busy = await served.client(POST)
            await until(lambda: not served.connections[-1].is_idle)
            asked, silent = await served.client(), await served.client()
            assert await is_answered(asked)  # so `silent` is the oldest idle one now
            new = await served.client()
            assert await received(silent) == b""
            assert await is_answered(asked)
            assert await is_answered(new)
            await asyncio.get_running_loop().sock_sendall(busy, b"x")
            answer = await asyncio.get_running_loop().sock_recv(busy, 65_536)
            assert answer.startswith(b"HTTP/1.1 200 ")

    run(test)


def test_where_none_is_idle_the_oldest_connection_goes() -> None:
    async def test() -> None:
        async with serving(connections=2) as served:
            first = await served.client(POST)
            await until(lambda: not served.connections[-1].is_idle)
            await served.client(POST)
            await until(lambda: not served.connections[-1].is_idle)
            assert await is_answered(await served.client())
            assert await received(first) == b""

    run(test)


def test_requests_sent_ahead_are_not_read_without_end() -> None:
    """gunicorn by itself reads on after every answer."""

    async def test() -> None:
        async with serving(size=1_000) as served:
            client = await served.client(GET)
            await until(lambda: served.worker.nr == 1)
            longest, ahead = 0, GET * 100_000
            while served.worker.nr < 200:
                with suppress(BlockingIOError):
                    client.send(ahead)
                await asyncio.sleep(0)
                longest = max(longest, served.connections[0]._http1_buffered())
            assert longest <= UNPARSED_BYTES + READ_BYTES

    run(test)


def test_many_requests_sent_ahead_are_all_answered() -> None:
    """Reading stops while they are answered, and goes on."""
    count, question = 300, GET[:-2] + b"X: " + b"x" * 2_000 + b"\r\n\r\n"  # 600 kB

    async def test() -> None:
        async with serving() as served:
            client, loop, found = await served.client(), asyncio.get_running_loop(), b""
            sending = asyncio.create_task(loop.sock_sendall(client, question * count))
            while found.count(b"HTTP/1.1 200 ") < count:
                found += await loop.sock_recv(client, 65_536)
            await sending

    run(test)


@pytest.mark.parametrize("size", [400, 8_000])
def test_a_head_that_is_too_large_is_refused(size: int) -> None:
    fields = b"".join(b"X-%d: %s\r\n" % (number, b"x" * size) for number in range(90))

    async def test() -> None:
        async with serving() as served:
            client = await served.client(GET[:-2] + fields)
            assert (await received(client)).startswith(b"HTTP/1.1 431 ")
            await until(lambda: served.worker.nr_conns == 0)

    run(test)


def test_a_large_head_that_is_not_too_large_is_answered_each_time() -> None:
    question = GET[:-2] + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 500) for n in range(50)) + b"\r\n"

    async def test() -> None:
        async with serving() as served:
            client, loop, found = await served.client(), asyncio.get_running_loop(), b""
            for count in range(1, 4):
                await loop.sock_sendall(client, question)
                while found.count(b"HTTP/1.1 200 ") < count:
                    found += await loop.sock_recv(client, 65_536)

    run(test)


@pytest.mark.parametrize("message", [GET[:9] + b"x" * 3_000, POST + b"x" + GET * 100])
def test_of_very_much_that_waits_the_largest_part_is_dropped(
    monkeypatch: pytest.MonkeyPatch, message: bytes
) -> None:
    monkeypatch.setattr(app.worker, "WAITING_BYTES", 10_000)

    async def test() -> None:
        async with serving(size=30_000_000) as served:
            small = await served.client(GET[:9])
            for _ in range(20):
                await served.client(message)
            await until(lambda: served.worker._waiting_bytes <= 10_000)
            held = served.worker._waiting
            assert sum(held.values()) == served.worker._waiting_bytes
            assert held.keys() <= served.worker._connections.keys()
            await asyncio.get_running_loop().sock_sendall(small, GET[9:])
            assert await asyncio.get_running_loop().sock_recv(small, 65_536)

    run(test)


def test_gunicorn_has_the_private_names_that_are_used() -> None:
    names = {name for name in vars(Connection) if name.startswith("_") and "__" not in name}
    ours = {"_wait_for_head", "_head_is_late", "_wait_for_reader"}
    assert {name for name in names - ours if not hasattr(ASGIProtocol, name)} == set()
    assert not any(hasattr(ASGIProtocol, name) for name in ours)
    for name in ("_keepalive_timeout", "_http1_buffered", "_send_error_response"):
        assert hasattr(ASGIProtocol, name)
    start = inspect.getsource(ASGIProtocol.__init__)
    assert {name for name in ("_current_request", "_max_buffer_size", "_closed")
            if f"self.{name} = " not in start} == set()  # fmt: skip
    assert "lambda: ASGIProtocol(self)" in inspect.getsource(gasgi.ASGIWorker._serve)


def test_the_limits_on_the_page_are_those_of_the_program() -> None:
    table = {row[0].split(",")[0].split(":")[0]: row[1] for row in rows(PAGE, "| what | most |")}
    config = (ROOT / "gunicorn.conf.py").read_text()
    assert table == {
        "a head": f"{app.worker.HEAD_SECONDS:.0f} s",
        "the silence between two questions": "30 s",
        "unread answers": f"{app.worker.ANSWER_SECONDS} s",
        f"clients at once that do not read more than {UNREAD_BYTES // 1024} kB of answers": (
            f"{app.worker.MAX_UNREAD}"
        ),
        "requests that a client sends ahead": (
            f"{UNPARSED_BYTES // 1024} kB, and one read of {READ_BYTES // 1024} kB"
        ),
        "the size of a head": f"{HEAD_BYTES // 1024} kB",
        "heads and requests sent ahead": f"{app.worker.WAITING_BYTES / 1e6:.0f} MB",
        "connections of a worker": "500",
        "bodies of all requests at once": f"{HELD_BYTES / 1e6:.0f} MB",
        "of these": f"{HELD_LARGE_BYTES / 1e6:.0f} MB",
        "chunks of a body": f"{SMALL_CHUNKS:,}, and one more for each {MEAN_CHUNK_BYTES} bytes",
    }
    assert "\nworker_connections = 500 " in config
    assert "\nkeepalive = 30 " in config
