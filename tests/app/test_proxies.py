"""What proxies tell: believed from trusted ones, ignored from others, harmless in any form."""

import asyncio
import json
from itertools import product
from typing import Any

import pytest

from app.asgi import Application, create_app
from app.proxies import plain_address, without_prefix
from tests.app.conftest import CONFIG
from tests.app.test_asgi import LAST, ask

TRUSTED, STRANGER = "127.0.0.1", "203.0.113.9"
BROWSER = (b"accept", b"text/html")
PREFIXES = ["/lenet", "/a/b.c"]
ODD = {
    "two slashes": b"//evil.example",
    "an address": b"https://evil.example/",
    "a backslash": b"/\\evil.example",
    "quotes": b"/\"'><script>alert(1)</script>",
    "a line break": b"/evil\r\nSet-Cookie: evil=1",
    "spaces": b"/e vil",
    "dots": b"/../evil",
    "long": b"/evil" * 2_000,
    "other letters": "/evilä".encode(),
    "other bytes": b"/evil\xff",
    "a quoted list": b'"evil, evil"',
    "a half quote": b'"evil',
    "percent": b"/evil%0d%0a",
    "a port too many": b"evil:1:2",
    "a user": b"evil@evil.example:80",
}
NAMES = ["prefix", "host", "proto", "for"]


def application(**config: Any) -> Application:
    return create_app({**CONFIG, "LOG_FORMAT": "none", **config})


