"""Reading IDX, the binary format in which MNIST and EMNIST keep pictures and labels.

The first four bytes are two zeros, the type of the numbers (8 is an unsigned byte) and the number
of dimensions. Then comes the length of each dimension, four bytes each, big-endian, and then the
numbers. The files may be gzipped.

Source: "The IDX file format" on the page of the MNIST database (LeCun, Cortes, Burges).
"""

import gzip
import io
import math
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTE = 0x08
MAX_ITEMS = 1_000_000  # images or labels; all of EMNIST has 814,255
MAX_PIXELS = 28 * 28  # of an image
CHUNK = 1 << 20  # bytes read at once
GZIP_DAMAGE = (gzip.BadGzipFile, EOFError, zlib.error)


class DataError(ValueError):
    """Data that cannot be used; one line says what was found, what was wanted, and the cure."""


def open_bytes(path: Path) -> io.BufferedIOBase:
    """Open a file, decompressed if its first two bytes are those of gzip, whatever its name.

    OSError for a missing file; reading a damaged gzip raises one of GZIP_DAMAGE.
    """
    with path.open("rb") as file:
        gzipped = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if gzipped else path.open("rb")


def read_idx(
    path: Path,
    dimensions: int,
    cure: str,
    check: Callable[[tuple[int, ...]], None] = lambda shape: None,
) -> NDArray[np.uint8]:
    """The array in an IDX file of unsigned bytes: (N,) labels or (N, rows, columns) images.

    cure: what to do about a bad file; every message ends with it
    check: called with the shape before the numbers are read, may raise
    DataError for a file that is no such IDX file, or is damaged or cut short.
    """
    try:
        with open_bytes(path) as file:
            shape = _read_shape(file, dimensions)
            check(shape)
            return _read_body(file, shape)
    except _NotIdxError as problem:
        raise DataError(f"{path}: {problem}; {cure}") from None
    except MemoryError:
        raise DataError(f"{path}: more than fits into memory; {cure}") from None
    except GZIP_DAMAGE as problem:
        raise DataError(f"{path}: the gzip is damaged ({problem}); {cure}") from None


class _NotIdxError(Exception):
    """What was found and what was wanted, without path and cure."""


def _read_shape(file: io.BufferedIOBase, dimensions: int) -> tuple[int, ...]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise _NotIdxError(
            f"not an IDX file: begins with {magic!r}, wanted {bytes([0, 0, 8, dimensions])!r}"
        )
    if magic[2] != UNSIGNED_BYTE:
        raise _NotIdxError(f"numbers of type 0x{magic[2]:02x}, wanted 0x08 (unsigned bytes)")
    if magic[3] != dimensions:
        raise _NotIdxError(
            f"{magic[3]} dimensions, wanted {dimensions} (labels have 1, images have 3)"
        )
    lengths = file.read(4 * dimensions)
    if len(lengths) < 4 * dimensions:
        raise _NotIdxError(f"cut short after {4 + len(lengths)} bytes, inside its header")
    shape = tuple(int(length) for length in np.frombuffer(lengths, ">u4"))
    if shape[0] > MAX_ITEMS or math.prod(shape[1:]) > MAX_PIXELS:
        raise _NotIdxError(
            f"shape {shape}, wanted at most {MAX_ITEMS:,} items of {MAX_PIXELS:,} bytes each"
        )
    return shape


def _read_body(file: io.BufferedIOBase, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    wanted = math.prod(shape)
    body = bytearray()
    # Read in pieces, because a damaged header may promise more than the file holds.
    while len(body) <= wanted and (piece := file.read(CHUNK)):
        body += piece
    if len(body) != wanted:
        found = f"over {wanted:,}" if len(body) > wanted else f"{len(body):,}"
        raise _NotIdxError(f"{found} bytes after the header, wanted {wanted:,} for shape {shape}")
    return np.frombuffer(body, np.uint8).reshape(shape)
