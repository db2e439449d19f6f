"""What a question in JSON may ask for besides its strokes, each key checked or refused."""

from dataclasses import dataclass
from typing import Any

from flask import abort

from app.words import EXAMPLE, kind_of, shorten

KEYS = ("strokes", "model", "layers")


@dataclass(frozen=True)
class Options:
    """What is wanted of a reading.

    model:  the network that is to read
    layers: whether to show what every layer made of the picture
    """

    model: str
    layers: bool = False


def check_keys(body: dict[str, Any]) -> None:
    """Strokes and no unknown key; aborts with 400 otherwise."""
    unknown = body.keys() - set(KEYS)
    if unknown:
        abort(400, f"found the key {shorten(min(unknown))}, wanted only: {', '.join(KEYS)}")
    if "strokes" not in body:
        abort(400, f"found no strokes; send an object like {EXAMPLE}")


def options_from(body: dict[str, Any], model: str, names: list[str]) -> Options:
    """The options in a body whose keys are known; aborts with 400 or 422 for a bad one.

    model: the network that reads where the body names none
    """
    return Options(
        model=known(body.get("model", model), names),
        layers=_switch("layers", body.get("layers", False)),
    )


def known(model: Any, names: list[str]) -> str:
    """The name of a network that is served; aborts with 400 or 422 for another."""
    if not isinstance(model, str):
        abort(400, f'model is {kind_of(model)}, wanted a string such as "{names[0]}"')
    if model not in names:
        abort(422, f"found the network {shorten(model)}, wanted one of: {', '.join(names)}")
    return model


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        abort(400, f"{name} is {kind_of(value)}, wanted true or false")
    return value
