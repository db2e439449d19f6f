"""The API: a drawing in, ten probabilities out. No state, nothing stored."""

from functools import partial

from flask import Blueprint, Response, abort, current_app, jsonify, request

from app.checks import Json
from app.compression import compress
from app.insight import INSIGHTS, question_name
from app.insight import strokes as strokes_of_picture
from app.question import picture_and_network, question_from, strokes_and_options
from app.reader import Reader
from app.readings import encoded

blueprint = Blueprint("api", __name__)
blueprint.after_request(compress)


@blueprint.post("/api/predict")
def predict() -> Response:
    """Read a drawing. The shape of the answer is a contract: see app/openapi.py."""
    reader, schema = _reader(), _document()["components"]["schemas"]["Question"]
    question = question_from(request, current_app.config, schema)
    reading = reader.read(question.drawing, question.options)
    return Response(encoded(reading), mimetype="application/json")


@blueprint.post("/api/strokes")
def strokes() -> Response:
    """The strokes in a picture, and the steps to them."""
    names = _document()["components"]["schemas"]["Name"]
    picture, model = picture_and_network(request, current_app.config, names)
    return jsonify(strokes_of_picture.answer(picture, _reader().network(model).card.frame))


@blueprint.get("/api/models")
def models() -> Response:
    """The card of every network, the default one first."""
    reader = _reader()
    return jsonify({"default": reader.default, "models": reader.cards()})


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """This API, described for programs."""
    servers = [{"url": request.script_root or "/"}]  # a proxy may show the API under a prefix
    return jsonify({**_document(), "servers": servers})


@blueprint.get("/live")
def live() -> Response:
    """Whether the process answers; nothing is read for it."""
    return jsonify({"status": "ok", **_release()})


@blueprint.get("/health")
@blueprint.get("/healthz")
def health() -> Response:
    """Whether the default network has read drawings of our own correctly."""
    reader = _reader()
    if reader.fault:
        abort(503, reader.fault)
    return jsonify({"status": "ok", "model": reader.default, **_release()})


def _insight(name: str) -> Response:
    """One of the insights of app/insight, by its name."""
    schema = _document()["components"]["schemas"][question_name(name)]
    strokes, options = strokes_and_options(request, current_app.config, schema)
    return jsonify(INSIGHTS[name].answer(_reader(), strokes, options))


for _name in INSIGHTS:
    blueprint.add_url_rule(f"/api/{_name}", _name, partial(_insight, _name), methods=["POST"])


def _release() -> Json:
    return {name.lower(): current_app.config[name] for name in ("VERSION", "COMMIT")}


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader


def _document() -> Json:
    document: Json = current_app.extensions["openapi"]
    return document
