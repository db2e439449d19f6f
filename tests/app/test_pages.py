"""The pages, the headers of all answers, and caching."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from app.pages import KEPT_PAGES


def test_the_page_is_served(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.mimetype == "text/html"


def test_the_page_shows_the_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    app, given = create_app(), dict[str, Any]()

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


@pytest.mark.parametrize("page", ["/", "/models", "/no/page/here"])
def test_every_address_on_a_page_is_relative_and_leads_to_something(
    client: FlaskClient, page: str
) -> None:
    text = client.get(page, headers={"Accept": "text/html"}).text
    addresses = set(re.findall(r'(?:href|src|data-sheet)="([^"#][^"]*)"', text))
    assert len(addresses) > 3
    assert [address for address in addresses if address.startswith("/")] == []
    for address in addresses:
        assert client.get(urljoin(page, address)).status_code == 200, address


def test_a_page_with_a_pad_is_rendered_once_for_each_host_and_lesson_but_few_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, rendered = create_app().test_client(), list[str]()

    def render(_: str, **context: Any) -> str:
        rendered.append(context["lesson"].caption)
        return f"{len(rendered)}"

    monkeypatch.setattr("app.pages.render_template", render)
    addresses = ["/", "/?model=lenet", "/?caption=a", "/?caption=a&x=1", "/?embed=1", "/"]
    assert [client.get(address).text for address in addresses] == ["1", "1", "2", "2", "3", "1"]
    assert client.get("/", headers={"Host": "other.example"}).text == "4"
    for number in range(KEPT_PAGES):
        client.get(f"/?caption={number}")
    assert client.get("/").text == f"{KEPT_PAGES + 5}"


def test_the_page_of_the_networks_is_small_for_the_committed_five(client: FlaskClient) -> None:
    page = client.get("/models").text
    assert page.count('<details class="model"') == 5
    assert len(page.encode()) < 60_000


@pytest.mark.parametrize("address", ["/", "/models", "/?embed=1&lesson=one-dot"])
def test_a_page_is_sent_again_only_if_it_changed(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    changed = client.get(address, headers={"If-None-Match": '"another"'})
    assert (changed.status_code, changed.data) == (200, first.data)


@pytest.mark.parametrize("address", ["/api/models", "/api/predict", "/health"])
def test_answers_of_the_api_are_not_cached(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/nothing", "/static/none.js"])
def test_a_404_is_not_cached(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers.get_all("Cache-Control") == ["no-store"]


def test_a_link_to_the_page_shows_a_picture_and_says_what_it_is(client: FlaskClient) -> None:
    page = client.get("/", headers={"Host": "digits.example"}).text
    meta = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))
    assert meta["og:title"] == "A digit, read while you write it"
    assert meta["og:description"] == meta["description"]
    assert meta["twitter:card"] == "summary_large_image"
    assert meta["og:url"] == "http://digits.example/"
    assert re.fullmatch(r"http://digits\.example/static/\w+/link\.png", meta["og:image"])
    data = client.get(meta["og:image"]).data
    with Image.open(BytesIO(data)) as picture:
        assert picture.size == (int(meta["og:image:width"]), int(meta["og:image:height"]))
    assert len(data) < 100_000


def test_under_a_prefix_the_picture_of_a_link_has_it(client: FlaskClient) -> None:
    page = client.get("/", environ_overrides={"SCRIPT_NAME": "/digits"}).text
    assert re.search(r'content="http://localhost/digits/static/\w+/link\.png"', page)


def test_the_default_is_justified_only_if_it_is_small_and_no_other_reads_better(
    app: Flask, five: FlaskClient
) -> None:
    reason = "it has the fewest weights"
    for address in ("/", "/models"):
        words = " ".join(app.test_client().get(address).text.split())
        assert reason in words
        assert reason not in " ".join(five.get(address).text.split())  # four are not measured
