"""Checks parsed JSON by its schema, and makes arrays of strokes.

A value of the wrong type is refused with 400, one out of its range with 422. Every refusal says
what was found and what was wanted, and repeats only a little of the request.
"""

import json
from collections.abc import Mapping
from itertools import accumulate, chain, pairwise
from typing import Any, NoReturn, TypeAlias

import numpy as np
from flask import abort

from model.types import Array

Json: TypeAlias = dict[str, Any]
Strokes: TypeAlias = list[Array]  # one (n, 2) array of points for each stroke, y down

EXAMPLE_STROKES = [[[10, 5], [12, 90]]]
POINT = ("x", "y", "time", "pressure")  # what the numbers of a point are; only two must be there
EXAMPLE = json.dumps({"strokes": EXAMPLE_STROKES})
# All numbers of a request are parsed as floats.
_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": float,
    "integer": float,
    "boolean": bool,
}
_NAMES = {
    dict: "an object",
    list: "a list",
    str: "a string",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def type_name(value: Any) -> str:
    """The JSON type of a parsed value, in words."""
    return _NAMES[type(value)]


def shorten(text: str) -> str:
    """Text in quotation marks, cut after 40 characters."""
    return repr(text if len(text) <= 40 else text[:40] + "…")


def shape(value: Any) -> str:
    """The JSON type of a parsed value in words, with its length or its keys."""
    if type(value) is dict:
        return f"an object with the keys {shorten(', '.join(value))}"
    return f"a list of {len(value):,}" if type(value) is list else type_name(value)


def check(value: Any, schema: Json, place: str = "") -> None:
    """Abort with 400 or 422 where a value is not as its schema says.

    value:  parsed JSON, all numbers of which are floats
    schema: as app/schemas.py writes them: an object with properties, a number with a range, a
            string with a choice, a boolean, an array of such values, or one of two of these. An
            array of arrays is not checked here: see `strokes_from`.
    place:  how a refusal names the value
    """
    if schema["type"] == "array" and schema["items"]["type"] == "array":
        return
    wanted = _fitting_type(value, schema["type"])
    if wanted is None:
        found = f"{place or 'the body'} is {type_name(value)}"
        abort(400, f"{found}, wanted {_wanted(schema)}")
    if wanted == "object":
        _check_keys(value, schema, place)
        for key, part in value.items():
            check(part, schema["properties"][key], f"{place}.{key}" if place else key)
    elif wanted == "array":
        if not schema["minItems"] <= len(value) <= schema["maxItems"]:
            abort(422, f"{place} is {shape(value)}, wanted {_wanted(schema)}")
        for i, part in enumerate(value):
            check(part, schema["items"], f"{place}[{i}]")
    elif not _is_allowed(value, schema):
        found = shorten(value) if type(value) is str else f"{value:g}"
        abort(422, f"{place} is {found}, wanted {_wanted(schema)}")


def _fitting_type(value: Any, types: str | list[str]) -> str | None:
    """The type of a schema that a value has; None if it has none of them."""
    some = [types] if isinstance(types, str) else types
    return next((name for name in some if type(value) is _TYPES[name]), None)


def _is_allowed(value: Any, schema: Json) -> bool:
    """Whether a string is one of the choice, and a number in the range and whole if it must be."""
    if "enum" in schema:
        return value in schema["enum"]
    if schema["type"] == "integer" and not value.is_integer():  # NaN and infinity are none
        return False
    return "minimum" not in schema or bool(schema["minimum"] <= value <= schema["maximum"])


def _check_keys(value: Json, schema: Json, place: str) -> None:
    names, where = schema["properties"], f" in {place}" if place else ""
    unknown = value.keys() - names.keys()
    if unknown:
        abort(400, f"found the key {shorten(min(unknown))}{where}, wanted only: {', '.join(names)}")
    for key in schema.get("required", ()):
        if key not in value:
            abort(400, f"found no {key}{where}, wanted {_wanted(schema)}")


def _wanted(schema: Json) -> str:
    kind = schema["type"]
    if type(kind) is list:
        return " or ".join(_wanted({**schema, "type": one}) for one in kind)
    if kind in ("object", "array"):
        thing = "an object" if kind == "object" else "a list"
        return f"{thing} like {json.dumps(schema['examples'][0])}"
    if "enum" in schema:
        return f"one of: {', '.join(schema['enum'])}"
    if kind == "boolean":
        return "true or false"
    name = "a whole number" if kind == "integer" else "a number"
    return f"{name} from {schema['minimum']:g} to {schema['maximum']:g}"


def strokes_from(value: Any, limits: Mapping[str, Any]) -> Strokes:
    """Checked strokes as float64 arrays (n, 2), with few passes over the points.

    value:  parsed JSON, all numbers of which are floats
    limits: MAX_STROKES, MAX_POINTS and MAX_COORDINATE of app/limits.py
    An empty stroke stays in its place. Aborts with 400 or 422 for what are no strokes.
    """
    if type(value) is not list:
        abort(400, f"strokes is {shape(value)}, wanted a list like {EXAMPLE_STROKES}")
    for number, stroke in enumerate(value):
        if type(stroke) is not list:
            found = f"strokes[{number}] is {shape(stroke)}"
            abort(400, f"{found}, wanted a list of points; send strokes like {EXAMPLE_STROKES}")
    points = list(chain.from_iterable(value))
    _check_count("strokes", len(value), limits["MAX_STROKES"])
    _check_count("points", len(points), limits["MAX_POINTS"])
    if not points:
        return []
    table = _table(points, limits["MAX_COORDINATE"])
    if table is None:
        _refuse_point(value, limits["MAX_COORDINATE"])
    ends = accumulate(map(len, value), initial=0)
    return [table[start:end] for start, end in pairwise(ends)]


def _check_count(what: str, found: int, most: int) -> None:
    if found > most:
        wanted = f"at most {most:,}; draw less, or leave points out"
        abort(422, f"found {found:,} {what}, wanted {wanted}")


def _table(points: list[Any], largest: float) -> Array | None:
    """Points as (n, 2), or None if any of them is no point. Time and pressure are left out."""
    if set(map(type, points)) != {list}:
        return None
    lengths = set(map(len, points))
    if min(lengths) < 2 or max(lengths) > len(POINT):
        return None
    if set(map(type, chain.from_iterable(points))) != {float}:
        return None
    if lengths != {2}:
        points = [point[:2] for point in points]
    table = np.array(points)
    return table if np.abs(table).max() <= largest else None  # NaN fails


def _refuse_point(strokes: list[list[Any]], largest: float) -> NoReturn:
    """Find the invalid point, and abort with its place and the reason."""
    for i, stroke in enumerate(strokes):
        _refuse_axes(stroke, f"strokes[{i}]")
        for j, point in enumerate(stroke):
            place = f"strokes[{i}][{j}]"
            if type(point) is not list or not 2 <= len(point) <= len(POINT):
                wanted = "wanted a point: [x, y], or with time and pressure after them"
                abort(400, f"{place} is {shape(point)}, {wanted}; send {EXAMPLE}")
            for name, value in zip(POINT, point, strict=False):
                if type(value) is not float:
                    abort(400, f"{name} of {place} is {type_name(value)}, wanted a number")
            for name, value in zip("xy", point, strict=False):
                if not abs(value) <= largest:
                    wanted = f"a finite number from {-largest:g} to {largest:g}"
                    cure = "leave the point out or scale the drawing"
                    abort(422, f"{name} of {place} is {value:g}, wanted {wanted}; {cure}")
    raise AssertionError("a point was refused that has no fault")


def _refuse_axes(stroke: list[Any], place: str) -> None:
    """Refuse all x in one list and all y in another, as Quick, Draw! has them: [[x …], [y …]]."""
    lengths = {len(axis) if type(axis) is list else 0 for axis in stroke}
    if len(stroke) in (2, 3) and len(lengths) == 1 and max(lengths) > len(POINT):
        found = f"{place} is {len(stroke)} lists of {max(lengths):,}, as of all x and all y"
        cure = "in Python [[x, y] for x, y in zip(stroke[0], stroke[1])]"
        abort(400, f"{found}, wanted a list of points [x, y]; pair them: {cure}")
