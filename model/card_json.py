"""Parsed JSON as the types of a card, checked while it is read."""

import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, NotRequired, TypeAlias, get_args, get_origin, get_type_hints, is_typeddict

NAMES = {str: "text", int: "a whole number", float: "a finite number", bool: "true or false"}

Ranges: TypeAlias = Mapping[str, tuple[float, float]]


class CardError(ValueError):
    """A card that cannot be used: which field, what was found and wanted."""


def read_as(value: Any, wanted: Any, where: str, ranges: Ranges) -> Any:
    """A value of parsed JSON as the type that is wanted.

    wanted: a dataclass, a TypedDict, or what their fields may be: list[…], … | None, plain types
    where:  the name of the value, for messages
    ranges: least and greatest value of numbers, by the name of their field
    CardError, naming where, found and wanted, for a value of another type or out of its range.
    """
    if isinstance(wanted, UnionType):
        (inner,) = (part for part in get_args(wanted) if part is not type(None))
        return None if value is None else read_as(value, inner, where, ranges)
    if get_origin(wanted) is NotRequired:
        return read_as(value, get_args(wanted)[0], where, ranges)
    if get_origin(wanted) is list:
        if not isinstance(value, list):
            raise CardError(f"{where} is {shown(value)}, wanted a list")
        (inner,) = get_args(wanted)
        return [read_as(item, inner, f"{where}[{i}]", ranges) for i, item in enumerate(value)]
    if is_dataclass(wanted) or is_typeddict(wanted):
        return _object_as(value, wanted, where, ranges)
    return _plain_as(value, wanted, where, ranges)


def _object_as(value: Any, wanted: Any, where: str, ranges: Ranges) -> Any:
    if not isinstance(value, dict):
        raise CardError(f"{where} is {shown(value)}, wanted an object")
    hints = get_type_hints(wanted, include_extras=True)
    if is_typeddict(wanted):
        required = wanted.__required_keys__
    else:
        required = {
            f.name for f in fields(wanted) if f.default is MISSING and f.default_factory is MISSING
        }
    if missing := sorted(required - value.keys()):
        raise CardError(f"{where} lacks {', '.join(missing)}, wanted {', '.join(sorted(required))}")
    known = value.keys() & hints.keys()  # another version may write more
    found = {
        key: read_as(value[key], hints[key], f"{where}.{key}", ranges)
        for key in hints
        if key in known
    }
    try:
        return wanted(**found)
    except ValueError as error:  # a recipe that cannot be followed
        raise CardError(f"{where}: {error}") from None


def _plain_as(value: Any, wanted: type, where: str, ranges: Ranges) -> Any:
    if wanted is float and type(value) is int and abs(value) < 1e300:
        value = float(value)
    is_finite = not isinstance(value, float) or math.isfinite(value)
    if type(value) is not wanted or not is_finite:
        raise CardError(f"{where} is {shown(value)}, wanted {NAMES[wanted]}")
    field_name = re.sub(r"\[\d+\]", "", where).split(".")[-1]
    low, high = ranges.get(field_name, (-math.inf, math.inf))
    if isinstance(value, int | float) and not low <= value <= high:
        raise CardError(f"{where} is {value:g}, wanted a number from {low:g} to {high:g}")
    return value


def shown(value: Any) -> str:
    """A value as it stands in the file, cut after 40 characters."""
    return f"{value!r:.40}"
