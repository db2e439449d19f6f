"""What proxies in front of this server tell about a request: who asks, how, and under which prefix.

Only the proxies of FORWARDED_ALLOW_IPS are believed, and of a header only the last value: the one
of the nearest proxy. What has an odd form is ignored as if it had not been sent.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.security import HOST, full_path
from app.settings import PREFIX

EVERY_PROXY = "*"
# An address as some proxies write it, with a port: 192.0.2.1:443, [2001:db8::1]:443
WITH_PORT = re.compile(r"\[([0-9a-f:.]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}", re.I)
# A request target may name the server too (RFC 9112, 3.2.2).
ABSOLUTE = re.compile(r"https?://([^/]*)(.*)", re.I | re.DOTALL)
MOST_HOST, MOST_PREFIX = 260, 100  # characters; a name of the DNS has at most 253


class Proxies:
    """Corrects the environment of a request by what proxies tell.

    config: has FORWARDED_ALLOW_IPS and SCRIPT_NAME of app/settings.py
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._allowed: str = config["FORWARDED_ALLOW_IPS"]
        self._is_trusted = trust(self._allowed)
        self._prefix: str = config["SCRIPT_NAME"]

    def correct(self, environ: WSGIEnvironment) -> None:
        """Set the client, scheme, host and prefix of this request, and take the prefix away.

        The id of the request stays only where a trusted proxy sent it.

        A proxy that removes the prefix of SCRIPT_NAME and one that does not are both right.
        """
        peer = environ["REMOTE_ADDR"]
        environ["REMOTE_ADDR"] = plain_address(peer) or peer
        if self._prefix:
            path: str = environ["PATH_INFO"]
            environ["PATH_INFO"] = without_prefix(path, self._prefix)
            environ["SCRIPT_NAME"] = self._prefix
        if self._is_trusted(peer):
            self._believe(environ)
        else:
            environ.pop("HTTP_X_REQUEST_ID", None)

    def _believe(self, environ: WSGIEnvironment) -> None:
        """Take over what a proxy tells that is trusted."""
        environ["REMOTE_ADDR"] = self._client(environ)
        scheme = _last(environ, "PROTO").lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        host = _last(environ, "HOST")
        if len(host) <= MOST_HOST and HOST.fullmatch(host):
            environ["HTTP_HOST"] = host
        prefix = _last(environ, "PREFIX")
        if 0 < len(prefix) <= MOST_PREFIX and PREFIX.fullmatch(prefix):
            environ["SCRIPT_NAME"] = prefix.rstrip("/")

    def _client(self, environ: WSGIEnvironment) -> str:
        """The nearest address that is no trusted proxy; what stands before it anyone can write.

        Where every address is trusted it is the last one, which the router of a platform adds.
        """
        client: str = environ["REMOTE_ADDR"]
        for value in reversed(_values(environ, "FOR")):
            address = plain_address(value)
            if address is None:
                break
            client = address
            if self._allowed == EVERY_PROXY or not self._is_trusted(client):
                break
        return client


def with_slash(app: WSGIApplication) -> WSGIApplication:
    """The app, with a redirect from the prefix alone to the page: its links are relative."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] or not environ["SCRIPT_NAME"]:
            return app(environ, start_response)
        address = full_path({**environ, "PATH_INFO": "/"})
        start_response("308 Permanent Redirect", [("Location", address), ("Content-Length", "0")])
        return []

    return answer


def trust(allowed: str) -> Callable[[str], bool]:
    """Whether a connection comes from one of these proxies, or from a Unix socket.

    allowed: addresses and networks with commas between them, or * for all
    """
    if allowed == EVERY_PROXY:
        return lambda peer: True
    networks = [ip_network(word) for word in allowed.split(",") if word]

    def is_trusted(peer: str) -> bool:
        if not peer:  # a Unix socket has no address, and only this machine can use it
            return True
        address = plain_address(peer)
        return address is not None and any(ip_address(address) in one for one in networks)

    return is_trusted


def plain_address(text: str) -> str | None:
    """An address without a port; one of IPv4 stays so within IPv6. None for any other text."""
    found = WITH_PORT.fullmatch(text)
    try:
        address = ip_address(found[1] or found[2] if found else text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def host_and_path(target: str) -> tuple[str, str]:
    """The host of a request target, empty where it names none, and its path."""
    found = ABSOLUTE.fullmatch(target)
    return (found[1], found[2] or "/") if found else ("", target)


def without_prefix(path: str, prefix: str) -> str:
    """The path below the prefix; a path that only begins with the same letters stays whole."""
    return path[len(prefix) :] if f"{path}/".startswith(f"{prefix}/") else path


def _values(environ: WSGIEnvironment, name: str) -> list[str]:
    """The values of a header. Werkzeug's parser takes 70 ms for a head full of commas."""
    values: list[str] = environ.get(f"HTTP_X_FORWARDED_{name}", "").split(",")
    return [value.strip() for value in values if value.strip()]


def _last(environ: WSGIEnvironment, name: str) -> str:
    return (_values(environ, name) or [""])[-1]
