"""The real server's score by the rules of MDN's HTTP Observatory: see tests/observatory.py."""

from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection

import pytest

from tests.browser.server import Server
from tests.observatory import Site, rules, score

WANTED = 130  # of 135 that are possible without cookies and without a place in browsers' lists
ORIGIN = "https://elsewhere.example"
TLS = {"X-Forwarded-Proto": "https"}  # as a proxy says it; gunicorn trusts the one on this machine
NEEDED = [
    *("content-security-policy", "referrer-policy", "strict-transport-security"),
    *("x-content-type-options", "cross-origin-resource-policy"),
]
Answer = tuple[int, dict[str, str], str]


def asked(server: Server, **headers: str) -> Answer:
    """Status, headers and body of the answer to a GET of the page."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", "/", headers=named)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    pairs: dict[str, str] = {}
    for name, value in response.getheaders():
        key = name.lower()
        pairs[key] = f"{pairs[key]}, {value}" if key in pairs else value
    return response.status, pairs, body


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What a server answers that has FORCE_HTTPS and stands behind a proxy with TLS."""
    with Server(tmp_path_factory.mktemp("forced") / "output.txt", FORCE_HTTPS="1") as server:
        status, plain, _ = asked(server)
        found, headers, page = asked(server, **TLS)
        assert found == 200
        assert "set-cookie" not in headers
        cross = asked(server, Origin=ORIGIN, **TLS)[1]
        yield Site("127.0.0.1", status, plain.get("location", ""), headers, page, ORIGIN, cross)


def test_the_score_is_as_wanted(site: Site) -> None:
    assert score(site) >= WANTED, rules(site)


@pytest.mark.parametrize("name", NEEDED)
def test_without_one_of_these_headers_it_is_not(site: Site, name: str) -> None:
    headers = {key: value for key, value in site.headers.items() if key != name}
    assert score(replace(site, headers=headers)) < WANTED


def test_without_the_redirect_it_is_not(site: Site) -> None:
    assert score(replace(site, plain_status=200)) < WANTED
