"""Checkpoints: the state of an unfinished run, and the identity of the run that it belongs to.

A resumed run must end with the same bytes as one that was never interrupted. So the identity holds
everything that these bytes depend on, and a checkpoint of another identity is refused. Options
that apply after the last epoch (--ink-test, --outliers-test, --trial) are not in it. Nor is
--workers, so that a run may go on with fewer processes; it then ends with other bytes.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.array_file import ArrayFile, Shape, save_arrays
from model.data.datasets import Dataset
from model.data.ink_files import Sample
from model.data.splits import Drawings
from model.types import Array, Arrays
from model.weights import WeightsError

FORMAT = 3  # of checkpoints; raised whenever the names or the meaning of their arrays change


class ResumeError(ValueError):
    """A checkpoint that is missing or belongs to another run: what was found and wanted."""


def data_identity(dataset: Dataset, drawings: Drawings | None, fold: int) -> dict[str, Any]:
    """The data of a run by name and checksum.

    The entries for ink are None where no drawings are used; the fold has no effect then.
    """
    parts = [drawings.training, drawings.validation] if drawings else []
    digits = [sample for part in parts for sample in part.digits]
    outliers = [sample for part in parts for sample in part.outliers]
    return {
        "data set": dataset.name,
        "frame": dataset.frame,
        "transposed": dataset.transposed,
        "checksum of the images": checksum(dataset.train_images),
        "checksum of the labels": checksum(dataset.train_labels),
        "fold": fold if drawings else None,
        "checksum of the ink": checksum_of_ink(digits),
        "checksum of the outliers": checksum_of_ink(outliers),
    }


def checksum(array: Array) -> str:
    """CRC-32 of the bytes of an array, as 8 hexadecimal digits."""
    return f"{zlib.crc32(np.ascontiguousarray(array).data):08x}"


def checksum_of_ink(samples: Sequence[Sample]) -> str | None:
    """CRC-32 of labels, writers and strokes in their order; None for no samples."""
    crc = 0
    for sample in samples:
        lengths = [len(stroke) for stroke in sample.strokes]
        crc = zlib.crc32(repr((sample.label, sample.writer, lengths)).encode(), crc)
        for stroke in sample.strokes:
            crc = zlib.crc32(np.ascontiguousarray(stroke).data, crc)
    return f"{crc:08x}" if samples else None


def save_checkpoint(
    path: Path, arrays: Arrays, identity: dict[str, Any], state: dict[str, Any]
) -> None:
    """Write arrays, identity and state (both ready for JSON) in one step."""
    save_arrays(path, arrays, {"identity": identity | {"format": FORMAT}, "state": state})


def load_checkpoint(
    path: Path,
    identity: dict[str, Any],
    fault_of: Callable[[Mapping[str, Shape], Any], str | None] = lambda shapes, state: None,
) -> tuple[Arrays, dict[str, Any]]:
    """The arrays and the state that `save_checkpoint` wrote for a run of this identity.

    fault_of: the first reason why a run cannot continue from arrays of these shapes and this state;
              called before the arrays are read
    ResumeError for a missing file or another identity, naming every difference; WeightsError for
    a damaged file.
    """
    if not path.exists():
        raise ResumeError(f"{path}: no unfinished run there; leave out --resume to begin one")
    with ArrayFile(path) as file:
        found, state = file.card.get("identity"), file.card.get("state")
        _compare(path, found if isinstance(found, dict) else {}, identity | {"format": FORMAT})
        if fault := fault_of(file.shapes, state):
            raise WeightsError(f"{path}: {fault}; leave out --resume to begin anew")
        return file.read(), state


def _compare(path: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """ResumeError where two identities differ."""
    different = [key for key in wanted | found if found.get(key) != wanted.get(key)]
    if different:
        raise ResumeError(
            f"{path}: found a run with {_listed(found, different)}, "
            f"wanted {_listed(wanted, different)}; give the same options and files as before, or "
            "leave out --resume to begin anew"
        )


def _listed(identity: dict[str, Any], keys: Sequence[str]) -> str:
    return ", ".join(f"{key} {identity.get(key)!s:.40}" for key in keys)
