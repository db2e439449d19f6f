"""Words for what was found in a request; a refusal never gives back much of what it was sent."""

from typing import Any

EXAMPLE_STROKES = "[[[10, 5], [12, 90]]]"
EXAMPLE = f'{{"strokes": {EXAMPLE_STROKES}}}'
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def kind_of(value: Any) -> str:
    """What sort of JSON a parsed value is; all its numbers are floats."""
    return _KINDS[type(value)]


def shorten(text: str) -> str:
    """Text in quotation marks, cut after 40 characters."""
    return repr(text if len(text) <= 40 else text[:40] + "…")
