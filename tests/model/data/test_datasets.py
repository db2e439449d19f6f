"""Reading and checking MNIST and the table of data sets; refusals are one line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.data.datasets import DATASETS, load_images
from model.data.sources import MNIST_FILES
from model.frames import FRAMES
from tests.model.data.datafiles import FIELDS, TRAIN, idx_bytes, idx_gzip, put_mnist, refusal


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


@pytest.mark.parametrize(
    ("file", "array", "found"),
    [
        (1, np.array([7, 0]), "0: 3 images but 2 labels in 1, wanted one for each"),
        (3, np.array([1, 2, 3]), "2: 2 images but 3 labels in 3, wanted one for each"),
        (3, np.array([1, 10]), "3: label 10, wanted 0 to 9"),
        (0, np.zeros((3, 28, 27)), "0: images of 28 × 27, wanted 28 × 28"),
        (2, np.zeros((2, 27, 28)), "2: images of 27 × 28, wanted 28 × 28"),
        (0, np.zeros((0, 28, 28)), "0: 0 images but 3 labels in 1, wanted one for each"),
        (0, np.array([7, 0, 9]), "0: 1 dimensions, wanted 3 (labels have 1, images have 3)"),
        (1, TRAIN, "1: 3 dimensions, wanted 1 (labels have 1, images have 3)"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    tmp_path: Path, file: int, array: NDArray[Any], found: str
) -> None:
    put_mnist(tmp_path)
    (tmp_path / MNIST_FILES[file][0]).write_bytes(idx_bytes(array))
    names = [name for name, _ in MNIST_FILES]
    where, what = found.split(": ")
    what = what.replace("in 1,", f"in {names[1]},").replace("in 3,", f"in {names[3]},")
    cure = "delete the file and run again to download it"
    assert refusal("mnist", tmp_path) == f"{tmp_path / names[int(where)]}: {what}; {cure}"


def test_a_set_without_images_is_refused(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    (tmp_path / MNIST_FILES[2][0]).write_bytes(idx_bytes(np.zeros((0, 28, 28))))
    (tmp_path / MNIST_FILES[3][0]).write_bytes(idx_bytes(np.zeros(0)))
    assert "0 images but 0 labels" in refusal("mnist", tmp_path)


def test_labels_may_be_nine_and_a_plain_file_goes_before_a_gzipped_one(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    put_mnist(tmp_path, ending=".gz")
    (tmp_path / (MNIST_FILES[1][0] + ".gz")).write_bytes(idx_gzip(np.array([1, 1, 1])))
    assert load_images("mnist", tmp_path).train_labels.tolist() == [7, 0, 9]


@pytest.mark.parametrize("name", ["mnist", "emnist-digits"])
def test_every_known_data_set_has_a_frame_and_says_where_it_is_from(name: str) -> None:
    source = DATASETS[name]
    assert source.frame in FRAMES
    assert source.frame == name.split("-")[0]
    counts = {"mnist": "MNIST, 60,000 + 10,000", "emnist": "EMNIST digits, 240,000 + 40,000"}
    assert source.title == counts[source.frame]
    origins = {
        "mnist": "Y. LeCun, C. Cortes and C. J. C. Burges; CC BY-SA 3.0",
        "emnist": "Cohen et al. 2017, from NIST Special Database 19 (U.S. government work)",
    }
    assert source.origin == origins[source.frame]


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    message = refusal("fashion", tmp_path)
    assert message == "no data set 'fashion'; there are: emnist-digits, mnist, idx"
