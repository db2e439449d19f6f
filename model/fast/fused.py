"""Convolution, activation and pooling in one step: the same numbers, three times as fast.

A LeNet spends its time moving memory, not multiplying. Laid out one after the other, a 5 × 5
convolution copies every pixel 25 times into patches, writes maps four times as large as what
pooling keeps, and ReLU and pooling walk over those maps again, forwards and backwards.

Here the pooling window is taken into the convolution. One 6 × 6 patch holds everything that the
four members of a 2 × 2 window see, and stands only where a window stands: 36 copies for four
outputs instead of 100. The kernel is laid into a 6 × 6 frame at the window's four offsets, so one
matrix product gives the four members as four planes, with the bias as one more row against a row
of ones. Pooling is then the maximum, the mean or the sum of four planes. ReLU comes after the
maximum, on a quarter of the values: the larger of two numbers, and ReLU, may change places. The
product does 44 % more arithmetic and gains by far more than it costs.

`tests/model/fast/test_fused.py` holds the steps to the three plain layers.
"""

import threading

import numpy as np

from model.nn.activations import Activation, ReLU, ScaledTanh, Sigmoid
from model.nn.layers import Conv2D, Layer
from model.nn.pooling import WINDOW, AveragePool, MaxPool, Subsample
from model.types import Array, Arrays, Shape

SMALL = 10**6  # multiplications of a product that OpenBLAS still calls small
SHORT = 256  # sums that are cut into pieces so short gain nothing


class Room(threading.local):
    """Arrays that a thread uses again and again, so that no pass has to ask for fresh memory.

    Fresh memory is mapped page by page when it is first touched, which costs as much as the
    arithmetic. What a pass leaves in a room is valid until the same thread's next pass.
    """

    def __init__(self) -> None:
        self._arrays: Arrays = {}
        self._kernels: Kernels | None = None

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return Room, ()  # another process begins with an empty room

    def array(self, name: str, shape: Shape, dtype: np.dtype | type) -> Array:
        """The array of that name, with whatever was in it last."""
        array = self._arrays.get(name)
        if array is None or array.shape != shape or array.dtype != dtype:
            array = self._arrays[name] = np.empty(shape, dtype)
        return array

    def kernels(self, conv: Conv2D, dtype: np.dtype) -> "Kernels":
        """Those of the convolution whose room this is."""
        if self._kernels is None or self._kernels.matrix.dtype != dtype:
            self._kernels = Kernels(conv, dtype)
        return self._kernels

    def zeros(self, shape: Shape, dtype: np.dtype | type) -> Array:
        """The array "zeros", which nobody writes to."""
        kept = self._arrays.get("zeros")
        zeros = self.array("zeros", shape, dtype)
        if zeros is not kept:
            zeros[:] = 0
        return zeros


class Kernels:
    """The kernels and biases of a convolution as one matrix, (4·F, C·s·s + 1), for patches.

    It is kept beside the bytes that it was made of: to compare these takes a tenth of the time
    that it takes to lay them out, and a parameter changed in place counts at once.
    """

    def __init__(self, conv: Conv2D, dtype: np.dtype) -> None:
        self.conv = conv
        self.matrix = np.zeros((4 * conv.maps, conv.channels * (conv.kernel + 1) ** 2 + 1), dtype)
        self._made_of: tuple[bytes, bytes] | None = None

    def refresh(self) -> Array:
        """The matrix of today's parameters, valid until the next call."""
        weight, bias = self.conv.parameters["weight"], self.conv.parameters["bias"]
        if (found := (weight.tobytes(), bias.tobytes())) != self._made_of:
            lay_out(self.conv, self.matrix)
            self._made_of = found
        return self.matrix


