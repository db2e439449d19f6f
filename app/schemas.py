"""What goes into the API and comes out of it, as JSON Schemas.

app/checks.py holds requests against them, app/openapi.py publishes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from app.checks import EXAMPLE_STROKES, Json
from app.limits import SMALLEST_SIDE
from model.frames import FRAMES
from model.ink import Canvas, Normalise
from model.variants import VARIANTS
from model.verdict import VERDICTS

BASE64 = {"type": "string", "contentEncoding": "base64"}
PROBABILITY = {"type": "number", "minimum": 0, "maximum": 1}
SWITCH = {"type": "boolean", "default": False}
STAGES = ("drawn", "smoothed", "cropped", "redrawn", "centred", "picture")  # see model/stages.py
ARRAYS = {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Array"}}


def schemas(config: Mapping[str, Any], names: list[str]) -> Json:
    """Every schema by name, for an app of this configuration that serves these networks."""
    name = {"type": "string", "enum": names, "default": names[0]}
    return {
        "Name": name,
        "Question": _question(config, name),
        "Reading": _reading(),
        "Digit": _digit(),
        "Array": _object(
            "A layer's output, or a picture: byte b stands for low + b / 255 × (high - low).",
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


def _question(config: Mapping[str, Any], name: Json) -> Json:
    largest = config["MAX_COORDINATE"]
    number = {"type": "number", "minimum": -largest, "maximum": largest}
    point = {
        "type": "array",
        "description": "x, y in any unit, y down; what follows, such as time, is ignored.",
        "prefixItems": [number, number],
        "minItems": 2,
    }
    strokes = {
        "type": "array",
        "description": f"Lists of points. At most {config['MAX_POINTS']:,} points in all.",
        "maxItems": config["MAX_STROKES"],
        "items": {"type": "array", "items": point},
    }
    question = _object(
        "Pen strokes in the order of drawing.",
        strokes=strokes,
        model={**name, "description": "The network that reads."},
        layers={**SWITCH, "description": "Whether to show what each layer made of the picture."},
        steps={**SWITCH, "description": "Whether to show the drawing after each step to it."},
        many={
            **SWITCH,
            "description": "Whether to read a whole number, digit by digit. At most "
            f"{config['MAX_STROKES_OF_A_NUMBER']} strokes then, and every step.",
        },
        normalise=_normalise(),
        canvas=_canvas(largest),
    )
    return {**question, "required": ["strokes"], "examples": [{"strokes": EXAMPLE_STROKES}]}


def _normalise() -> Json:
    switch = {**SWITCH, "default": True}
    steps = _some("Steps to be left out are false.", _names(Normalise), switch)
    return {**steps, "examples": [{"size": False}]}


def _canvas(largest: float) -> Json:
    """All its sides are required where there is one."""
    side = {"type": "number", "minimum": SMALLEST_SIDE, "maximum": largest}
    sides = _names(Canvas)
    return {
        **_some("What it was drawn on, in the unit of the strokes.", sides, side),
        "required": list(sides),
        "examples": [{"width": 280, "height": 280, "brush": 16}],
    }


def _names(options: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(options))


def _some(description: str, names: Iterable[str], schema: Json) -> Json:
    """An object that may have properties of these names, all alike."""
    return {**_object(description, **dict.fromkeys(names, schema)), "required": []}


def _opinion() -> dict[str, Json]:
    """What is said of a drawing and of each digit of a number."""
    digit = {"minimum": 0, "maximum": 9}
    return {
        "verdict": {"type": "string", "enum": list(VERDICTS)},
        "digit": {
            "type": ["integer", "null"],
            **digit,
            "description": "The most probable one; null for not-a-digit and blank.",
        },
        "alternatives": {
            "type": "array",
            "description": "For unsure the two likeliest digits, the likelier first; else none.",
            "items": {"type": "integer", **digit},
            "maxItems": 2,
        },
        "confidence": {**PROBABILITY, "description": "The highest probability."},
        "probabilities": {
            "type": "array",
            "description": "Of the digits 0 to 9. They sum to 1; for blank each is 0.1.",
            "items": PROBABILITY,
            "minItems": 10,
            "maxItems": 10,
        },
        "image": {**BASE64, "description": "What was read: 784 bytes, 28 rows, ink is 255."},
    }


def _reading() -> Json:
    opinion = _opinion()
    asked_for = {
        "layers": {**ARRAYS, "description": "What each layer made of the image, in order."},
        "steps": {**ARRAYS, "description": f"The drawing after each step: {', '.join(STAGES)}."},
        "number": {"type": "string", "description": "Its digits; ? stands for what is none."},
        "digits": {
            "type": "array",
            "description": "Each digit of the number, from left to right.",
            "items": {"$ref": "#/components/schemas/Digit"},
        },
    }
    reading = _object(
        "What the network says. Layers, steps, number and digits stand here only where asked "
        "for. A number of several digits has the verdict and the confidence of its least sure "
        "digit, no digit of its own and equal probabilities; its image is that of the whole.",
        model={"$ref": "#/components/schemas/Name"},
        **opinion,
        milliseconds={"type": "number", "minimum": 0, "description": "The time of the reading."},
    )
    return {**reading, "properties": {**reading["properties"], **asked_for}}


def _digit() -> Json:
    return _object(
        "One digit of a number.",
        box={
            "type": "array",
            "description": "Left, top, right, bottom of its ink, in the unit of the strokes.",
            "items": {"type": "number"},
            "minItems": 4,
            "maxItems": 4,
        },
        strokes={
            "type": "array",
            "description": "Which strokes it is made of, counted from 0; one may be in several.",
            "items": {"type": "integer", "minimum": 0},
            "minItems": 1,
        },
        **_opinion(),
    )


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
