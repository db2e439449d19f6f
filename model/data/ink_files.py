"""Reading drawings kept as pen strokes: one JSON object a line, gzipped or not.

    {"label": "7", "writer": "w17", "strokes": [[[x, y], …], …]}

A label may be anything, but a file of training digits holds digits only. The writer is optional.
x and y are in any unit, with y down. Further numbers of a point (time, pressure) are ignored.
"""

import io
import itertools
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from model.data.idx import GZIP_DAMAGE, DataError, open_bytes

LARGEST_COORDINATE = float(np.finfo(np.float32).max)  # NaN and infinity fail |x| <= this
LINE_FORMAT = '{"label": "7", "strokes": [[[x, y], …], …]}'
MAX_LINE_BYTES = 4 << 20  # as many as the app accepts in a request
MAX_FILE_BYTES = 1 << 30  # of a file, unpacked; 100,000 drawings of 50 points have 70 MB
FOLD_COUNT = 10  # writers are dealt into so many folds, which are numbered from 1


@dataclass(frozen=True, eq=False)
class Sample:
    """One drawing.

    label:   what was drawn, for example "7" or "A"
    writer:  a name, "" where none is given
    strokes: (n, 2) float32 each, in the order in which they were drawn
    """

    label: str
    writer: str
    strokes: list[NDArray[np.float32]]


def read_ink(path: Path, only: Literal["digits", "no digits"] | None = None) -> list[Sample]:
    """All drawings of a .jsonl or .jsonl.gz file, in its order; empty lines are skipped.

    only: the kind of drawings that the file must hold, None for both
    DataError, naming the line, for a line that is no drawing or not of this kind, and for a file
    that is missing, damaged or empty.
    """
    samples = []
    try:
        with open_bytes(path) as file:
            for number, line in enumerate(_lines(file, path), start=1):
                if line.strip():
                    place = f"{path}, line {number}"
                    samples.append(_check_kind(_parse(line, place), only, place))
    except GZIP_DAMAGE as problem:
        raise DataError(f"{path}: the gzip is damaged ({problem}); get the file again") from None
    except OSError as problem:
        raise DataError(
            f"{path}: cannot be read ({problem.strerror}); name a .jsonl or .jsonl.gz file"
        ) from None
    except MemoryError:
        raise DataError(f"{path}: more than fits into memory; divide the file") from None
    if not samples:
        raise DataError(f"{path}: no drawings, wanted lines like {LINE_FORMAT}")
    return samples


def _lines(file: io.BufferedIOBase, path: Path) -> Iterator[bytes]:
    """The lines of a file; DataError before one that is too long, or after too many bytes.

    A gzip of a few megabytes may hold gigabytes.
    """
    total = 0
    for number in itertools.count(1):
        line = file.readline(MAX_LINE_BYTES + 1)
        total += len(line)
        if len(line) > MAX_LINE_BYTES:
            raise _wrong(f"{path}, line {number}", f"more than {MAX_LINE_BYTES:,} bytes")
        if total > MAX_FILE_BYTES:
            raise DataError(
                f"{path}: found more than {MAX_FILE_BYTES:,} bytes, wanted at most as many; "
                "divide the file"
            )
        if not line:
            return
        yield line


def digit_of(sample: Sample) -> int | None:
    """The digit 0 … 9 that the label says, None for a letter or anything else."""
    return int(sample.label) if sample.label in set("0123456789") else None


def split_by_writer(
    samples: Sequence[Sample], folds: Collection[int], writers_of: Iterable[Sample] = ()
) -> tuple[list[Sample], list[Sample]]:
    """The drawings to learn from, and those of these folds, 1 … FOLD_COUNT.

    A fold has every tenth writer by name, beginning with that of its number. So no writer is in
    two folds.
    writers_of: the drawings whose writers are dealt into folds, `samples` where it is empty; so
                letters go with the digits of the same writer
    Of drawings without a writer every tenth belongs to a fold.
    """
    names = sorted({sample.writer for sample in list(writers_of) or samples} - {""})
    chosen = {name for fold in folds for name in names[fold - 1 :: FOLD_COUNT]}
    unnamed = itertools.count()
    rest: list[Sample] = []
    kept: list[Sample] = []
    for sample in samples:
        is_kept = (
            sample.writer in chosen if sample.writer else next(unnamed) % FOLD_COUNT + 1 in folds
        )
        (kept if is_kept else rest).append(sample)
    return rest, kept


def _check_kind(sample: Sample, only: str | None, place: str) -> Sample:
    """The sample; DataError if its label is not of the kind that the file must hold."""
    if only == "digits" and digit_of(sample) is None:
        raise DataError(
            f"{place}: label {sample.label!r:.40}, wanted a digit 0 … 9 in a file to learn digits "
            "from: mend or delete the line, or give the file as --outliers"
        )
    if only == "no digits" and digit_of(sample) is not None:
        raise DataError(
            f"{place}: label {sample.label!r:.40}, wanted none of the digits 0 … 9 in a file of "
            "drawings that are no digits: mend or delete the line, or give the file as --ink"
        )
    return sample


def _parse(line: bytes, place: str) -> Sample:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as problem:
        reason = getattr(problem, "msg", problem)  # without json's own line number, always 1
        raise DataError(f"{place}: not JSON ({reason}); wanted {LINE_FORMAT}") from None
    if not isinstance(fields, dict):
        raise _wrong(place, f"{type(fields).__name__} instead of an object")
    label, writer = fields.get("label"), fields.get("writer", "")
    if not isinstance(label, str) or not label:
        raise _wrong(place, f"label {label!r:.40} instead of a text")
    if not isinstance(writer, str):
        raise _wrong(place, f"writer {writer!r:.40} instead of a text")
    strokes = fields.get("strokes")
    if not isinstance(strokes, list) or not strokes:
        raise _wrong(place, f"strokes {strokes!r:.40} instead of a list of strokes")
    return Sample(label, writer, [_stroke(stroke, place) for stroke in strokes])


def _stroke(points: Any, place: str) -> NDArray[np.float32]:
    if not isinstance(points, list) or not points:
        raise _wrong(place, f"stroke {points!r:.40} instead of a list of points")
    for point in points:
        if not isinstance(point, list) or len(point) < 2 or not all(map(_is_number, point[:2])):
            raise _wrong(place, f"point {point!r:.40} instead of two finite numbers")
    return np.array([point[:2] for point in points], np.float32)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= LARGEST_COORDINATE


def _wrong(place: str, found: str) -> DataError:
    return DataError(f"{place}: {found}; wanted {LINE_FORMAT}: mend or delete the line")
