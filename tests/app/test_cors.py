"""Which pages of other websites may ask the API: none, unless the server is told."""

import asyncio
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.asgi import Application
from tests.app.conftest import CONFIG
from tests.app.test_asgi import ask, problem
from tests.strokes import SEVEN

SCHOOL, OTHER = "https://school.example", "https://other.example"
ALLOW, METHOD = "Access-Control-Allow-Origin", "Access-Control-Request-Method"
API = ["/api/predict", "/api/models", "/api/openapi.json", "/api/nothing", "/health"]
NOT_THE_API = ["/", "/models", "/static/js/main.js", "/nothing"]


@pytest.fixture(scope="module")
def shared() -> FlaskClient:
    """A client of an app that the pages of two websites may ask."""
    return create_app({"CORS_ORIGINS": f"{SCHOOL} http://127.0.0.1:5000"}).test_client()


def cors(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("Access-Control-")}


def preflight(client: FlaskClient, origin: str, address: str = "/api/predict") -> Any:
    return client.options(address, headers={"Origin": origin, METHOD: "POST"})


@pytest.mark.parametrize("address", [*API, *NOT_THE_API])
def test_without_the_setting_a_foreign_page_gets_nothing(client: FlaskClient, address: str) -> None:
    with client.get(address, headers={"Origin": SCHOOL}) as response:
        assert cors(response.headers) == {}
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert cors(preflight(client, SCHOOL, address).headers) == {}


@pytest.mark.parametrize("address", API)
def test_a_page_that_may_ask_gets_the_answer(shared: FlaskClient, address: str) -> None:
    headers = shared.get(address, headers={"Origin": SCHOOL}).headers
    exposed = {"Access-Control-Expose-Headers": "Retry-After, X-Request-Id"}
    assert cors(headers) == {ALLOW: SCHOOL, **exposed}
    assert headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]
    assert "Origin" in ", ".join(headers.getlist("Vary"))


@pytest.mark.parametrize(
    "origin",
    [OTHER, "", "null", f"{SCHOOL}:444", "http://school.example", f"{SCHOOL}.evil.example"],
)
def test_no_other_page_does(shared: FlaskClient, origin: str) -> None:
    for response in (
        shared.get("/api/models", headers={"Origin": origin}),
        preflight(shared, origin),
    ):
        assert cors(response.headers) == {}
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Origin" in ", ".join(response.headers.getlist("Vary"))  # else a cache mixes them up


@pytest.mark.parametrize("address", NOT_THE_API)
def test_only_the_api_is_shared(shared: FlaskClient, address: str) -> None:
    with shared.get(address, headers={"Origin": SCHOOL}) as response:
        assert cors(response.headers) == {}


def test_a_browser_is_told_that_a_drawing_may_be_sent(shared: FlaskClient) -> None:
    response = preflight(shared, SCHOOL)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers[ALLOW] == SCHOOL
    assert "POST" in response.headers["Access-Control-Allow-Methods"].split(", ")
    assert response.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in response.headers
    answer = shared.post("/api/predict", json={"strokes": SEVEN}, headers={"Origin": SCHOOL})
    assert (answer.status_code, answer.headers[ALLOW]) == (200, SCHOOL)


def test_options_without_a_preflight_are_answered_as_ever(shared: FlaskClient) -> None:
    response = shared.options("/api/predict")
    assert (response.status_code, cors(response.headers)) == (200, {})
    assert "POST" in response.headers["Allow"]


def test_a_star_is_every_page(client: FlaskClient) -> None:
    every = create_app({"CORS_ORIGINS": "*"}).test_client()
    for response in (preflight(every, "null"), every.get("/health", headers={"Origin": OTHER})):
        assert response.headers[ALLOW] == "*"
        assert "Origin" not in response.headers.getlist("Vary")


def test_a_refusal_before_the_app_is_readable_too() -> None:
    app = Application(lambda *_: [], {**CONFIG, "CORS_ORIGINS": SCHOOL, "MAX_BODY_SECONDS": 0.02})
    headers, found = problem(asyncio.run(ask(app, headers=[(b"origin", SCHOOL.encode())])))
    assert (found["status"], headers[ALLOW.lower()]) == (408, SCHOOL)
