"""The memory for bodies is bounded, and pages have a queue of their own; without a server."""

import asyncio

import pytest

import app.asgi
from app.asgi import Application, create_app, environ_from
from app.limits import MEAN_CHUNK_BYTES, SMALL_CHUNKS
from app.queues import Queue
from tests.app.conftest import CONFIG
from tests.app.test_asgi import GONE, HEAVY, MORE, PLAIN, Slow, ask, problem, run, scope, whole


def test_a_body_in_very_small_chunks_is_refused() -> None:
    pieces = [{**MORE, "body": b" "}] * (SMALL_CHUNKS + SMALL_CHUNKS // MEAN_CHUNK_BYTES + 100)
    _, found = problem(asyncio.run(ask(create_app(), *pieces, whole(PLAIN))))
    assert found["status"] == 400
    assert "found a body in very small chunks" in found["detail"]


def test_large_bodies_that_fill_the_memory_are_refused_and_small_ones_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app.asgi, "HELD_LARGE_BYTES", 300_000)
    large = b" " * 200_000 + HEAVY

    async def test() -> None:
        slow = Slow()
        app = Application(slow, CONFIG)
        first = asyncio.create_task(ask(app, whole(large)))
        await slow.has_started()
        headers, found = problem(await ask(app, whole(large)))
        assert (found["status"], headers["retry-after"]) == (503, "2")
        assert (await ask(app, whole(PLAIN)))[1]["body"] == PLAIN
        slow.may_end.release()
        await first
        slow.may_end.release()
        assert (await ask(app, whole(large)))[1]["body"] == large  # there is room again

    run(test)


def test_a_body_whose_client_disconnects_leaves_its_room() -> None:
    app = Application(Slow(), CONFIG)
    asyncio.run(ask(app, {**MORE, "body": b" " * 1_000}, GONE))
    assert app._held == 0


def test_drawings_and_health_do_not_wait_for_pages() -> None:
    application = Application(Slow(), CONFIG)

    def queue(method: str, path: str) -> Queue:
        return application._queue(environ_from(scope(method=method, path=path)), b"")

    page = queue("GET", "/models")
    assert page is queue("GET", "/") is queue("GET", "/static/js/main.js")
    for method, path in (("POST", "/api/predict"), ("GET", "/health"), ("GET", "/live")):
        assert queue(method, path) is not page
