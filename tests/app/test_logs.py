"""One line for each request: its fields, its two forms, and what never stands in it."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from app.asgi import Application, Message, create_app
from app.logs import RequestLog
from app.proxies import trust
from tests.app.conftest import CONFIG
from tests.app.test_asgi import GONE, HEAVY, MORE, PLAIN, Slow, ask, whole
from tests.app.test_asgi import run as run_async
from tests.app.worker import received, run, serving

FIELDS = ["time", "method", "route", "status", "ms", "bytes", "id", "process"]
RULES = [
    "/",
    "/models",
    "/api/predict",
    "/static/<path:filename>",
    "/static/report/<path:filename>",
]
PEER = ("203.0.113.9", 50_000)
SECRETS = ("987654321", "secret", "203.0.113.9", "198.51.100.7")
Lines = Callable[[], list[dict[str, Any]]]


def parsed(text: str) -> dict[str, Any]:
    """The fields of a line of text."""
    return dict(field.split("=") for field in text.split(" "))


@pytest.fixture
def lines(capfd: pytest.CaptureFixture[str]) -> Lines:
    """What was written to standard output since the last call, in JSON."""
    return lambda: [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def application(**config: Any) -> Application:
    return Application(answer_nothing, {**CONFIG, "LOG_FORMAT": "json", **config}, RULES)


def answer_nothing(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"nothing"]


def status_and_id(sent: list[Message]) -> tuple[int, str]:
    return sent[0]["status"], dict(sent[0]["headers"])[b"x-request-id"].decode()


@pytest.mark.parametrize("form", ["text", "json"])
def test_each_request_is_one_line(form: str, capfd: pytest.CaptureFixture[str]) -> None:
    status, request_id = status_and_id(asyncio.run(ask(application(LOG_FORMAT=form), whole(PLAIN))))
    (line,) = capfd.readouterr().out.splitlines()
    found = parsed(line) if form == "text" else json.loads(line)
    assert list(found) == FIELDS
    wanted = {"method": "POST", "route": "/api/predict", "status": status, "bytes": 7}
    assert {name: str(found[name]) for name in wanted} == {k: str(v) for k, v in wanted.items()}
    assert found["id"] == request_id
    assert float(found["ms"]) > 0


def test_no_line_is_written_where_none_is_wanted(lines: Lines) -> None:
    sent = asyncio.run(ask(application(LOG_FORMAT="none"), whole(PLAIN)))
    assert status_and_id(sent)[1]
    assert lines() == []


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/models", "/models"),
        ("/models/secret", "-"),
        ("/static/js/secret.js", "/static/*"),
        ("/static/report/secret.css", "/static/report/*"),
        ("/secret", "-"),
        ("/api/predict/", "-"),
        ("", "-"),
    ],
)
def test_a_route_is_a_rule_of_ours(lines: Lines, path: str, route: str) -> None:
    asyncio.run(ask(application(), whole(b""), path=path, query_string=b"secret"))
    assert [line["route"] for line in lines()] == [route]


def test_every_route_of_the_app_is_known(lines: Lines) -> None:
    app = create_app({"LOG_FORMAT": "json"})
    for path in ("/", "/health", "/live", "/api/models"):
        asyncio.run(ask(app, whole(b""), path=path, method="GET"))
    assert [line["route"] for line in lines()] == ["/", "/health", "/live", "/api/models"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_has_a_drawing_a_query_or_an_address(
    form: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app = create_app({"LOG_FORMAT": form})
    forwarded = [(b"x-forwarded-for", b"198.51.100.7"), (b"x-request-id", b"secret")]
    body = json.dumps({"strokes": [[[987654321, 987654321], [987654321, 99]]]}).encode()
    secret: dict[str, Any] = {"query_string": b"model=secret", "client": PEER}
    changes: list[dict[str, Any]] = [
        {},
        {"headers": [(b"content-type", b"application/json"), *forwarded]},
        {"path": "/secret/987654321"},
        {"method": "SECRET987654321"},
        {"headers": [(b"content-type", b"image/png")]},
    ]
    for more in changes:
        asyncio.run(ask(app, whole(body), **{**secret, **more}))
    output = "".join(capfd.readouterr())
    assert len(output.splitlines()) == 5
    assert [word for word in SECRETS if word in output.lower()] == []
    assert [record for record in caplog.records if record.name != "asyncio"] == []


def test_the_address_stands_in_it_where_it_is_asked_for(lines: Lines) -> None:
    asyncio.run(ask(application(LOG_ADDRESSES=True), whole(PLAIN), client=PEER))
    asyncio.run(ask(application(LOG_ADDRESSES=True), whole(PLAIN), client=None))
    assert [line["address"] for line in lines()] == [PEER[0], "-"]


def test_refusals_before_the_app_are_logged_too(lines: Lines) -> None:
    late = application(MAX_BODY_SECONDS=0.02)
    asyncio.run(ask(late, {**MORE, "body": PLAIN[:9]}))
    app = create_app({"LOG_FORMAT": "json", "MAX_CONTENT_LENGTH": 5})
    asyncio.run(ask(app, whole(PLAIN)))

    async def busy() -> None:
        slow = Slow()
        app = Application(slow, {**CONFIG, "LOG_FORMAT": "json", "MAX_HEAVY_WAITING": 0}, RULES)
        first = asyncio.create_task(ask(app, whole(HEAVY)))
        await slow.has_started()
        await ask(app, whole(HEAVY))
        slow.may_end.release()
        await first

    run_async(busy)
    found = lines()
    assert [line["status"] for line in found] == [408, 413, 503, 200]
    assert {line["route"] for line in found} == {"/api/predict"}


def test_a_client_that_leaves_is_logged(lines: Lines) -> None:
    asyncio.run(ask(application(), {**MORE, "body": PLAIN[:9]}, GONE))

    async def cancelled() -> None:
        slow = Slow()
        app = Application(slow, {**CONFIG, "LOG_FORMAT": "json"}, RULES)
        task = asyncio.create_task(ask(app, whole(HEAVY)))
        await slow.has_started()
        task.cancel()  # as gunicorn does
        await asyncio.wait([task])
        slow.may_end.release()

    run_async(cancelled)
    assert [(line["status"], line["bytes"]) for line in lines()] == [(499, 0)] * 2


def test_a_failure_of_the_adapter_is_logged_as_the_answer_of_gunicorn(lines: Lines) -> None:
    def broken(*_: Any) -> list[bytes]:
        raise RuntimeError

    app = Application(broken, {**CONFIG, "LOG_FORMAT": "json"}, RULES)
    with pytest.raises(RuntimeError):
        asyncio.run(ask(app, whole(PLAIN)))
    assert [line["status"] for line in lines()] == [500]


def test_answers_to_what_is_no_request_are_logged(lines: Lines) -> None:
    async def test() -> None:
        async with serving() as served:
            served.worker.asgi.log = RequestLog({**CONFIG, "LOG_FORMAT": "json"})
            await received(await served.client(b"secret\r\n\r\n"))

    run(test)
    (line,) = lines()
    assert {name: line[name] for name in ("method", "route", "status", "id")} == {
        **{"method": "-", "route": "-", "status": 400, "id": "-"}
    }


@pytest.mark.parametrize(
    ("told", "peer", "is_kept"),
    [
        ("abc-1.2_X", "127.0.0.1", True),
        ("a" * 64, "::1", True),
        ("a" * 65, "127.0.0.1", False),
        ("a b", "127.0.0.1", False),
        ("a\x00", "127.0.0.1", False),
        ("ä", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("abc", "203.0.113.9", False),
    ],
)
def test_a_trusted_proxy_may_say_the_id(told: str, peer: str, is_kept: bool) -> None:
    headers = [(b"x-request-id", told.encode("latin-1"))]
    sent = asyncio.run(ask(application(), whole(PLAIN), headers=headers, client=(peer, 1)))
    _, request_id = status_and_id(sent)
    assert (request_id == told) is is_kept
    assert is_kept or len(request_id) == 16


def test_two_requests_have_two_ids() -> None:
    app = application(LOG_FORMAT="none")
    ids = {status_and_id(asyncio.run(ask(app, whole(PLAIN))))[1] for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize(
    ("allowed", "peer", "is_trusted"),
    [
        ("127.0.0.1,::1", "::1", True),
        ("10.0.0.0/8", "10.9.8.7", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.0.0.0/8,fd00::/8", "fd12::1", True),
        ("*", "203.0.113.9", True),
        ("*", "", True),
        ("10.0.0.0/8", "::ffff:10.9.8.7", True),
        ("127.0.0.1", "", True),  # a Unix socket
        ("127.0.0.1", "elsewhere", False),
    ],
)
def test_which_proxies_are_trusted(allowed: str, peer: str, is_trusted: bool) -> None:
    assert trust(allowed)(peer) is is_trusted


def test_requests_go_on_when_nobody_reads_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, _: str) -> None:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    assert status_and_id(asyncio.run(ask(application(), whole(PLAIN))))[0] == 200
