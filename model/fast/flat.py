"""Many arrays as two long ones: all weights, then all biases.

A step of an optimizer is a dozen calls into NumPy for each array. Ten small arrays cost a hundred
such calls, which take longer than their arithmetic; two long ones cost two dozen. Everything else
goes on by dotted name: the named arrays are views of the long ones.
"""

import numpy as np

from model.types import Array, Arrays, Shape

Shapes = dict[str, Shape]


def shapes_of(arrays: Arrays) -> Shapes:
    """The shapes of arrays by dotted name, weights first: the order in which they are laid out."""
    return {name: arrays[name].shape for name in sorted(arrays, key=_is_bias)}


def size_of(shapes: Shapes) -> int:
    """How many numbers they are together."""
    return sum(int(np.prod(shape)) for shape in shapes.values())


def by_name(long: Array, shapes: Shapes) -> Arrays:
    """A long array (size_of(shapes),) as views of these shapes, by name."""
    named, start = {}, 0
    for name, shape in shapes.items():
        end = start + int(np.prod(shape))
        named[name] = long[start:end].reshape(shape)
        start = end
    return named


def by_kind(long: Array, shapes: Shapes) -> Arrays:
    """The same array as two views, the weights (which decay) and the biases (which do not)."""
    weights = size_of({name: shape for name, shape in shapes.items() if not _is_bias(name)})
    return {"all.weight": long[:weights], "all.bias": long[weights:]}


def joined(arrays: Arrays) -> Array:
    """A new long array with all of these."""
    return np.concatenate([arrays[name].reshape(-1) for name in shapes_of(arrays)])


def _is_bias(name: str) -> bool:
    return name.endswith(".bias")
