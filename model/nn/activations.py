"""Activations: one function of one number, applied to every number alike."""

from typing import Any

import numpy as np

from model.nn.layers import Layer, raised
from model.types import Array, Arrays


class Activation(Layer):
    """Knows its slope from its output; the pull-back is a product with the slope."""

    def apply(self, x: Array, out: Array) -> None:
        """Write the function of x to out, which may be x itself."""
        raise NotImplementedError

    def slope(self, y: Array, out: Array | None = None) -> Array:
        """dy/dx where the output is y; in `out`, another array than y, where one is given."""
        raise NotImplementedError

    def forward(self, x: Array) -> tuple[Array, Any]:
        y = np.empty_like(x)
        self.apply(x, out=y)
        return y, y

    def backward(
        self, g: Array, seen: Any, power: int = 1, to_input: bool = True
    ) -> tuple[Array, Arrays]:
        return g * raised(self.slope(seen), power), {}


class ReLU(Activation):
    """max(x, 0)."""

    def apply(self, x: Array, out: Array) -> None:
        # Against a row of zeros: NumPy's loop for a single number is half as fast.
        np.maximum(x, np.zeros(x.shape[-1:], x.dtype), out=out)

    def slope(self, y: Array, out: Array | None = None) -> Array:
        out = np.empty_like(y) if out is None else out
        np.copyto(out, y > 0)
        return out


class Sigmoid(Activation):
    """1 / (1 + exp(−x)), by way of tanh, which never overflows."""

    def apply(self, x: Array, out: Array) -> None:
        half = x.dtype.type(0.5)
        np.multiply(x, half, out=out)
        np.tanh(out, out=out)
        out *= half
        out += half

    def slope(self, y: Array, out: Array | None = None) -> Array:
        out = np.subtract(1, y, out=out)
        out *= y
        return out


class ScaledTanh(Activation):
    """A·tanh(S·x); with A = 1.7159 and S = 2/3 the squash of LeCun et al. 1998, appendix A.

    These two put f(1) = 1 and f(−1) = −1, where the slope still is steep.
    """

    def __init__(self, amplitude: float = 1.7159, steepness: float = 2 / 3) -> None:
        super().__init__()
        self.amplitude, self.steepness = amplitude, steepness

    def apply(self, x: Array, out: Array) -> None:
        np.multiply(x, x.dtype.type(self.steepness), out=out)
        np.tanh(out, out=out)
        out *= x.dtype.type(self.amplitude)

    def slope(self, y: Array, out: Array | None = None) -> Array:
        # A·S·(1 − (y/A)²) = A·S − (S/A)·y²
        kind = y.dtype.type
        out = np.multiply(y, y, out=out)
        out *= kind(-self.steepness / self.amplitude)
        out += kind(self.amplitude * self.steepness)
        return out


class Tanh(ScaledTanh):
    """tanh(x), without the two products by 1."""

    def __init__(self) -> None:
        super().__init__(amplitude=1, steepness=1)

    def apply(self, x: Array, out: Array) -> None:
        np.tanh(x, out=out)

    def slope(self, y: Array, out: Array | None = None) -> Array:
        out = np.multiply(y, y, out=out)
        return np.subtract(1, out, out=out)
