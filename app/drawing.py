"""From a request to a drawing, or to a refusal: the door that trusts nobody.

A body of the wrong form is refused with 400; one of the right form that is no drawing with 422.
Every refusal says what was found, what was wanted and how to mend it.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Request, abort

from app.options import Options, check_keys, known, options_from
from app.reader import Drawing, Reader
from app.strokes import strokes_from
from app.uploads import PICTURES, picture_from
from app.words import EXAMPLE, kind_of, shorten


class InMemoryRequest(Request):
    """A request whose uploads stay in memory: nothing that is drawn touches the disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO()


@dataclass(frozen=True)
class Question:
    """A drawing, and what is wanted of its reading."""

    drawing: Drawing
    options: Options


def question_from(request: Request, limits: Mapping[str, Any], reader: Reader) -> Question:
    """What a request to /api/predict asks; aborts with 400, 413, 415 or 422 for a bad one."""
    kind = request.mimetype
    if kind == "application/json":
        return _question_from_json(request, limits, reader)
    if kind == "multipart/form-data":
        data = _uploaded(request)
    elif kind in PICTURES:
        data = _body(request)
    elif not kind and not _body(request):
        _refuse_empty()
    else:
        _refuse_type(kind)
    options = Options(known(_model_in_address(request, reader), reader.names))
    if not data:
        _refuse_empty()
    return Question(picture_from(data, limits["MAX_PIXELS"]), options)


def _question_from_json(request: Request, limits: Mapping[str, Any], reader: Reader) -> Question:
    body = _parsed(_body(request))
    if not isinstance(body, dict):
        abort(400, f"the body is {kind_of(body)}, wanted an object like {EXAMPLE}")
    check_keys(body)
    options = options_from(body, _model_in_address(request, reader), reader.names)
    strokes = strokes_from(body["strokes"], limits)
    if options.many and len(strokes) > limits["MAX_STROKES_OF_A_NUMBER"]:
        most = limits["MAX_STROKES_OF_A_NUMBER"]
        abort(422, f"found {len(strokes):,} strokes, wanted at most {most:,} where many is true")
    return Question(strokes, options)


def _model_in_address(request: Request, reader: Reader) -> str:
    if not request.query_string:  # as the page asks; spares the parsing of nothing
        return reader.default
    return request.args.get("model", reader.default)


def _body(request: Request) -> bytes:
    data = request.get_data(cache=False)
    # Werkzeug cuts a body that comes in chunks at the limit, and says nothing.
    if request.content_length is None and len(data) == request.max_content_length:
        abort(413)
    return data


def _parsed(data: bytes) -> Any:
    if not data:
        _refuse_empty()
    try:
        # Whole numbers become floats at once: one type to check, and 400 digits are just infinite.
        return _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        abort(
            400,
            f"found a body that is not UTF-8 (byte {data[error.start]:#04x} at {error.start}); "
            "send JSON as UTF-8, not compressed",
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        abort(400, f"found broken JSON ({error.msg}, {place}); send an object like {EXAMPLE}")
    except RecursionError:
        abort(400, f"found JSON nested too deep; send an object like {EXAMPLE}")


_DECODER = json.JSONDecoder(parse_int=float)


def _uploaded(request: Request) -> bytes:
    files = request.files.getlist("image")
    if len(files) != 1:
        abort(
            400,
            f"found {len(files)} files in the form field image, wanted one; "
            "send it as: curl -F image=@digit.png",
        )
    return files[0].stream.read()


def _refuse_empty() -> NoReturn:
    abort(400, f"found an empty body, wanted a picture or an object like {EXAMPLE}")


def _refuse_type(kind: str) -> NoReturn:
    kinds = ", ".join(["application/json", *PICTURES, "multipart/form-data"])
    found = f"the media type {shorten(kind)}" if kind else "no media type"
    abort(415, f"found {found}, wanted one of: {kinds}; set the Content-Type header")
