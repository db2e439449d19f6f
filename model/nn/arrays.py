"""Pictures as a network takes them: checked, as floats in [0, 1], the batch last."""

import numpy as np

from model.frames import SIDE
from model.types import Array

FLOAT32 = np.dtype(np.float32)
BITS_OF_ONE = np.float32(1).view(np.uint32)


def checked(images: Array) -> Array:
    """Pictures as (N, 28, 28), uint8 or float32 in [0, 1].

    ValueError for another shape, type or range: what was found and wanted.
    """
    if _is_usual_picture(images):
        return images[None]
    images = np.asarray(images)
    if images.ndim not in (2, 3) or images.shape[-2:] != (SIDE, SIDE):
        raise ValueError(
            f"found an array of shape {images.shape}, wanted (N, {SIDE}, {SIDE}) or "
            f"({SIDE}, {SIDE}); reshape flat pictures with .reshape(-1, {SIDE}, {SIDE})"
        )
    batch = images.reshape(-1, SIDE, SIDE)
    if batch.dtype == np.uint8:
        return batch
    if batch.dtype.kind != "f":
        raise ValueError(f"found pictures of {batch.dtype}, wanted uint8 or floats in [0, 1]")
    if batch.size and not (batch.min() >= 0 and batch.max() <= 1):  # NaN fails both
        raise ValueError(
            f"found values from {batch.min():g} to {batch.max():g}, wanted floats in [0, 1]; "
            "divide by 255, or pass uint8"
        )
    return batch.astype(np.float32, copy=False)


def _is_usual_picture(images: Array) -> bool:
    """Whether this is one float32 picture in [0, 1]; takes half the time of the full check.

    Without it `predict` of one picture takes 5 % longer.
    """
    if not isinstance(images, np.ndarray) or images.shape != (SIDE, SIDE):
        return False
    if images.dtype is not FLOAT32:
        return False
    # Read as unsigned integers, floats above 1, below 0 and NaN are larger than 1.
    return bool(np.maximum.reduce(images.view(np.uint32), axis=None) <= BITS_OF_ONE)


def batch_last(batch: Array) -> Array:
    """(N, 28, 28) → (1, 28, 28, N), as the layers take it; bytes become floats in [0, 1]."""
    return np.ascontiguousarray(floats(batch).transpose(1, 2, 0))[None]


def floats(batch: Array) -> Array:
    """Bytes 0 … 255 as float32 in [0, 1]; floats unchanged."""
    return batch.astype(np.float32) / np.float32(255) if batch.dtype == np.uint8 else batch
