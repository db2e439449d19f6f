"""From a request to a drawing, or to a refusal: the only place that trusts nobody.

A body of the wrong form is refused with 400; one of the right form that is no drawing with 422.
Every refusal says what was found, what was wanted and how to mend it.
"""

import io
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, NoReturn

import numpy as np
from flask import Request, abort
from PIL import Image, ImageOps, UnidentifiedImageError

from app.reader import Drawing, Reader, Strokes
from model.types import Array

PICTURES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
KEYS = ("strokes", "model", "layers")
FARTHEST = 1e9  # a coordinate in any sensible unit; beyond it, differences lose their meaning
DRAFT = (1024, 1024)  # pixels; a JPEG larger than this is decoded at a half, quarter or eighth

# Pillow warns of a picture that would fill the memory; to us it is an error like any other.
warnings.simplefilter("error", Image.DecompressionBombWarning)


class InMemoryRequest(Request):
    """A request whose uploads stay in memory: nothing that is drawn touches the disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO()


@dataclass(frozen=True)
class Question:
    """A drawing, the network that is to read it, and whether its layers are wanted."""

    drawing: Drawing
    model: str
    layers: bool = False


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
    model = _known(request.args.get("model", reader.default), reader)
    return Question(_picture(data, limits["MAX_PIXELS"]), model)


def _question_from_json(request: Request, limits: Mapping[str, Any], reader: Reader) -> Question:
    body = _parsed(_body(request))
    if not isinstance(body, dict):
        abort(400, f"the body is {_kind(body)}, wanted an object like {_EXAMPLE}")
    unknown = body.keys() - set(KEYS)
    if unknown:
        abort(400, f"found the key {_short(min(unknown))}, wanted only: {', '.join(KEYS)}")
    if "strokes" not in body:
        abort(400, f"found no strokes; send an object like {_EXAMPLE}")
    layers = body.get("layers", False)
    if not isinstance(layers, bool):
        abort(400, f"layers is {_kind(layers)}, wanted true or false")
    model = body.get("model", request.args.get("model", reader.default))
    if not isinstance(model, str):
        abort(400, f'model is {_kind(model)}, wanted a string such as "{reader.default}"')
    return Question(_strokes(body["strokes"], limits), _known(model, reader), layers)


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
        return json.loads(data.decode("utf-8"), parse_int=float)
    except UnicodeDecodeError as error:
        abort(
            400,
            f"found a body that is not UTF-8 (byte {data[error.start]:#04x} at {error.start}); "
            "send JSON as UTF-8, not compressed",
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        abort(400, f"found broken JSON ({error.msg}, {place}); send an object like {_EXAMPLE}")
    except RecursionError:
        abort(400, f"found JSON nested too deep; send an object like {_EXAMPLE}")


def _strokes(strokes: Any, limits: Mapping[str, Any]) -> Strokes:
    """Checked strokes as float64 arrays (n, 2), with few passes over the points."""
    if not isinstance(strokes, list):
        abort(400, f"strokes is {_kind(strokes)}, wanted a list like {_EXAMPLE_STROKES}")
    for number, stroke in enumerate(strokes):
        if not isinstance(stroke, list):
            abort(
                400,
                f"strokes[{number}] is {_kind(stroke)}, wanted a list of points; "
                f"send strokes like {_EXAMPLE_STROKES}",
            )
    points = list(chain.from_iterable(strokes))
    _check_count("strokes", len(strokes), limits["MAX_STROKES"])
    _check_count("points", len(points), limits["MAX_POINTS"])
    if not points:
        return []
    table = _table(points)
    if table is None:
        _refuse_point(strokes)
    ends = np.cumsum([len(stroke) for stroke in strokes]).tolist()
    return [table[start:end] for start, end in zip([0, *ends], ends, strict=False) if end > start]


def _check_count(what: str, found: int, most: int) -> None:
    if found > most:
        abort(
            422, f"found {found:,} {what}, wanted at most {most:,}; draw less, or leave points out"
        )


def _table(points: list[Any]) -> Array | None:
    """Points as (n, 2), or None if any of them is no point. A point's further numbers are left."""
    if set(map(type, points)) != {list} or min(map(len, points)) < 2:
        return None
    pairs = [list(map(itemgetter(0), points)), list(map(itemgetter(1), points))]
    if set(map(type, pairs[0])) | set(map(type, pairs[1])) != {float}:
        return None
    table = np.array(pairs).T
    return table if (np.abs(table) <= FARTHEST).all() else None  # NaN fails


def _refuse_point(strokes: list[list[Any]]) -> NoReturn:
    """Find the point that is none, and say where it is and what is wrong with it."""
    for i, stroke in enumerate(strokes):
        for j, point in enumerate(stroke):
            place = f"strokes[{i}][{j}]"
            if not isinstance(point, list):
                abort(400, f"{place} is {_kind(point)}, wanted a point like [x, y]")
            if len(point) < 2:
                abort(400, f"{place} is a list of {len(point)}, wanted two numbers or more: [x, y]")
            for axis, value in zip("xy", point, strict=False):
                if not isinstance(value, float):
                    abort(400, f"{axis} of {place} is {_kind(value)}, wanted a number")
                if not abs(value) <= FARTHEST:
                    abort(
                        422,
                        f"{axis} of {place} is {value:g}, wanted a finite number from "
                        f"{-FARTHEST:g} to {FARTHEST:g}; leave the point out or scale the drawing",
                    )
    raise AssertionError("a point was refused that has no fault")


def _known(model: str, reader: Reader) -> str:
    if model not in reader.names:
        abort(422, f"found the network {_short(model)}, wanted one of: {', '.join(reader.names)}")
    return model


def _uploaded(request: Request) -> bytes:
    files = request.files.getlist("image")
    if len(files) != 1:
        abort(
            400,
            f"found {len(files)} files in the form field image, wanted one; "
            "send it as: curl -F image=@digit.png",
        )
    return files[0].stream.read()


def _picture(data: bytes, most_pixels: int) -> Image.Image:
    """The decoded picture: its first frame, upright; its kind told by its content."""
    if not data:
        _refuse_empty()
    try:
        picture = Image.open(io.BytesIO(data), formats=list(PICTURES.values()))
        if picture.width * picture.height > most_pixels:
            raise Image.DecompressionBombError(f"{picture.width:,} × {picture.height:,} pixels")
        picture.draft(None, DRAFT)
        return ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        wanted = f"at most {most_pixels:,} pixels; make it smaller"
        abort(422, f"found too large a picture ({error}), wanted {wanted}")
    except Exception as error:  # Pillow's decoders raise whatever a broken file leads them to
        wanted = f"a whole file of one of: {', '.join(PICTURES.values())}; save the picture again"
        abort(422, f"found a picture that will not decode ({_reason(error)}), wanted {wanted}")


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it is of no kind that we know"  # Pillow's own words show an address in memory
    return str(error) or type(error).__name__


def _refuse_empty() -> NoReturn:
    abort(400, f"found an empty body, wanted a picture or an object like {_EXAMPLE}")


def _refuse_type(kind: str) -> NoReturn:
    kinds = ", ".join(["application/json", *PICTURES, "multipart/form-data"])
    found = f"the media type {_short(kind)}" if kind else "no media type"
    abort(415, f"found {found}, wanted one of: {kinds}; set the Content-Type header")


_EXAMPLE_STROKES = "[[[10, 5], [12, 90]]]"
_EXAMPLE = f'{{"strokes": {_EXAMPLE_STROKES}}}'
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _kind(value: Any) -> str:
    return _KINDS[type(value)]


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