class ConvPool(Layer):
    """A Conv2D and the activation and pooling that follow it. The parameters stay the Conv2D's."""

    def __init__(self, conv: Conv2D) -> None:
        self.conv, self.room = conv, Room()
        self.side = conv.kernel + 1  # of a patch

    def pool(self, planes: Array, y: Array) -> None:
        """From the members of the windows (4, maps, places), before activation, to y."""
        raise NotImplementedError

    def unpool(self, g: Array, planes: Array) -> None:
        """Put the gradient at the members, before activation, in their place.

        g is the gradient at y (maps, places).
        """
        raise NotImplementedError

    @property
    def parameters(self) -> Arrays:  # type: ignore[override]
        return self.conv.parameters

    def output_shape(self, shape: Shape) -> Shape:
        return _POOLED.output_shape(self.conv.output_shape(shape))

    def forward(self, x: Array) -> tuple[Array, Shape]:
        x = x.astype(self.conv.parameters["weight"].dtype, copy=False)  # the gradient's type too
        maps, height, width = self.output_shape(x.shape[:3])
        patches = self._patches(x, height, width)  # (C·s·s + 1, H'·W'·N)
        planes = self.room.array("planes", (4, maps, patches.shape[1]), x.dtype)
        matrix = self.room.kernels(self.conv, x.dtype).refresh()
        np.matmul(matrix, patches, out=planes.reshape(4 * maps, -1))
        y = self.room.array("output", (maps, height, width, x.shape[3]), x.dtype)
        self.pool(planes, y.reshape(maps, -1))
        return y, x.shape

    def backward(
        self, g: Array, seen: Shape, power: int = 1, to_input: bool = True
    ) -> tuple[Array, Arrays]:
        if power != 1:
            raise ValueError("curvature is for the plain layers; this step knows gradients only")
        maps, patches = self.conv.maps, self.room.array("patches", *self._patch_room(g, seen))
        planes = self.room.array("planes", (4, maps, patches.shape[1]), g.dtype)
        self.unpool(g.reshape(maps, -1), planes)
        flat = planes.reshape(4 * maps, -1)
        shares = self._shares(sum_of_products(patches, flat))
        if not to_input:
            return g, shares
        matrix = self.room.kernels(self.conv, g.dtype).matrix  # as the forward pass had it
        parts = patches[:-1]  # used up: the less memory, the more of it stays in the cache
        np.matmul(matrix[:, :-1].T, flat, out=parts)
        return self._scatter(parts, seen), shares

    def _patch_room(self, like: Array, seen: Shape) -> tuple[Shape, np.dtype]:
        _, height, width = self.output_shape(seen[:3])
        rows = self.conv.channels * self.side**2 + 1
        return (rows, height * width * seen[3]), like.dtype

    def _patches(self, x: Array, height: int, width: int) -> Array:
        channels, s, n = self.conv.channels, self.side, x.shape[3]
        patches = self.room.array("patches", *self._patch_room(x, x.shape))
        patches[-1] = 1  # meets the bias
        x = np.ascontiguousarray(x)
        to_map, to_row, to_column, to_image = x.strides
        windows: Array = np.ndarray(
            (channels, s, s, height, width, n),
            x.dtype,
            x,
            strides=(to_map, to_row, to_column, 2 * to_row, 2 * to_column, to_image),
        )
        np.copyto(patches[:-1].reshape(windows.shape), windows)
        return patches

    def _shares(self, product: Array) -> Arrays:
        """Gather what the four planes' kernels (C·s·s + 1, 4·F) say of the one kernel."""
        conv, s, k = self.conv, self.side, self.conv.kernel
        kernels = product[:-1].reshape(conv.channels, s, s, 4, conv.maps)
        weight = np.zeros((conv.channels, k, k, conv.maps), product.dtype)
        for plane, (i, j) in enumerate(WINDOW):
            weight += kernels[:, i : i + k, j : j + k, plane]
        bias = product[-1].reshape(4, -1).sum(axis=0)
        weight = weight.transpose(3, 0, 1, 2)
        if conv.connections is not None:
            weight *= conv.connections[:, :, None, None]
        return {"weight": weight, "bias": bias}

    def _scatter(self, parts: Array, shape: Shape) -> Array:
        """Add each patch's share (C·s·s, H'·W'·N) to the pixels that it was copied from.

        Patches stand two pixels apart, so pixels whose rows and columns are even or odd alike
        never mix: sorted into four such planes, neighbouring patches touch neighbouring pixels.
        """
        channels, half, n = self.conv.channels, self.side // 2, shape[3]
        _, height, width = self.output_shape(shape[:3])
        parts = parts.reshape(channels, half, 2, half, 2, height, width, n)
        rows, columns = height + half - 1, width + half - 1
        planes = self.room.array("sorted", (channels, 2, 2, rows, columns, n), parts.dtype)
        planes[:] = 0
        for i in range(half):
            for j in range(half):
                planes[:, :, :, i : i + height, j : j + width] += parts[:, i, :, j]
        at_input = self.room.array("at_input", shape, parts.dtype)
        mixed = at_input.reshape(channels, rows, 2, columns, 2, n)
        np.copyto(mixed, planes.transpose(0, 3, 1, 4, 2, 5))
        return at_input


_POOLED = MaxPool()


