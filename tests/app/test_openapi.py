"""The OpenAPI document is true and complete: answers of the running app are checked by it."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from app import create_app
from app.forms import ADDRESS_FIELDS, FORM_FIELDS
from app.openapi import REASONS, limits_table
from app.schemas import CANVAS_FIELDS, STEPS
from app.uploads import ALIASES, PICTURES
from model.ink import STAGES, Canvas, Normalise
from tests.app.test_causes import CAUSES
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


# Keywords of the schemas that jsonschema does not check.
ANNOTATIONS = {"description", "default", "examples", "contentEncoding", "contentMediaType"}


def faults(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """The messages about all faults of a value, by a schema of this document."""
    whole = {**schema, "components": document["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def schemas_in(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema of a document, nested ones too: every object with `type` or `$ref`."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str | list) or "$ref" in part:
            yield part
        for inner in part.values():
            yield from schemas_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from schemas_in(inner)


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


@pytest.mark.parametrize(
    "address", ["/api/models", "/api/openapi.json", "/health", "/healthz", "/live"]
)
def test_answers_match_their_schemas(client: FlaskClient, document: Any, address: str) -> None:
    described = document["paths"][address]["get"]["responses"]["200"]["content"]
    response = client.get(address)
    assert faults(response.json, described[response.content_type]["schema"], document) == []


def test_every_schema_is_valid_and_has_only_keywords_that_are_checked(document: Any) -> None:
    schemas = list(schemas_in([document["components"], document["paths"]]))
    assert len(schemas) > 50
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
        assert schema.keys() <= Draft202012Validator.VALIDATORS.keys() | ANNOTATIONS


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_of_predict_match_their_schema(
    client: FlaskClient, document: Any, question: str
) -> None:
    response = client.post(PREDICT, **QUESTIONS[question])
    described = document["paths"][PREDICT]["post"]["responses"]["200"]["content"]
    assert faults(response.json, described[response.content_type]["schema"], document) == []


def test_questions_match_their_schema(document: Any) -> None:
    schema = document["paths"][PREDICT]["post"]["requestBody"]["content"]["application/json"]
    asked = [question["json"] for question in QUESTIONS.values() if "json" in question]
    as_json = [{**body, "strokes": _lists(body["strokes"])} for body in asked]
    assert [faults(body, schema["schema"], document) for body in as_json] == [[]] * len(as_json)


@pytest.mark.parametrize("name", REQUESTS | CAUSES)
def test_refusals_are_as_described(client: FlaskClient, document: Any, name: str) -> None:
    bad = (REQUESTS | CAUSES)[name]()
    response = client.post(bad.address, data=bad.body, content_type=bad.media_type)
    assert faults(response.json, {"$ref": "#/components/schemas/Problem"}, document) == []
    if bad.address.startswith(PREDICT):
        described = document["paths"][PREDICT]["post"]["responses"][str(response.status_code)]
        assert response.content_type in described["content"]


def test_every_described_status_occurs_in_a_test() -> None:
    happened = {str(make().status) for make in REQUESTS.values()}
    elsewhere = {"405", "408", "429", "503"}  # by test_refusals, test_rates, test_asgi
    assert set(REASONS) <= happened | elsewhere


def test_every_media_type_is_described_and_no_other(document: Any) -> None:
    content = document["paths"][PREDICT]["post"]["requestBody"]["content"]
    assert content.keys() == {"application/json", "multipart/form-data", *PICTURES, *ALIASES}


def test_the_fields_of_a_form_and_of_the_address_are_described_and_no_others(
    document: Any,
) -> None:
    post = document["paths"][PREDICT]["post"]
    form = post["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert tuple(form["properties"]) == FORM_FIELDS
    assert form["additionalProperties"] is False
    assert tuple(parameter["name"] for parameter in post["parameters"]) == ADDRESS_FIELDS


def test_limits_are_those_of_the_app(app: Flask, document: Any) -> None:
    question = document["components"]["schemas"]["Question"]["properties"]
    assert question["strokes"]["maxItems"] == app.config["MAX_STROKES"]
    assert f"{app.config['MAX_POINTS']:,} points" in question["strokes"]["description"]
    number = question["strokes"]["items"]["items"]["prefixItems"][0]
    assert number["maximum"] == -number["minimum"] == app.config["MAX_COORDINATE"]
    assert f"{app.config['MAX_STROKES_OF_A_NUMBER']} strokes" in question["many"]["description"]
    assert limits_table(app.config) in document["paths"][PREDICT]["post"]["description"]


@pytest.mark.parametrize("setting", ["MAX_STROKES", "MAX_POINTS", "MAX_STROKES_OF_A_NUMBER"])
def test_a_limit_of_the_configuration_is_checked_and_described(setting: str) -> None:
    client = create_app({setting: 1}).test_client()
    body = {"strokes": [[[0, 0], [1, 1]], [[2, 2]]], "many": setting == "MAX_STROKES_OF_A_NUMBER"}
    refusal = client.post(PREDICT, json=body)
    assert refusal.status_code == 422
    assert "wanted at most 1" in refusal.text
    assert " | 1 " in client.get("/api/openapi.json").text


def test_the_options_of_the_engine_are_described_and_no_others() -> None:
    assert [field.name for field in fields(Normalise)] == list(STEPS)
    assert [field.name for field in fields(Canvas)] == list(CANVAS_FIELDS)


def test_pictures_are_base64(client: FlaskClient) -> None:
    answer = client.post(PREDICT, json={"strokes": FIVE, "layers": True, "steps": True}).json or {}
    arrays = [*answer["layers"].values(), *answer["steps"].values()]
    assert len(arrays) > 10
    for data in [answer["image"], *(array["data"] for array in arrays)]:
        b64decode(data, validate=True)


def test_the_check_of_the_schemas_finds_a_fault(client: FlaskClient, document: Any) -> None:
    answer = client.post(PREDICT, json={"strokes": FIVE}).json or {}
    reading = {"$ref": "#/components/schemas/Reading"}
    assert faults(answer, reading, document) == []
    wrong: dict[str, Any] = {"digit": "5", "confidence": 1.5, "probabilities": [1], "verdict": "?"}
    for name, value in wrong.items():
        assert len(faults({**answer, name: value}, reading, document)) == 1, name
    assert len(faults({**answer, "more": 1}, reading, document)) == 1


def test_the_steps_are_described_by_their_names(client: FlaskClient) -> None:
    answer = client.post(PREDICT, json={"strokes": FIVE, "steps": True}).json or {}
    assert tuple(answer["steps"]) == STAGES


def _lists(strokes: Any) -> Any:
    return [[list(point) for point in stroke] for stroke in strokes]
