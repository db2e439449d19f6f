"""A made set of digits, a working folder, and trained weights."""

import gzip
import struct
from dataclasses import replace
from pathlib import Path

import pytest

import train
from model.evaluation import ink_metrics
from model.recipes import RECIPES
from model.types import Array
from tests.model.training.test_trainer import made_set
from tests.train.runs import options


def idx(array: Array) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(scope="session")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four files of an MNIST of 120 + 40 made images, two of them gzipped."""
    folder = tmp_path_factory.mktemp("mnist")
    for part, n in (("train", 120), ("t10k", 40)):
        images, labels = made_set(n, seed=n)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx(images))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def few_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make few drawings for an epoch and for measuring, so that both take a second."""
    monkeypatch.setattr(ink_metrics, "SCRIBBLE_COUNT", 20)
    for name, recipe in RECIPES.items():
        monkeypatch.setitem(RECIPES, name, replace(recipe, made_digits=20, made_outliers=60))


@pytest.fixture
def trained(here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert train.main(options(mnist, "--out", "lenet.npz")) == 0
    capsys.readouterr()
    return here / "lenet.npz"
