"""Security headers: they tell a browser what our pages may do, and which pages may frame them."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import BadRequest

from app.problems import problem
from app.settings import NO_FRAMES

# Only what is named here, and only from this server. Pictures may be data and blob URLs too: a
# picture that was opened is shown before it is sent. No script may make HTML or code from a string.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        "frame-ancestors ",
    ]
)

NO_SNIFF = ("X-Content-Type-Options", "nosniff")
FIXED = [
    NO_SNIFF,
    ("Referrer-Policy", "no-referrer"),
    (
        "Permissions-Policy",
        "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
]
RESOURCE_POLICY = "Cross-Origin-Resource-Policy"

# With nosniff a browser shows these as text: nothing in them can run, link or be framed to harm. So
# they lack what only pages need, some 600 bytes. Any other type has all headers.
PLAIN_DATA = {"application/json", "application/problem+json"}

# A year, for this host only: other services on its subdomains may not have TLS.
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")

NO_STORE = ("Cache-Control", "no-store")

PROBES = {"/health", "/healthz", "/live"}  # the probes of most platforms come without TLS
# A host name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
HOST = re.compile(r"([a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.I)
UNQUOTED = "!$&'()*+,/:;=@~"  # in a path (RFC 3986, 3.3), beside letters, digits, "-", "." and "_"


def protected(app: WSGIApplication, frame_ancestors: str = NO_FRAMES) -> WSGIApplication:
    """The app with these headers, and one about caching, on every answer; JSON has few of them.

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
            is_framed = frame_ancestors != NO_FRAMES and _is_embedded(environ)
            own = dict(headers)
            if own.get("Content-Type") in PLAIN_DATA:
                added = [NO_SNIFF]
            else:
                added = framed.copy() if is_framed else plain.copy()
            if "Cache-Control" not in own:
                added.append(NO_STORE)
            if RESOURCE_POLICY not in own:
                added.append((RESOURCE_POLICY, "cross-origin" if is_framed else "same-origin"))
            if environ["wsgi.url_scheme"] == "https":
                added.append(STRICT_TRANSPORT)
            return start_response(status, headers + added, *error)

        return app(environ, start)

    return answer


def _headers(frame_ancestors: str) -> list[tuple[str, str]]:
    headers = [("Content-Security-Policy", CONTENT_SECURITY_POLICY + frame_ancestors), *FIXED]
    if frame_ancestors == NO_FRAMES:  # for browsers without frame-ancestors
        headers.append(("X-Frame-Options", "DENY"))
    return headers


# Of an answer that is not made by an app: those that gunicorn gives to what is no request.
REFUSAL = [*_headers(NO_FRAMES), (RESOURCE_POLICY, "same-origin"), NO_STORE]


def _is_embedded(environ: WSGIEnvironment) -> bool:
    """Whether the page with the pad is asked for without what is around it."""
    query = environ.get("QUERY_STRING", "")
    return environ.get("PATH_INFO") in ("", "/") and "embed=1" in query.split("&")


def over_tls(app: WSGIApplication) -> WSGIApplication:
    """The app, with a redirect to https of each request that came without TLS.

    A 308 keeps the method and the body. The host is that of the request, without its port: a
    browser sends the one in its address bar, and no other website can change it. A Host that is no
    name and no address is refused, and a redirect is never cached, so it misleads no other client.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["wsgi.url_scheme"] == "https" or environ["PATH_INFO"] in PROBES:
            return app(environ, start_response)
        host = HOST.fullmatch(environ.get("HTTP_HOST", ""))
        if host is None:
            detail = "found no host name in the header Host, wanted one; use the https address"
            return problem(BadRequest(), detail)(environ, start_response)
        address = f"https://{host[1]}{full_path(environ)}"
        start_response("308 Permanent Redirect", [("Location", address), ("Content-Length", "0")])
        return []

    return answer


def full_path(environ: WSGIEnvironment) -> str:
    """Path and query of a request, as an address has them."""
    path = f"{environ.get('SCRIPT_NAME', '')}{environ['PATH_INFO']}".encode("latin-1")
    query = quote(environ.get("QUERY_STRING", "").encode("latin-1"), safe=f"{UNQUOTED}?%[]")
    return quote(path, safe=UNQUOTED) + (f"?{query}" if query else "")
