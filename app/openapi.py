"""The API as an OpenAPI 3.1 document. Tests compare it with the answers of the running app."""

from collections.abc import Mapping
from typing import Any

from app import insight
from app.checks import Json
from app.insight import strokes
from app.limits import LIMITS
from app.schemas import schemas
from app.uploads import ALIASES, PICTURES

REASONS = {
    "400": "Not of the right form: empty, broken JSON or form, wrong types or shapes, "
    "unknown keys, fields or parameters.",
    "405": "Not a method of this address; the Allow header lists them.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "Not one of the media types.",
    "422": "Of the right form, but not a drawing: numbers that are not finite, too many strokes, "
    "points or pixels, an unknown network, a picture that will not decode.",
    "429": "Too many questions from one client, where the server has a limit for it; the "
    "Retry-After header says for how many seconds to wait.",
    "503": "Too many requests wait; the Retry-After header says for how many seconds to wait.",
}


def describe(config: Mapping[str, Any], names: list[str]) -> Json:
    """The document for an app of this configuration that serves these networks."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Handwritten digits, read by LeNet in NumPy",
            "version": config["VERSION"],
            "description": "A drawing in, ten probabilities out. Nothing drawn is stored.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": ".."}],  # relative to the address of this document
        "paths": _paths(config, names),
        "components": {
            "schemas": {
                **schemas(config, names),
                "StrokesAnswer": strokes.SCHEMA,
                **insight.schemas(config, names),
            }
        },
    }


def _paths(config: Mapping[str, Any], names: list[str]) -> Json:
    health = _get(
        "Fit to serve: a network has read drawings of our own correctly.",
        "Health",
        {"503": "The default network fails its self-test."},
    )
    return {
        "/api/predict": {"post": _predict(config)},
        "/api/strokes": {"post": _strokes()},
        **{f"/api/{name}": {"post": _insight(name)} for name in insight.INSIGHTS},
        "/api/models": {"get": _get("The card of every network.", "Models", {})},
        "/api/openapi.json": {"get": _get("This document.", "Document", {})},
        "/health": {"get": health},
        "/healthz": {"get": health},
        "/live": {"get": _get("The process answers, whatever it is fit for.", "Life", {})},
    }


def _predict(config: Mapping[str, Any]) -> Json:
    question = {"schema": {"$ref": "#/components/schemas/Question"}}
    return {
        "summary": "Read a drawing: pen strokes, or a picture.",
        "description": "The format of a picture is told by its content, not by its media type. "
        f"A request that exceeds one of these limits is refused:\n\n{limits_table(config)}",
        **_post({"application/json": question, **_pictures()}),
        "responses": {"200": _answer("What the network says.", "Reading"), **_refusals()},
    }


def _strokes() -> Json:
    return {
        "summary": strokes.SUMMARY,
        "description": "Takes a picture as /api/predict does, with the same limits.",
        **_post(_pictures()),
        "responses": {"200": _answer(strokes.SUMMARY, "StrokesAnswer"), **_refusals()},
    }


def _pictures() -> Json:
    """The ways to send a picture, by media type."""
    picture: Json = {"schema": {}}  # raw bytes; OpenAPI 3.1 leaves their schema empty
    upload = {
        "type": "object",
        "required": ["image"],
        "properties": {
            "image": {"type": "string", "contentMediaType": "application/octet-stream"},
            "model": {"$ref": "#/components/schemas/Name"},
        },
        "additionalProperties": False,
    }
    form = {"schema": upload, "encoding": {"image": {"contentType": ", ".join(PICTURES)}}}
    return {**dict.fromkeys([*PICTURES, *ALIASES], picture), "multipart/form-data": form}


def _insight(name: str) -> Json:
    question = {"schema": {"$ref": f"#/components/schemas/{insight.question_name(name)}"}}
    summary = insight.INSIGHTS[name].summary
    return {
        "summary": summary,
        **_post({"application/json": question}),
        "responses": {"200": _answer(summary, insight.answer_name(name)), **_refusals()},
    }


def _post(content: Json) -> Json:
    """Parameters and body of a request, by the media type of the body."""
    model = {
        "name": "model",
        "in": "query",
        "description": "The network that reads; a model in the body goes first.",
        "schema": {"$ref": "#/components/schemas/Name"},
    }
    return {"parameters": [model], "requestBody": {"required": True, "content": content}}


def _refusals() -> Json:
    return {status: _problem(reason) for status, reason in REASONS.items()}


def limits_table(config: Mapping[str, Any]) -> str:
    """The limits of an app of this configuration as a Markdown table."""
    lines = ["| limit | at most | status beyond it |", "|---|---:|---|"]
    lines += [
        f"| {limit.where} | {_number(config[name])} {limit.unit} | {limit.status} |"
        for name, limit in LIMITS.items()
    ]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:g}" if isinstance(value, float) else f"{value:,}"


def _get(summary: str, schema: str, refusals: dict[str, str]) -> Json:
    refusals = {"405": REASONS["405"], **refusals}
    return {
        "summary": summary,
        "responses": {
            "200": _answer(summary, schema),
            **{status: _problem(reason) for status, reason in refusals.items()},
        },
    }


def _answer(description: str, schema: str, media: str = "application/json") -> Json:
    content = {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _problem(reason: str) -> Json:
    return _answer(reason, "Problem", "application/problem+json")
