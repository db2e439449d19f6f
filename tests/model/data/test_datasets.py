"""MNIST and what both data sets share: found, read and checked, or refused in one line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.data.datasets import DATASETS, MNIST_FILES, DataError, load_images, split_validation
from model.frames import FRAMES
from tests.model.data.datafiles import FIELDS, TRAIN, idx_bytes, idx_gzip, refusal


def put_mnist(folder: Path, spelling: int = 0, ending: str = "") -> None:
    for names, array in zip(MNIST_FILES, FIELDS, strict=True):
        content = idx_gzip(array) if ending else idx_bytes(array)
        (folder / (names[spelling] + ending)).write_bytes(content)


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("spelling", [0, 1], ids=["hyphen", "dot"])
def test_mnist_is_read_gzipped_or_not_in_both_spellings(
    tmp_path: Path, spelling: int, ending: str
) -> None:
    put_mnist(tmp_path, spelling, ending)
    data = load_images("mnist", tmp_path)
    assert (data.name, data.frame) == ("mnist", "mnist")
    arrays = (data.train_images, data.train_labels, data.test_images, data.test_labels)
    for found, wanted in zip(arrays, FIELDS, strict=True):
        assert found.dtype == np.uint8
        np.testing.assert_array_equal(found, wanted)


def test_missing_mnist_files_are_named_with_where_to_get_them(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    (tmp_path / "t10k-images-idx3-ubyte").unlink()
    message = refusal("mnist", tmp_path)
    missing = "missing train-labels-idx1-ubyte, t10k-images-idx3-ubyte (or the same with .gz)"
    assert f"{tmp_path}: {missing}; put MNIST's four files there" in message
    assert "https://" in message
    assert "--data DIR" in message


def test_a_missing_mnist_folder_is_named(tmp_path: Path) -> None:
    message = refusal("mnist", tmp_path / "nowhere")
    assert f"{tmp_path / 'nowhere'}: no such folder; missing train-images" in message


@pytest.mark.parametrize(
    ("file", "array", "found"),
    [
        (1, np.array([7, 0]), "3 images but 2 labels in train-labels-idx1-ubyte, wanted one"),
        (3, np.array([1, 2, 3]), "2 images but 3 labels in t10k-labels-idx1-ubyte, wanted one"),
        (3, np.array([1, 10]), "label 10, wanted 0 to 9"),
        (0, np.zeros((3, 28, 27)), "images of 28 × 27, wanted 28 × 28"),
        (0, np.zeros((0, 28, 28)), "0 images but 3 labels"),
        (0, np.array([7, 0, 9]), "1 dimensions, wanted 3"),
        (1, TRAIN, "3 dimensions, wanted 1"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    tmp_path: Path, file: int, array: NDArray[Any], found: str
) -> None:
    put_mnist(tmp_path)
    (tmp_path / MNIST_FILES[file][0]).write_bytes(idx_bytes(array))
    message = refusal("mnist", tmp_path)
    assert message.startswith(str(tmp_path / MNIST_FILES[file - file % 2][0][:4]))
    assert found in message
    assert "get the file again" in message


def test_a_set_without_images_is_refused(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    (tmp_path / MNIST_FILES[2][0]).write_bytes(idx_bytes(np.zeros((0, 28, 28))))
    (tmp_path / MNIST_FILES[3][0]).write_bytes(idx_bytes(np.zeros(0)))
    assert "0 images but 0 labels" in refusal("mnist", tmp_path)


def test_a_folder_where_a_file_should_be_is_refused(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    path = tmp_path / MNIST_FILES[0][0]
    path.unlink()
    path.mkdir()
    message = refusal("mnist", tmp_path)
    assert "Is a directory" in message
    assert "--data DIR" in message


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_has_a_frame_and_says_where_it_is_from(name: str) -> None:
    source = DATASETS[name]
    assert source.frame in FRAMES
    assert source.title
    assert source.origin


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    message = refusal("fashion", tmp_path)
    assert message == "no data set 'fashion'; there are: emnist-digits, mnist"


def test_a_split_takes_every_image_once() -> None:
    train, validation = split_validation(100, 30, seed=1)
    assert (len(train), len(validation)) == (70, 30)
    assert sorted([*train, *validation]) == list(range(100))


def test_the_seed_alone_decides_the_split() -> None:
    first, again, other = (split_validation(100, 30, seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert set(first) != set(other)


@pytest.mark.parametrize("count", [-1, 10, 11])
def test_a_split_must_leave_something_to_train_on(count: int) -> None:
    with pytest.raises(DataError, match=f"{count} images for validation, wanted 0 to 9 of the 10"):
        split_validation(10, count, seed=1)
