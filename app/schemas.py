"""The requests and answers of the API as JSON Schemas.

app/checks.py checks requests by them, app/openapi.py publishes them.
"""

from collections.abc import Mapping
from typing import Any

from app.checks import EXAMPLE_STROKES, Json
from app.layers import LAYERS
from app.limits import SMALLEST_SIDE
from model.evaluation import VERDICTS
from model.frames import FRAMES
from model.ink import STAGES
from model.variants import READERS

BASE64 = {"type": "string", "contentEncoding": "base64"}
PROBABILITY = {"type": "number", "minimum": 0, "maximum": 1}
STATUS = {"type": "integer", "minimum": 400, "maximum": 599}
SWITCH = {"type": "boolean", "default": False}
STEPS = {  # of model.ink.Normalise
    "smooth": "Coarse ink becomes a curve.",
    "size": "The ink gets the size of the data set's digits.",
    "pen": "The ink gets the stroke width of the data set.",
    "centre": "The ink is moved to where the data set has it.",
}
CANVAS_FIELDS = {  # of model.ink.Canvas
    "width": "Its width.",
    "height": "Its height.",
    "brush": "The width of a line on it; at most a quarter of the longer side is drawn.",
}
RELEASE: Json = {
    "version": {"type": "string", "description": "Of this program."},
    "commit": {"type": ["string", "null"], "description": "Its hash; null where it is unknown."},
}
ARRAYS = {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Array"}}


def schemas(config: Mapping[str, Any], names: list[str]) -> Json:
    """Every schema by name, for an app of this configuration that serves these networks."""
    name = name_of(names)
    return {
        "Name": name,
        "Question": _question(config, names),
        "Reading": _reading(),
        "Digit": _digit(),
        "Array": fixed_object(
            "A layer's output, or a picture: byte b stands for low + b / 255 × (high - low).",
            shape={
                "type": "array",
                "description": "Channels, height, width; or height, width; or units.",
                "items": {"type": "integer", "minimum": 1},
            },
            low={"type": "number", "description": "The smallest value."},
            high={"type": "number", "description": "The largest value."},
            data={**BASE64, "description": "One byte a value, the last index fastest."},
        ),
        "Models": fixed_object(
            "The networks that are served.",
            default={**name, "description": "The network that reads where none is named."},
            models={
                "type": "array",
                "description": "Their cards, the default one's first; a card has more than this.",
                "items": _card(name),
                "minItems": 1,
            },
        ),
        "Health": fixed_object(
            "Fit to serve.",
            status={"type": "string", "enum": ["ok"], "description": "Else it is a Problem."},
            model={**name, "description": "The default network, which was tested."},
            **RELEASE,
        ),
        "Life": fixed_object(
            "The process answers.",
            status={"type": "string", "enum": ["ok"], "description": "Always."},
            **RELEASE,
        ),
        "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
        "Problem": fixed_object(
            "A refusal (RFC 9457).",
            type={"type": "string", "enum": ["about:blank"], "description": "The status says it."},
            title={"type": "string", "description": "The name of the status."},
            status={**STATUS, "description": "As in the status line."},
            detail={"type": "string", "description": "Found, wanted, and how to mend it."},
        ),
    }


def fixed_object(description: str, **properties: Json) -> Json:
    """An object that has all of these properties and no others."""
    return {
        "type": "object",
        "description": description,
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def name_of(names: list[str]) -> Json:
    """The name of one of these networks; the first is the default one."""
    return {"type": "string", "enum": names, "default": names[0]}


def drawing_fields(config: Mapping[str, Any], names: list[str]) -> dict[str, Json]:
    """The fields of every question about strokes, for an app that serves these networks."""
    model = {**name_of(names), "description": "The network that reads."}
    return {"strokes": _strokes(config), "model": model}


def _strokes(config: Mapping[str, Any]) -> Json:
    largest = config["MAX_COORDINATE"]
    number = {"type": "number", "minimum": -largest, "maximum": largest}
    point = {
        "type": "array",
        "description": "x, y in any unit, y down; then time and pressure, which are ignored.",
        "prefixItems": [number, number, {"type": "number"}, {"type": "number"}],
        "minItems": 2,
        "maxItems": 4,
    }
    return {
        "type": "array",
        "description": "Lists of points [x, y], y down; time and pressure may follow. At most "
        f"{config['MAX_POINTS']:,} points in all.",
        "maxItems": config["MAX_STROKES"],
        "items": {"type": "array", "items": point},
    }


def _question(config: Mapping[str, Any], names: list[str]) -> Json:
    question = fixed_object(
        "Pen strokes in the order of drawing.",
        **drawing_fields(config, names),
        layers=LAYERS,
        steps={**SWITCH, "description": "Whether to show the drawing after each step to it."},
        many={
            **SWITCH,
            "description": "Whether to read a whole number, digit by digit. At most "
            f"{config['MAX_STROKES_OF_A_NUMBER']} strokes then, and every step.",
        },
        normalise=_normalise(),
        canvas=_canvas(config["MAX_COORDINATE"]),
    )
    every_step = {"properties": {step: {"const": True} for step in STEPS}}
    few = {"maxItems": config["MAX_STROKES_OF_A_NUMBER"]}
    number = {"strokes": few, "normalise": every_step}
    return {
        **question,
        "required": ["strokes"],
        "anyOf": [{"properties": {"many": {"const": False}}}, {"properties": number}],
        "examples": [{"strokes": EXAMPLE_STROKES}],
    }


def _normalise() -> Json:
    switch = {"type": "boolean", "default": True}
    steps = {name: {**switch, "description": words} for name, words in STEPS.items()}
    return {
        **fixed_object("Steps to be left out are false.", **steps),
        "required": [],
        "examples": [{"size": False}],
    }


def _canvas(largest: float) -> Json:
    side = {"type": "number", "minimum": SMALLEST_SIDE, "maximum": largest}
    sides = {name: {**side, "description": words} for name, words in CANVAS_FIELDS.items()}
    return {
        **fixed_object("What it was drawn on, in the unit of the strokes.", **sides),
        "examples": [{"width": 280, "height": 280, "brush": 16}],
    }


def opinion_fields() -> dict[str, Json]:
    """The schemas of an answer about a drawing, or about each digit of a number, by field."""
    digit = {"minimum": 0, "maximum": 9}
    return {
        "verdict": {
            "type": "string",
            "description": "What the network dares to say.",
            "enum": list(VERDICTS),
        },
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
    opinion = opinion_fields()
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
    reading = fixed_object(
        "What the network says. Layers, steps, number and digits stand here only where asked "
        "for. A number of several digits has the verdict and the confidence of its least sure "
        "digit, no digit of its own and equal probabilities; its image is that of the whole.",
        model={"$ref": "#/components/schemas/Name", "description": "The network that read."},
        **opinion,
        milliseconds={"type": "number", "minimum": 0, "description": "The time of the reading."},
    )
    return {**reading, "properties": {**reading["properties"], **asked_for}}


def _digit() -> Json:
    return fixed_object(
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
        **opinion_fields(),
    )


def _card(name: Json) -> Json:
    return {
        "type": "object",
        "description": "How a network was trained and what it reached.",
        "required": ["model", "kind", "variant", "parameters", "snapshots", "frame"],
        "properties": {
            "model": {**name, "description": "The name of its file."},
            "kind": {
                "type": "string",
                "description": "Only readers of digits are served.",
                "enum": ["reader"],
            },
            "variant": {"type": "string", "description": "Which layers it has.", "enum": READERS},
            "parameters": {"type": "integer", "description": "How many are trained.", "minimum": 1},
            "snapshots": {
                "type": "boolean",
                "description": "Whether /api/snapshots has the network at moments of its training.",
            },
            "frame": {
                "type": "string",
                "description": "Size, place and pen of the digits that it was trained on.",
                "enum": list(FRAMES),
            },
        },
    }
