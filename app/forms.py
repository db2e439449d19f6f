"""A form with a picture, and what may stand in the address: known fields only, each once."""

import io
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from flask import Request, abort
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from app.checks import shorten

FORM_FIELDS = ("image", "model")
ADDRESS_FIELDS = ("model",)
MOST_FIELDS = 10  # that are parsed before a form is refused
CURL = "send it as: curl -F image=@digit.png"


def model_in_address(request: Request, default: str) -> str:
    """The network that the address names; aborts with 400 for what else stands there."""
    _refuse_unknown(request.args, ADDRESS_FIELDS, "the address, after ?")
    return _only(request.args, "model", "the address", default)


def picture_and_model(
    data: bytes, parameters: Mapping[str, str], default: str
) -> tuple[bytes, str]:
    """The file in the field image, and the field model of a form; aborts with 400 for another.

    data:       the body
    parameters: those of the media type, such as its boundary
    default:    the network where the form names none
    """
    form, files = _parsed(data, parameters)
    _refuse_unknown([*form, *files], FORM_FIELDS, "the form")
    if "model" in files:
        abort(400, "found a file in the form field model, wanted the name of a network")
    images = files.getlist("image")
    if len(images) != 1 or "image" in form:
        found = "text" if "image" in form else f"{len(images)} files"
        abort(400, f"found {found} in the form field image, wanted one file; {CURL}")
    return images[0].stream.read(), _only(form, "model", "the form", default)


def _parsed(data: bytes, parameters: Mapping[str, str]) -> tuple[Any, Any]:
    """Fields and files of a form. All stays in memory: nothing that is drawn touches the disk."""
    if not parameters.get("boundary"):
        _refuse_form("no boundary in the Content-Type header")
    parser = FormDataParser(lambda *_, **__: io.BytesIO(), max_form_parts=MOST_FIELDS, silent=False)
    parser.max_form_memory_size = None  # the body has a limit already
    try:
        _, form, files = parser.parse(
            io.BytesIO(data), "multipart/form-data", len(data), dict(parameters)
        )
    except RequestEntityTooLarge:
        abort(400, f"found more than {MOST_FIELDS} fields in the form, wanted: image, model")
    except ValueError:
        _refuse_form("a form cut short, or one with another boundary than its Content-Type says")
    return form, files


def _refuse_form(found: str) -> NoReturn:
    cure = "let your program write this header itself, as curl -F, FormData and requests do"
    abort(400, f"found {found}, wanted multipart/form-data; boundary=…; {cure}")


def _refuse_unknown(found: Collection[str | None], known: tuple[str, ...], place: str) -> None:
    unknown = {name or "" for name in found} - set(known)  # a part of a form may have no name
    if unknown:
        wanted = f"wanted only: {', '.join(known)}; strokes in JSON can ask for more"
        abort(400, f"found {shorten(min(unknown))} in {place}, {wanted}")


def _only(values: MultiDict[str, str], name: str, place: str, default: str) -> str:
    found = values.getlist(name)
    if len(found) > 1:
        abort(400, f"found {name} {len(found)} times in {place}, wanted it once")
    return found[0] if found else default
