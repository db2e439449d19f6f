"""A reading as the JSON that goes back. The shape is a contract: see app/openapi.py."""

import json
from base64 import b64encode

from app.readings import Digit, Reading
from model.types import Array

_ENCODER = json.JSONEncoder(separators=(",", ":"))


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
        answer["layers"] = {name: _array(output) for name, output in reading.layers.items()}
    if reading.steps is not None:
        answer["steps"] = {name: _array(picture) for name, picture in reading.steps.items()}
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


def _array(output: Array) -> dict[str, object]:
    """An array in a quarter of its size: bytes 0 … 255 from its lowest to its highest."""
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
