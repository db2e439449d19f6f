"""Security headers: they tell a browser what our pages may do."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Scripts, styles and requests only from this server; pictures may be data and blob URLs too.
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
    ("X-Frame-Options", "DENY"),  # for browsers without frame-ancestors
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def protected(app: WSGIApplication) -> WSGIApplication:
    """The app with these headers, and one about caching, on every answer.

    Browsers revalidate pages and static files each time, and get a 304 if they have not changed
    (Flask gives static files an ETag). So a new version is seen at once, and no address needs a
    version. Any other answer without a header about caching is not cached.

    The headers are added to the finished list, because Flask and Werkzeug would check and copy
    them several times.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if not any(name == "Cache-Control" for name, _ in headers):
                headers = [*headers, ("Cache-Control", "no-store")]
            return start_response(status, headers + FIXED, *error)

        return app(environ, start)

    return answer
