"""The sets of handwritten digits for training and for measuring: MNIST, EMNIST digits, your own.

All hold pictures of 28 × 28 bytes, 0 for background and 255 for ink, and labels 0 … 9, in four IDX
files. Those of MNIST and EMNIST are downloaded once where they are missing.

Sources: LeCun, Bottou, Bengio & Haffner 1998 (MNIST); Cohen, Afshar, Tapson & van Schaik 2017,
"EMNIST: an extension of MNIST to handwritten letters", arXiv 1702.05373.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.download import Progress, silent
from model.data.idx import DataError
from model.data.layouts import Say, read_first, say_nothing
from model.data.sources import (
    EMNIST_MEMBERS,
    MNIST_MEMBERS,
    find_emnist,
    find_mnist,
    find_own,
)
from model.data.unpack import Member
from model.frames import FRAMES, SIDE

__all__ = ["DATASETS", "DataError", "Dataset", "Source", "load_images", "split_validation"]


@dataclass(frozen=True)
class Source:
    """Facts about a data set, None where they are unknown.

    frame: a name in model.frames; origin: makers and licence
    """

    title: str
    frame: str | None = None
    origin: str | None = None


DATASETS = {
    "emnist-digits": Source(
        title="EMNIST digits, 240,000 + 40,000",
        frame="emnist",
        origin="Cohen et al. 2017, from NIST Special Database 19 (U.S. government work)",
    ),
    "mnist": Source(
        title="MNIST, 60,000 + 10,000",
        frame="mnist",
        origin="Y. LeCun, C. Cortes and C. J. C. Burges; CC BY-SA 3.0",
    ),
    "idx": Source(title="IDX files"),
}

VALIDATION_FRACTION = 1 / 12  # of the training images: never trained on, read after each epoch
LEAST_IMAGES = 7  # of which one is for validation
RUNS = 5  # of neighbouring images for validation


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images (N, 28, 28) uint8, 0 background and 255 ink, upright; labels (N,) uint8, 0 … 9.

    transposed: whether the files hold the images column by column
    """

    name: str
    frame: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]
    transposed: bool = False

    def split(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Indices of the training images to learn from, and of those kept for validation.

        DataError for so few images that none is left for validation.
        """
        n = len(self.train_images)
        count = round(n * VALIDATION_FRACTION)
        if not count:
            raise DataError(
                f"{self.name}: found {n} training images, wanted {LEAST_IMAGES} or more: one in "
                f"{1 / VALIDATION_FRACTION:.0f} is for validation; add images"
            )
        return split_validation(self.train_labels, count)


def load_images(
    name: str,
    folder: Path,
    progress: Progress = silent,
    *,
    say: Say = say_nothing,
    frame: str | None = None,
    transposed: bool = False,
    url: str | None = None,
    members: Sequence[Member] | None = None,
) -> Dataset:
    """Read the data set of that name from the files in the folder.

    name: one of DATASETS
    progress: makes the progress bar of a download, see model.data.download.Progress
    say: told what is downloaded, and which file is used where the usual one cannot be
    frame, transposed: for "idx" only: a name in model.frames.FRAMES, and whether the files hold
        the images column by column
    url: where to download from, see `find_mnist` and `find_emnist` in model.data.sources
    members: the four files as they are known, in the order of Dataset's fields
    DataError, in one line, if a file is missing, cannot be downloaded or is not the expected one,
    and for a frame or a transposition where it is known or a missing frame where it is not.
    """
    if name not in DATASETS:
        raise DataError(f"no data set {name!r}; there are: {', '.join(DATASETS)}")
    frame = _frame_of(name, frame, transposed)
    cure = "delete the file and run again to download it"
    try:
        if name == "emnist-digits":
            members, transposed = members or EMNIST_MEMBERS, True
            found = find_emnist(folder, progress, say, url, members)
        elif name == "mnist":
            found = find_mnist(folder, progress, say, url, members or MNIST_MEMBERS)
        else:
            found, cure = find_own(folder), "mend or replace the file"
        train = _read_pair(found[:2], cure, folder, say)
        test = _read_pair(found[2:], cure, folder, say)
    except OSError as problem:
        raise DataError(
            f"{folder}: cannot be used ({problem}); mend that or choose a folder with --data DIR"
        ) from None
    if name == "emnist-digits" and members:
        for (_, labels), member in zip((train, test), members[1::2], strict=True):
            _check_balance(labels, member, folder)
    if transposed:
        train, test = _upright(*train), _upright(*test)
    return Dataset(name, frame, *train, *test, transposed)


def _frame_of(name: str, frame: str | None, transposed: bool) -> str:
    """The frame of a data set; DataError for options that do not go with it."""
    known = DATASETS[name].frame
    if known is None and frame is None:
        raise DataError(
            f"{name}: found no --frame, wanted --frame {' or --frame '.join(FRAMES)}: how the "
            "digits lie in their pictures; add --transposed if the files hold them column by "
            "column, as EMNIST's do"
        )
    if known is not None and (frame is not None or transposed):
        found = f"--frame {frame}" if frame is not None else "--transposed"
        raise DataError(
            f"{name}: found {found}, wanted none: how this set lies in its files is known; "
            "--frame and --transposed go with --dataset idx"
        )
    return FRAMES[known or frame or ""].name


def split_validation(
    labels: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices (n − count,) of the images for training, and (count,) of those for validation.

    The validation images are RUNS runs of neighbours, evenly spaced: the images lie in the order of
    their writers, so few of these writers are learnt from. In a set that is sorted by digit such
    runs may miss one. Then there are twice as many runs, until each digit has at least half of its
    share. No seed is used: every run of a training is measured on the same images.
    labels: (n,). DataError unless 0 <= count < n.
    """
    n = len(labels)
    if not 0 <= count < n:
        raise DataError(f"{count} images for validation, wanted 0 to {n - 1} of the {n}")
    runs = min(RUNS, count)
    kept = _spaced_runs(n, count, runs)
    while runs < count and not _has_every_digit(labels, kept):
        runs = min(2 * runs, count)
        kept = _spaced_runs(n, count, runs)
    return np.setdiff1d(np.arange(n), kept), kept


def _spaced_runs(n: int, count: int, runs: int) -> NDArray[np.intp]:
    """`count` of n indices: each run lies in the middle of its share of them."""
    edges, sizes = (np.arange(runs + 1) * total // max(runs, 1) for total in (n, count))
    starts = (edges[:-1] + edges[1:] - np.diff(sizes)) // 2
    return np.arange(count) + np.repeat(starts - sizes[:-1], np.diff(sizes))


def _has_every_digit(labels: NDArray[np.uint8], kept: NDArray[np.intp]) -> bool:
    """Whether each digit has at least half of its share among those kept."""
    everywhere, here = np.bincount(labels, minlength=10), np.bincount(labels[kept], minlength=10)
    return bool((2 * len(labels) * here >= len(kept) * everywhere).all())


def _read_pair(
    candidates: Sequence[Sequence[Path]], cure: str, folder: Path, say: Say
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    labels_path, labels = read_first(candidates[1], 1, cure, folder, say)

    def check(path: Path, shape: tuple[int, ...]) -> None:
        n, rows, columns = shape
        if (rows, columns) != (SIDE, SIDE):
            raise DataError(f"{path}: images of {rows} × {columns}, wanted 28 × 28; {cure}")
        if n != len(labels) or not n:
            raise DataError(
                f"{path}: {n:,} images but {len(labels):,} labels in {labels_path.name}, wanted "
                f"one for each; {cure}"
            )

    _, images = read_first(candidates[0], 3, cure, folder, say, check)
    if labels.max() > 9:
        raise DataError(f"{labels_path}: label {labels.max()}, wanted 0 to 9; {cure}")
    return images, labels


def _check_balance(labels: NDArray[np.uint8], member: Member, folder: Path) -> None:
    """DataError unless there are as many labels as wanted, and as many of each digit."""
    counts = np.bincount(labels, minlength=10)
    if len(labels) != member.items or counts.min() != counts.max():
        raise DataError(
            f"{folder}: {member.file_name} holds {len(labels):,} labels, {counts.min():,} to "
            f"{counts.max():,} of a digit, wanted {member.items:,}, as many of each; delete "
            "EMNIST's files there and run again to download them"
        )


def _upright(
    images: NDArray[np.uint8], labels: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    return images.transpose(0, 2, 1).copy(), labels
