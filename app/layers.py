"""The layers that a question asks for: all of them, or those that it names."""

from typing import TypeAlias

from flask import abort

from app.checks import Json, shorten
from model import Network
from model.insight import outputs, shapes_of, shown_in
from model.types import Array, Arrays
from model.variants import READERS, build

Layers: TypeAlias = bool | list[str]  # whether all are wanted, or their names

_NAMES = dict.fromkeys(name for variant in READERS for name in build(variant).layers)

LAYERS: Json = {  # the schema of the field
    "type": ["boolean", "array"],
    "default": False,
    "description": "Whether to show what each layer made of the picture, or the names of those to "
    "show. For each network `output` is its ten scores.",
    "items": {"type": "string", "enum": [*_NAMES]},
    "minItems": 1,
    "maxItems": len(_NAMES),
    "examples": [["relu1", "s2"]],
}


def traced(network: Network, image: Array, layers: Layers) -> Arrays:
    """What these layers made of a picture (28, 28), by name; not for `false`.

    Aborts with 422 where a layer is named that the network has not.
    """
    if isinstance(layers, bool):
        return network.trace(image)[1]
    found = outputs(network, image)
    known = dict.fromkeys([*network.layers, "output"])
    for layer in layers:
        if layer not in known:
            wanted = f"those of {network.name}: {', '.join(known)}"
            abort(422, f"layers has {shorten(layer)}, wanted {wanted}")
    return {layer: found[layer] for layer in layers}


def inside_of(networks: list[tuple[str, Network]]) -> dict[str, Json]:
    """What the page knows of the layers of each network, by the paper's names of the layers.

    shown:  the layer of an answer that has its values
    shapes: maps, height and width; or the number of its values
    codes:  ten glyphs of "#" and ".", row by row, if the outputs are distances to them, else None
    """
    return {
        name: {"shown": shown_in(network), "shapes": shapes_of(network), "codes": _codes(network)}
        for name, network in networks
    }


def _codes(network: Network) -> list[str] | None:
    codes = getattr(network.head, "codes", None)
    if codes is None:
        return None
    return ["".join("#" if pixel > 0 else "." for pixel in code) for code in codes]
