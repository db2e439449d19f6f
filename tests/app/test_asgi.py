"""The adapter between an ASGI server and the Flask app, called without a server."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.asgi import Application, Message, create_app, environ_from
from app.limits import PLAIN_POINTS, PLAIN_POINTS_WITH_STEPS
from app.queues import is_heavy
from tests.app.conftest import CONFIG
from tests.strokes import SEVEN

MORE = {"type": "http.request", "more_body": True}
LAST = {"type": "http.request", "more_body": False}
GONE = {"type": "http.disconnect"}
PLAIN = json.dumps({"strokes": SEVEN}).encode()
HEAVY = json.dumps({"strokes": SEVEN, "many": True}).encode()
TIMEOUT_SECONDS = 20  # of each wait; normally a few hundredths are enough


def scope(length: int | None = None, **more: Any) -> Message:
    headers = [(b"content-type", b"application/json")]
    headers += [(b"content-length", str(length).encode())] if length is not None else []
    return {
        **{"type": "http", "method": "POST", "scheme": "http", "http_version": "1.1"},
        **{"path": "/api/predict", "root_path": "", "query_string": b"", "headers": headers},
        **{"server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 50_000)},
        **more,
    }


async def ask(
    app: Application, *messages: Message, length: int | None = None, **more: Any
) -> list[Message]:
    """The messages sent to a client that sends these messages and then waits."""
    coming, sent = list(messages), []

    async def receive() -> Message:
        return coming.pop(0) if coming else await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope(length, **more), receive, send)
    return sent


def problem(sent: list[Message]) -> tuple[dict[str, str], Any]:
    """Headers and body of a refusal."""
    start, body = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    found = json.loads(body["body"])
    assert found["status"] == start["status"]
    return headers, found


class Slow:
    """A WSGI app that answers a heavy request only when the test allows it."""

    def __init__(self) -> None:
        self.started, self.may_end = threading.Semaphore(0), threading.Semaphore(0)
        self.calls: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read()
        self.calls.append(body)
        if b"many" in body:
            self.started.release()
            assert self.may_end.acquire(timeout=TIMEOUT_SECONDS)
        start_response("200 OK", [])
        return [body]

    async def has_started(self) -> None:
        assert await asyncio.to_thread(self.started.acquire, timeout=TIMEOUT_SECONDS)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await test()

    asyncio.run(bounded())


def whole(body: bytes) -> Message:
    return {**LAST, "body": body}


def test_a_body_in_pieces_is_put_together() -> None:
    app = create_app()
    sent = asyncio.run(ask(app, {**MORE, "body": PLAIN[:9]}, whole(PLAIN[9:])))
    assert sent[0]["status"] == 200
    assert json.loads(sent[1]["body"])["digit"] == 7


def test_a_client_that_disconnects_before_the_end_of_its_body_gets_no_answer() -> None:
    assert asyncio.run(ask(create_app(), {**MORE, "body": PLAIN[:9]}, GONE)) == []


def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    app = create_app({"MAX_BODY_SECONDS": 0.05})
    _, found = problem(asyncio.run(ask(app, {**MORE, "body": PLAIN[:9]})))
    assert found["status"] == 408
    assert found["detail"] == "the body did not arrive within 0.05 seconds; send it again, faster"


@pytest.mark.parametrize("length", [None, 5_000, 10**4_000], ids=["chunks", "told", "a lie"])
def test_a_body_that_is_too_large_is_refused(length: int | None) -> None:
    app = create_app({"MAX_CONTENT_LENGTH": 4_000})
    pieces = [{**MORE, "body": b" " * 1_000}] * 4
    _, found = problem(asyncio.run(ask(app, *pieces, whole(b" " * 1_000), length=length)))
    assert found["status"] == 413
    assert "wanted at most 4,000 bytes" in found["detail"]


def test_plain_requests_are_answered_while_a_heavy_one_runs() -> None:
    async def test() -> None:
        slow = Slow()
        app = Application(slow, CONFIG)
        heavy = asyncio.create_task(ask(app, whole(HEAVY)))
        await slow.has_started()
        for _ in range(20):
            assert (await ask(app, whole(PLAIN)))[1]["body"] == PLAIN
        assert not heavy.done()
        slow.may_end.release()
        assert (await heavy)[1]["body"] == HEAVY

    run(test)


def test_heavy_requests_run_one_after_the_other_and_beyond_the_limit_are_refused() -> None:
    async def test() -> None:
        slow = Slow()
        app = Application(slow, {**CONFIG, "MAX_HEAVY_WAITING": 2})
        tasks = [asyncio.create_task(ask(app, whole(HEAVY))) for _ in range(3)]
        await slow.has_started()
        headers, found = problem(await ask(app, whole(HEAVY)))
        assert (found["status"], headers["retry-after"]) == (503, "2")
        assert slow.calls == [HEAVY]
        for _ in tasks:
            slow.may_end.release()
        assert [(await task)[1]["body"] for task in tasks] == [HEAVY] * 3

    run(test)


def test_a_heavy_request_that_has_waited_for_too_long_is_refused() -> None:
    async def test() -> None:
        slow = Slow()
        app = Application(slow, {**CONFIG, "MAX_HEAVY_SECONDS": 0.05})
        first = asyncio.create_task(ask(app, whole(HEAVY)))
        await slow.has_started()
        headers, found = problem(await ask(app, whole(HEAVY)))
        assert (found["status"], headers["retry-after"]) == (503, "2")
        slow.may_end.release()
        await first
        assert slow.calls == [HEAVY]

    run(test)


def test_the_process_says_that_it_lives_while_no_thread_is_free() -> None:
    async def test() -> None:
        slow = Slow()
        app = Application(slow, {**CONFIG, "MAX_PLAIN_WAITING": 0})
        for name in ("_plain", "_pages"):
            setattr(app, name, app._heavy)  # whose only thread is busy now
        heavy = asyncio.create_task(ask(app, whole(HEAVY)))
        await slow.has_started()
        sent = await ask(app, whole(b""), path="/live", method="GET")
        assert sent[0]["status"] == 200
        assert not heavy.done()
        slow.may_end.release()
        await heavy

    run(test)


def test_a_request_is_not_computed_after_its_client_has_disconnected() -> None:
    async def test() -> None:
        slow = Slow()
        app = Application(slow, CONFIG)
        first, gone, last = (
            asyncio.create_task(ask(app, whole(body))) for body in (HEAVY, HEAVY + b" ", HEAVY)
        )
        await slow.has_started()
        gone.cancel()  # as gunicorn does
        await asyncio.wait([gone])
        slow.may_end.release()
        slow.may_end.release()
        await asyncio.gather(first, last)
        assert slow.calls == [HEAVY, HEAVY]

    run(test)


def test_a_disconnecting_client_does_not_free_the_thread_that_computes_its_answer() -> None:
    async def test() -> None:
        slow = Slow()
        app = Application(slow, {**CONFIG, "MAX_HEAVY_SECONDS": 0.05})
        gone = asyncio.create_task(ask(app, whole(HEAVY)))
        await slow.has_started()
        gone.cancel()
        _, found = problem(await ask(app, whole(HEAVY)))
        assert found["status"] == 503
        slow.may_end.release()

    run(test)


def drawing(points: int, **more: Any) -> bytes:
    return json.dumps({"strokes": [[[1, 2]] * points], **more}).encode()


@pytest.mark.parametrize(
    ("heavy", "media_type", "body"),
    [
        (False, "application/json", PLAIN),
        (False, "application/json", drawing(100, layers=True, steps=True)),
        (False, "application/json", drawing(100, many=False)),
        (False, "application/json", drawing(PLAIN_POINTS - 10)),
        (False, "application/json", drawing(PLAIN_POINTS_WITH_STEPS - 10, steps=True)),
        (True, "application/json", drawing(PLAIN_POINTS_WITH_STEPS + 10, steps=True)),
        (False, "application/json", drawing(PLAIN_POINTS_WITH_STEPS + 10, steps=False)),
        (False, "image/png", b""),
        (False, "text/plain", b"7"),
        (True, "application/json", drawing(PLAIN_POINTS + 10)),
        (True, "application/json", HEAVY),
        (True, "application/json", HEAVY.replace(b": true", b"\n:\ttrue")),
        (True, "application/json", HEAVY.replace(b"many", rb"m\u0061ny")),
        (True, "application/json", b" " * 200_000 + PLAIN),
        (True, "image/png", b"\x89PNG"),
        (True, " Image/JPEG; q=1", b"\xff\xd8"),
        (True, "multipart/form-data; boundary=x", b"--x--\r\n"),
    ],
)
def test_a_heavy_request_is_known_by_its_bytes(heavy: bool, media_type: str, body: bytes) -> None:
    assert is_heavy(media_type, body) is heavy


def test_the_environment_is_that_of_the_request() -> None:
    headers = [(b"x-a", b"1"), (b"x-a", b"2"), (b"content-length", b"0"), (b"host", b"here")]
    found = environ_from(scope(path="/ä b", query_string=b"model=lenet", headers=headers))
    assert found["PATH_INFO"].encode("latin-1").decode() == "/ä b"
    assert found["QUERY_STRING"] == "model=lenet"
    assert (found["HTTP_X_A"], found["HTTP_HOST"]) == ("1,2", "here")
    assert (found["CONTENT_LENGTH"], found["CONTENT_TYPE"]) == ("0", "")
    assert "HTTP_CONTENT_LENGTH" not in found


def test_a_prefix_is_no_part_of_the_path() -> None:
    found = environ_from(scope(path="/digits/models", root_path="/digits"))
    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("/digits", "/models")


def test_lifespan_events_are_answered_and_a_websocket_is_refused() -> None:
    async def answers(scope_type: str, *messages: str) -> list[str]:
        coming, sent = [{"type": message} for message in messages], []

        async def receive() -> Message:
            return coming.pop(0)

        async def send(message: Message) -> None:
            sent.append(message["type"])

        await create_app()({"type": scope_type}, receive, send)
        return sent

    both = ("lifespan.startup", "lifespan.shutdown")
    assert asyncio.run(answers("lifespan", *both)) == [f"{name}.complete" for name in both]
    assert asyncio.run(answers("websocket", "websocket.connect")) == ["websocket.close"]
