"""The Flask app under an ASGI server: gunicorn's own `asgi` worker, see gunicorn.conf.py.

The event loop only reads whole requests and writes answers. So a client that sends or receives
slowly delays only itself. Complete requests are given to threads: heavy requests to one thread,
pages and files to another, all others to THREADS more. So neither a heavy request nor hundreds of
pages delay a plain drawing. If a client disconnects, gunicorn cancels its request, and a request
that still waits is not computed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from io import BytesIO
from sys import stderr
from time import perf_counter
from typing import Any, TypeAlias
from wsgiref.types import WSGIApplication, WSGIEnvironment

from app import create_app as create_wsgi_app
from app.insight import INSIGHTS
from app.limits import (
    DISCARDED_BYTES,
    HELD_BYTES,
    HELD_LARGE_BYTES,
    MEAN_CHUNK_BYTES,
    PLAIN_BYTES,
    SMALL_CHUNKS,
)
from app.logs import GONE, RequestLog, id_of
from app.proxies import Proxies, host_and_path, without_prefix
from app.queues import Answer, BusyError, Queue, is_heavy
from app.refusals import Refusals

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

HEAVY_PATHS = {f"/api/{name}" for name, insight in INSIGHTS.items() if insight.is_heavy}
LIVE = "/live"
CHECKS = {"/health", "/healthz", LIVE}  # they do not wait for pages


class ChunksError(Exception):
    """A body came in too many small chunks."""


class DisconnectedError(Exception):
    """The client disconnected before its request was complete."""


def create_app(config: Mapping[str, Any] | None = None) -> "Application":
    """The application for an ASGI server; arguments and errors are those of `app.create_app`."""
    app = create_wsgi_app(config)
    return Application(app.wsgi_app, app.config, [rule.rule for rule in app.url_map.iter_rules()])


class Application:
    """An ASGI 3 application around a WSGI one.

    app:    the WSGI application
    config: has the limits of app/limits.py and the settings of app/settings.py
    rules:  of all routes, for the log
    """

    def __init__(
        self, app: WSGIApplication, config: Mapping[str, Any], rules: Iterable[str] = ()
    ) -> None:
        self._app = app
        self._max_bytes: int = config["MAX_CONTENT_LENGTH"]
        self._seconds: float = config["MAX_BODY_SECONDS"]
        self._held = 0  # bytes of all bodies that are received, wait or are read
        self._plain, self._pages, self._heavy = (
            Queue(threads, config[f"MAX_{name}_WAITING"], config[f"MAX_{name}_SECONDS"])
            for name, threads in (("PLAIN", config["THREADS"]), ("PLAIN", 1), ("HEAVY", 1))
        )
        self.log = RequestLog(config, rules)
        self._refusals = Refusals(config)
        self._proxies = Proxies(config)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or the messages of the server's start and end."""
        if scope["type"] == "lifespan":
            await _follow_lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request and log it, also where its client left."""
        started, environ = perf_counter(), environ_from(scope)
        self._proxies.correct(environ)
        request_id = id_of(environ)
        status, size = GONE, 0
        try:
            status, headers, body = await self._answer(environ, receive)
            size = len(body)
            headers = [*headers, ("X-Request-Id", request_id)]
            if is_kept_for_1_0(environ):
                headers.append(("Connection", "keep-alive"))
            encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
            await send({"type": "http.response.start", "status": status, "headers": encoded})
            await send({"type": "http.response.body", "body": body})
        except DisconnectedError:
            pass
        except Exception:
            status = 500  # gunicorn answers so
            raise
        finally:
            self.log.write(environ, status, size, started, request_id)

    async def _answer(self, environ: WSGIEnvironment, receive: Receive) -> Answer:
        environ["wsgi.input"] = body = BytesIO()
        too_often = self._refusals.too_often(environ)
        try:
            async with asyncio.timeout(self._seconds):
                if too_often is not None:
                    await discard_plain_body(receive)
                    return call(too_often, environ)
                await self._receive_body(body, environ, receive)
            if environ["PATH_INFO"] == LIVE:  # at once, even if no thread is free
                return call(self._app, environ)
            return await self._queue(environ, body.getvalue()).run(call, self._app, environ)
        except TimeoutError:
            return call(self._refusals.late, environ)
        except BusyError:
            return call(self._refusals.busy, environ)
        except ChunksError:
            return call(self._refusals.chunks, environ)
        finally:
            self._held -= body.getbuffer().nbytes

    def _queue(self, environ: WSGIEnvironment, body: bytes) -> Queue:
        if environ["PATH_INFO"] in HEAVY_PATHS or is_heavy(environ["CONTENT_TYPE"], body):
            return self._heavy
        is_page = environ["REQUEST_METHOD"] != "POST" and environ["PATH_INFO"] not in CHECKS
        return self._pages if is_page else self._plain

    async def _receive_body(
        self, body: BytesIO, environ: WSGIEnvironment, receive: Receive
    ) -> None:
        """Receive the body. Of one that is too large only a part is kept, and Flask refuses it.

        The rest, up to DISCARDED_BYTES, is read and thrown away: a client that is still sending
        would miss the answer. So is the whole body where those of all requests take too much
        memory: BusyError.
        """
        declared = int(environ.get("CONTENT_LENGTH", 0))
        if declared > self._max_bytes + DISCARDED_BYTES:
            return  # too much to wait for
        kept_bytes = self._max_bytes if declared <= self._max_bytes else 0
        size, chunks, more, has_room = 0, 0, True, True
        while more and size <= self._max_bytes + DISCARDED_BYTES:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise DisconnectedError
            piece, more = message.get("body", b""), message.get("more_body", False)
            size, chunks = size + len(piece), chunks + 1
            if chunks > SMALL_CHUNKS + size / MEAN_CHUNK_BYTES:
                raise ChunksError
            kept = piece[: max(0, kept_bytes - body.tell())]
            most = HELD_BYTES if size <= PLAIN_BYTES else HELD_LARGE_BYTES
            if has_room and self._held + len(kept) <= most:
                self._held += body.write(kept)
            elif has_room:
                has_room = False
                self._held -= body.tell()
                body.seek(0)
                body.truncate()
        if not has_room:
            raise BusyError
        body.seek(0)


async def discard_plain_body(receive: Receive) -> None:
    """Read a body and throw it away, so that the connection can go on; of a long one only a part.

    DisconnectedError if the client leaves.
    """
    size, more = 0, True
    while more and size <= PLAIN_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)


def environ_from(scope: Message) -> WSGIEnvironment:
    """The WSGI environment (PEP 3333) of an ASGI request, without its body."""
    server, client = scope["server"] or ("", 0), scope["client"] or ("", 0)
    host, path = host_and_path(scope["path"])
    path = without_prefix(path, scope["root_path"])  # ASGI's path begins with it
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope["root_path"],
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "CONTENT_TYPE": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": stderr,
        "wsgi.input_terminated": True,  # the input ends where the body does
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if environ.get(key) else text
    if host:
        environ["HTTP_HOST"] = host.encode().decode("latin-1")
    return environ


def is_kept_for_1_0(environ: WSGIEnvironment) -> bool:
    """Whether gunicorn keeps the connection of a client of HTTP/1.0; it does not say so."""
    wanted: str = environ.get("HTTP_CONNECTION", "")
    return environ["SERVER_PROTOCOL"] == "HTTP/1.0" and wanted.strip().lower() == "keep-alive"


def call(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """The whole answer of a WSGI application."""
    start: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        start[:] = int(status[:3]), headers

    parts = app(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = start
    return status, headers, body


async def _follow_lifespan(receive: Receive, send: Send) -> None:
    """Confirm the server's start and end; without it gunicorn refuses to start the app."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
