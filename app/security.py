"""Security headers: they tell a browser what our pages may do, and which pages may frame them."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.settings import NO_FRAMES

# Scripts, styles and requests only from this server; pictures may be data and blob URLs too: a
# picture that was opened is shown before it is sent.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors ",
    ]
)

FIXED = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def protected(app: WSGIApplication, frame_ancestors: str = NO_FRAMES) -> WSGIApplication:
    """The app with these headers, and one about caching, on every answer.

    frame_ancestors: the pages that may show /?embed=1 in a frame, as the directive of this name
                     lists them; nothing else is ever shown in a frame

    Pages and static files say how they are cached (app/assets.py). Any other answer without a
    header about caching is not cached.

    The headers are added to the finished list, because Flask and Werkzeug would check and copy
    them several times.
    """
    plain, framed = _headers(NO_FRAMES), _headers(frame_ancestors)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if not any(name == "Cache-Control" for name, _ in headers):
                headers = [*headers, ("Cache-Control", "no-store")]
            fixed = framed if _is_embedded(environ) else plain
            return start_response(status, headers + fixed, *error)

        return app(environ, start)

    return answer


def _headers(frame_ancestors: str) -> list[tuple[str, str]]:
    headers = [("Content-Security-Policy", CONTENT_SECURITY_POLICY + frame_ancestors), *FIXED]
    if frame_ancestors == NO_FRAMES:  # for browsers without frame-ancestors
        headers.append(("X-Frame-Options", "DENY"))
    return headers


def _is_embedded(environ: WSGIEnvironment) -> bool:
    """Whether the page with the pad is asked for without what is around it."""
    query = environ.get("QUERY_STRING", "")
    return environ.get("PATH_INFO") in ("", "/") and "embed=1" in query.split("&")
