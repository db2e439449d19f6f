"""`lenet` as textbooks write it in NumPy: the reference of what was slow.

Images first (N, C, H, W), patches by im2col with one row for each place, pooling by argmax,
fresh arrays for every step. The same numbers as ours, which `tests/test_benchmarks.py` holds.
"""

import numpy as np

from model.types import Array, Arrays

KERNEL, CONVOLUTIONS, LINEARS = 5, ("c1", "c3"), ("c5", "f6", "output")


def learn(parameters: Arrays, images: Array, targets: Array) -> tuple[float, Arrays]:
    """Mean loss and gradients by dotted name, for images (N, 28, 28) in [0, 1], targets (N, 10)."""
    x, kept = images[:, None], []
    for name in CONVOLUTIONS:
        rows = im2col(x)  # (N·H'·W', C·25)
        kernels = parameters[f"{name}.weight"]
        side = x.shape[2] - KERNEL + 1
        y = rows @ kernels.reshape(len(kernels), -1).T + parameters[f"{name}.bias"]
        y = y.reshape(len(x), side, side, -1).transpose(0, 3, 1, 2)  # (N, F, H', W')
        pooled, places = max_pool(np.where(y > 0, y, 0))
        kept.append((x.shape, rows, y, places))
        x = pooled
    inputs, outputs = [x.reshape(len(x), -1)], []  # (N, 16, 4, 4) → (N, 256)
    for name in LINEARS:
        outputs.append(inputs[-1] @ parameters[f"{name}.weight"].T + parameters[f"{name}.bias"])
        inputs.append(np.where(outputs[-1] > 0, outputs[-1], 0))
    loss, g = cross_entropy(outputs[-1], targets)
    gradients: Arrays = {}
    for i, name in reversed(list(enumerate(LINEARS))):
        if name != "output":
            g = g * (outputs[i] > 0)
        gradients |= {f"{name}.weight": g.T @ inputs[i], f"{name}.bias": g.sum(axis=0)}
        g = g @ parameters[f"{name}.weight"]
    g = g.reshape(x.shape)
    for name, (shape, rows, y, places) in reversed(list(zip(CONVOLUTIONS, kept, strict=True))):
        kernels = parameters[f"{name}.weight"]
        g = un_pool(g, places) * (y > 0)
        flat = g.transpose(0, 2, 3, 1).reshape(-1, len(kernels))
        gradients |= {
            f"{name}.weight": (flat.T @ rows).reshape(kernels.shape),
            f"{name}.bias": flat.sum(axis=0),
        }
        if name != "c1":
            g = col2im(flat @ kernels.reshape(len(kernels), -1), shape)
    return loss, gradients


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
