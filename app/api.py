"""The API: a drawing in, ten probabilities out. No state, nothing stored."""

from base64 import b64encode

from flask import Blueprint, Response, abort, current_app, jsonify, request

from app.drawing import question_from
from app.openapi import describe
from app.reader import Reader, Reading
from model.types import Array

blueprint = Blueprint("api", __name__)


@blueprint.post("/api/predict")
def predict() -> Response:
    """Read a drawing. The shape of the answer is a contract: see app/openapi.py."""
    reader = _reader()
    question = question_from(request, current_app.config, reader)
    return jsonify(_answer(reader.read(question.drawing, question.model, question.layers)))


@blueprint.get("/api/models")
def models() -> Response:
    """The card of every network, the default one first."""
    reader = _reader()
    return jsonify({"default": reader.default, "models": reader.cards()})


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """This API, described for programs."""
    return jsonify(describe(current_app.config, _reader().names))


@blueprint.get("/health")
@blueprint.get("/healthz")
def health() -> Response:
    """Fit to serve: the default network has read drawings of our own correctly."""
    reader = _reader()
    if reader.fault:
        abort(503, reader.fault)
    version = current_app.config["VERSION"]
    return jsonify({"status": "ok", "model": reader.default, "version": version})


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader


def _answer(reading: Reading) -> dict[str, object]:
    answer: dict[str, object] = {
        "model": reading.model,
        "verdict": reading.verdict,
        "digit": reading.digit,
        "confidence": reading.confidence,
        "probabilities": reading.probabilities,
        "image": _base64(reading.image, 0.0, 1.0),
        "milliseconds": round(reading.milliseconds, 3),
    }
    if reading.layers is not None:
        answer["layers"] = {name: _layer(output) for name, output in reading.layers.items()}
    return answer


def _layer(output: Array) -> dict[str, object]:
    """A layer's output in a quarter of its size: bytes 0 … 255 from its lowest to its highest."""
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
