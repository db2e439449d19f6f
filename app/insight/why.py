"""POST /api/why: which ink speaks for one digit and against another."""

from flask import abort

from app.checks import EXAMPLE_STROKES, Json, Strokes
from app.insight.kind import Insight
from app.reader import Reader
from app.readings import display_array
from app.schemas import PROBABILITY, fixed_object, opinion_fields
from model.ink import MOST_PIECES, Piece
from model.insight import Erasure, why

DIGIT = {"type": "integer", "minimum": 0, "maximum": 9}
PLACE_DIGITS = 4  # after the point, of places in a stroke
MAP = {"$ref": "#/components/schemas/Array"}
_OPINION = opinion_fields()
ANSWER_PROPERTIES: dict[str, Json] = {
    "verdict": {**_OPINION["verdict"], "description": "As in a reading."},
    "digit": _OPINION["digit"],
    "confidence": {**PROBABILITY, "description": "Of the most probable digit."},
}


def _answer(reader: Reader, strokes: Strokes, options: Json) -> Json:
    first, second = map(int, options["digits"])
    if first == second:
        abort(422, f"digits is [{first}, {second}], wanted two different digits such as [7, 1]")
    found = why(reader.network(options["model"]), reader.gate, strokes, (first, second))
    return {
        "difference": found.difference,
        "pieces": [
            _piece(piece, effect) for piece, effect in zip(found.pieces, found.effects, strict=True)
        ],
        "erasure": _erasure(found.erasure) if found.erasure else None,
        "gradient": display_array(found.gradient),
        "occlusion": display_array(found.occlusion),
    }


def _piece(piece: Piece, effect: float) -> Json:
    start, end = round(piece.start, PLACE_DIGITS), round(piece.end, PLACE_DIGITS)
    return {"stroke": piece.stroke, "from": start, "to": end, "effect": effect}


def _erasure(erasure: Erasure) -> Json:
    return {
        "pieces": erasure.pieces,
        "digit": erasure.digit,
        "strokes": [stroke.tolist() for stroke in erasure.strokes],
        "redrawn": erasure.redrawn._asdict(),
    }


_PIECE = fixed_object(
    "A piece of a stroke, and what it does.",
    stroke={"type": "integer", "minimum": 0, "description": "Which stroke, counted from 0."},
    **{
        "from": {
            "type": "number",
            "minimum": 0,
            "description": "Where it begins, in points: 12.4 is 0.4 of the way from 12 to 13.",
        },
        "to": {"type": "number", "minimum": 0, "description": "Where it ends."},
    },
    effect={
        "type": "number",
        "description": "By how much the difference falls without it: above 0 it speaks for the "
        "first digit. Effects do not add up to the difference.",
    },
)
_ERASURE = {
    **fixed_object(
        "The fewest connected pieces found without which the most probable digit is another.",
        pieces={
            "type": "array",
            "description": "Their indices.",
            "items": {"type": "integer", "minimum": 0},
            "minItems": 1,
        },
        digit={**DIGIT, "description": "The answer while the rest stays in its place."},
        strokes={"type": "array", "description": "The drawing without them."},
        redrawn={
            **fixed_object("The answer to these strokes as a new drawing.", **ANSWER_PROPERTIES)
        },
    ),
    "type": ["object", "null"],
}

INSIGHT = Insight(
    summary="Which ink speaks for one digit and against another.",
    answer=_answer,
    schema=fixed_object(
        "The drawing, read again without each of its pieces, while the rest stays in its place.",
        difference={"type": "number", "description": "Of the scores: the first less the second."},
        pieces={
            "type": "array",
            "description": f"In the order of drawing; none beyond {MOST_PIECES} strokes.",
            "items": _PIECE,
            "maxItems": MOST_PIECES,
        },
        erasure=_ERASURE,
        gradient={**MAP, "description": "28 × 28: the slope of the difference by each pixel."},
        occlusion={
            **MAP,
            "description": "28 × 28: by how much it falls where 3 × 3 pixels are made paper.",
        },
    ),
    fields={
        "digits": {
            "type": "array",
            "description": "The two digits, which must differ: for the first, against the second.",
            "items": DIGIT,
            "minItems": 2,
            "maxItems": 2,
            "examples": [[7, 1]],
        }
    },
    required=("digits",),
    example={"strokes": EXAMPLE_STROKES, "digits": [7, 1]},
)
