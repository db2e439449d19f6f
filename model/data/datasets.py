"""The two sets of handwritten digits for training and for measuring: MNIST and EMNIST digits.

Both hold pictures of 28 × 28 bytes, 0 for background and 255 for ink, and labels 0 … 9. MNIST is
read from four files that you provide. EMNIST digits are downloaded once from NIST.

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
from model.frames import SIDE

__all__ = ["DATASETS", "DataError", "Dataset", "Source", "load_images", "split_validation"]


@dataclass(frozen=True)
class Source:
    """Facts about a data set. frame: a name in model.frames; origin: makers and licence."""

    title: str
    frame: str
    origin: str


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
    """Images (N, 28, 28) uint8, 0 background and 255 ink, upright; labels (N,) uint8, 0 … 9."""

    name: str
    frame: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def load_images(
    name: str,
    folder: Path,
    progress: Progress = silent,
    *,
    url: str | None = None,
    members: Sequence[Member] = EMNIST_MEMBERS,
) -> Dataset:
    """Read the data set of that name from the files in the folder.

    name: one of DATASETS
    progress: makes the progress bar of EMNIST's download, see model.data.download.Progress
    url: address of EMNIST's zip; by default the environment variable EMNIST_URL, or NIST's own
    members: EMNIST's four files in that zip
    DataError, in one line, if a file is missing, cannot be downloaded or is not the expected one.
    """
    if name not in DATASETS:
        raise DataError(f"no data set {name!r}; there are: {', '.join(DATASETS)}")
    try:
        if name == "mnist":
            paths = _find_mnist(folder)
            cure = f"get the file again, {MNIST_HOME} names its mirrors"
        else:
            address = url or os.environ.get("EMNIST_URL") or EMNIST_URL
            paths = _find_emnist(folder, progress, address, members)
            cure = "delete the file and run again to download it"
        train = _read_pair(paths[0], paths[1], cure)
        test = _read_pair(paths[2], paths[3], cure)
    except OSError as problem:
        raise DataError(
            f"{folder}: cannot be used ({problem}); mend that or choose a folder with --data DIR"
        ) from None
    if name == "emnist-digits":
        train, test = _upright(*train), _upright(*test)
    return Dataset(name, DATASETS[name].frame, *train, *test)


def split_validation(n: int, count: int, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of a random split of n images: (n − count,) for training, (count,) for validation.

    The same n, count and seed give the same split. DataError unless 0 <= count < n.
    """
    if not 0 <= count < n:
        raise DataError(f"{count} images for validation, wanted 0 to {n - 1} of the {n}")
    order = np.random.default_rng(seed).permutation(n)
    return order[count:], order[:count]


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
    images_path: Path, labels_path: Path, cure: str
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    labels = read_idx(labels_path, 1, cure)

    def check(shape: tuple[int, ...]) -> None:
        n, rows, columns = shape
        if (rows, columns) != (SIDE, SIDE):
            raise DataError(f"{images_path}: images of {rows} × {columns}, wanted 28 × 28; {cure}")
        if n != len(labels) or not n:
            raise DataError(
                f"{images_path}: {n:,} images but {len(labels):,} labels in "
                f"{labels_path.name}, wanted one for each; {cure}"
            )

    images = read_idx(images_path, 3, cure, check)
    if labels.max() > 9:
        raise DataError(f"{labels_path}: label {labels.max()}, wanted 0 to 9; {cure}")
    return images, labels


def _upright(
    images: NDArray[np.uint8], labels: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    # EMNIST's files hold the pictures column by column, that is, transposed.
    return images.transpose(0, 2, 1).copy(), labels
