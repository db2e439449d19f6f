"""Compare derivatives with finite differences; a failure shows both."""

from collections.abc import Callable

import numpy as np

from model.nn.layers import Layer
from model.types import Array

STEP = 1e-6


def difference_quotients(f: Callable[[], float], x: Array) -> Array:
    """df/dx for each element of x, by central differences; x is changed and restored."""
    slopes = np.empty_like(x)
    for place in np.ndindex(x.shape):
        here = x[place]
        x[place] = here + STEP
        above = f()
        x[place] = here - STEP
        below = f()
        x[place] = here
        slopes[place] = (above - below) / (2 * STEP)
    return slopes


def check_gradient(layer: Layer, x: Array, rng: np.random.Generator) -> None:
    """Compare backward with the slope of a random weighted sum of the outputs, in float64."""
    as_double(layer)
    dy = rng.normal(size=layer.forward(x)[0].shape)
    dx, gradients = layer.backward(dy, layer.forward(x)[1])

    def weighted_sum() -> float:
        return float((layer.forward(x)[0] * dy).sum())

    compare("input", dx, difference_quotients(weighted_sum, x))
    assert gradients.keys() == layer.parameters.keys()
    for name, parameter in layer.parameters.items():
        compare(name, gradients[name], difference_quotients(weighted_sum, parameter))


def check_curvature(layer: Layer, x: Array, rng: np.random.Generator) -> None:
    """Compare the curvature with the squared Jacobian applied to the incoming curvature.

    The Gauss-Newton diagonal of LeCun et al. 1998, appendix C.
    """
    as_double(layer)
    incoming = rng.uniform(0.5, 2, layer.forward(x)[0].shape)
    dx, gradients = layer.backward(incoming, layer.forward(x)[1], squared=True)
    compare("input", dx, _squared_jacobian(layer, x, x, incoming))
    for name, parameter in layer.parameters.items():
        compare(name, gradients[name], _squared_jacobian(layer, x, parameter, incoming))


def _squared_jacobian(layer: Layer, x: Array, by: Array, incoming: Array) -> Array:
    total = np.zeros_like(by)
    for out in np.ndindex(incoming.shape):
        slopes = difference_quotients(lambda out=out: float(layer.forward(x)[0][out]), by)  # type: ignore[misc]
        total += incoming[out] * slopes**2
    return total


def as_double(layer: Layer) -> None:
    layer.parameters = {name: a.astype(np.float64) for name, a in layer.parameters.items()}


def compare(name: str, ours: Array, wanted: Array) -> None:
    worst = np.unravel_index(np.abs(ours - wanted).argmax(), wanted.shape)
    assert np.allclose(ours, wanted, rtol=1e-5, atol=1e-7), (
        f"{name}{list(map(int, worst))}: backward says {ours[worst]}, "
        f"finite differences say {wanted[worst]}"
    )
