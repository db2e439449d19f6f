"""Pictures as the layers take them: floats in [0, 1], the batch last."""

import numpy as np

from model.types import Array


def batch_last(batch: Array) -> Array:
    """(N, 28, 28) → (1, 28, 28, N), as the layers take it; bytes become floats in [0, 1]."""
    return floats(np.ascontiguousarray(batch.transpose(1, 2, 0)))[None]


def floats(batch: Array) -> Array:
    """Bytes 0 … 255 as float32 in [0, 1]; floats unchanged."""
    return batch / np.float32(255) if batch.dtype == np.uint8 else batch
