"""MNIST is downloaded where it is missing, from the first mirror that has a good copy."""

import gzip
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from model.data.datasets import Dataset, load_images
from model.data.idx import open_bytes
from model.data.sources import MNIST_FILES, MNIST_MEMBERS, MNIST_MIRRORS
from model.data.unpack import Member
from tests.model.data.datafiles import FIELDS, TRAIN, idx_bytes, put_mnist, refusal
from tests.model.data.fileserver import Fault, FileServer

MEMBERS = [
    Member(real.path, len(idx_bytes(array)), hashlib.sha256(idx_bytes(array)).hexdigest(), 3)
    for real, array in zip(MNIST_MEMBERS, FIELDS, strict=True)
]
NAMES = [member.path for member in MEMBERS]
PAGE = b"<html>Log in first</html>"


@pytest.fixture
def server(file_server: FileServer, monkeypatch: pytest.MonkeyPatch) -> FileServer:
    """Two mirrors in one server, and no other way to the four files."""
    monkeypatch.delenv("MNIST_URL", raising=False)
    mirrors = (f"{file_server.root}one/", f"{file_server.root}two/")
    monkeypatch.setattr("model.data.sources.MNIST_MIRRORS", mirrors)
    monkeypatch.setattr("model.data.sources.MNIST_WAITS_S", ())
    for name, array in zip(NAMES, FIELDS, strict=True):
        file_server.contents[name] = gzip.compress(idx_bytes(array))
    return file_server


def loaded(folder: Path, said: list[str] | None = None) -> Dataset:
    say = (said if said is not None else []).append
    data = load_images("mnist", folder, members=MEMBERS, say=say)
    np.testing.assert_array_equal(data.train_images, TRAIN)
    assert data.test_labels.tolist() == FIELDS[3].tolist()
    return data


def test_the_four_files_are_downloaded_once_and_then_work_offline(
    server: FileServer, tmp_path: Path
) -> None:
    said: list[str] = []
    for _ in range(2):
        loaded(tmp_path / "new" / "data", said)
    assert server.paths == [f"/one/{name}" for name in NAMES]
    assert {path.name for path in (tmp_path / "new" / "data").iterdir()} == set(NAMES)
    assert len(said) == 4
    assert said[0] == f"downloading {server.root}one/{NAMES[0]} into {tmp_path / 'new' / 'data'}"


def test_only_the_missing_file_is_downloaded(server: FileServer, tmp_path: Path) -> None:
    put_mnist(tmp_path)
    (tmp_path / MNIST_FILES[1][0]).unlink()
    loaded(tmp_path)
    assert server.paths == [f"/one/{NAMES[1]}"]


def test_a_mirror_that_refuses_is_followed_by_the_other(server: FileServer, tmp_path: Path) -> None:
    server.faults = [Fault(404)]
    said: list[str] = []
    loaded(tmp_path, said)
    assert server.paths[:2] == [f"/one/{NAMES[0]}", f"/two/{NAMES[0]}"]
    assert said[1].startswith(f"{server.root}one/{NAMES[0]}: the server answered 404")


@pytest.mark.parametrize(
    "content",
    [PAGE, gzip.compress(PAGE), gzip.compress(idx_bytes(TRAIN + 1)), b"\x1f\x8bcut"],
    ids=["page", "compressed page", "too many", "cut"],
)
def test_other_content_is_not_taken(server: FileServer, tmp_path: Path, content: bytes) -> None:
    server.contents[NAMES[0]] = content
    message = refusal("mnist", tmp_path, members=MEMBERS)
    assert message.startswith(f"{server.root}two/{NAMES[0]}: the content has sha256 ")
    assert f", wanted {MEMBERS[0].sha256}; or put MNIST's four files into {tmp_path}" in message
    assert "--data DIR" in message
    assert "MNIST_URL" in message
    assert server.paths == [f"/one/{NAMES[0]}", f"/two/{NAMES[0]}"]
    assert list(tmp_path.iterdir()) == []


def test_any_gzip_of_the_right_content_is_good(server: FileServer, tmp_path: Path) -> None:
    server.contents[NAMES[0]] = gzip.compress(idx_bytes(TRAIN), 1, mtime=7)
    loaded(tmp_path)
    assert server.paths[0] == f"/one/{NAMES[0]}"


@pytest.mark.parametrize("end", ["", "/"])
def test_the_environment_variable_names_the_only_server(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setenv("MNIST_URL", f"{server.root}mine{end}")
    loaded(tmp_path)
    assert server.paths == [f"/mine/{name}" for name in NAMES]
    server.faults, server.paths = [Fault(404)], []
    refusal("mnist", tmp_path / "other", members=MEMBERS)
    assert server.paths == [f"/mine/{NAMES[0]}"]


def test_the_table_of_mnist_is_that_of_the_original_files() -> None:
    assert MNIST_MIRRORS == (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    )
    assert [f"{name}.gz" for name, _ in MNIST_FILES] == NAMES
    sizes = [count * each for count in (60_000, 10_000) for each in (784, 1)]
    assert [m.size for m in MNIST_MEMBERS] == [sizes[i] + (8, 16)[i % 2 == 0] for i in range(4)]
    assert all(len(member.sha256) == 64 for member in MNIST_MEMBERS)


@pytest.mark.skipif("LENET_DATA" not in os.environ, reason="LENET_DATA names no folder of MNIST")
def test_the_original_files_have_the_sums_of_the_table() -> None:
    for member in MNIST_MEMBERS:
        with open_bytes(Path(os.environ["LENET_DATA"]) / member.path) as file:
            content = file.read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (member.size, member.sha256)
