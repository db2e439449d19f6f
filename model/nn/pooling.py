"""Pooling: each 2 × 2 window of a map becomes one value."""

from typing import Any

import numpy as np

from model.nn.layers import Layer, square_if
from model.types import Array, Arrays, Shape

WINDOW = ((0, 0), (0, 1), (1, 0), (1, 1))  # rows and columns of a window's members


class Pool(Layer):
    """Base class of pooling: the windows do not overlap, so both sides are halved."""

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = shape
        if height % 2 or width % 2:
            raise ValueError(f"{self!r} wants even sides, found {shape}")
        return channels, height // 2, width // 2

    def __repr__(self) -> str:
        return f"{type(self).__name__}(2×2)"


class MaxPool(Pool):
    """The largest member of each window. Its gradient goes to the first of equal members."""

    def forward(self, x: Array) -> tuple[Array, Any]:
        a, b, c, d = _members(x)
        y = np.maximum(np.maximum(a, b), np.maximum(c, d))
        return y, (x, y)

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        x, y = cache
        dx = np.empty(x.shape, dy.dtype)
        free = np.ones(y.shape, bool)  # windows whose largest member is not yet found
        for member, dmember in zip(_members(x), _members(dx), strict=True):
            largest = (member == y) & free
            free ^= largest
            np.multiply(dy, largest, out=dmember)
        return dx, {}


class AveragePool(Pool):
    """The mean of each window. A quarter of its gradient goes to each member."""

    def forward(self, x: Array) -> tuple[Array, Any]:
        return _sum(x) * x.dtype.type(0.25), None

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        return _repeat(dy * dy.dtype.type(0.25**2 if squared else 0.25)), {}


class Subsample(Pool):
    """The sum of each window times a trainable coefficient, plus a trainable bias.

    weight (maps), bias (maps): one of each for a map (LeCun et al. 1998, section II-B, S2).
    """

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.parameters = {
            "weight": np.zeros(maps, np.float32),
            "bias": np.zeros(maps, np.float32),
        }

    def forward(self, x: Array) -> tuple[Array, Any]:
        sums = _sum(x)
        return self.scale(sums), sums

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        dsums, gradients = self.scale_backward(dy, cache, squared)
        return _repeat(dsums), gradients

    def scale(self, sums: Array) -> Array:
        """The trained part of `forward`: window sums (maps, H, W, N) times weight, plus bias."""
        weight, bias = (self.parameters[name][:, None, None, None] for name in ("weight", "bias"))
        return sums * weight + bias

    def scale_backward(self, dy: Array, sums: Array, squared: bool) -> tuple[Array, Arrays]:
        """The trained part of `backward`: the gradient at the sums, and the gradients."""
        weight = self.parameters["weight"][:, None, None, None]
        products = dy * square_if(squared, sums)
        gradients = {"weight": products.sum(axis=(1, 2, 3)), "bias": dy.sum(axis=(1, 2, 3))}
        return dy * square_if(squared, weight), gradients

    def fans(self) -> tuple[Array, Array]:
        return np.array(4), np.array(1)


def _members(x: Array) -> list[Array]:
    """The four members of all windows, as views: (C, H, W, N) → four of (C, H/2, W/2, N)."""
    return [x[:, i::2, j::2] for i, j in WINDOW]


def _sum(x: Array) -> Array:
    a, b, c, d = _members(x)
    return a + b + c + d


def _repeat(dy: Array) -> Array:
    """Each window's value at all four of its members: (C, H, W, N) → (C, 2·H, 2·W, N)."""
    return dy.repeat(2, axis=1).repeat(2, axis=2)
