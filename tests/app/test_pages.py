"""The pages, the headers of all answers, and caching."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app import create_app

STATIC = "/static/js/main.js"


def test_the_page_is_served(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.mimetype == "text/html"


def test_the_page_shows_the_networks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def render(_: str, **context: object) -> str:
        given.update(context)
        return ""

    monkeypatch.setattr("app.pages.render_template", render)
    app.test_client().get("/")
    assert given["default"] == "lenet"
    first = given["networks"][0]
    assert (first["name"], first["parameters"]) == ("lenet", 44_426)
    assert first["accuracy"] > 0.99


def test_the_page_of_the_networks_is_rendered_once_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = create_app().test_client()
    monkeypatch.setattr("app.pages.render_template", lambda *_, **__: "made anew")
    page = client.get("/models")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert '<details class="model" id="lenet"' in page.text
    other = create_app().test_client()
    assert other.get("/models").text == "made anew"  # another app may have other networks


def test_under_a_prefix_every_address_on_a_page_has_it(client: FlaskClient) -> None:
    plain = client.get("/models").text
    page = client.get("/models", environ_overrides={"SCRIPT_NAME": "/digits"}).text
    addresses = re.findall(r'(?:href|src)="(/[^"]*)"', page)
    assert addresses
    assert {address.split("/")[1] for address in addresses} == {"digits"}
    assert client.get("/models").text == plain


def test_the_page_of_the_networks_is_small_for_the_committed_five(client: FlaskClient) -> None:
    page = client.get("/models").text
    assert page.count('<details class="model"') == 5
    assert len(page.encode()) < 60_000


def test_the_page_of_the_networks_is_sent_again_only_if_it_changed(client: FlaskClient) -> None:
    first = client.get("/models")
    again = client.get("/models", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    changed = client.get("/models", headers={"If-None-Match": '"another"'})
    assert (changed.status_code, changed.data) == (200, first.data)


@pytest.mark.parametrize("address", ["/", "/models"])
def test_every_style_sheet_and_module_of_a_page_exists(client: FlaskClient, address: str) -> None:
    named = re.findall(r'(?:href|src)="(/(?:static/|page.css)[^"]*)"', client.get(address).text)
    assert "/page.css" in named
    for file in named:
        with client.get(file) as response:
            assert response.status_code == 200, file


@pytest.mark.parametrize("address", ["/api/models", "/api/predict", "/health"])
def test_answers_of_the_api_are_not_cached(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/nothing", "/static/none.js"])
def test_a_404_is_not_cached(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers.get_all("Cache-Control") == ["no-store"]


@pytest.mark.parametrize("address", [STATIC, "/static/report/network.css"])
def test_static_files_are_cached_and_revalidated(client: FlaskClient, address: str) -> None:
    with client.get(address) as first:
        assert first.headers["Cache-Control"] == "no-cache"
    with client.get(address, headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_link_to_the_page_shows_a_picture_and_says_what_it_is(client: FlaskClient) -> None:
    page = client.get("/", headers={"Host": "digits.example"}).text
    meta = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))
    assert meta["og:title"] == "A digit, read while you write it"
    assert meta["og:description"] == meta["description"]
    assert meta["twitter:card"] == "summary_large_image"
    assert meta["og:image"] == "http://digits.example/static/link.png"
    with client.get("/static/link.png") as response:
        size = len(response.data)
        with Image.open(BytesIO(response.data)) as picture:
            assert picture.size == (int(meta["og:image:width"]), int(meta["og:image:height"]))
    assert size < 100_000


def test_under_a_prefix_the_picture_of_a_link_has_it(client: FlaskClient) -> None:
    page = client.get("/", environ_overrides={"SCRIPT_NAME": "/digits"}).text
    assert 'content="http://localhost/digits/static/link.png"' in page


def test_the_default_is_justified_only_if_it_is_small_and_no_other_reads_better(
    app: Flask, five: FlaskClient
) -> None:
    reason = "it has the fewest weights"
    for address in ("/", "/models"):
        words = " ".join(app.test_client().get(address).text.split())
        assert reason in words
        assert reason not in " ".join(five.get(address).text.split())  # four are not measured
