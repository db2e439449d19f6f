"""The security headers of all answers, frames, and the redirect to TLS."""

from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from app import create_app
from app.security import CONTENT_SECURITY_POLICY, protected
from tests.observatory import directives
from tests.strokes import SEVEN

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
SELF = {"'self'"}
POLICY = {
    "default-src": {"'none'"},
    **{f"{kind}-src": SELF for kind in ("script", "style", "connect")},
    "img-src": SELF | {"data:", "blob:"},
    "base-uri": {"'none'"},
    "form-action": {"'none'"},
    "frame-ancestors": {"'none'"},
    "require-trusted-types-for": {"'script'"},
    "trusted-types": {"'none'"},
}
RENDERED = ["/", "/models", "/nothing", "/static/js/main.js", "/static/css/page.css"]
DATA = ["/api/models", "/api/openapi.json", "/api/nothing", "/health", "/live"]
ADDRESSES = [*RENDERED, *DATA]
PERSON = {"Accept": "text/html"}  # as a browser that opens an address
OVER_TLS = {"wsgi.url_scheme": "https"}


@pytest.fixture(scope="module")
def forced() -> Flask:
    """An app that redirects to TLS."""
    return create_app({"FORCE_HTTPS": True})


@pytest.mark.parametrize("address", RENDERED)
def test_every_page_and_file_has_the_headers(client: FlaskClient, address: str) -> None:
    with client.get(address, headers=PERSON) as response:  # closes the static file
        headers = response.headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert directives(headers["Content-Security-Policy"]) == POLICY
    assert "camera=(self)" in headers["Permissions-Policy"].split(", ")
    assert len(headers) == len(dict(headers)), "a header stands twice"


@pytest.mark.parametrize("address", DATA)
def test_json_has_only_the_headers_that_data_needs(client: FlaskClient, address: str) -> None:
    headers = client.get(address, headers=PERSON).headers
    assert headers["Content-Type"].startswith("application/")
    assert headers["X-Content-Type-Options"] == "nosniff"  # so a browser shows it as text
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert not {"Content-Security-Policy", "Permissions-Policy", "X-Frame-Options"} & {
        *headers.keys()
    }
    assert sum(len(name) + len(value) + 4 for name, value in headers) <= 250


@pytest.mark.parametrize(
    "kind",
    ["text/html", "image/svg+xml", "text/xml", "text/plain", "application/xhtml+xml", "", "json"],
)
def test_whatever_is_not_json_has_all_headers(kind: str) -> None:
    def app(_: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", kind)] if kind else [])
        return []

    found = Client(protected(app)).get("/api/predict").headers
    assert {name: found.get(name) for name in HEADERS} == HEADERS
    assert "Content-Security-Policy" in found


def test_no_policy_allows_what_is_inline() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    ("address", "frames"),
    [
        ("/?embed=1", True),
        ("/?model=lenet&embed=1", True),
        ("/", False),
        ("/?embed=0", False),
        ("/models?embed=1", False),
    ],
)
def test_only_the_page_without_its_text_is_shown_in_frames_and_only_where_the_server_is_told(
    client: FlaskClient, address: str, frames: bool
) -> None:
    origin = "https://school.example"
    told = create_app({"FRAME_ANCESTORS": origin}).test_client().get(address).headers
    found = directives(told["Content-Security-Policy"])["frame-ancestors"]
    assert found == {origin if frames else "'none'"}
    assert ("X-Frame-Options" in told) is not frames
    policy = "cross-origin" if frames else "same-origin"  # a page with COEP may frame it too
    assert told["Cross-Origin-Resource-Policy"] == policy
    assert client.get(address).headers["X-Frame-Options"] == "DENY"
    assert client.get(address).headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_environment_says_which_pages_may_show_it_in_a_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FRAME_ANCESTORS", "self, https://school.example")
    headers = create_app().test_client().get("/?embed=1").headers
    wanted = "frame-ancestors 'self' https://school.example"
    assert headers["Content-Security-Policy"].endswith(wanted)


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_what_came_over_tls_says_that_it_must(client: FlaskClient, address: str) -> None:
    with client.get(address) as plain, client.get(address, environ_overrides=OVER_TLS) as secure:
        assert "Strict-Transport-Security" not in plain.headers
        assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/", "https://here.example/"),
        ("/models?a=1&b=%20%C3%A4", "https://here.example/models?a=1&b=%20%C3%A4"),
        ("/%C3%A4%20b%3Fc", "https://here.example/%C3%A4%20b%3Fc"),
        ("//evil.example/", "https://here.example//evil.example/"),
        ("/%0d%0aSet-Cookie:a=b", "https://here.example/%0D%0ASet-Cookie:a=b"),
    ],
)
@pytest.mark.parametrize("host", ["here.example", "here.example:8000"])
def test_a_request_without_tls_is_sent_to_the_same_address_with_it(
    forced: Flask, address: str, wanted: str, host: str
) -> None:
    environ = {"HTTP_HOST": host, **split(address)}
    for method in ("GET", "POST", "HEAD"):
        response = forced.test_client().open(method=method, environ_overrides=environ)
        assert (response.status_code, response.headers["Location"]) == (308, wanted)
        assert response.headers["Cache-Control"] == "no-store"


def split(address: str) -> dict[str, str]:
    """Path and query as a server gives them."""
    path, _, query = address.partition("?")
    return {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}


@pytest.mark.parametrize(
    "host", ["", "evil.example/x", "a@evil.example", "a b", "evil.example?", "a:b", "[::1", "ä"]
)
def test_a_host_that_is_none_is_not_redirected_to(forced: Flask, host: str) -> None:
    response = forced.test_client().get("/", environ_overrides={"HTTP_HOST": host})
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert "Location" not in response.headers


def test_an_ipv6_host_and_a_prefix_stay(forced: Flask) -> None:
    environ = {"HTTP_HOST": "[::1]:8000", "SCRIPT_NAME": "/lenet", "PATH_INFO": "/models"}
    response = forced.test_client().get("/", environ_overrides=environ)
    assert response.headers["Location"] == "https://[::1]/lenet/models"


@pytest.mark.parametrize(
    ("address", "environ"),
    [("/health", {}), ("/healthz", {}), ("/live", {}), ("/", OVER_TLS), ("/api/predict", OVER_TLS)],
)
def test_probes_and_what_came_over_tls_are_not_redirected(
    forced: Flask, address: str, environ: dict[str, Any]
) -> None:
    client = forced.test_client()
    if address == "/api/predict":
        response = client.post(address, json={"strokes": SEVEN}, environ_overrides=environ)
    else:
        response = client.get(address, environ_overrides=environ)
    assert response.status_code == 200


def test_nothing_is_redirected_unless_the_server_is_told(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
