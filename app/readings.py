"""A network's answer about a picture, a digit of a number, or a drawing; and its JSON.

The shape of the JSON is a contract: see app/schemas.py.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from model.number import Piece
from model.types import Array, Arrays

LEAST_CERTAIN_FIRST = ("blank", "not-a-digit", "unsure", "digit")  # verdicts
_ENCODER = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True)
class Opinion:
    """A network's answer about a picture.

    verdict:       one of model.evaluation.decision.VERDICTS
    digit:         the most probable one; None for "not-a-digit" and "blank"
    alternatives:  for "unsure" the two most probable digits, the likelier first
    confidence:    the highest probability
    probabilities: of the digits 0 … 9; all equal for "blank"
    image:         (28, 28) float32 in [0, 1], the network's input
    """

    verdict: str
    digit: int | None
    alternatives: list[int]
    confidence: float
    probabilities: list[float]
    image: Array


@dataclass(frozen=True)
class Digit(Opinion):
    """One digit of a number.

    box:     left, top, right, bottom of its ink, in the unit of the strokes
    strokes: indices of its strokes in the drawing
    """

    box: tuple[float, float, float, float]
    strokes: tuple[int, ...]


@dataclass(frozen=True)
class Reading(Opinion):
    """A network's answer about a drawing; for a number, `summary` gives the fields of Opinion.

    layers: each layer's output by name, in order; steps: the drawing after each step to the
    picture, by name, in order; digits: from left to right. Each is None if it was not requested.
    """

    model: str
    milliseconds: float
    layers: Arrays | None
    steps: Arrays | None
    digits: list[Digit] | None


def opinion(image: Array, probabilities: Array, digit_probability: float, verdict: str) -> Opinion:
    """The answer about a picture with this verdict.

    probabilities: (10,) of the digits, with the sum 1
    digit_probability: the gate's, that it is a digit at all

    For "not-a-digit" the answer shows the probabilities times the gate's, and what lacks of 1 is
    spread evenly over the ten digits.
    """
    if verdict == "not-a-digit":
        probabilities = digit_probability * probabilities + (1 - digit_probability) / 10
    shown = [0.1] * 10 if verdict == "blank" else probabilities.tolist()
    return Opinion(
        verdict=verdict,
        digit=int(probabilities.argmax()) if verdict in ("digit", "unsure") else None,
        alternatives=_two_best(probabilities) if verdict == "unsure" else [],
        confidence=max(shown),
        probabilities=shown,
        image=image,
    )


def _two_best(probabilities: Array) -> list[int]:
    best: list[int] = (-probabilities).argsort(kind="stable")[:2].tolist()
    return best


def digits_of(pieces: Sequence[Piece], threshold: float) -> list[Digit]:
    """The answer about each piece of a number, with the gate's threshold."""
    return [
        Digit(
            **vars(
                opinion(
                    piece.picture,
                    piece.probabilities,
                    piece.digit_probability,
                    piece.verdict(threshold),
                )
            ),
            box=piece.box,
            strokes=piece.strokes,
        )
        for piece in pieces
    ]


def summary(digits: Sequence[Digit], image: Array) -> Opinion:
    """One answer about all digits, with the confidence of the least certain one.

    image: the drawing as one picture. Only a single digit has a value and probabilities.
    """
    if len(digits) == 1:
        (only,) = digits
        return Opinion(**{name: getattr(only, name) for name in Opinion.__dataclass_fields__})
    return Opinion(
        verdict=min((d.verdict for d in digits), key=LEAST_CERTAIN_FIRST.index, default="blank"),
        digit=None,
        alternatives=[],
        confidence=min((d.confidence for d in digits), default=0.1),
        probabilities=[0.1] * 10,
        image=image,
    )


def encoded(reading: Reading) -> str:
    """The answer to a question, as one line of JSON."""
    answer: dict[str, object] = {
        "model": reading.model,
        "verdict": reading.verdict,
        "digit": reading.digit,
        "alternatives": reading.alternatives,
        "confidence": reading.confidence,
        "probabilities": reading.probabilities,
        "image": _base64(reading.image, 0.0, 1.0),
        "milliseconds": round(reading.milliseconds, 3),
    }
    if reading.layers is not None:
        answer["layers"] = {name: display_array(output) for name, output in reading.layers.items()}
    if reading.steps is not None:
        answer["steps"] = {name: display_array(picture) for name, picture in reading.steps.items()}
    if reading.digits is not None:
        answer["number"] = "".join(
            "?" if digit.digit is None else str(digit.digit) for digit in reading.digits
        )
        answer["digits"] = [_digit(digit) for digit in reading.digits]
    return _ENCODER.encode(answer)


def _digit(digit: Digit) -> dict[str, object]:
    return {
        "box": digit.box,
        "strokes": digit.strokes,
        "verdict": digit.verdict,
        "digit": digit.digit,
        "alternatives": digit.alternatives,
        "confidence": digit.confidence,
        "probabilities": digit.probabilities,
        "image": _base64(digit.image, 0.0, 1.0),
    }


def display_array(output: Array) -> dict[str, object]:
    """An array as bytes, for display: 0 is its lowest value, 255 its highest."""
    low, high = float(output.min()), float(output.max())
    return {
        "shape": output.shape,
        "low": low,
        "high": high,
        "data": _base64(output, low, high),
    }


def _base64(values: Array, low: float, high: float) -> str:
    """Values, row by row, as base64 of bytes: `low` is 0, `high` is 255."""
    scale = 255 / (high - low) if high > low else 0.0
    return b64encode(((values - low) * scale + 0.5).astype("uint8").tobytes()).decode("ascii")
