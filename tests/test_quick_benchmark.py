"""The benchmark of `train.py --quick`: its runs on a few images, and its table."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks import quick
from benchmarks.common import markdown
from benchmarks.quick import Trained
from model.data.datasets import Dataset
from model.recipes import QUICK
from tests.model.training.test_trainer import made_set
from tests.train.conftest import idx

RACED = {
    "one": [Trained(10, 0.992), Trained(12, 0.990)],
    "two": [Trained(5, 0.992), Trained(6, 0.990)],
    "PyTorch 1": [Trained(30, 0.980), Trained(36, 0.990)],
    "PyTorch 2": [Trained(20, 0.990), Trained(24, 0.992)],
    "textbook": [Trained(100, np.nan), Trained(120, np.nan)],
}


@pytest.fixture
def data() -> Dataset:
    return Dataset("mnist", "mnist", *made_set(240, seed=1), *made_set(40, seed=2))


@pytest.mark.parametrize("workers", [1, 2])
def test_our_run_is_the_whole_quick_recipe(data: Dataset, workers: int) -> None:
    found = quick.ours(data, workers)(3)
    assert found == Trained(found.seconds, quick.ours(data, 1)(3).accuracy)
    assert found.seconds > 0
    assert found.accuracy > 0.5
    assert quick.quick_recipe(3).seed == 3
    assert quick.quick_recipe(QUICK["lenet"].seed) == QUICK["lenet"]


def test_textbook_numpy_is_extrapolated_to_all_epochs(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: Iterator[float] = iter([1.0, 3.0])
    monkeypatch.setattr(quick, "perf_counter", lambda: next(ticks))
    monkeypatch.setattr(quick, "TEXTBOOK_IMAGES", 22)
    assert quick.textbook_numpy(data)(1).seconds == 2 * QUICK["lenet"].epochs * 220 / 22


def test_every_runner_has_every_seed_in_alternating_order() -> None:
    ran: list[str] = []

    def runner(name: str) -> quick.Runner:
        def run(seed: int) -> Trained:
            ran.append(f"{name}{seed}")
            return Trained(seed, 1)

        return run

    found = quick.alternated({"a": runner("a"), "b": runner("b")}, [4, 5])
    assert ran == ["a4", "b4", "b5", "a5"]
    assert found["b"] == [Trained(4, 1), Trained(5, 1)]


def test_the_table_has_seconds_ratios_and_mean_accuracies() -> None:
    table = markdown(quick.rows(RACED, [Trained(6, 0.991)])).splitlines()[2:]
    assert table == [
        "| 9 seconds to 99 %, train.py --quick, one process | – | 11 s | 10.5 … 11.5 |",
        "| 9 seconds to 99 %, --workers 2, its start counted | – | 5.5 s | 5.25 … 5.75 |",
        "| 9 seconds to 99 %, PyTorch, its better number of threads | – | 22 s | 21 … 23 |",
        "| 9 seconds to 99 %, one process, our time over PyTorch's | ≤ 0.6 × | 0.5 × | – |",
        "| 9 seconds to 99 %, --workers 2, our time over PyTorch's | ≤ 0.4 × | 0.25 × | – |",
        "| 9 seconds to 99 %, textbook NumPy's time over ours, extrapolated | – | 10 × | – |",
        "| 9 MNIST's test images, train.py --quick, mean of 3 seeds | ≥ 99 % | 99.1 % |"
        " 99 … 99.2 |",
        "| 9 MNIST's test images, PyTorch by that recipe, mean of 4 seeds | – | 98.8 % |"
        " 98.8 … 99 |",
    ]


def test_without_mnist_one_row_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    assert quick.mnist() is None
    assert list(tmp_path.iterdir()) == []
    assert "train.py --quick downloads it" in markdown([quick.left_out()])
    for part in ("train", "t10k"):
        images, labels = made_set(30, seed=1)
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(idx(images))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    data = quick.mnist()
    assert data is not None
    assert len(data.train_images) == 30
