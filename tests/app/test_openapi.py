"""The OpenAPI document is true and complete: the running app is held against it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.openapi import REASONS
from app.schemas import STAGES
from app.uploads import PICTURES
from tests.app.schema import faults
from tests.app.test_options import beside
from tests.app.test_refusals import REQUESTS
from tests.drawn import drawn, encoded
from tests.strokes import FIVE, SEVEN

PREDICT = "/api/predict"
PAD = {"width": 100, "height": 100, "brush": 8}
QUESTIONS: dict[str, dict[str, Any]] = {
    "strokes": {"json": {"strokes": FIVE}},
    "layers": {"json": {"strokes": FIVE, "model": "lenet", "layers": True}},
    "steps": {"json": {"strokes": FIVE, "steps": True}},
    "fewer steps": {"json": {"strokes": FIVE, "normalise": {"size": False}, "canvas": PAD}},
    "a number": {"json": {"strokes": beside(FIVE, SEVEN), "many": True, "steps": True}},
    "a number of one digit": {"json": {"strokes": FIVE, "many": True}},
    "no number": {"json": {"strokes": [[]], "many": True}},
    "not a digit": {"json": {"strokes": [[[5, 5]]]}},
    "blank": {"json": {"strokes": []}},
    "picture": {"data": encoded(drawn(FIVE)), "content_type": "image/png"},
}


@pytest.fixture
def document(client: FlaskClient) -> Any:
    return client.get("/api/openapi.json").json


def test_every_address_is_described_and_no_other(app: Flask, document: Any) -> None:
    described = {
        (path, method.upper()) for path, methods in document["paths"].items() for method in methods
    }
    served = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static" and not rule.endpoint.startswith("pages.")
    }
    assert described == served


@pytest.mark.parametrize("address", ["/api/models", "/api/openapi.json", "/health", "/healthz"])
def test_answers_are_as_described(client: FlaskClient, document: Any, address: str) -> None:
    described = document["paths"][address]["get"]["responses"]["200"]["content"]
    response = client.get(address)
    assert faults(response.json, described[response.content_type]["schema"], document) == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_readings_are_as_described(client: FlaskClient, document: Any, question: str) -> None:
    response = client.post(PREDICT, **QUESTIONS[question])
    described = document["paths"][PREDICT]["post"]["responses"]["200"]["content"]
    assert faults(response.json, described[response.content_type]["schema"], document) == []


def test_questions_are_as_described(document: Any) -> None:
    schema = document["paths"][PREDICT]["post"]["requestBody"]["content"]["application/json"]
    asked = [question["json"] for question in QUESTIONS.values() if "json" in question]
    as_json = [{**body, "strokes": _lists(body["strokes"])} for body in asked]
    assert [faults(body, schema["schema"], document) for body in as_json] == [[]] * len(as_json)


@pytest.mark.parametrize("name", REQUESTS)
def test_refusals_are_as_described(client: FlaskClient, document: Any, name: str) -> None:
    bad = REQUESTS[name]()
    response = client.post(bad.address, data=bad.body, content_type=bad.kind)
    assert faults(response.json, {"$ref": "#/components/schemas/Problem"}, document) == []
    if bad.address.startswith(PREDICT):
        described = document["paths"][PREDICT]["post"]["responses"][str(response.status_code)]
        assert response.content_type in described["content"]


def test_every_status_that_is_described_happens() -> None:
    happened = {str(make().status) for make in REQUESTS.values()} | {"405"}  # by test_refusals
    assert set(REASONS) <= happened


def test_every_media_type_is_described_and_no_other(document: Any) -> None:
    content = document["paths"][PREDICT]["post"]["requestBody"]["content"]
    assert content.keys() == {"application/json", "multipart/form-data", *PICTURES}


def test_limits_are_those_of_the_app(app: Flask, document: Any) -> None:
    strokes = document["components"]["schemas"]["Question"]["properties"]["strokes"]
    assert strokes["maxItems"] == app.config["MAX_STROKES"]
    assert f"{app.config['MAX_POINTS']:,} points" in strokes["description"]
    many = document["components"]["schemas"]["Question"]["properties"]["many"]
    assert f"{app.config['MAX_STROKES_OF_A_NUMBER']} strokes" in many["description"]
    described = document["paths"][PREDICT]["post"]["description"]
    assert f"{app.config['MAX_CONTENT_LENGTH']:,} bytes" in described
    assert f"{app.config['MAX_PIXELS']:,} pixels" in described


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("7", {"type": "integer"}),
        (True, {"type": "integer"}),
        (1.5, {"type": "number", "maximum": 1}),
        ("maybe", {"enum": ["digit"]}),
        ([1, "2"], {"type": "array", "items": {"type": "integer"}}),
        ([1], {"type": "array", "minItems": 2}),
        ({}, {"type": "object", "required": ["model"]}),
        ({"a": 1}, {"type": "object", "properties": {}, "additionalProperties": False}),
        ({"a": 1}, {"type": "object", "additionalProperties": {"type": "string"}}),
        ({}, {"$ref": "#/components/schemas/Problem"}),
        (1, {"multipleOf": 2}),
    ],
)
def test_a_fault_is_found(document: Any, value: Any, schema: dict[str, Any]) -> None:
    assert len(faults(value, schema, document)) > 0


def test_the_steps_are_described_by_their_names(client: FlaskClient) -> None:
    answer = client.post(PREDICT, json={"strokes": FIVE, "steps": True}).json or {}
    assert tuple(answer["steps"]) == STAGES


def _lists(strokes: Any) -> Any:
    return [[list(point) for point in stroke] for stroke in strokes]
