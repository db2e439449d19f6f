"""Files of arrays and a card: weights, checkpoints and snapshots are such files.

It is one .npz: an array for each name, and the card, parsed JSON as bytes of UTF-8. Nothing is ever
unpickled, and sizes are read before contents.
"""

import json
import lzma
import math
import os
import struct
import textwrap
import tokenize
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from model.types import Array, Arrays

# What zipfile and NumPy raise for damaged and foreign files.
DAMAGE = (
    *(OSError, ValueError, EOFError, RuntimeError, MemoryError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(KeyError, TypeError, SyntaxError, tokenize.TokenError),  # of an array's header
)
CARD = "card"  # the one entry that is no parameter: the card as UTF-8 bytes of JSON
MAX_CARD_BYTES = 16 << 20  # a checkpoint of 10,000 epochs has 12 MB
MAX_ENTRIES = 10_000
MAX_BYTES = 64 << 20  # of arrays whose shapes the caller does not know
CURE = "fetch it again, or train it anew with: python train.py --replace"

Shape: TypeAlias = tuple[tuple[int, ...], np.dtype[Any]]


class WeightsError(ValueError):
    """A weight file that cannot be used: which file, what was found and wanted, the cure."""


def save_arrays(path: Path, arrays: Arrays, card: dict[str, Any]) -> None:
    """Write arrays and card to `path` in one step: a reader sees the old file or the new one.

    The same arrays and card give the same bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(card, ensure_ascii=False, sort_keys=True).encode()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **{CARD: np.frombuffer(text, np.uint8)}, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


class ArrayFile:
    """A file that `save_arrays` wrote, open for reading: the sizes of its arrays before the arrays.

    A small file may hold gigabytes, so the sizes are compared with what is wanted before `read`.

    card:   the card
    shapes: shape and type of each array by name
    WeightsError for a file that is missing, damaged or foreign. Close it, or use it in `with`.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise WeightsError(
                f"{path}: no such file; train one with: python train.py --out {path}"
            )
        self.path = path
        with _damage_refused(path):
            self._zip = zipfile.ZipFile(path)  # never a lone .npy or a pickle, unlike np.load
            names = self._zip.namelist()
            if len(names) > MAX_ENTRIES:
                raise ValueError(f"{len(names):,} entries, wanted at most {MAX_ENTRIES:,}")
            self.shapes = {name.removesuffix(".npy"): self._shape_of(name) for name in names}
        if CARD not in self.shapes:
            raise WeightsError(
                f"{path}: an .npz without a card, so not one of ours; train one with: python "
                "train.py --replace"
            )
        shape, dtype = self.shapes.pop(CARD)
        with _damage_refused(path):
            if dtype != np.uint8 or len(shape) != 1 or shape[0] > MAX_CARD_BYTES:
                raise ValueError(
                    f"a card of shape {shape} and type {dtype}, wanted at most "
                    f"{MAX_CARD_BYTES:,} bytes"
                )
            self.card = json.loads(self._array(CARD).tobytes())
        if not isinstance(self.card, dict):
            raise WeightsError(f"{path}: the card is no JSON object; {CURE}")

    def __enter__(self) -> "ArrayFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(math.prod(shape) * dtype.itemsize for shape, dtype in self.shapes.values())

    def read(self) -> Arrays:
        """All arrays; WeightsError for one that is damaged or holds a number that is not finite."""
        with _damage_refused(self.path):
            arrays = {name: self._array(name) for name in self.shapes}
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                raise WeightsError(
                    f"{self.path}: {name} holds values that are not finite, wanted finite ones "
                    "only; retrain with: python train.py --replace"
                )
        return arrays

    def _shape_of(self, name: str) -> Shape:
        with self._zip.open(name) as entry:
            if np.lib.format.read_magic(entry) != (1, 0):
                raise ValueError(f"{name} is no array of format 1.0")
            shape, _, dtype = np.lib.format.read_array_header_1_0(entry)
        if dtype.hasobject or not dtype.isnative or dtype.kind not in "uif":
            raise ValueError(f"{name} is of type {dtype!s:.40}, wanted numbers")
        return shape, dtype

    def _array(self, name: str) -> Array:
        with self._zip.open(f"{name}.npy") as entry:
            array: Array = np.lib.format.read_array(entry, allow_pickle=False)
            if entry.read(1):  # also compares the checksum of the whole entry
                raise ValueError(f"{name} has more bytes than its shape {array.shape}")
        return array


@contextmanager
def _damage_refused(path: Path) -> Iterator[None]:
    """Inside this context a file that cannot be read is a WeightsError."""
    try:
        yield
    except DAMAGE as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WeightsError(
            f"{path}: found a damaged or foreign file ({reason}), wanted an .npz with a card; "
            f"{CURE}"
        ) from error


def load_arrays(path: Path) -> tuple[Arrays, dict[str, Any]]:
    """The arrays and the card that `save_arrays` wrote; WeightsError for any other file.

    Where the shapes that are wanted are known, an ArrayFile tells them before it reads; this
    function refuses only more than MAX_BYTES.
    """
    with ArrayFile(path) as file:
        if file.size > MAX_BYTES:
            raise WeightsError(
                f"{path}: found {file.size:,} bytes of arrays, wanted at most {MAX_BYTES:,}; {CURE}"
            )
        return file.read(), file.card


def misfit(found: Mapping[str, Shape], wanted: Arrays) -> str | None:
    """The first reason why arrays of the found shapes cannot replace the wanted ones."""
    missing, foreign = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    if missing or foreign:
        return (
            f"found the arrays {_listed(found) or 'of no layer'}; "
            f"missing: {_listed(missing) or 'none'}, not wanted: {_listed(foreign) or 'none'}"
        )
    for name, array in wanted.items():
        shape, dtype = found[name]
        if shape != array.shape:
            return f"{name} is {shape}, wanted {array.shape}"
        if dtype != array.dtype:
            return f"{name} is {dtype}, wanted {array.dtype}"
    return None


def _listed(names: Iterable[str]) -> str:
    return textwrap.shorten(", ".join(sorted(names)), 500, placeholder=" …")
