"""Activations: a function of one number, applied to every element."""

from typing import Any

import numpy as np

from model.nn.layers import Layer, square_if
from model.types import Array, Arrays


class Activation(Layer):
    """The slope is a function of the output, so the output is all that `backward` needs."""

    def apply(self, x: Array, out: Array) -> None:
        """Write the function of each element of x to out; out may be x."""
        raise NotImplementedError

    def slope(self, y: Array, out: Array | None = None) -> Array:
        """dy/dx where the output is y; written to `out` if given, which may not be y."""
        raise NotImplementedError

    def forward(self, x: Array) -> tuple[Array, Any]:
        y = np.empty_like(x)
        self.apply(x, out=y)
        return y, y

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        return dy * square_if(squared, self.slope(cache)), {}


class ReLU(Activation):
    """max(x, 0)."""

    def apply(self, x: Array, out: Array) -> None:
        np.maximum(x, 0, out=out)

    def slope(self, y: Array, out: Array | None = None) -> Array:
        out = np.empty_like(y) if out is None else out
        np.copyto(out, y > 0)
        return out


class Sigmoid(Activation):
    """1 / (1 + exp(−x)), computed as (1 + tanh(x / 2)) / 2, which never overflows."""

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
    """A·tanh(S·x); A = 1.7159 and S = 2/3 are those of LeCun et al. 1998, appendix A.

    With them f(1) = 1 and f(−1) = −1, and the slope is still steep there.
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
        number = y.dtype.type
        out = np.multiply(y, y, out=out)
        out *= number(-self.steepness / self.amplitude)
        out += number(self.amplitude * self.steepness)
        return out


class Tanh(ScaledTanh):
    """tanh(x): a ScaledTanh with both factors 1, computed without them."""

    def __init__(self) -> None:
        super().__init__(amplitude=1, steepness=1)

    def apply(self, x: Array, out: Array) -> None:
        np.tanh(x, out=out)

    def slope(self, y: Array, out: Array | None = None) -> Array:
        out = np.multiply(y, y, out=out)
        return np.subtract(1, out, out=out)
