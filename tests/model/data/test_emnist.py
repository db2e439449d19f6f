"""EMNIST digits: downloaded once, checked and transposed; refusals are one line."""

import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from model.data.datasets import load_images
from model.data.sources import EMNIST_MEMBERS, EMNIST_URL
from model.data.unpack import Member
from model.types import Array
from tests.model.data.datafiles import PICTURE, idx_gzip, refusal
from tests.model.data.fileserver import Fault, FileServer

TRAIN = np.stack([PICTURE // (1 + number) for number in range(20)])
TEST = np.stack([PICTURE // (2 + number) for number in range(10)])
FIELDS = (TRAIN, np.arange(20) % 10, TEST, np.arange(10)[::-1])  # as many of each digit


def zip_of(contents: list[bytes]) -> bytes:
    """A zip like NIST's, with the four members and others."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as opened:
        opened.writestr("gzip/emnist-letters-train-images-idx3-ubyte.gz", b"not asked for")
        for member, content in zip(EMNIST_MEMBERS, contents, strict=True):
            opened.writestr(member.path, content)
    return memory.getvalue()


# As in NIST's files: every picture is transposed.
STORED = [idx_gzip(array.transpose(0, 2, 1) if array.ndim == 3 else array) for array in FIELDS]
ZIP = zip_of(STORED)
MEMBERS = [
    Member(real.path, len(content), hashlib.sha256(content).hexdigest(), len(array))
    for real, content, array in zip(EMNIST_MEMBERS, STORED, FIELDS, strict=True)
]


@pytest.fixture
def server(file_server: FileServer, monkeypatch: pytest.MonkeyPatch) -> FileServer:
    monkeypatch.delenv("EMNIST_URL", raising=False)
    file_server.content = ZIP
    return file_server


def test_emnist_is_downloaded_once_transposed_and_then_works_offline(
    server: FileServer, tmp_path: Path
) -> None:
    folder = tmp_path / "data" / "emnist"
    for _ in range(2):
        data = load_images("emnist-digits", folder, url=server.url, members=MEMBERS)
        assert (data.name, data.frame) == ("emnist-digits", "emnist")
        np.testing.assert_array_equal(data.train_images, TRAIN)
        np.testing.assert_array_equal(data.train_labels, FIELDS[1])
        np.testing.assert_array_equal(data.test_images, TEST)
        np.testing.assert_array_equal(data.test_labels, FIELDS[3])
    assert len(server.answered) == 1
    assert {path.name for path in folder.iterdir()} == {member.file_name for member in MEMBERS}


def test_an_unfinished_zip_in_the_folder_is_continued(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "gzip.zip.part").write_bytes(ZIP[:1000])
    (tmp_path / "gzip.zip.part.tag").write_text('"first"', "utf-8")
    load_images("emnist-digits", tmp_path, url=server.url, members=MEMBERS)
    assert server.sent == len(ZIP) - 1000
    assert server.answered[0].if_range == '"first"'


def test_a_zip_put_there_by_hand_is_used(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "gzip.zip").write_bytes(ZIP)
    load_images("emnist-digits", tmp_path, url=server.url, members=MEMBERS)
    assert server.answered == []
    assert not (tmp_path / "gzip.zip").exists()


def test_the_environment_variable_sets_the_host(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMNIST_URL", server.url)
    load_images("emnist-digits", tmp_path, members=MEMBERS)
    assert len(server.answered) == 1


def test_an_address_passed_in_overrides_the_environment(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMNIST_URL", "not an address")
    load_images("emnist-digits", tmp_path, url=server.url, members=MEMBERS)
    assert len(server.answered) == 1


def test_a_host_without_the_zip_is_named(server: FileServer, tmp_path: Path) -> None:
    server.faults = [Fault(404)]
    message = refusal("emnist-digits", tmp_path, url=server.url, members=MEMBERS)
    assert f"{server.url}: the server answered 404" in message
    assert f"save the file as {tmp_path / 'gzip.zip'}" in message
    assert message.endswith("with --data DIR, or train on MNIST, which is 11 MB: --dataset mnist")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<html>Moved</html>", "not a whole zip"),
        (ZIP[:-100], "not a whole zip"),
    ],
    ids=["a web page", "cut short"],
)
def test_a_wrong_zip_is_refused_and_a_good_one_later_accepted(
    server: FileServer, tmp_path: Path, content: bytes, found: str
) -> None:
    server.content = content
    message = refusal("emnist-digits", tmp_path, url=server.url, members=MEMBERS)
    assert found in message
    assert f"{tmp_path / 'gzip.zip'}: " in message
    assert "delete it and run again" in message

    (tmp_path / "gzip.zip").unlink()
    server.content, server.headers = ZIP, {"ETag": '"mended"'}
    load_images("emnist-digits", tmp_path, url=server.url, members=MEMBERS)


def test_files_that_are_packed_anew_are_used_with_a_warning(
    server: FileServer, tmp_path: Path
) -> None:
    server.content = zip_of([gzip.compress(gzip.decompress(old), 1) for old in STORED])
    said: list[str] = []
    data = load_images("emnist-digits", tmp_path, url=server.url, members=MEMBERS, say=said.append)
    np.testing.assert_array_equal(data.train_images, TRAIN)
    assert [line.split(" has ")[0] for line in said[1:]] == [
        f"warning: {member.path}" for member in MEMBERS
    ]


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (np.arange(10) % 9, "holds 10 labels, 0 to 2 of a digit, wanted 10, as many of each"),
        (np.arange(20) % 10, "holds 20 labels, 2 to 2 of a digit, wanted 10, as many of each"),
    ],
)
def test_other_digits_under_the_same_names_are_refused(
    server: FileServer, tmp_path: Path, labels: Array, found: str
) -> None:
    images = idx_gzip(np.stack([PICTURE] * len(labels)))
    server.content = zip_of([*STORED[:2], images, idx_gzip(labels)])
    message = refusal("emnist-digits", tmp_path, url=server.url, members=MEMBERS)
    name = MEMBERS[3].file_name
    assert message == (
        f"{tmp_path}: {name} {found}; delete EMNIST's files there and run again to download them"
    )


def test_a_file_in_place_of_the_folder_is_refused(server: FileServer, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("", "utf-8")
    message = refusal("emnist-digits", folder, url=server.url, members=MEMBERS)
    assert message.startswith(f"{folder}: cannot be used ([Errno 17] File exists")
    assert message.endswith("); mend that or choose a folder with --data DIR")


def test_a_damaged_file_is_to_be_deleted_and_downloaded_again(tmp_path: Path) -> None:
    for member, content in zip(MEMBERS, STORED, strict=True):
        (tmp_path / member.file_name).write_bytes(content)
    path = tmp_path / MEMBERS[0].file_name
    path.write_bytes(bytes(MEMBERS[0].size))
    message = refusal("emnist-digits", tmp_path, members=MEMBERS)
    assert message.startswith(f"{path}: numbers of type 0x00")
    assert message.endswith("; delete the file and run again to download it")


def test_one_missing_file_is_downloaded(server: FileServer, tmp_path: Path) -> None:
    for member, content in zip(MEMBERS[:3], STORED, strict=False):
        (tmp_path / member.file_name).write_bytes(content)
    load_images("emnist-digits", tmp_path, url=server.url, members=MEMBERS)
    assert len(server.answered) == 1


def test_the_table_of_emnist_is_the_published_one() -> None:
    assert EMNIST_URL == "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"
    assert [f"{m.path} {m.size} {m.sha256}" for m in EMNIST_MEMBERS] == [
        "gzip/emnist-digits-train-images-idx3-ubyte.gz 59515779 "
        "f7c95004d14d81af89522e67d8f0c781dfb3bd544181c81bfe1eb6b41c35b726",
        "gzip/emnist-digits-train-labels-idx1-ubyte.gz 113859 "
        "6638a6ff5fe2eefd9cca2471995b46c82986b8e4b2a70d2f5ce8e05d7edb319e",
        "gzip/emnist-digits-test-images-idx3-ubyte.gz 9908519 "
        "20ebe43509264f7639d37c835a3f0b009e90b29e00a099a03101abe1644a3f63",
        "gzip/emnist-digits-test-labels-idx1-ubyte.gz 19960 "
        "bad1834c45d5988e270b99d43b13edc3fd898f658ffbc2caf2846ef27f7b05b0",
    ]


def test_the_real_table_is_what_is_used_unless_another_is_given(
    server: FileServer, tmp_path: Path
) -> None:
    assert "wanted 240,000, as many of each" in refusal("emnist-digits", tmp_path, url=server.url)
    assert [member.items for member in EMNIST_MEMBERS] == [240_000, 240_000, 40_000, 40_000]
