"""Files as people have them: the first one that can be read is used, and which one is said."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.data.datasets import load_images
from model.data.sources import EMNIST_MEMBERS, MNIST_FILES
from tests.model.data.datafiles import TRAIN, idx_bytes, idx_gzip, put_mnist, refusal
from tests.model.data.test_emnist import FIELDS as EMNIST_FIELDS
from tests.model.data.test_emnist import MEMBERS, STORED, ZIP

NAME = MNIST_FILES[0][0]
NOWHERE = "not an address: a download would be refused"


def a_folder(path: Path) -> None:
    path.mkdir()


def an_empty_file(path: Path) -> None:
    path.write_bytes(b"")


def a_web_page(path: Path) -> None:
    path.write_text("<!DOCTYPE html><title>404</title>")


def a_cut_file(path: Path) -> None:
    path.write_bytes(idx_bytes(TRAIN)[:-9])


@pytest.mark.parametrize("spoil", [a_folder, an_empty_file, a_web_page, a_cut_file])
@pytest.mark.parametrize("name", ["mnist", "idx"])
def test_what_cannot_be_read_is_passed_over_for_a_good_file_beside_it(
    tmp_path: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    put_mnist(tmp_path, ending=".gz")
    spoil(tmp_path / NAME)
    said: list[str] = []
    frame = "mnist" if name == "idx" else None
    data = load_images(name, tmp_path, frame=frame, url=NOWHERE, say=said.append)
    np.testing.assert_array_equal(data.train_images, TRAIN)
    if spoil is a_folder:
        assert said == []
    else:
        (line,) = said
        assert line.startswith(f"{tmp_path / NAME}.gz: used, because {tmp_path / NAME}: ")


def test_a_damaged_gzip_is_passed_over_for_a_file_with_a_dot_in_its_name(tmp_path: Path) -> None:
    put_mnist(tmp_path, spelling=1)
    (tmp_path / f"{NAME}.gz").write_bytes(idx_gzip(TRAIN)[:-9])
    said: list[str] = []
    load_images("mnist", tmp_path, url=NOWHERE, say=said.append)
    assert said[0].startswith(f"{tmp_path / MNIST_FILES[0][1]}: used, because {tmp_path / NAME}.gz")
    assert "the gzip is damaged" in said[0]


@pytest.mark.parametrize("name", [NAME, f"{NAME}.gz"])
@pytest.mark.parametrize("inner", [NAME, f"{NAME}.gz", MNIST_FILES[0][1]])
def test_a_file_in_a_folder_of_its_name_is_found_and_named(
    tmp_path: Path, name: str, inner: str
) -> None:
    put_mnist(tmp_path)
    (tmp_path / NAME).unlink()
    (tmp_path / name).mkdir()
    content = idx_gzip(TRAIN) if inner.endswith(".gz") else idx_bytes(TRAIN)
    (tmp_path / name / inner).write_bytes(content)
    said: list[str] = []
    data = load_images("mnist", tmp_path, url=NOWHERE, say=said.append)
    np.testing.assert_array_equal(data.train_images, TRAIN)
    place = tmp_path / name / inner
    assert said == [f"{place}: used, because {tmp_path} itself has no such file"]


def test_torchvisions_folders_of_mnist_are_found(tmp_path: Path) -> None:
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    put_mnist(tmp_path / "MNIST" / "raw")
    said: list[str] = []
    assert len(load_images("mnist", tmp_path, url=NOWHERE, say=said.append).train_images) == 3
    assert len(said) == 4


def test_where_no_file_can_be_read_the_first_one_is_refused(tmp_path: Path) -> None:
    put_mnist(tmp_path)
    a_web_page(tmp_path / NAME)
    an_empty_file(tmp_path / f"{NAME}.gz")
    assert refusal("mnist", tmp_path) == (
        f"{tmp_path / NAME}: not an IDX file: begins with b'<!DO', wanted b'\\x00\\x00\\x08\\x03'; "
        "delete the file and run again to download it"
    )


def put_emnist(folder: Path, ending: str = ".gz", own_folders: bool = False) -> None:
    """EMNIST's four files, unpacked if the ending is "", each in a folder of its name."""
    for member, content in zip(EMNIST_MEMBERS, STORED, strict=True):
        name = member.file_name.removesuffix(".gz") + ending
        place = folder / name.removesuffix(".gz") if own_folders else folder
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content if ending else gzip.decompress(content))


LAYOUTS: dict[str, Callable[[Path], None]] = {
    "torchvision's, unpacked": lambda folder: put_emnist(folder / "EMNIST" / "raw", ""),
    "torchvision's raw folder": lambda folder: put_emnist(folder / "raw", ""),
    "Kaggle's": lambda folder: put_emnist(folder, ""),
    "Kaggle's source files": lambda folder: put_emnist(folder / "emnist_source_files", ""),
    "the zip's own folder": lambda folder: put_emnist(folder / "gzip"),
    "the zip's folder in a folder of its name": lambda folder: put_emnist(folder / "gzip" / "gzip"),
    "7-Zip's": lambda folder: put_emnist(folder, "", own_folders=True),
    "7-Zip's in the zip's folder": lambda folder: put_emnist(folder / "gzip", "", own_folders=True),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_emnist_that_is_there_is_not_downloaded_again(tmp_path: Path, layout: str) -> None:
    LAYOUTS[layout](tmp_path)
    said: list[str] = []
    data = load_images("emnist-digits", tmp_path, url=NOWHERE, members=MEMBERS, say=said.append)
    np.testing.assert_array_equal(data.train_images, EMNIST_FIELDS[0])
    np.testing.assert_array_equal(data.test_labels, EMNIST_FIELDS[3])
    assert len(said) == (0 if layout == "Kaggle's" else 4)
    assert all(": used, because " in line for line in said)


def test_torchvisions_zip_is_used_and_left_where_it_is(tmp_path: Path) -> None:
    archive = tmp_path / "EMNIST" / "raw" / "gzip.zip"
    archive.parent.mkdir(parents=True)
    archive.write_bytes(ZIP)
    load_images("emnist-digits", tmp_path, url=NOWHERE, members=MEMBERS)
    assert archive.read_bytes() == ZIP


def test_a_missing_file_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    put_emnist(tmp_path, "", own_folders=True)
    (name,) = (tmp_path / MEMBERS[2].file_name.removesuffix(".gz")).iterdir()
    name.unlink()
    (tmp_path / "gzip.zip").write_bytes(ZIP)
    load_images("emnist-digits", tmp_path, url=NOWHERE, members=MEMBERS)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [MEMBERS[2].file_name]


def test_own_files_are_found_in_folders_of_their_names_only(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    put_mnist(tmp_path / "raw")
    assert "missing train-images" in refusal("idx", tmp_path, frame="mnist")
