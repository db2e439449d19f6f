"""The base class of all layers, and the layers that weigh or rearrange their input.

model/nn/pooling.py and model/nn/activations.py have the other layers.

A layer keeps its trainable arrays in `parameters` and nothing of what passes through it. `forward`
returns the output and a cache for `backward`, so one network can serve many threads at once.

The batch is the *last* axis everywhere: (channels, height, width, N). A patch copy then runs
along whole batches of neighbouring memory, and a convolution's output needs no transposing.

`backward` takes a quantity at the output back to the input and the parameters. Usually that is
the gradient dE/dy, and each coefficient of the layer counts as it is. With `squared=True` it is
the diagonal curvature d²E/dy², and each coefficient counts squared. This is the Gauss-Newton
approximation of LeCun et al. 1998, appendix C. One derivation serves both.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from model.types import Array, Arrays, Shape


def square_if(squared: bool, a: Array) -> Array:
    """a squared, for curvature; or a itself (no copy), for gradients."""
    return a**2 if squared else a


class Layer:
    """One step of a network; the base class is for layers that have nothing to train."""

    def __init__(self) -> None:
        self.parameters: Arrays = {}

    def output_shape(self, shape: Shape) -> Shape:
        """The shape of one output, without the batch axis, for one input of `shape`."""
        return shape

    def forward(self, x: Array) -> tuple[Array, Any]:
        """The output for x, and the cache that `backward` needs."""
        raise NotImplementedError

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        """The gradient dx at the input and the gradients of the parameters, from dy at the output.

        cache is from `forward`. With `squared` all three are curvatures. The first trained layer
        of a network needs no dx: with `needs_dx=False` a layer may return dy in its place.
        """
        raise NotImplementedError

    def fans(self) -> tuple[Array, Array]:
        """Fan-in (inputs of one output) and fan-out; both broadcast to the weight."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """The number of trainable parameters."""
        return sum(a.size for a in self.parameters.values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Conv2D(Layer):
    """Square kernels slid over every place where they fit (no padding, stride 1).

    weight (maps, channels, kernel, kernel), bias (maps). connections (maps, channels) is 1 where
    a map reads a channel and 0 where it does not; without it every map reads every channel.
    """

    def __init__(
        self, channels: int, maps: int, kernel: int, connections: Array | None = None
    ) -> None:
        super().__init__()
        self.channels, self.maps, self.kernel = channels, maps, kernel
        self.connections = connections
        self.parameters = {
            "weight": np.zeros((maps, channels, kernel, kernel), np.float32),
            "bias": np.zeros(maps, np.float32),
        }

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = shape
        if channels != self.channels or min(height, width) < self.kernel:
            raise ValueError(f"{self!r} cannot read maps of {shape}")
        return self.maps, height - self.kernel + 1, width - self.kernel + 1

    def forward(self, x: Array) -> tuple[Array, Any]:
        _, height, width = self.output_shape(x.shape[:3])
        patches = self._patches(x)  # (C, H, W, N) → (C·k·k, H'·W'·N)
        y = self.connected_weight().reshape(self.maps, -1) @ patches
        y += self.parameters["bias"][:, None]
        return y.reshape(self.maps, height, width, -1), (x.shape, patches)

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        shape, patches = cache
        weight = square_if(squared, self.connected_weight())
        flat = dy.reshape(self.maps, -1)  # (F, H', W', N) → (F, H'·W'·N)
        gradients = {
            "weight": (flat @ square_if(squared, patches).T).reshape(weight.shape),
            "bias": flat.sum(axis=1),
        }
        if self.connections is not None:
            gradients["weight"] *= self.connections[:, :, None, None]
        if not needs_dx:
            return dy, gradients
        k, (_, height, width, n) = self.kernel, dy.shape
        dpatches = weight.reshape(self.maps, -1).T @ flat  # (C·k·k, H'·W'·N)
        if height == width == 1:  # the kernel covers the whole map: there is one patch
            return dpatches.reshape(shape), gradients
        dpatches = dpatches.reshape(self.channels, k, k, height, width, n)
        dx = np.zeros(shape, dy.dtype)
        for i in range(k):
            for j in range(k):
                dx[:, i : i + height, j : j + width] += dpatches[:, i, j]
        return dx, gradients

    def fans(self) -> tuple[Array, Array]:
        read = np.ones((self.maps, self.channels)) if self.connections is None else self.connections
        by_map, by_channel = read.sum(axis=1), read.sum(axis=0)
        area = self.kernel**2
        return area * by_map[:, None, None, None], area * by_channel.mean()

    @property
    def size(self) -> int:
        unread = 0 if self.connections is None else int((self.connections == 0).sum())
        return super().size - unread * self.kernel**2

    def connected_weight(self) -> Array:
        """The weight (maps, channels, kernel, kernel), zero where a map does not read a channel."""
        weight = self.parameters["weight"]
        if self.connections is None:
            return weight
        return weight * self.connections[:, :, None, None].astype(weight.dtype)

    def _patches(self, x: Array) -> Array:
        _, height, width = self.output_shape(x.shape[:3])
        # One window as large as the output, at each of the k × k offsets.
        windows = sliding_window_view(x, (height, width), axis=(1, 2))  # (C, k, k, N, H', W')
        patches = np.ascontiguousarray(windows.transpose(0, 1, 2, 4, 5, 3))
        return patches.reshape(self.channels * self.kernel**2, -1)

    def __repr__(self) -> str:
        table = "" if self.connections is None else ", table of connections"
        return f"Conv2D({self.maps}@{self.kernel}×{self.kernel}{table})"


class Linear(Layer):
    """Each output is a weighted sum of all inputs. weight (units, inputs), bias (units)."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.inputs, self.units = inputs, units
        self.parameters = {
            "weight": np.zeros((units, inputs), np.float32),
            "bias": np.zeros(units, np.float32),
        }

    def output_shape(self, shape: Shape) -> Shape:
        if shape != (self.inputs,):
            raise ValueError(f"{self!r} wants {self.inputs} inputs, found {shape}")
        return (self.units,)

    def forward(self, x: Array) -> tuple[Array, Any]:
        y = self.parameters["weight"] @ x
        y += self.parameters["bias"][:, None]
        return y, x

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        gradients = {"weight": dy @ square_if(squared, cache).T, "bias": dy.sum(axis=1)}
        return square_if(squared, self.parameters["weight"]).T @ dy, gradients

    def fans(self) -> tuple[Array, Array]:
        return np.array(self.inputs), np.array(self.units)

    def __repr__(self) -> str:
        return f"Linear({self.units})"


