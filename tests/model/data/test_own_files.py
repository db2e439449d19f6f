"""IDX files of one's own: their frame and their transposition are told by options."""

from pathlib import Path

import numpy as np
import pytest

from model.data.datasets import load_images
from tests.model.data.datafiles import FIELDS, TEST, TRAIN, put_mnist, refusal


@pytest.mark.parametrize("frame", ["mnist", "emnist"])
@pytest.mark.parametrize("transposed", [False, True])
def test_own_files_are_read_in_the_frame_and_the_order_that_is_told(
    tmp_path: Path, frame: str, transposed: bool
) -> None:
    put_mnist(tmp_path, ending=".gz")
    data = load_images("idx", tmp_path, frame=frame, transposed=transposed)
    assert (data.name, data.frame, data.transposed) == ("idx", frame, transposed)
    for found, wanted in ((data.train_images, TRAIN), (data.test_images, TEST)):
        np.testing.assert_array_equal(found, wanted.transpose(0, 2, 1) if transposed else wanted)
    np.testing.assert_array_equal(data.train_labels, FIELDS[1])


def test_without_a_frame_own_files_are_refused(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    message = refusal("idx", tmp_path)
    assert message.startswith("idx: found no --frame, wanted --frame mnist or --frame emnist: how")
    assert "add --transposed if" in message


@pytest.mark.parametrize("name", ["mnist", "emnist-digits"])
@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"frame": "mnist"}, "--frame mnist"),
        ({"frame": "emnist", "transposed": True}, "--frame emnist"),
        ({"transposed": True}, "--transposed"),
    ],
)
def test_a_known_data_set_refuses_both_options(
    tmp_path: Path, name: str, options: dict[str, object], found: str
) -> None:
    assert refusal(name, tmp_path, **options) == (
        f"{name}: found {found}, wanted none: how this set lies in its files is known; "
        "--frame and --transposed go with --dataset idx"
    )


def test_missing_own_files_are_named(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    (tmp_path / "t10k-images-idx3-ubyte").unlink()
    missing = "missing train-labels-idx1-ubyte, t10k-images-idx3-ubyte (or the same with .gz)"
    assert refusal("idx", tmp_path, frame="mnist") == (
        f"{tmp_path}: {missing}; put the four files there, or name their folder with --data DIR"
    )
    message = refusal("idx", tmp_path / "nowhere", frame="mnist")
    assert f"{tmp_path / 'nowhere'}: no such folder; missing train-images" in message
