"""A forward pass and no more, side by side for a few pictures, as fast as a run time in C.

A pass through the layers themselves keeps what `trace` and `backward` want to see and asks for
fresh memory at each step. For one picture that costs more than its 0.4 million multiplications,
which take 8 µs: each call into NumPy costs a third of one at the least. So Lanes make all of
their arrays beforehand, and some twenty calls write from one into the next:

- the pooling window is taken into the convolution, as model/fast/fused.py explains, and one `take`
  gathers all patches by a table of their places;
- a table costs the same whether what lies at a place is one number or several. Four pictures
  are read as one whose pixels are 16 bytes wide, and their patches cost a little more than those
  of one. More than four would not fit the small-matrix kernels of OpenBLAS;
- the matrix that kernels and biases are laid into is kept, see Kernels there;
- ReLU is one more member of every window, which is always 0.

`tests/model/fast/test_predictor.py` holds it to the plain layers.
"""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from model.fast.fused import Kernels
from model.frames import SIDE
from model.nn.activations import Activation, ReLU
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad, Rescale
from model.nn.pooling import AveragePool, MaxPool, Subsample
from model.types import Array, Shape

Step = Callable[[], object]


class Lanes:
    """Reads `lanes` pictures at a time, for one thread at a time.

    `output` (units, lanes) is what the last layer makes of `pictures` (28, 28, lanes).
    """

    def __init__(self, layers: list[Layer], lanes: int) -> None:
        self.lanes = lanes
        arrays = [a for layer in layers for a in layer.parameters.values()]
        self.dtype = arrays[0].dtype if arrays else np.dtype(np.float32)
        self.pictures = self._zeros((SIDE, SIDE))
        self._first = self.pictures[..., 0]
        # Read as whole numbers, 0 … 1 are the smallest; then come more than 1, NaN and less than 0.
        self._bits = self.pictures.reshape(-1).view(f"u{self.dtype.itemsize}")
        self._bits_of_one = int(np.ones(1, self.dtype).view(self._bits.dtype)[0])
        self._whole = np.dtype((np.void, lanes * self.dtype.itemsize))  # all lanes of a place
        self._matrices: list[Step] = []
        self._steps: list[Step] = []
        x, rest = self.pictures[None], list(layers)
        while rest:
            x, taken = self._add(rest, x)
            del rest[:taken]
        self.output = x
        self.wide = x.reshape(-1).view(self._whole)  # (units,), all lanes of one as one number

    def takes(self, picture: Array) -> bool:
        """Take one picture (28, 28); False where it is neither bytes nor in [0, 1]."""
        if picture.dtype == self.dtype:
            self._first[...] = picture
            return np.maximum.reduce(self._bits) <= self._bits_of_one
        if picture.dtype == np.uint8:
            np.divide(picture, np.float32(255), out=self._first)
            return True
        return False

    def refresh(self) -> None:
        """See that the matrices are those of today's parameters."""
        for matrix in self._matrices:
            matrix()

    def run(self) -> Array:
        """From `pictures` to `output`, which is valid until the next run.

        With the parameters of the last `refresh`.
        """
        for step in self._steps:
            step()
        return self.output

    def _add(self, layers: list[Layer], x: Array) -> tuple[Array, int]:
        """Add the steps for the first of these layers, or for a few; their output, and how many."""
        match layers:
            case [Conv2D() as conv, ReLU(), MaxPool(), *_]:
                return self._largest(*self._members(conv, x)), 3
            case [Conv2D() as conv, Activation() as f, AveragePool() | Subsample() as pool, *_]:
                return self._sum(*self._members(conv, x), f, pool), 3
            case [Conv2D(connections=None) as conv, *_] if x.shape[1] == x.shape[2] == conv.kernel:
                return self._weigh(conv, x).reshape(-1, 1, 1, self.lanes), 1  # it covers the maps
            case [Linear() as linear, *_]:
                return self._weigh(linear, x), 1
            case [Flatten(), *_]:
                return x.reshape(-1, self.lanes), 1
        return self._plain(layers[0], x), 1

    def _members(self, conv: Conv2D, x: Array) -> tuple[Array, Shape]:
        """The members of all 2 × 2 windows, (4, maps · H' · W' · lanes), and the shape of y."""
        maps, height, width = MaxPool().output_shape(conv.output_shape(x.shape[:3]))
        table = patch_table(x.shape[:3], conv.kernel + 1)  # (C·s·s, H'·W')
        patches = np.ones((len(table) + 1, table.shape[1] * self.lanes), self.dtype)
        source, gathered = x.reshape(-1).view(self._whole), patches[:-1].view(self._whole)
        planes = np.zeros((5, maps * patches.shape[1]), self.dtype)  # the fifth stays zero
        product = planes[:4].reshape(4 * maps, -1)
        kernels = Kernels(conv, self.dtype)
        matrix = kernels.matrix

        def step() -> None:
            source.take(table, None, gathered, "clip")
            np.dot(matrix, patches, product)

        self._matrices.append(kernels.refresh)
        self._steps.append(step)
        return planes, (maps, height, width)

    def _largest(self, planes: Array, shape: Shape) -> Array:
        y = self._zeros(shape)
        flat = y.reshape(-1)
        self._steps.append(lambda: np.maximum.reduce(planes, axis=0, out=flat))
        return y

    def _sum(
        self, planes: Array, shape: Shape, f: Activation, pool: AveragePool | Subsample
    ) -> Array:
        y = self._zeros(shape)
        flat, by_map = y.reshape(-1), y.reshape(shape[0], -1)
        members, quarter = planes[:4], np.full_like(flat, 0.25)

        def step() -> None:
            f.apply(members, out=members)
            np.add.reduce(members, axis=0, out=flat)
            if isinstance(pool, AveragePool):
                np.multiply(flat, quarter, out=flat)
            else:
                np.multiply(by_map, pool.parameters["weight"][:, None], out=by_map)
                np.add(by_map, pool.parameters["bias"][:, None], out=by_map)

        self._steps.append(step)
        return y

    def _weigh(self, layer: Conv2D | Linear, x: Array) -> Array:
        """A weighed sum of all of x for each unit, and its bias."""
        y = self._zeros((len(layer.parameters["bias"]),))
        one = self.lanes == 1  # then they are vectors, which NumPy handles with less ado
        inputs, sums = (x.reshape(-1), y.reshape(-1)) if one else (x.reshape(-1, self.lanes), y)

        def step() -> None:
            weight, bias = layer.parameters["weight"], layer.parameters["bias"]
            if weight.ndim > 2:
                weight = weight.reshape(len(weight), -1)
            np.dot(weight, inputs, sums)
            np.add(sums, bias if one else bias[:, None], sums)

        self._steps.append(step)
        return y

    def _plain(self, layer: Layer, x: Array) -> Array:
        y = self._zeros(layer.output_shape(x.shape[:-1]))
        match layer:
            case ReLU():
                zeros = np.zeros_like(x)  # NumPy is slow where one side is a number
                self._steps.append(lambda: np.maximum(x, zeros, out=y))
            case Activation():
                self._steps.append(lambda: layer.apply(x, out=y))
            case Pad(width=width):
                inner = y[:, width:-width, width:-width]
                self._steps.append(lambda: np.copyto(inner, x))
            case Rescale(paper=paper, ink=ink):
                by, plus = np.full_like(x, ink - paper), np.full_like(x, paper)
                self._steps.append(lambda: np.add(np.multiply(x, by, out=y), plus, out=y))
            case _:
                self._steps.append(lambda: np.copyto(y, layer.forward(x)[0]))
        return y

    def _zeros(self, shape: Shape) -> Array:
        return np.zeros((*shape, self.lanes), self.dtype)


def patch_table(shape: Shape, side: int) -> Array:
    """Where in maps of that shape (C, H, W) each value of each patch lies: (C·side·side, H'·W').

    The patches overlap: each begins two places after the one before.
    """
    places = np.arange(np.prod(shape)).reshape(shape)
    windows = sliding_window_view(places, (side, side), axis=(1, 2))[:, ::2, ::2]
    return windows.transpose(0, 3, 4, 1, 2).reshape(shape[0] * side * side, -1)
