"""The API as an OpenAPI 3.1 document. Tests hold the running app against every word of it."""

from collections.abc import Mapping
from typing import Any

from app.strokes import FARTHEST
from app.uploads import PICTURES
from model.frames import FRAMES
from model.variants import VARIANTS
from model.verdict import VERDICTS

Json = dict[str, Any]

BASE64 = {"type": "string", "contentEncoding": "base64"}
PROBABILITY = {"type": "number", "minimum": 0, "maximum": 1}
REASONS = {
    "400": "Not of the right form: empty, broken JSON, wrong types, unknown keys.",
    "405": "Not a method of this address; the Allow header lists them.",
    "413": "The body is too large.",
    "415": "Not one of the media types.",
    "422": "Of the right form, but not a drawing: numbers that are not finite, too many strokes, "
    "points or pixels, an unknown network, a picture that will not decode.",
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
        "servers": [{"url": "/"}],
        "paths": _paths(config, names),
        "components": {"schemas": _schemas(config, names)},
    }


def _paths(config: Mapping[str, Any], names: list[str]) -> Json:
    health = _get(
        "Fit to serve: a network has read drawings of our own correctly.",
        "Health",
        {"503": "The default network fails its self-test."},
    )
    return {
        "/api/predict": {"post": _predict(config, names)},
        "/api/models": {"get": _get("The card of every network.", "Models", {})},
        "/api/openapi.json": {"get": _get("This document.", "Document", {})},
        "/health": {"get": health},
        "/healthz": {"get": health},
    }


def _predict(config: Mapping[str, Any], names: list[str]) -> Json:
    picture: Json = {"schema": {}}  # raw bytes; OpenAPI 3.1 leaves their schema empty
    upload = {
        "type": "object",
        "required": ["image"],
        "properties": {"image": {"type": "string", "contentMediaType": "image/*"}},
    }
    return {
        "summary": "Read a drawing: pen strokes, or a picture.",
        "description": f"At most {config['MAX_CONTENT_LENGTH']:,} bytes and, for a picture, "
        f"{config['MAX_PIXELS']:,} pixels. A picture's kind is told by its content.",
        "parameters": [
            {
                "name": "model",
                "in": "query",
                "description": "The network that reads; a model in the body goes first.",
                "schema": {"$ref": "#/components/schemas/Name"},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Question"}},
                **dict.fromkeys(PICTURES, picture),
                "multipart/form-data": {"schema": upload},
            },
        },
        "responses": {
            "200": _answer("What the network says.", "Reading"),
            **{status: _problem(reason) for status, reason in REASONS.items()},
        },
    }


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


def _schemas(config: Mapping[str, Any], names: list[str]) -> Json:
    return {
        "Name": {"type": "string", "enum": names, "default": names[0]},
        "Question": _question(config),
        "Reading": _reading(),
        "Layer": _object(
            "A layer's output: byte b stands for low + b / 255 × (high - low).",
            shape={"type": "array", "items": {"type": "integer", "minimum": 1}},
            low={"type": "number"},
            high={"type": "number"},
            data={**BASE64, "description": "One byte a value, the last index fastest."},
        ),
        "Models": _object(
            "The networks that are served.",
            default={"type": "string", "enum": names},
            models={"type": "array", "minItems": 1, "items": _card(names)},
        ),
        "Health": _object(
            "Fit to serve.",
            status={"type": "string", "enum": ["ok"]},
            model={"type": "string", "enum": names},
            version={"type": "string"},
        ),
        "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
        "Problem": _object(
            "A refusal (RFC 9457).",
            type={"type": "string", "enum": ["about:blank"]},
            title={"type": "string"},
            status={"type": "integer", "minimum": 400, "maximum": 599},
            detail={"type": "string", "description": "Found, wanted, and how to mend it."},
        ),
    }


def _object(description: str, **properties: Json) -> Json:
    """An object that has all of these properties and no others."""
    return {
        "type": "object",
        "description": description,
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _question(config: Mapping[str, Any]) -> Json:
    number = {"type": "number", "minimum": -FARTHEST, "maximum": FARTHEST}
    point = {
        "type": "array",
        "description": "x, y in any unit, y down; what follows, such as time, is ignored.",
        "prefixItems": [number, number],
        "minItems": 2,
    }
    strokes = {
        "type": "array",
        "description": f"At most {config['MAX_POINTS']:,} points in all.",
        "maxItems": config["MAX_STROKES"],
        "items": {"type": "array", "items": point},
    }
    question = _object(
        "Pen strokes in the order of drawing.",
        strokes=strokes,
        model={"$ref": "#/components/schemas/Name"},
        layers={"type": "boolean", "default": False},
    )
    return {**question, "required": ["strokes"]}


def _reading() -> Json:
    reading = _object(
        "What the network says.",
        model={"$ref": "#/components/schemas/Name"},
        verdict={"type": "string", "enum": list(VERDICTS)},
        digit={
            "type": ["integer", "null"],
            "minimum": 0,
            "maximum": 9,
            "description": "The most probable one; null for not-a-digit and blank.",
        },
        alternatives={
            "type": "array",
            "description": "For unsure the two likeliest digits, the likelier first; else none.",
            "items": {"type": "integer", "minimum": 0, "maximum": 9},
            "maxItems": 2,
        },
        confidence={**PROBABILITY, "description": "The highest probability."},
        probabilities={
            "type": "array",
            "description": "Of the digits 0 to 9. They sum to 1; for blank each is 0.1.",
            "items": PROBABILITY,
            "minItems": 10,
            "maxItems": 10,
        },
        image={**BASE64, "description": "What the network read: 784 bytes, 28 rows, ink is 255."},
        milliseconds={"type": "number", "minimum": 0, "description": "The time of the reading."},
        layers={
            "type": "object",
            "description": "What each layer made of it, by name, in order. Only where asked for.",
            "additionalProperties": {"$ref": "#/components/schemas/Layer"},
        },
    )
    return {**reading, "required": [name for name in reading["properties"] if name != "layers"]}


def _card(names: list[str]) -> Json:
    return {
        "type": "object",
        "description": "How a network was trained and what it reached.",
        "required": ["model", "variant", "parameters", "frame", "thresholds"],
        "properties": {
            "model": {"type": "string", "enum": names},
            "variant": {"type": "string", "enum": list(VARIANTS)},
            "parameters": {"type": "integer", "minimum": 1},
            "frame": {"type": "string", "enum": list(FRAMES)},
            "thresholds": {"type": "object", "required": ["digit", "unsure"]},
        },
    }
