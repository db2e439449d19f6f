"""`lenet` as textbooks write it in NumPy: the reference of what was slow.

Images first (N, C, H, W), patches by im2col with one row for each place, pooling by argmax,
fresh arrays for every step. The same numbers as ours, which `tests/test_benchmarks.py` holds.
"""

from typing import Any

import numpy as np

from model.types import Array, Arrays

KERNEL, CONVOLUTIONS, LINEARS = 5, ("c1", "c3"), ("c5", "f6", "output")


def loss_and_gradients(parameters: Arrays, images: Array, targets: Array) -> tuple[float, Arrays]:
    """Mean loss and gradients by dotted name, for images (N, 28, 28) in [0, 1], targets (N, 10)."""
    x = images[:, None]
    seen: dict[str, Any] = {}
    for name in CONVOLUTIONS:
        x, seen[name] = convolve(x, *of(parameters, name))
    maps = x.shape
    x = x.reshape(len(x), -1)  # (N, 16, 4, 4) → (N, 256)
    for name in LINEARS:
        weight, bias = of(parameters, name)
        y = x @ weight.T + bias
        seen[name] = x, y
        x = y if name == "output" else np.where(y > 0, y, 0)
    loss, g = cross_entropy(x, targets)
    gradients: Arrays = {}
    for name in reversed(LINEARS):
        x, y = seen[name]
        g = g if name == "output" else g * (y > 0)
        gradients |= {f"{name}.weight": g.T @ x, f"{name}.bias": g.sum(axis=0)}
        g = g @ parameters[f"{name}.weight"]
    g = g.reshape(maps)
    for name in reversed(CONVOLUTIONS):
        g, weight, bias = pull_back(g, parameters[f"{name}.weight"], seen[name])
        gradients |= {f"{name}.weight": weight, f"{name}.bias": bias}
    return loss, gradients


def of(parameters: Arrays, name: str) -> tuple[Array, Array]:
    return parameters[f"{name}.weight"], parameters[f"{name}.bias"]


def convolve(x: Array, weight: Array, bias: Array) -> tuple[Array, tuple[Any, ...]]:
    """Convolution, ReLU and max pooling: (N, C, H, W) → (N, F, H'/2, W'/2)."""
    rows, side = im2col(x), x.shape[2] - KERNEL + 1  # (N·H'·W', C·25)
    y = rows @ weight.reshape(len(weight), -1).T + bias
    y = y.reshape(len(x), side, side, -1).transpose(0, 3, 1, 2)  # (N, F, H', W')
    pooled, places = max_pool(np.where(y > 0, y, 0))
    return pooled, (x.shape, rows, y, places)


def pull_back(g: Array, weight: Array, seen: tuple[Any, ...]) -> tuple[Array, Array, Array]:
    """The gradient at the input, at the weights and at the biases."""
    shape, rows, y, places = seen
    g = un_pool(g, places) * (y > 0)
    flat = g.transpose(0, 2, 3, 1).reshape(-1, len(weight))  # (N·H'·W', F)
    at_input = g
    if shape[1] > 1:  # nobody asks for the gradient at the picture
        at_input = col2im(flat @ weight.reshape(len(weight), -1), shape)
    return at_input, (flat.T @ rows).reshape(weight.shape), flat.sum(axis=0)


def im2col(x: Array) -> Array:
    """(N, C, H, W) → (N·H'·W', C·25): what each place of a kernel sees, as a row."""
    n, channels, height, width = x.shape
    h, w = height - KERNEL + 1, width - KERNEL + 1
    columns = np.empty((n, channels, KERNEL, KERNEL, h, w), x.dtype)
    for i in range(KERNEL):
        for j in range(KERNEL):
            columns[:, :, i, j] = x[:, :, i : i + h, j : j + w]
    return columns.transpose(0, 4, 5, 1, 2, 3).reshape(n * h * w, -1)


def col2im(rows: Array, shape: tuple[int, ...]) -> Array:
    """Add the rows up where `im2col` took them from."""
    n, channels, height, width = shape
    h, w = height - KERNEL + 1, width - KERNEL + 1
    columns = rows.reshape(n, h, w, channels, KERNEL, KERNEL).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros(shape, rows.dtype)
    for i in range(KERNEL):
        for j in range(KERNEL):
            x[:, :, i : i + h, j : j + w] += columns[:, :, i, j]
    return x


def max_pool(x: Array) -> tuple[Array, Array]:
    """The largest of each 2 × 2 window, and which of the four it was."""
    n, channels, height, width = x.shape
    windows = x.reshape(n, channels, height // 2, 2, width // 2, 2).transpose(0, 1, 2, 4, 3, 5)
    windows = windows.reshape(n, channels, height // 2, width // 2, 4)
    places = windows.argmax(axis=-1)
    return np.take_along_axis(windows, places[..., None], axis=-1)[..., 0], places


def un_pool(g: Array, places: Array) -> Array:
    """Each gradient to the place in its window that was the largest."""
    n, channels, height, width = g.shape
    windows = np.zeros((*g.shape, 4), g.dtype)
    np.put_along_axis(windows, places[..., None], g[..., None], axis=-1)
    windows = windows.reshape(n, channels, height, width, 2, 2).transpose(0, 1, 2, 4, 3, 5)
    return windows.reshape(n, channels, 2 * height, 2 * width)


def cross_entropy(scores: Array, targets: Array) -> tuple[float, Array]:
    """The mean loss of (N, 10) scores, and its gradient."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.sum(targets * np.log(p)) / len(p)
    return float(loss), (p - targets) / np.float32(len(p))
