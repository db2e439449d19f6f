"""Many arrays as one long array: all weights first, then all biases.

An optimizer makes a dozen NumPy calls for each array. For ten small arrays these calls take longer
than their arithmetic. For two long arrays they do not. The named arrays are views of the long one,
so all other code keeps using names.
"""

import numpy as np

from model.types import Array, Arrays, Shape

Shapes = dict[str, Shape]


def shapes_in_order(arrays: Arrays) -> Shapes:
    """Shapes by dotted name, in the order of the long array: weights first, then biases."""
    return {name: arrays[name].shape for name in sorted(arrays, key=_is_bias)}


def total_size(shapes: Shapes) -> int:
    """The number of elements of all arrays with these shapes."""
    return sum(int(np.prod(shape)) for shape in shapes.values())


def flatten(arrays: Arrays) -> Array:
    """Copy all arrays into a new long array (total_size,)."""
    return np.concatenate([arrays[name].reshape(-1) for name in shapes_in_order(arrays)])


def views_by_name(flat: Array, shapes: Shapes) -> Arrays:
    """Views of a long array (total_size,), one for each name, with these shapes."""
    views, start = {}, 0
    for name, shape in shapes.items():
        end = start + int(np.prod(shape))
        views[name] = flat[start:end].reshape(shape)
        start = end
    return views


def weights_and_biases(flat: Array, shapes: Shapes) -> Arrays:
    """Two views of a long array: "all.weight" (decays in training) and "all.bias" (does not)."""
    weights = total_size({name: shape for name, shape in shapes.items() if not _is_bias(name)})
    return {"all.weight": flat[:weights], "all.bias": flat[weights:]}


def _is_bias(name: str) -> bool:
    return name.endswith(".bias")
