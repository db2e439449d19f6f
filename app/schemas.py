"""What goes into the API and comes out of it, as JSON Schemas for app/openapi.py."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.options import LEAST, MOST, SIDES, STEPS
from app.strokes import FARTHEST
from model.evaluation import VERDICTS
from model.frames import FRAMES
from model.variants import VARIANTS

Json = dict[str, Any]

BASE64 = {"type": "string", "contentEncoding": "base64"}
PROBABILITY = {"type": "number", "minimum": 0, "maximum": 1}
SWITCH = {"type": "boolean", "default": False}
STAGES = (
    "drawn",
    "smoothed",
    "cropped",
    "redrawn",
    "centred",
    "picture",
)  # model/ink/stages.py
ARRAYS = {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Array"}}
_SIDE = {"type": "number", "minimum": LEAST, "maximum": MOST}


def schemas(config: Mapping[str, Any], names: list[str]) -> Json:
    """Every schema by name, for an app of this configuration that serves these networks."""
    return {
        "Name": {"type": "string", "enum": names, "default": names[0]},
        "Question": _question(config),
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
        layers={**SWITCH, "description": "Whether to show what each layer made of the picture."},
        steps={**SWITCH, "description": "Whether to show the drawing after each step to it."},
        many={
            **SWITCH,
            "description": "Whether to read a whole number, digit by digit. At most "
            f"{config['MAX_STROKES_OF_A_NUMBER']} strokes then, and every step.",
        },
        normalise=_some("Steps to be left out are false.", STEPS, {**SWITCH, "default": True}),
        canvas={
            **_some("What it was drawn on, in the unit of the strokes.", SIDES, _SIDE),
            "required": list(SIDES),
        },
    )
    return {**question, "required": ["strokes"]}


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
