"""From a request to a question about a drawing, or to a refusal.

A body of the wrong form is refused with 400, a body of the right form that is no drawing with 422.
Every refusal says what was found, what was wanted and how to correct it.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from flask import Request, abort
from PIL.Image import Image

from app.checks import EXAMPLE, Json, Strokes, check, shorten, strokes_from
from app.forms import model_in_address, picture_and_model
from app.layers import Layers
from app.uploads import ALIASES, PICTURES, picture_from
from model.ink import FULL_NORMALISATION, Canvas, Normalise

Drawing: TypeAlias = Strokes | Image
SOME_VALUES = 100  # commas and brackets in JSON that is surely small
_DECODER = json.JSONDecoder(parse_int=float)  # one type to check; 400 digits are infinite


@dataclass(frozen=True)
class Options:
    """The options of a question.

    model:     the network that is to read
    layers:    whether to return the output of every layer, or the names of those to return
    steps:     whether to return the drawing after every step to the picture
    many:      whether the drawing is a whole number, to be read digit by digit
    normalise: which steps are on, see model.ink.Normalise
    canvas:    the canvas of the strokes, if it is known
    """

    model: str
    layers: Layers = False
    steps: bool = False
    many: bool = False
    normalise: Normalise = FULL_NORMALISATION
    canvas: Canvas | None = None


@dataclass(frozen=True)
class Question:
    """A drawing, and the options of its reading."""

    drawing: Drawing
    options: Options


def question_from(request: Request, limits: Mapping[str, Any], schema: Json) -> Question:
    """The question of a request to /api/predict; aborts with 400, 413, 415 or 422 for a bad one.

    limits: those of app/limits.py
    schema: of the JSON body, see app/schemas.py
    """
    names = schema["properties"]["model"]
    if request.mimetype == "application/json":
        return _from_json(_body(request), _model(request, names), limits, schema)
    picture, model = picture_and_network(request, limits, names, ["application/json"])
    return Question(picture, Options(model))


def picture_and_network(
    request: Request, limits: Mapping[str, Any], names: Json, others: Sequence[str] = ()
) -> tuple[Image, str]:
    """The decoded picture of a request that sends one, and the network's name; aborts as above.

    names:  the schema of the network's name
    others: further media types that the address takes
    """
    media_type, model = request.mimetype, _model(request, names)
    wanted = f"a picture or an object like {EXAMPLE}" if others else "a picture"
    if media_type == "multipart/form-data":
        data, model = picture_and_model(_body(request), request.mimetype_params, model)
        check(model, names, "model")
    elif media_type in PICTURES or media_type in ALIASES:
        data = _body(request)
    elif not media_type and not _body(request):
        _refuse_empty(wanted)
    else:
        _refuse_type(media_type, [*others, *PICTURES, "multipart/form-data"])
    if not data:
        _refuse_empty(wanted)
    return picture_from(data, limits["MAX_PIXELS"]), model


def _model(request: Request, names: Json) -> str:
    """The network that the address names, or the default one."""
    default: str = names["default"]
    if not request.query_string:  # the page sends none
        return default
    model = model_in_address(request, default)
    check(model, names, "model")
    return model


def strokes_and_options(
    request: Request, limits: Mapping[str, Any], schema: Json
) -> tuple[Strokes, Json]:
    """The strokes of a request that must be JSON, and all its other fields; aborts as above.

    The network is among the fields: the default one where none is named.
    """
    model = _model(request, schema["properties"]["model"])
    if request.mimetype != "application/json":
        if not request.mimetype and not _body(request):
            _refuse_empty()
        _refuse_type(request.mimetype, ["application/json"])
    return _strokes_and_options(_body(request), model, limits, schema)


def _strokes_and_options(
    data: bytes, model: str, limits: Mapping[str, Any], schema: Json
) -> tuple[Strokes, Json]:
    """model: the network that reads where the body names none."""
    _check_values(data, limits["MAX_POINTS"])
    body = _parsed(data)
    if type(body) is dict:
        body.setdefault("model", model)
    check(body, schema)
    return strokes_from(body.pop("strokes"), limits), body


def _from_json(data: bytes, model: str, limits: Mapping[str, Any], schema: Json) -> Question:
    strokes, body = _strokes_and_options(data, model, limits, schema)
    if "normalise" in body:
        body["normalise"] = Normalise(**body["normalise"])
    if "canvas" in body:
        body["canvas"] = Canvas(**body["canvas"])
    options = Options(**body)
    if options.many:
        _check_number(strokes, options, limits["MAX_STROKES_OF_A_NUMBER"])
    return Question(strokes, options)


def _check_values(data: bytes, most_points: int) -> None:
    """Abort with 422 for far too many values, before they become objects of Python.

    A point has at most five commas and brackets, so drawings that are a little too large go on to
    a refusal that counts their points.
    """
    found = sum(map(data.count, (b",", b"[", b"{")))
    if found > SOME_VALUES + 10 * most_points:
        abort(
            422,
            f"found {found:,} commas and brackets in the JSON, wanted those of at most "
            f"{most_points:,} points; draw less, or leave points out",
        )


def _check_number(strokes: Strokes, options: Options, most: int) -> None:
    if options.normalise != FULL_NORMALISATION:
        abort(
            400,
            "found many and a step of normalise switched off, wanted one of the two: "
            "a whole number is read with every step; leave many or normalise out",
        )
    if len(strokes) > most:
        abort(422, f"found {len(strokes):,} strokes, wanted at most {most:,} where many is true")


def _body(request: Request) -> bytes:
    data = request.get_data(cache=False)
    # Werkzeug silently cuts a chunked body at the limit.
    if request.content_length is None and len(data) == request.max_content_length:
        abort(413)
    return data


def _parsed(data: bytes) -> Any:
    data = data.removeprefix(BOM_UTF8)  # some editors and programs write one
    if not data:
        _refuse_empty()
    try:
        return _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        byte = f"byte {data[error.start]:#04x} at {error.start}"
        cure = "send JSON as UTF-8, not compressed"
        abort(400, f"found a body that is not UTF-8 ({byte}); {cure}")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        abort(400, f"found broken JSON ({error.msg}, {place}); send an object like {EXAMPLE}")
    except RecursionError:
        abort(400, f"found JSON nested too deep; send an object like {EXAMPLE}")


def _refuse_empty(wanted: str = f"an object like {EXAMPLE}") -> NoReturn:
    abort(400, f"found an empty body, wanted {wanted}")


def _refuse_type(media_type: str, known: list[str]) -> NoReturn:
    wanted = known[0] if len(known) == 1 else f"one of: {', '.join(known)}"
    found = f"the media type {shorten(media_type)}" if media_type else "no media type"
    abort(415, f"found {found}, wanted {wanted}; set the Content-Type header")
