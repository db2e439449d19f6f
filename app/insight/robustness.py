"""POST /api/robustness: how far a drawing may be changed before the answer is another one."""

from collections.abc import Sequence
from typing import Any

from app.checks import Json, Strokes
from app.insight.kind import Insight
from app.insight.why import ANSWER_PROPERTIES, DIGIT
from app.reader import Reader
from app.schemas import PROBABILITY, fixed_object
from model.insight import SLANTS, TURNS, WIDTHS, Answer, robustness

CONFIDENCE_DIGITS = 4  # after the point


def _answer(reader: Reader, strokes: Strokes, options: Json) -> Json:
    found = robustness(reader.network(options["model"]), reader.gate, strokes)
    reach = {"turn": found.turn, "slant": found.slant, "width": found.width}
    return {
        **found.answer._asdict(),
        "turns": TURNS,
        "slants": SLANTS,
        "map": [_row(row) for row in found.map],
        "widths": WIDTHS,
        "lines": _row(found.widths),
        "survives": reach if found.map else None,
    }


def _row(answers: Sequence[Answer]) -> Json:
    return {
        "digits": [answer.digit for answer in answers],
        "confidences": [round(answer.confidence, CONFIDENCE_DIGITS) for answer in answers],
    }


def _numbers(description: str, values: tuple[float, ...]) -> Json:
    return {
        "type": "array",
        "description": description,
        "items": {"type": "number"},
        "minItems": len(values),
        "maxItems": len(values),
    }


def _pair(description: str) -> dict[str, Any]:
    return {**_numbers(description, (0, 0)), "items": {"type": "number", "minimum": 0}}


_ROW = fixed_object(
    "Answers to changed drawings.",
    digits={
        "type": "array",
        "description": "The digit of each answer; null for what is none.",
        "items": {**DIGIT, "type": ["integer", "null"]},
    },
    confidences={
        "type": "array",
        "description": "The probability of the most probable digit in each.",
        "items": PROBABILITY,
    },
)
_SURVIVES = {
    **fixed_object(
        "How far the digit stays the same, without a break; null where nothing was tried.",
        turn=_pair("Degrees to the left and to the right."),
        slant=_pair("Degrees to the left and to the right."),
        width=_pair("The thinnest and the thickest line, in widths of the usual one."),
    ),
    "type": ["object", "null"],
}

INSIGHT = Insight(
    summary="How far a drawing may be changed before the answer is another one.",
    answer=_answer,
    schema=fixed_object(
        "Answers to the drawing turned, slanted, and redrawn with other lines. Nothing is tried "
        "with what is no digit, or with far too much ink: map and lines are empty then.",
        **ANSWER_PROPERTIES,
        turns=_numbers("Degrees of the map's columns, to the right where positive.", TURNS),
        slants=_numbers("Degrees of the map's rows, to the right where positive.", SLANTS),
        map={
            "type": "array",
            "description": "For each slant the answers to all turns.",
            "items": _ROW,
        },
        widths=_numbers("Widths of the redrawn line, in those of the usual one.", WIDTHS),
        lines={**_ROW, "description": "The answers with each of these widths."},
        survives=_SURVIVES,
    ),
)
