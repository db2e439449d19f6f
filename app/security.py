"""The headers that tell a browser what a page of ours may do."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Scripts, styles and requests of our own only; pictures may also come from the page itself.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

FIXED = [
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),  # frame-ancestors, for browsers that do not know it
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def protected(app: WSGIApplication) -> WSGIApplication:
    """The app, every answer of which has the headers, and says what may be kept.

    Pages and static files are asked for again each time and answered 304 where they have not
    changed (Flask gives static files an ETag); so a new version is seen at once and no
    address needs a version. Whatever does not say so itself is not kept at all.

    The headers are added at the door, to the finished list: one that goes through Flask
    and Werkzeug is checked and copied several times.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if not any(name == "Cache-Control" for name, _ in headers):
                headers = [*headers, ("Cache-Control", "no-store")]
            return start_response(status, headers + FIXED, *error)

        return app(environ, start)

    return answer
