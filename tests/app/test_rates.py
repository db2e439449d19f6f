"""RATE_LIMIT: how many questions one client may ask, and what the others get."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from app import CannotStartError
from app.asgi import Application, Message, create_app
from app.limits import PLAIN_BYTES
from app.rates import Counters, Rates, client_of
from tests.app.conftest import CONFIG
from tests.app.test_asgi import GONE, HEAVY, MORE, PLAIN, ask, problem, whole
from tests.browser.server import ROOT, Server

TIMEOUT_SECONDS = 60


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_as_many_questions_as_the_limit_are_answered_and_then_none(clock: Clock) -> None:
    rates = Rates("3/second", clock)
    assert [rates.seconds_to_wait("192.0.2.1") for _ in range(5)] == [0, 0, 0, 1, 1]
    clock.now += 1
    assert [rates.seconds_to_wait("192.0.2.1") for _ in range(4)] == [0, 0, 0, 1]


def test_the_time_to_wait_is_in_whole_seconds_and_long_enough(clock: Clock) -> None:
    rates = Rates("1 per minute", clock)
    assert rates.seconds_to_wait("192.0.2.1") == 0
    for passed, wanted in ((0.0, 60), (0.5, 60), (30.0, 30), (29.4, 1)):
        clock.now += passed
        assert rates.seconds_to_wait("192.0.2.1") == wanted
    clock.now += 1
    assert rates.seconds_to_wait("192.0.2.1") == 0


def test_each_client_has_a_count_of_its_own(clock: Clock) -> None:
    rates = Rates("1/second", clock)
    clients = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", ""]
    assert [rates.seconds_to_wait(client) for client in clients] == [0] * 5
    assert [rates.seconds_to_wait(client) for client in clients] == [1] * 5


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:DB8:0:0:9::", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "unknown", False),
    ],
)
def test_one_client_is_an_address_or_a_network_of_ipv6(one: str, other: str, are_one: bool) -> None:
    assert (client_of(one) == client_of(other)) is are_one


def test_the_memory_is_bounded_and_the_oldest_client_is_forgotten_first(clock: Clock) -> None:
    counters = Counters(clock, most=100)
    for number in range(1_000):
        counters.incr(str(number), 60)
    assert len(counters._counts) == 100
    assert (counters.get("899"), counters.get("900")) == (0, 1)


def test_what_has_ended_is_forgotten(clock: Clock) -> None:
    counters = Counters(clock, most=100)
    for number in range(50):
        counters.incr(str(number), 60)
    clock.now += 61
    assert counters.incr("0", 60) == 1
    assert len(counters._counts) == 1


def questions(app: Application, *questions: dict[str, Any]) -> list[list[Message]]:
    """The answers to these questions, one after the other."""

    async def test() -> list[list[Message]]:
        return [await ask(app, whole(PLAIN), **question) for question in questions]

    return asyncio.run(test())


def statuses(app: Application, *asked: dict[str, Any]) -> list[int]:
    return [sent[0]["status"] for sent in questions(app, *asked)]


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return {"RATE_LIMIT": "2 per minute"}


def test_beyond_the_limit_a_question_is_refused(config: dict[str, Any]) -> None:
    first, second, third = questions(create_app(config), {}, {}, {})
    assert [sent[0]["status"] for sent in (first, second)] == [200, 200]
    headers, found = problem(third)
    assert (found["status"], found["title"]) == (429, "Too Many Requests")
    assert 1 <= int(headers["retry-after"]) <= 60
    wanted = f"one client may ask (2 per minute); ask again in {headers['retry-after']} second"
    assert wanted in found["detail"]


def test_other_clients_and_other_addresses_are_answered(config: dict[str, Any]) -> None:
    app = create_app(config)
    other = {"client": ("192.0.2.9", 1)}
    assert statuses(app, {}, {}, {}, other) == [200, 200, 429, 200]
    pages = [{"method": "GET", "path": path} for path in ("/", "/health", "/live", "/api/models")]
    assert statuses(app, *pages, {"method": "OPTIONS"}) == [200] * 5


def test_without_the_setting_there_is_no_limit() -> None:
    assert statuses(create_app(), *[{}] * 20) == [200] * 20


def test_a_refusal_is_made_before_the_body_is_kept_or_waits(config: dict[str, Any]) -> None:
    asked: list[bytes] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        asked.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return []

    limited = Application(app, {**CONFIG, **config})
    piece = {**MORE, "body": bytes(PLAIN_BYTES // 2)}
    assert statuses(limited, {}, {}) == [200, 200]
    # A long body is not read to its end: nothing more is sent here.
    assert asyncio.run(ask(limited, piece, piece, piece))[0]["status"] == 429
    assert asyncio.run(ask(limited, whole(HEAVY)))[0]["status"] == 429
    assert asked == [PLAIN, PLAIN]
    assert asyncio.run(ask(limited, {**MORE, "body": PLAIN[:9]}, GONE)) == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(
        tmp_path_factory.mktemp("limited") / "output.txt", RATE_LIMIT="5 per hour"
    ) as server:
        yield server


def test_a_client_of_the_real_server_keeps_its_connection(server: Server) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_SECONDS)
    connection.connect()
    before = connection.sock
    found = []
    for _ in range(8):
        connection.request("POST", "/api/predict", PLAIN, {"Content-Type": "application/json"})
        response = connection.getresponse()
        found.append((response.status, json.loads(response.read()).get("digit")))
    assert found == [(200, 7)] * 5 + [(429, None)] * 3
    assert connection.sock is before
    connection.close()


def test_without_the_library_the_server_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [*sys.modules]:
        if name == "limits" or name.startswith("limits.") or name == "app.rates":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "limits", None)  # an import fails then
    with pytest.raises(CannotStartError, match=r"pip install -r requirements-rate-limit\.txt"):
        create_app({"RATE_LIMIT": "5/second"})
    create_app()


def test_without_the_library_the_server_ends_with_one_line_and_status_1(tmp_path: Path) -> None:
    (tmp_path / "limits.py").write_text("raise ImportError\n")
    process = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "app.asgi:create_app()"],
        cwd=ROOT,
        env={**os.environ, "RATE_LIMIT": "5/second", "PYTHONPATH": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert process.returncode == 1
    assert process.stderr.count("pip install -r requirements-rate-limit.txt") == 1
    assert "Traceback" not in process.stderr
