"""A tiny data set, and IDX files of it, for the tests of data sets."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.data.datasets import DataError, load_images
from model.data.sources import MNIST_FILES

# A gradient with one dark corner: every rotation and reflection changes it.
PICTURE = np.add.outer(np.arange(28) * 3, np.arange(28))
PICTURE[0, 27] = 255
TRAIN = np.stack([PICTURE, PICTURE // 2, PICTURE // 3])
TEST = np.stack([PICTURE // 4, PICTURE // 5])
FIELDS = (TRAIN, np.array([7, 0, 9]), TEST, np.array([1, 2]))  # in the order of Dataset's


def idx_bytes(array: NDArray[Any], *, type_code: int = 8) -> bytes:
    """The IDX file of an array of bytes, by the format's description alone."""
    header = bytes([0, 0, type_code, array.ndim])
    lengths = b"".join(struct.pack(">I", length) for length in array.shape)
    return header + lengths + array.astype(np.uint8).tobytes()


def idx_gzip(array: NDArray[Any]) -> bytes:
    """The same file, gzipped; the same array always gives the same bytes."""
    return gzip.compress(idx_bytes(array), mtime=0)


def put_mnist(folder: Path, spelling: int = 0, ending: str = "") -> None:
    """Write MNIST's four files, all gzipped if the ending is .gz."""
    for names, array in zip(MNIST_FILES, FIELDS, strict=True):
        content = idx_gzip(array) if ending else idx_bytes(array)
        (folder / (names[spelling] + ending)).write_bytes(content)


def refusal(name: str, folder: Path, **arguments: Any) -> str:
    """The message about a data set that cannot be loaded; it is one line."""
    with pytest.raises(DataError) as caught:
        load_images(name, folder, **arguments)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    return message
