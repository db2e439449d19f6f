"""The sets of handwritten digits for training and for measuring: MNIST, EMNIST digits, your own.

All hold pictures of 28 × 28 bytes, 0 for background and 255 for ink, and labels 0 … 9. MNIST and a
set of your own are read from four files. EMNIST digits are downloaded once from NIST.

Sources: LeCun, Bottou, Bengio & Haffner 1998 (MNIST); Cohen, Afshar, Tapson & van Schaik 2017,
"EMNIST: an extension of MNIST to handwritten letters", arXiv 1702.05373.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.download import Progress, fetch, silent
from model.data.idx import DataError, read_idx
from model.data.unpack import Member, unpack
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

EMNIST_URL = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"  # about 535 MB
EMNIST_MEMBERS = (  # in the order of Dataset's fields
    Member(
        "gzip/emnist-digits-train-images-idx3-ubyte.gz",
        59_515_779,
        "f7c95004d14d81af89522e67d8f0c781dfb3bd544181c81bfe1eb6b41c35b726",
    ),
    Member(
        "gzip/emnist-digits-train-labels-idx1-ubyte.gz",
        113_859,
        "6638a6ff5fe2eefd9cca2471995b46c82986b8e4b2a70d2f5ce8e05d7edb319e",
    ),
    Member(
        "gzip/emnist-digits-test-images-idx3-ubyte.gz",
        9_908_519,
        "20ebe43509264f7639d37c835a3f0b009e90b29e00a099a03101abe1644a3f63",
    ),
    Member(
        "gzip/emnist-digits-test-labels-idx1-ubyte.gz",
        19_960,
        "bad1834c45d5988e270b99d43b13edc3fd898f658ffbc2caf2846ef27f7b05b0",
    ),
)

RUNS = 5  # of neighbouring images for validation

MNIST_HOME = "https://github.com/cvdfoundation/mnist"
# In the order of Dataset's fields. Some old programs unpack them with a dot in the name.
MNIST_FILES = (
    ("train-images-idx3-ubyte", "train-images.idx3-ubyte"),
    ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"),
    ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"),
)


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


def load_images(
    name: str,
    folder: Path,
    progress: Progress = silent,
    *,
    frame: str | None = None,
    transposed: bool = False,
    url: str | None = None,
    members: Sequence[Member] = EMNIST_MEMBERS,
) -> Dataset:
    """Read the data set of that name from the files in the folder.

    name: one of DATASETS
    progress: makes the progress bar of EMNIST's download, see model.data.download.Progress
    frame, transposed: for "idx" only: a name in model.frames.FRAMES, and whether the files hold
        the images column by column
    url: address of EMNIST's zip; by default the environment variable EMNIST_URL, or NIST's own
    members: EMNIST's four files in that zip
    DataError, in one line, if a file is missing, cannot be downloaded or is not the expected one,
    and for a frame or a transposition where it is known or a missing frame where it is not.
    """
    if name not in DATASETS:
        raise DataError(f"no data set {name!r}; there are: {', '.join(DATASETS)}")
    frame = _frame_of(name, frame, transposed)
    transposed = transposed or name == "emnist-digits"
    try:
        if name == "emnist-digits":
            address = url or os.environ.get("EMNIST_URL") or EMNIST_URL
            paths = _find_emnist(folder, progress, address, members)
            cure = "delete the file and run again to download it"
        else:
            paths = _find_mnist(folder)
            cure = f"get the file again, {MNIST_HOME} names its mirrors"
        train = _read_pair(paths[0], paths[1], cure, transposed)
        test = _read_pair(paths[2], paths[3], cure, transposed)
    except OSError as problem:
        raise DataError(
            f"{folder}: cannot be used ({problem}); mend that or choose a folder with --data DIR"
        ) from None
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


def _find_mnist(folder: Path) -> list[Path]:
    found = [_first_existing(folder, spellings) for spellings in MNIST_FILES]
    missing = [names[0] for names, path in zip(MNIST_FILES, found, strict=True) if path is None]
    if missing:
        place = "" if folder.is_dir() else "no such folder; "
        raise DataError(
            f"{folder}: {place}missing {', '.join(missing)} (or the same with .gz); put MNIST's "
            f"four files there, {MNIST_HOME} names mirrors, or name their folder with --data DIR"
        )
    return [path for path in found if path is not None]


def _first_existing(folder: Path, spellings: Sequence[str]) -> Path | None:
    candidates = [folder / (name + ending) for name in spellings for ending in ("", ".gz")]
    return next((path for path in candidates if path.exists()), None)


def _find_emnist(
    folder: Path, progress: Progress, url: str, members: Sequence[Member]
) -> list[Path]:
    """Paths of the four files, which are downloaded and unpacked if one is missing."""
    paths = [folder / member.file_name for member in members]
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        archive = folder / "gzip.zip"
        if not archive.exists():
            fetch(url, archive, progress=progress)
        unpack(archive, members, folder)
        archive.unlink()
    for path, member in zip(paths, members, strict=True):
        if path.stat().st_size != member.size:
            raise DataError(
                f"{path}: {path.stat().st_size:,} bytes, wanted {member.size:,}; "
                "delete the file and run again to download it"
            )
    return paths


def _read_pair(
    images_path: Path, labels_path: Path, cure: str, transposed: bool
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images = read_idx(images_path, 3, cure)
    labels = read_idx(labels_path, 1, cure)
    if images.shape[1:] != (SIDE, SIDE):
        rows, columns = images.shape[1:]
        raise DataError(f"{images_path}: images of {rows} × {columns}, wanted 28 × 28; {cure}")
    if len(images) != len(labels) or not len(images):
        raise DataError(
            f"{images_path}: {len(images):,} images but {len(labels):,} labels in "
            f"{labels_path.name}, wanted one for each; {cure}"
        )
    if labels.max() > 9:
        raise DataError(f"{labels_path}: label {labels.max()}, wanted 0 to 9; {cure}")
    return images.transpose(0, 2, 1).copy() if transposed else images, labels
