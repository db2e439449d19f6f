"""Cross-origin resource sharing: pages of other websites that may ask the API.

Without it a browser sends some of their requests, but shows them no answer. Programs that are no
browsers do not ask for it. https://fetch.spec.whatwg.org/#http-cors-protocol has the headers.
"""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.problems import FOR_PROGRAMS

EVERY_ORIGIN = "*"
PREFLIGHT = [
    ("Access-Control-Allow-Methods", "GET, HEAD, POST"),
    ("Access-Control-Allow-Headers", "Content-Type"),
    ("Access-Control-Max-Age", "7200"),  # seconds; two hours are the most that Chromium keeps
]
EXPOSED = ("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
# A page that isolates itself (COEP) reads no answer without it.
READABLE = ("Cross-Origin-Resource-Policy", "cross-origin")


def shared(app: WSGIApplication, origins: str) -> WSGIApplication:
    """The app, with answers of the API that pages of these origins may read.

    origins: such as https://school.example, with spaces between them; * is every origin; none if
             it is empty

    Cookies and passwords of a browser are never allowed with such a request; we read none.
    """
    allowed = {origin.lower() for origin in origins.split()}
    if not allowed:
        return app

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(FOR_PROGRAMS):
            return app(environ, start_response)
        added = _added(environ.get("HTTP_ORIGIN", ""), allowed)
        if _is_preflight(environ) and EXPOSED in added:
            start_response("204 No Content", [*added, *PREFLIGHT])
            return []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, headers + added, *error)

        return app(environ, start)

    return answer


def _added(origin: str, allowed: set[str]) -> list[tuple[str, str]]:
    """The headers for a page of this origin."""
    if EVERY_ORIGIN in allowed:
        return [("Access-Control-Allow-Origin", EVERY_ORIGIN), EXPOSED, READABLE]
    other = [("Vary", "Origin")]  # a cache must not give this answer to a page of another origin
    if origin.lower() not in allowed:
        return other
    return [("Access-Control-Allow-Origin", origin), EXPOSED, READABLE, *other]


def _is_preflight(environ: WSGIEnvironment) -> bool:
    """Whether a browser asks if a page may send a request."""
    return (
        environ["REQUEST_METHOD"] == "OPTIONS"
        and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
        and "HTTP_ORIGIN" in environ
    )