class ConvReluMax(ConvPool):
    """Conv2D, ReLU, MaxPool."""

    def pool(self, planes: Array, y: Array) -> None:
        a, b, c, d = planes
        largest = self.room.array("largest", y.shape, y.dtype)
        np.maximum(a, b, out=largest)
        np.maximum(largest, c, out=largest)
        np.maximum(largest, d, out=largest)
        # With an array of zeros, because NumPy's loop for a number is three times as slow.
        np.maximum(largest, self.room.zeros(y.shape, y.dtype), out=y)

    def unpool(self, g: Array, planes: Array) -> None:
        """Each window's gradient goes to the first of its largest members."""
        largest = self.room.array("largest", g.shape, g.dtype)
        free = self.room.array("free", g.shape, bool)  # windows whose largest is still to be met
        here = self.room.array("here", g.shape, bool)
        chosen = self.room.array("chosen", g.shape, g.dtype)  # those of one plane, as numbers
        np.greater(largest, 0, out=free)  # ReLU's own derivative: a window without ink is done
        for plane in planes[:-1]:
            np.equal(plane, largest, out=here)
            np.logical_and(here, free, out=here)
            np.logical_xor(free, here, out=free)
            # Two calls are faster than a product with `here`, and copyto(where=) is far slower.
            np.copyto(chosen, here)
            np.multiply(g, chosen, out=plane)
        np.copyto(chosen, free)  # if no other one is the largest, the last one is
        np.multiply(g, chosen, out=planes[-1])


class ConvSquashSum(ConvPool):
    """Conv2D, a smooth activation, and the sum of each window times one fixed number.

    The planes become what the activation makes of them.
    """

    def __init__(self, conv: Conv2D, activation: Activation, times: float) -> None:
        super().__init__(conv)
        self.activation, self.times = activation, times

    def pool(self, planes: Array, y: Array) -> None:
        self.activation.apply(planes, out=planes)
        planes.sum(axis=0, out=y)
        y *= y.dtype.type(self.times)

    def unpool(self, g: Array, planes: Array) -> None:
        """Each window's gradient goes to all members alike, and passes the slope at each."""
        slopes = self.room.array("slopes", planes.shape, planes.dtype)
        self.activation.slope(planes, out=slopes)
        np.multiply(slopes, g * g.dtype.type(self.times), out=planes)


def sum_of_products(a: Array, b: Array) -> Array:
    """a @ b.T for two wide arrays, (m, wide) and (n, wide): (m, n).

    Where the result is small OpenBLAS reaches half its speed. Cut into pieces that its kernels for
    small matrices take (on processors with AVX-512), and added up afterwards, it reaches all of it.
    """
    (m, wide), n = a.shape, len(b)
    fewest, too_many = -(-m * n * wide // SMALL), -(-wide // SHORT)
    for pieces in range(fewest, too_many):
        if wide % pieces == 0:
            left, right = a.reshape(m, pieces, -1), b.reshape(n, pieces, -1)
            return (left.transpose(1, 0, 2) @ right.transpose(1, 2, 0)).sum(axis=0)
    return a @ b.T


def lay_out(conv: Conv2D, matrix: Array) -> None:
    """Write kernels and biases to matrix (4·F, C·s·s + 1), as they meet a window's members.

    The places that no kernel covers are left alone; they must be zero.
    """
    s, k, weight = conv.kernel + 1, conv.kernel, conv.parameters["weight"]
    if conv.connections is not None:
        weight = weight * conv.connections[:, :, None, None]
    kernels = matrix[:, :-1].reshape(4, conv.maps, conv.channels, s, s)
    for plane, (i, j) in zip(kernels, WINDOW, strict=True):
        plane[:, :, i : i + k, j : j + k] = weight
    matrix[:, -1].reshape(4, conv.maps)[:] = conv.parameters["bias"]


def fuse(layers: dict[str, Layer]) -> dict[str, Layer]:
    """The same layers, with three in a row as one step where there is one, by the first's name.

    Of a Subsample's part what is trained is left as a step of its own, by its own name.
    """
    steps, names = {}, list(layers)
    while names:
        three = [layers[name] for name in names[:3]]
        step = _in_one(three)
        steps[names[0]] = step or three[0]
        if step and isinstance(three[2], Subsample):
            steps[names[2]] = three[2].scale
        del names[: 3 if step else 1]
    return steps


def _in_one(three: list[Layer]) -> ConvPool | None:
    match three:
        case [Conv2D() as conv, ReLU(), MaxPool()] if _fits(conv):
            return ConvReluMax(conv)
        case [Conv2D() as conv, Sigmoid() | ScaledTanh() as squash, AveragePool()] if _fits(conv):
            return ConvSquashSum(conv, squash, times=0.25)
        case [Conv2D() as conv, Sigmoid() | ScaledTanh() as squash, Subsample()] if _fits(conv):
            return ConvSquashSum(conv, squash, times=1)
    return None


def _fits(conv: Conv2D) -> bool:
    """Whether a convolution can be fused: patches must halve evenly."""
    return conv.kernel % 2 == 1
