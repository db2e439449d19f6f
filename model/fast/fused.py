"""Convolution, activation and pooling in one step: the numbers of three plain layers, faster.

model/fast/windows.py explains the matrix product. ReLU comes after the maximum, on a quarter of
the values; the result is the same. `tests/model/fast/test_fused.py` compares these steps with the
plain layers. Training runs them forwards and backwards; model/fast/inference.py runs the same
forward parts.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from model.fast.windows import Workspace, Workspaces
from model.nn.activations import Activation, ReLU, ScaledTanh, Sigmoid
from model.nn.layers import Conv2D, Layer
from model.nn.pooling import AveragePool, MaxPool, Subsample
from model.types import Array, Arrays, Shape

Call = Callable[[], object]

# OpenBLAS has kernels for small matrices on processors with AVX-512 (see `sum_of_products`).
SMALL_PRODUCT = 10**6  # multiplications; a product up to this size is small
SHORT_SUM = 256  # terms; sums as short as this are not worth cutting


class ConvPool(Layer):
    """A Conv2D, its activation and its pooling. The parameters stay the Conv2D's."""

    def __init__(self, conv: Conv2D, activation: Activation) -> None:
        self.conv, self.activation = conv, activation
        self.workspaces = Workspaces()

    def activation_calls(self, work: Workspace) -> list[Call]:
        """Calls that apply the activation to the members in place, unless pooling does it."""
        raise NotImplementedError

    def activated(self, work: Workspace) -> Array:
        """The output of the activation (F, 2·H', 2·W', N), after these calls; a copy."""
        raise NotImplementedError

    def pooling_calls(self, work: Workspace) -> list[Call]:
        """Calls that write the pooled members to the output, after those of the activation."""
        raise NotImplementedError

    def unpool(self, dy: Array, work: Workspace) -> None:
        """Write the gradient at the convolution's output over the members.

        dy is the gradient at the pooled output, flat (F·H'·W'·N,).
        """
        raise NotImplementedError

    @property
    def parameters(self) -> Arrays:  # type: ignore[override]
        return self.conv.parameters

    def output_shape(self, shape: Shape) -> Shape:
        return MaxPool().output_shape(self.conv.output_shape(shape))

    def forward(self, x: Array) -> tuple[Array, Workspace]:
        """The output and the workspace that holds it until this thread's next pass."""
        x = np.ascontiguousarray(x, self.conv.parameters["weight"].dtype)
        work = self.workspaces.lookup(self.conv, x.shape, x.dtype)
        work.multiply(work.source(x))
        for call in (*self.activation_calls(work), *self.pooling_calls(work)):
            call()
        return work.output, work

    def backward(
        self, dy: Array, cache: Workspace, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        """As Layer.backward, for gradients only; ValueError with `squared`."""
        if squared:
            raise ValueError("curvature needs the plain layers; the fused step has gradients only")
        self.unpool(dy.reshape(-1), cache)
        gradients = cache.kernels.gradients(sum_of_products(cache.patches, cache.product))
        if not needs_dx:
            return dy, gradients
        dpatches = cache.patches[:-1]  # not needed any more; less memory stays in the cache
        np.matmul(cache.kernels.matrix[:, :-1].T, cache.product, out=dpatches)
        return self._add_patches(dpatches, cache), gradients

    def _add_patches(self, dpatches: Array, work: Workspace) -> Array:
        """Add the gradient at each patch (C·s·s, H'·W'·N) to the pixels it was copied from.

        Pixels with even and odd rows and columns never mix (see `by_offset`), so they are added up
        as four separate planes and interleaved at the end.
        """
        channels, half = self.conv.channels, (self.conv.kernel + 1) // 2
        _, height, width, n = work.output.shape
        dpatches = dpatches.reshape(half, half, 4 * channels, height, width, n)
        rows, columns = height + half - 1, width + half - 1
        sums = work.scratch("sums", (4 * channels, rows, columns, n), dpatches.dtype)
        sums[:] = 0
        for i in range(half):
            for j in range(half):
                sums[:, i : i + height, j : j + width] += dpatches[i, j]
        dx = work.scratch("dx", (channels, 2 * rows, 2 * columns, n), dpatches.dtype)
        interleaved = dx.reshape(channels, rows, 2, columns, 2, n)
        planes = sums.reshape(channels, 2, 2, rows, columns, n)
        np.copyto(interleaved, planes.transpose(0, 3, 1, 4, 2, 5))
        return dx


class ConvReluMax(ConvPool):
    """Conv2D, ReLU, MaxPool."""

    def activation_calls(self, work: Workspace) -> list[Call]:
        return []  # the plane of zeros makes pooling do it

    def activated(self, work: Workspace) -> Array:
        return np.maximum(work.interleaved(), 0)

    def pooling_calls(self, work: Workspace) -> list[Call]:
        return [partial(np.maximum.reduce, work.planes, axis=0, out=work.flat_output)]

    def unpool(self, dy: Array, work: Workspace) -> None:
        """The gradient of each window goes to the first of its largest members."""
        y = work.flat_output
        free = work.scratch("free", y.shape, bool)  # windows whose largest member is not yet found
        largest = work.scratch("largest", y.shape, bool)
        factor = work.scratch("factor", y.shape, y.dtype)  # `largest` as numbers
        np.greater(y, 0, out=free)  # ReLU has slope 0 where no member is above 0
        for member in work.members:
            np.equal(member, y, out=largest)
            np.logical_and(largest, free, out=largest)
            np.logical_xor(free, largest, out=free)
            # Two calls are faster than a product with `largest`; copyto(where=) is far slower.
            np.copyto(factor, largest)
            np.multiply(dy, factor, out=member)


class ConvSmoothSum(ConvPool):
    """Conv2D, a smooth activation, and the sum of each window times a fixed number `scale`."""

    def __init__(self, conv: Conv2D, activation: Activation, scale: float) -> None:
        super().__init__(conv, activation)
        self.scale = scale

    def activation_calls(self, work: Workspace) -> list[Call]:
        return [partial(self.activation.apply, work.members, out=work.members)]

    def activated(self, work: Workspace) -> Array:
        return work.interleaved()

    def pooling_calls(self, work: Workspace) -> list[Call]:
        y = work.flat_output
        scale = y.dtype.type(self.scale)
        return [
            partial(np.add.reduce, work.members, axis=0, out=y),
            partial(np.multiply, y, scale, out=y),
        ]

    def unpool(self, dy: Array, work: Workspace) -> None:
        """The gradient of each window goes to all members, times the slope at each."""
        slopes = work.scratch("slopes", work.members.shape, work.members.dtype)
        self.activation.slope(work.members, out=slopes)
        np.multiply(slopes, dy * dy.dtype.type(self.scale), out=work.members)


class ScaledSums(Layer):
    """The trained part of a Subsample, for sums that another step made."""

    def __init__(self, subsample: Subsample) -> None:
        self.subsample = subsample

    @property
    def parameters(self) -> Arrays:  # type: ignore[override]
        return self.subsample.parameters

    def forward(self, x: Array) -> tuple[Array, Array]:
        return self.subsample.scale(x), x

    def backward(
        self, dy: Array, cache: Array, squared: bool = False, needs_dx: bool = True
    ) -> tuple[Array, Arrays]:
        return self.subsample.scale_backward(dy, cache, squared)


def sum_of_products(a: Array, b: Array) -> Array:
    """a @ b.T for two wide arrays, (m, wide) and (n, wide): (m, n).

    OpenBLAS reaches half its speed where the result is small. The product is cut into pieces that
    its kernels for small matrices take, and the pieces are added up. This reaches its full speed.
    """
    (m, wide), n = a.shape, len(b)
    pieces = piece_count(m, n, wide)
    if pieces == 1:
        return a @ b.T
    left, right = a.reshape(m, pieces, -1), b.reshape(n, pieces, -1)
    return (left.transpose(1, 0, 2) @ right.transpose(1, 2, 0)).sum(axis=0)


def piece_count(m: int, n: int, wide: int) -> int:
    """The fewest equal pieces of a sum of `wide` terms that give small (m, n) products.

    1 where the product is small, or where only pieces of at most SHORT_SUM terms would do.
    """
    fewest, too_many = math.ceil(m * n * wide / SMALL_PRODUCT), math.ceil(wide / SHORT_SUM)
    return next((pieces for pieces in range(fewest, too_many) if wide % pieces == 0), 1)


def fuse(layers: dict[str, Layer]) -> dict[str, Layer]:
    """The steps of a network: three layers as one where they fit, under the first one's name.

    The trained part of a Subsample stays a step of its own, under its own name.
    """
    steps, names = {}, list(layers)
    while names:
        three = [layers[name] for name in names[:3]]
        step = fused_step(three)
        steps[names[0]] = step or three[0]
        if step and isinstance(three[2], Subsample):
            steps[names[2]] = ScaledSums(three[2])
        del names[: 3 if step else 1]
    return steps


def fused_step(three: list[Layer]) -> ConvPool | None:
    """One step for a convolution, its activation and its pooling; None for other layers."""
    match three:
        case [Conv2D() as conv, *_] if conv.kernel % 2 == 0:
            return None  # its patches have an odd side and cannot be halved
        case [Conv2D() as conv, ReLU() as activation, MaxPool()]:
            return ConvReluMax(conv, activation)
        case [Conv2D() as conv, Sigmoid() | ScaledTanh() as activation, AveragePool()]:
            return ConvSmoothSum(conv, activation, scale=0.25)
        case [Conv2D() as conv, Sigmoid() | ScaledTanh() as activation, Subsample()]:
            return ConvSmoothSum(conv, activation, scale=1)
    return None