def asked(
    app: Application, path: str, *headers: tuple[bytes, bytes], peer: str = TRUSTED, **more: Any
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to a GET."""
    fields = [(b"host", b"here.example"), *headers]
    more = {"method": "GET", "path": path, "headers": fields, "client": (peer, 1), **more}
    start, body = asyncio.run(ask(app, LAST, **more))
    names = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return start["status"], names, body["body"]


def told(name: str, value: str | bytes) -> tuple[bytes, bytes]:
    value = value.encode() if isinstance(value, str) else value
    return f"x-forwarded-{name}".encode(), value


def servers(app: Application, path: str, *headers: tuple[bytes, bytes], **more: Any) -> Any:
    status, _, body = asked(app, path, *headers, **more)
    assert status == 200, body
    return json.loads(body)["servers"]


@pytest.fixture(scope="module")
def plain() -> Application:
    return application()


@pytest.fixture(scope="module", params=PREFIXES)
def prefixed(request: pytest.FixtureRequest) -> tuple[Application, str]:
    return application(SCRIPT_NAME=request.param), request.param


def test_a_proxy_may_remove_the_prefix_or_not(prefixed: tuple[Application, str]) -> None:
    app, prefix = prefixed
    for path in ("/api/openapi.json", f"{prefix}/api/openapi.json"):
        assert servers(app, path) == [{"url": prefix}]
    assert asked(app, "/models")[0] == asked(app, f"{prefix}/models")[0] == 200


def test_without_a_prefix_the_api_is_at_the_root(plain: Application) -> None:
    assert servers(plain, "/api/openapi.json") == [{"url": "/"}]


@pytest.mark.parametrize("path", ["{}x/models", "{}x", "/x{}/models", "{}/{}/models"])
def test_what_only_looks_like_the_prefix_is_not_it(
    prefixed: tuple[Application, str], path: str
) -> None:
    app, prefix = prefixed
    assert asked(app, path.format(prefix, prefix))[0] == 404


def test_the_prefix_alone_leads_to_the_page(prefixed: tuple[Application, str]) -> None:
    app, prefix = prefixed
    status, headers, _ = asked(app, prefix, query_string=b"model=lenet&x=%22")
    assert (status, headers["location"]) == (308, f"{prefix}/?model=lenet&x=%22")
    assert headers["x-content-type-options"] == "nosniff"
    assert asked(app, f"{prefix}/")[0] == 200


def test_a_problem_names_addresses_with_the_prefix(plain: Application) -> None:
    detail = json.loads(asked(plain, "/no", told("prefix", "/lenet"))[2])["detail"]
    assert "/lenet/no;" in detail
    assert "/lenet/api/openapi.json" in detail


def test_a_redirect_to_tls_has_host_and_prefix() -> None:
    app = application(FORCE_HTTPS=True, SCRIPT_NAME="/lenet")
    _, headers, _ = asked(app, "/lenet/models", told("host", "digits.example:8443"))
    assert headers["location"] == "https://digits.example/lenet/models"


@pytest.mark.parametrize(
    ("value", "url"),
    [("/a", "/a"), ("/a/", "/a"), ("/a, /b", "/b"), ("/", "/"), ("", "/"), (",,", "/")],
)
def test_the_prefix_of_the_nearest_proxy_counts(plain: Application, value: str, url: str) -> None:
    assert servers(plain, "/api/openapi.json", told("prefix", value)) == [{"url": url}]


@pytest.mark.parametrize(
    ("value", "is_tls"),
    [
        *[("https", True), ("HTTPS", True), ("http, https", True), ("https,http", False)],
        *[("http", False), ("ftp", False), ("https evil", False), ("", False), ("wss", False)],
    ],
)
def test_tls_that_ended_at_a_proxy(plain: Application, value: str, is_tls: bool) -> None:
    _, headers, _ = asked(plain, "/live", told("proto", value))
    assert ("strict-transport-security" in headers) is is_tls


def test_the_page_names_the_address_that_a_visitor_sees(plain: Application) -> None:
    seen = (told("proto", "https"), told("host", "digits.example:8443"), told("prefix", "/lenet"))
    page = asked(plain, "/", *seen)[2].decode()
    assert 'content="https://digits.example:8443/lenet/"' in page
    assert "here.example" not in page


@pytest.mark.parametrize("name", NAMES)
def test_no_stranger_is_believed(plain: Application, name: str) -> None:
    value = {"prefix": "/evil", "host": "evil.example", "proto": "https", "for": "192.0.2.66"}[name]
    for path in ("/", "/api/openapi.json", "/live"):
        status, headers, body = asked(plain, path, told(name, value), peer=STRANGER)
        assert status == 200
        assert b"evil" not in body
        assert "strict-transport-security" not in headers


@pytest.mark.parametrize(("name", "odd"), sorted(product(NAMES, ODD)))
def test_odd_values_reach_no_answer(plain: Application, name: str, odd: str) -> None:
    for path in ("/", "/nothing", "/api/openapi.json"):
        usual = asked(plain, path, BROWSER)
        found = asked(plain, path, BROWSER, told(name, ODD[odd]))
        assert found[0] == usual[0] < 500
        assert b"evil" not in found[2]
        assert not any("evil" in value.lower() for value in found[1].values())


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_host_reaches_no_answer(plain: Application, odd: str) -> None:
    for path in ("/", "/nothing", "/api/openapi.json"):
        status, headers, body = asked(plain, path, BROWSER, headers=[(b"host", ODD[odd])])
        assert status < 500
        assert b"<script>alert" not in body
        assert "location" not in headers


@pytest.mark.parametrize(
    ("allowed", "peer", "value", "client"),
    [
        ("127.0.0.1", TRUSTED, "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", TRUSTED, "192.0.2.66, 192.0.2.1", "192.0.2.1"),  # 66 is only claimed
        ("127.0.0.1,10.0.0.0/8", TRUSTED, "192.0.2.66, 192.0.2.1, 10.0.0.7", "192.0.2.1"),
        ("127.0.0.1,10.0.0.0/8", TRUSTED, "10.0.0.1, 10.0.0.2", "10.0.0.1"),  # all are proxies
        ("*", STRANGER, "192.0.2.66, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", STRANGER, "192.0.2.1", STRANGER),
        ("127.0.0.1", TRUSTED, "", TRUSTED),
        ("127.0.0.1", TRUSTED, "192.0.2.1, unknown", TRUSTED),
        ("127.0.0.1,10.0.0.0/8", TRUSTED, "unknown, 10.0.0.7", "10.0.0.7"),
        ("127.0.0.1", TRUSTED, "192.0.2.1:5678", "192.0.2.1"),
        ("127.0.0.1", TRUSTED, "[2001:db8::1]:443", "2001:db8::1"),
        ("127.0.0.1", TRUSTED, "::ffff:192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "::ffff:127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.0/8", "::ffff:10.1.2.3", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.0/8", "::ffff:192.0.2.9", "192.0.2.1", "192.0.2.9"),
        ("127.0.0.1", "", "192.0.2.1", "192.0.2.1"),  # a Unix socket
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy(
    capsys: pytest.CaptureFixture[str], allowed: str, peer: str, value: str, client: str
) -> None:
    shown = {"LOG_FORMAT": "json", "LOG_ADDRESSES": True, "FORWARDED_ALLOW_IPS": allowed}
    app = application(**shown)
    capsys.readouterr()
    asked(app, "/live", told("for", value), peer=peer)
    assert json.loads(capsys.readouterr().out)["address"] == client


def test_two_headers_are_one_list(plain: Application) -> None:
    headers = told("prefix", "/a"), told("prefix", "/b")
    assert servers(plain, "/api/openapi.json", *headers) == [{"url": "/b"}]


@pytest.mark.parametrize("text", ["", "unknown", "1.2.3", "1.2.3.4.5", "_hidden", "[::1", "1:2"])
def test_what_is_no_address(text: str) -> None:
    assert plain_address(text) is None


def test_the_rate_limit_counts_visitors_behind_a_proxy_apart() -> None:
    pytest.importorskip("limits")
    app = application(RATE_LIMIT="1/hour")

    def status(client: str) -> int:
        return asked(app, "/api/predict", told("for", client), method="POST")[0]

    assert [status("192.0.2.1"), status("192.0.2.1"), status("192.0.2.2")] == [400, 429, 400]


def test_a_root_path_of_another_server_is_removed_whole() -> None:
    assert without_prefix("/digits/models", "/digits") == "/models"
    assert without_prefix("/digitsx/models", "/digits") == "/digitsx/models"
    assert without_prefix("/models", "") == "/models"