class Flatten(Layer):
    """Maps to one column of numbers: (C, H, W, N) → (C·H·W, N)."""

    def output_shape(self, shape: Shape) -> Shape:
        return (int(np.prod(shape)),)

    def forward(self, x: Array) -> tuple[Array, Any]:
        return x.reshape(-1, x.shape[-1]), x.shape

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        return dy.reshape(cache), {}


class Pad(Layer):
    """A border of zeros around each map: (C, H, W, N) → (C, H + 2·width, W + 2·width, N)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = shape
        return channels, height + 2 * self.width, width + 2 * self.width

    def forward(self, x: Array) -> tuple[Array, Any]:
        channels, height, width = self.output_shape(x.shape[:3])
        padded = np.zeros((channels, height, width, x.shape[3]), x.dtype)
        inner = slice(self.width, -self.width)
        padded[:, inner, inner] = x
        return padded, None

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        inner = slice(self.width, -self.width)
        return dy[:, inner, inner], {}

    def __repr__(self) -> str:
        return f"Pad({self.width})"


class Rescale(Layer):
    """A linear map of the pixels: paper (0) becomes `paper`, ink (1) becomes `ink`."""

    def __init__(self, paper: float, ink: float) -> None:
        super().__init__()
        self.paper, self.ink = paper, ink

    def forward(self, x: Array) -> tuple[Array, Any]:
        return x * x.dtype.type(self.ink - self.paper) + x.dtype.type(self.paper), None

    def backward(
        self, dy: Array, cache: Any, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        slope = self.ink - self.paper
        return dy * dy.dtype.type(slope**2 if squared else slope), {}

    def __repr__(self) -> str:
        return f"Rescale({self.paper:.4g} … {self.ink:.4g})"
