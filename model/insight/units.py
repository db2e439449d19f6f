"""Every unit of a network written out: what it reads, its weights, the products and its value.

The layers have the names of the paper: a convolution and the activation behind it are one layer,
C1. Its maps show the values after the activation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.insight.geometry import Box, field_of
from model.network import Network
from model.nn.activations import Activation
from model.nn.heads import RBFHead
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad, Rescale
from model.nn.pooling import MaxPool, Pool, Subsample
from model.types import Array, Arrays, Shape

LAYERS = ("c1", "s2", "c3", "s4", "c5", "f6", "output")
PICTURE = "picture"  # what C1 reads


@dataclass(frozen=True, eq=False)
class Unit:
    """One unit: Σ kernels · patches + bias = sum, and the activation of the sum = value.

    layer, index: map, row and column of the unit; of a layer of single values its number alone
    operation:    "convolution", "max", "average", "subsample", "weights" or "distance"
    reads:        the layer that it reads: one of LAYERS, or "picture"
    maps:         (n,) which maps of that layer it reads
    patches:      (n, h, w) what it reads of them
    kernels:      (n, h, w) the weights of these values. For "max" they are 1 for the largest value
                  and 0 for the others, for "distance" they are the code of the digit.
    products:     (n, h, w) kernels · patches; for "distance" the squares of their differences
    activation:   the layer behind the sum, or None
    factor:       a distance times this is its value; 1 for all others
    field:        left, top, right, bottom of what reaches the unit, see `field_of`
    scores:       (10,) all outputs, before the softmax
    The sum and the value are those of the network's own pass, in float32.
    """

    layer: str
    index: tuple[int, ...]
    operation: str
    reads: str
    maps: Array
    patches: Array
    kernels: Array
    products: Array
    bias: float
    sum: float
    activation: Activation | None
    factor: float
    value: float
    field: Box
    scores: Array


def shown_in(network: Network) -> dict[str, str]:
    """For each of LAYERS the layer of `Network.trace` whose output it shows.

    That is its activation where it has one. The output of `lenet5-1998` is not in the trace:
    `outputs` adds it.
    """
    names = [*network.layers, "output"]
    behind = dict(pairwise(names))
    return {
        name: behind[name] if isinstance(network.layers.get(behind.get(name, "")), Activation)
        else name
        for name in LAYERS
    }  # fmt: skip


def outputs(network: Network, image: Array) -> Arrays:
    """What every layer makes of a picture (28, 28), as `Network.trace`, and the picture itself.

    "output" are the ten scores before the softmax, also where a head of its own computes them.
    """
    _, traced = network.trace(image)
    last = traced[next(reversed(traced))]
    scores = network.head.logits(last[:, None])[:, 0]
    return {PICTURE: image[None], **traced, "output": scores}


def shapes_of(network: Network) -> dict[str, Shape]:
    """The shape of each of LAYERS: maps, height and width, or the number of single values."""
    shapes = {**network.shapes, "output": (network.head.classes,)}
    return {name: _without_ones(shapes[name]) for name in LAYERS}


def scaling_of(network: Network) -> dict[str, float]:
    """What is done to the picture before C1: the width of its border, paper's and ink's values."""
    found = {"border": 0, "paper": 0.0, "ink": 1.0}
    for layer in network.layers.values():
        if isinstance(layer, Pad):
            found["border"] = layer.width
        elif isinstance(layer, Rescale):
            found |= {"paper": layer.paper, "ink": layer.ink}
    return found


def write_out(network: Network, image: Array, layer: str, index: Sequence[int]) -> Unit:
    """Write out one unit for a picture (28, 28).

    layer: one of LAYERS
    index: as long as the layer's shape in `shapes_of`
    IndexError for a unit that is not there.
    """
    shape = shapes_of(network)[layer]
    if len(index) != len(shape) or any(not 0 <= i < n for i, n in zip(index, shape, strict=True)):
        raise IndexError(f"{layer} has the shape {shape}, found {tuple(index)}")
    traced, place = outputs(network, image), (*index, 0, 0)[:3]
    own = network.layers.get(layer)
    if own is None:
        operation, source, parts, bias = _distance(network, traced, place[0])
    else:
        source = _before(network, layer)
        operation, parts, bias = _parts(own, traced[source], place)
    maps, patches, kernels = parts
    products = kernels * patches
    if operation == "distance":
        products = (patches - kernels) ** 2
    shown = shown_in(network)
    activation = network.layers.get(shown[layer])
    return Unit(
        layer,
        tuple(index),
        operation,
        _shown_name(shown, source),
        maps,
        patches,
        kernels,
        products,
        bias=bias,
        sum=float(products.sum()) if own is None else _at(traced[layer], place),
        activation=activation if isinstance(activation, Activation) else None,
        factor=-network.head.weight if isinstance(network.head, RBFHead) and own is None else 1.0,
        value=_at(traced[shown[layer]], place),
        field=field_of(network, layer if own else next(reversed(network.layers)), *place[1:]),
        scores=traced["output"],
    )


def _parts(layer: Layer, x: Array, place: Sequence[int]) -> tuple[str, tuple[Array, ...], float]:
    """Operation; maps, patches and kernels; bias of the unit at a place of a layer that reads x."""
    x = (x if x.ndim == 3 else x[:, None, None]).astype(np.float64)
    number, row, column = place
    bias = float(layer.parameters["bias"][number]) if "bias" in layer.parameters else 0.0
    match layer:
        case Conv2D():
            kernels = layer.connected_weight()[number]
            read = np.arange(len(x)) if layer.connections is None else layer.connections[number]
            maps = read if layer.connections is None else np.flatnonzero(read)
            k = layer.kernel
            patches = x[maps, row : row + k, column : column + k]
            return "convolution", (maps, patches, kernels[maps]), bias
        case Linear():
            kernels = layer.parameters["weight"][number].reshape(x.shape)
            operation = "weights" if x.shape[1] == 1 else "convolution"
            return operation, (np.arange(len(x)), x, kernels), bias
        case Pool():
            patch = x[number, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2][None]
            operation, kernel = _pooling(layer, patch, number)
            return operation, (np.array([number]), patch, kernel), bias
    raise TypeError(f"{layer!r} has no units that can be written out")


def _pooling(pool: Pool, patch: Array, number: int) -> tuple[str, Array]:
    if isinstance(pool, MaxPool):
        largest = np.zeros(patch.shape)
        largest.flat[patch.argmax()] = 1  # the first of equal members, as in MaxPool
        return "max", largest
    if isinstance(pool, Subsample):
        return "subsample", np.full(patch.shape, float(pool.parameters["weight"][number]))
    return "average", np.full(patch.shape, 0.25)


def _distance(
    network: Network, traced: Arrays, digit: int
) -> tuple[str, str, tuple[Array, ...], float]:
    """The same of an output of an RBF head, and the layer of the trace that it reads."""
    assert isinstance(network.head, RBFHead)
    source = next(reversed(network.layers))
    x = traced[source].astype(np.float64)[:, None, None]
    code = network.head.codes[digit].astype(np.float64)[:, None, None]
    return "distance", source, (np.arange(len(x)), x, code), 0.0


def _before(network: Network, layer: str) -> str:
    """The layer of the trace that a layer reads; maps before they are laid in one column."""
    names = [PICTURE, *network.layers]
    place = names.index(layer) - 1
    while isinstance(network.layers.get(names[place]), Flatten):
        place -= 1
    return names[place]


def _shown_name(shown: dict[str, str], source: str) -> str:
    """The name in LAYERS of a layer of the trace; "picture" for all that is before C1."""
    return next((name for name, behind in shown.items() if behind == source), PICTURE)


def _at(output: Array, place: Sequence[int]) -> float:
    return float(output[place[0]] if output.ndim == 1 else output[tuple(place)])


def _without_ones(shape: Shape) -> Shape:
    return shape[:1] if shape[1:] in ((), (1, 1)) else shape
