"""What app/asgi.py answers by itself: in the form and with the headers of all other answers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestTimeout,
    ServiceUnavailable,
    TooManyRequests,
)

from app import CannotStartError
from app.cors import shared
from app.problems import problem
from app.security import protected

RETRY_SECONDS = 2  # for the header Retry-After of a 503
EXTRA = "pip install -r requirements-rate-limit.txt"


class Refusals:
    """WSGI applications that refuse.

    late, busy, chunks: the body is late; too many requests wait; the body has very small chunks
    config:             has MAX_BODY_SECONDS, CORS_ORIGINS and RATE_LIMIT
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._limit: str = config["RATE_LIMIT"]
        self._refusal = partial(_refusal, config["CORS_ORIGINS"])
        self._seconds_to_wait = _rates(self._limit)
        seconds = config["MAX_BODY_SECONDS"]
        late = f"the body did not arrive within {seconds} seconds; send it again, faster"
        self.late = self._refusal(RequestTimeout(), late)
        busy = f"too many requests wait to be read; try again in {RETRY_SECONDS} seconds"
        self.busy = self._refusal(ServiceUnavailable(retry_after=RETRY_SECONDS), busy)
        chunks = "found a body in very small chunks, wanted larger ones; send it with its length"
        self.chunks = self._refusal(BadRequest(), chunks)

    def too_often(self, environ: WSGIEnvironment) -> WSGIApplication | None:
        """Count a question to the API; the refusal if its client asks more than RATE_LIMIT."""
        if self._seconds_to_wait is None or environ["REQUEST_METHOD"] != "POST":
            return None
        if not environ["PATH_INFO"].startswith("/api/"):
            return None
        seconds = self._seconds_to_wait(environ["REMOTE_ADDR"])
        if seconds == 0:
            return None
        found = f"found more questions than one client may ask ({self._limit})"
        cure = f"{found}; ask again in {seconds} second{'s' if seconds > 1 else ''}"
        return self._refusal(TooManyRequests(retry_after=seconds), cure)


def _refusal(origins: str, error: HTTPException, detail: str) -> WSGIApplication:
    return protected(shared(problem(error, detail), origins))


def _rates(limit: str) -> Callable[[str], int] | None:
    """What counts the questions of clients; CannotStartError if the library for it is missing."""
    if not limit:
        return None
    try:
        from app.rates import Rates  # the library is no requirement of a server without the limit
    except ImportError as error:
        found = f"RATE_LIMIT is {limit!r} and needs a library that is not installed"
        raise CannotStartError(f"{found}; type: {EXTRA}") from error
    return Rates(limit).seconds_to_wait
