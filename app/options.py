"""What a question in JSON may ask for besides its strokes, each key checked or refused."""

from dataclasses import dataclass, fields
from typing import Any

from flask import abort

from app.words import EXAMPLE, kind_of, shorten
from model.ink import FULL_NORMALISATION, Canvas, Normalise

KEYS = ("strokes", "model", "layers", "steps", "many", "normalise", "canvas")
STEPS = tuple(step.name for step in fields(Normalise))
SIDES = tuple(side.name for side in fields(Canvas))
LEAST, MOST = 1e-9, 1e9  # of a side of the canvas or its brush, in the unit of the strokes


@dataclass(frozen=True)
class Options:
    """What is wanted of a reading.

    model:     the network that is to read
    layers:    whether to show what every layer made of the picture
    steps:     whether to show what the drawing looks like after every step to the picture
    many:      whether the drawing is a whole number, to be read digit by digit
    normalise: the steps to be taken, see model/ink/redraw.py
    canvas:    what the strokes were drawn on, where that is known
    """

    model: str
    layers: bool = False
    steps: bool = False
    many: bool = False
    normalise: Normalise = FULL_NORMALISATION
    canvas: Canvas | None = None


def check_keys(body: dict[str, Any]) -> None:
    """Strokes and no unknown key; aborts with 400 otherwise."""
    _only("", body, KEYS)
    if "strokes" not in body:
        abort(400, f"found no strokes; send an object like {EXAMPLE}")


def options_from(body: dict[str, Any], model: str, names: list[str]) -> Options:
    """The options in a body whose keys are known; aborts with 400 or 422 for a bad one.

    model: the network that reads where the body names none
    """
    options = Options(
        model=known(body.get("model", model), names),
        layers=_switch("layers", body.get("layers", False)),
        steps=_switch("steps", body.get("steps", False)),
        many=_switch("many", body.get("many", False)),
        normalise=_normalise(body["normalise"]) if "normalise" in body else FULL_NORMALISATION,
        canvas=_canvas(body["canvas"]) if "canvas" in body else None,
    )
    if options.many and options.normalise != FULL_NORMALISATION:
        abort(
            400,
            "found many and a step of normalise switched off, wanted one of the two: "
            "a whole number is read with every step; leave many or normalise out",
        )
    return options


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


def _normalise(value: Any) -> Normalise:
    if not isinstance(value, dict):
        abort(400, f'normalise is {kind_of(value)}, wanted an object like {{"size": false}}')
    _only(" in normalise", value, STEPS)
    return Normalise(**{name: _switch(f"normalise.{name}", on) for name, on in value.items()})


def _canvas(value: Any) -> Canvas:
    example = '{"width": 280, "height": 280, "brush": 16}'
    if not isinstance(value, dict):
        abort(400, f"canvas is {kind_of(value)}, wanted an object like {example}")
    _only(" in canvas", value, SIDES)
    for side in SIDES:
        if side not in value:
            abort(400, f"found a canvas without {side}, wanted an object like {example}")
        if not isinstance(value[side], float):
            abort(400, f"canvas.{side} is {kind_of(value[side])}, wanted a number")
        if not LEAST <= value[side] <= MOST:  # NaN fails
            abort(
                422,
                f"canvas.{side} is {value[side]:g}, wanted a number from {LEAST:g} to {MOST:g}, "
                "in the unit of the strokes",
            )
    return Canvas(**value)


def _only(where: str, found: dict[str, Any], names: tuple[str, ...]) -> None:
    unknown = found.keys() - set(names)
    if unknown:
        abort(400, f"found the key {shorten(min(unknown))}{where}, wanted only: {', '.join(names)}")
