"""Pooling: each 2 × 2 window of a map becomes one value."""

from typing import Any

import numpy as np

from model.nn.layers import Layer, raised
from model.types import Array, Arrays, Shape

WINDOW = ((0, 0), (0, 1), (1, 0), (1, 1))  # rows and columns of a window's members


class Pool(Layer):
    """What all pooling shares: windows that do not overlap, and halve both sides."""

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = shape
        if height % 2 or width % 2:
            raise ValueError(f"{self!r} wants even sides, found {shape}")
        return channels, height // 2, width // 2

    def __repr__(self) -> str:
        return f"{type(self).__name__}(2×2)"


class MaxPool(Pool):
    """The largest of each window; where several are, the first one is meant."""

    def forward(self, x: Array) -> tuple[Array, Any]:
        a, b, c, d = _members(x)
        y = np.maximum(np.maximum(a, b), np.maximum(c, d))
        return y, (x, y)

    def backward(
        self, g: Array, seen: Any, power: int = 1, to_input: bool = True
    ) -> tuple[Array, Arrays]:
        x, y = seen
        at_input = np.empty(x.shape, g.dtype)
        free = np.ones(y.shape, bool)  # windows whose largest member is still to be met
        for member, at_member in zip(_members(x), _members(at_input), strict=True):
            largest = (member == y) & free
            free ^= largest
            np.multiply(g, largest, out=at_member)
        return at_input, {}


class AveragePool(Pool):
    """The mean of each window; its gradient is spread evenly, a quarter to each member."""

    def forward(self, x: Array) -> tuple[Array, Any]:
        return _sum(x) * x.dtype.type(0.25), None

    def backward(
        self, g: Array, seen: Any, power: int = 1, to_input: bool = True
    ) -> tuple[Array, Arrays]:
        return _spread(g * g.dtype.type(0.25**power)), {}


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
        self.scale = Scale(self)

    def forward(self, x: Array) -> tuple[Array, Any]:
        return self.scale.forward(_sum(x))

    def backward(
        self, g: Array, seen: Any, power: int = 1, to_input: bool = True
    ) -> tuple[Array, Arrays]:
        g, shares = self.scale.backward(g, seen, power)
        return _spread(g), shares

    def fans(self) -> tuple[Array, Array]:
        return np.array(4), np.array(1)


class Scale(Layer):
    """What a Subsample does with the sums of its windows. The parameters stay the Subsample's."""

    def __init__(self, subsample: Subsample) -> None:
        self.subsample = subsample

    @property
    def parameters(self) -> Arrays:  # type: ignore[override]
        return self.subsample.parameters

    def forward(self, x: Array) -> tuple[Array, Any]:
        weight, bias = (self.parameters[name][:, None, None, None] for name in ("weight", "bias"))
        return x * weight + bias, x

    def backward(
        self, g: Array, seen: Any, power: int = 1, to_input: bool = True
    ) -> tuple[Array, Arrays]:
        weight = raised(self.parameters["weight"][:, None, None, None], power)
        products = g * raised(seen, power)
        shares = {"weight": products.sum(axis=(1, 2, 3)), "bias": g.sum(axis=(1, 2, 3))}
        return g * weight, shares


def _members(x: Array) -> list[Array]:
    """The four members of all windows, as views: (C, H, W, N) → four of (C, H/2, W/2, N)."""
    return [x[:, i::2, j::2] for i, j in WINDOW]


def _sum(x: Array) -> Array:
    a, b, c, d = _members(x)
    return a + b + c + d


def _spread(g: Array) -> Array:
    """Each window's value to all four of its members."""
    return g.repeat(2, axis=1).repeat(2, axis=2)
