"""The files of MNIST and of EMNIST digits: found in a folder, or else downloaded into it.

MNIST's four files are downloaded one by one from public mirrors, EMNIST's digits within NIST's zip.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from model.data.download import Progress, fetch
from model.data.idx import CHUNK, GZIP_DAMAGE, DataError, open_bytes
from model.data.layouts import Layout, Say
from model.data.unpack import Member, unpack

EMNIST_URL = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"  # about 535 MB
EMNIST_MEMBERS = (  # in the order of Dataset's fields; sizes and sums are those of a mirror's zip
    Member(
        "gzip/emnist-digits-train-images-idx3-ubyte.gz",
        59_515_779,
        "f7c95004d14d81af89522e67d8f0c781dfb3bd544181c81bfe1eb6b41c35b726",
        240_000,
    ),
    Member(
        "gzip/emnist-digits-train-labels-idx1-ubyte.gz",
        113_859,
        "6638a6ff5fe2eefd9cca2471995b46c82986b8e4b2a70d2f5ce8e05d7edb319e",
        240_000,
    ),
    Member(
        "gzip/emnist-digits-test-images-idx3-ubyte.gz",
        9_908_519,
        "20ebe43509264f7639d37c835a3f0b009e90b29e00a099a03101abe1644a3f63",
        40_000,
    ),
    Member(
        "gzip/emnist-digits-test-labels-idx1-ubyte.gz",
        19_960,
        "bad1834c45d5988e270b99d43b13edc3fd898f658ffbc2caf2846ef27f7b05b0",
        40_000,
    ),
)
# As torchvision, Kaggle and 7-Zip unpack them.
EMNIST_PLACES = ("", "gzip", "raw", "EMNIST/raw", "emnist_source_files", "gzip/gzip")

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
MNIST_MEMBERS = (  # sizes and sums of the unpacked files, so that every gzip of them is good
    Member(
        "train-images-idx3-ubyte.gz",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        60_000,
    ),
    Member(
        "train-labels-idx1-ubyte.gz",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        60_000,
    ),
    Member(
        "t10k-images-idx3-ubyte.gz",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        10_000,
    ),
    Member(
        "t10k-labels-idx1-ubyte.gz",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        10_000,
    ),
)
MNIST_WAITS_S = (1.0,)  # seconds before the second attempt at a mirror; then comes the other one
# In the order of Dataset's fields. Some old programs unpack them with a dot in the name.
MNIST_FILES = (
    ("train-images-idx3-ubyte", "train-images.idx3-ubyte"),
    ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"),
    ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"),
)
OWN_LAYOUT = Layout(MNIST_FILES)
MNIST_LAYOUT = Layout(MNIST_FILES, ("", "raw", "MNIST/raw"))


def find_own(folder: Path) -> list[list[Path]]:
    """Candidates for each of the four files of a set of one's own; DataError if one has none."""
    found = OWN_LAYOUT.find(folder)
    missing = [names[0] for names, paths in zip(MNIST_FILES, found, strict=True) if not paths]
    if missing:
        place = "" if folder.is_dir() else "no such folder; "
        raise DataError(
            f"{folder}: {place}missing {', '.join(missing)} (or the same with .gz); put the four "
            "files there, or name their folder with --data DIR"
        )
    return found


def find_mnist(
    folder: Path, progress: Progress, say: Say, url: str | None, members: Sequence[Member]
) -> list[list[Path]]:
    """Candidates for each of MNIST's four files; one that is missing is downloaded.

    url: the folder of the files on a server; by default the environment variable MNIST_URL, or
        public mirrors
    members: sizes and sums of the unpacked files
    DataError if no server has a good copy. OSError if the folder cannot be written.
    """
    found = MNIST_LAYOUT.find(folder)
    given = url or os.environ.get("MNIST_URL")
    mirrors = (given.rstrip("/") + "/",) if given else MNIST_MIRRORS
    for member, candidates in zip(members, found, strict=True):
        if not candidates:
            folder.mkdir(parents=True, exist_ok=True)
            candidates.append(folder / member.file_name)
            _download_mnist(member, candidates[0], mirrors, progress, say)
    return found


def _download_mnist(
    member: Member, target: Path, mirrors: Sequence[str], progress: Progress, say: Say
) -> None:
    """Download one file from the first mirror that has a good copy of it."""
    problem = ""
    for mirror in mirrors:
        url = mirror + member.path
        try:
            fetch(url, target, progress=progress, waits=MNIST_WAITS_S, say=say)
            found = _sum_of_content(target)
            if found == member.sha256:
                return
            target.unlink()
            problem = f"{url}: the content has sha256 {found}, wanted {member.sha256}"
        except DataError as refusal:
            problem = str(refusal)
        say(problem)
    raise DataError(
        f"{problem}; or put MNIST's four files into {target.parent}, or name their folder with "
        "--data DIR, or a server that has them with the environment variable MNIST_URL"
    )


def _sum_of_content(path: Path) -> str:
    """The SHA-256 of a file, unpacked if it is gzipped, or words that say that it is damaged."""
    digest = hashlib.sha256()
    try:
        with open_bytes(path) as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
    except GZIP_DAMAGE:
        return "of a damaged gzip"
    return digest.hexdigest()


def find_emnist(
    folder: Path, progress: Progress, say: Say, url: str | None, members: Sequence[Member]
) -> list[list[Path]]:
    """Candidates for each of the four files; those that are missing are unpacked from NIST's zip.

    The zip is downloaded if it is not there either. DataError if that fails.
    url: its address; by default the environment variable EMNIST_URL, or NIST's own
    """
    names = [[member.file_name.removesuffix(".gz")] for member in members]
    found = Layout(names, EMNIST_PLACES).find(folder)
    missing = [member for member, paths in zip(members, found, strict=True) if not paths]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        unpack(_emnist_zip(folder, progress, say, url), missing, folder, say)
        (folder / "gzip.zip").unlink(missing_ok=True)
    return [
        paths or [folder / member.file_name] for member, paths in zip(members, found, strict=True)
    ]


def _emnist_zip(folder: Path, progress: Progress, say: Say, url: str | None) -> Path:
    """The zip in the folder, or where torchvision puts it, or downloaded."""
    archives = [folder / place / "gzip.zip" for place in EMNIST_PLACES]
    for archive in archives:
        if archive.is_file():
            return archive
    address = url or os.environ.get("EMNIST_URL") or EMNIST_URL
    try:
        fetch(address, archives[0], progress=progress, say=say)
    except DataError as problem:
        raise DataError(
            f"{problem}; or name a folder that has EMNIST's files with --data DIR, or train on "
            "MNIST, which is 11 MB: --dataset mnist"
        ) from None
    return archives[0]
