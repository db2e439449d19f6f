"""An IDX file is read exactly, or refused in one line that says what to do."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from model.data.idx import DataError, read_idx
from tests.model.data.datafiles import idx_bytes, idx_gzip

IMAGES = np.arange(3 * 4 * 5).reshape(3, 4, 5)
LABELS = np.array([7, 0, 9])
WHOLE = idx_bytes(IMAGES)
PACKED = idx_gzip(IMAGES)


@pytest.mark.parametrize("content", [WHOLE, PACKED], ids=["plain", "gzipped"])
@pytest.mark.parametrize("name", ["file", "file.gz"])
def test_images_are_read_plain_or_gzipped_whatever_the_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    images = read_idx(path, 3, "cure")
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, IMAGES)


def test_labels_are_read(tmp_path: Path) -> None:
    path = tmp_path / "labels"
    path.write_bytes(idx_bytes(LABELS))
    np.testing.assert_array_equal(read_idx(path, 1, "cure"), LABELS)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "not an IDX file: begins with b''"),
        (b"<html>Not Found</html>", "not an IDX file: begins with b'<htm'"),
        (b"\1\0" + WHOLE[2:], "not an IDX file"),
        (idx_bytes(IMAGES, type_code=0x0D), "numbers of type 0x0d, wanted 0x08"),
        (idx_bytes(LABELS), "1 dimensions, wanted 3 (labels have 1, images have 3)"),
        (WHOLE[:9], "cut short after 9 bytes, inside its header"),
        (WHOLE[:-1], "59 bytes after the header, wanted 60 for shape (3, 4, 5)"),
        (WHOLE + b"\0", "over 60 bytes after the header, wanted 60"),
        (WHOLE[:4] + b"\xff" * 12 + WHOLE[16:], "60 bytes after the header, wanted 79,228"),
        (PACKED[:-9], "the gzip is damaged"),
        (PACKED[:2] + b"\0" * 40, "the gzip is damaged"),
        (PACKED[:20] + bytes([PACKED[20] ^ 0xFF]) + PACKED[21:], "the gzip is damaged"),
        (gzip.compress(WHOLE[:-1]), "59 bytes after the header, wanted 60"),
    ],
    ids=[
        "empty",
        "a web page",
        "wrong magic",
        "floats",
        "labels for images",
        "half a header",
        "a byte short",
        "a byte long",
        "a promise of an octillion bytes",
        "gzip cut short",
        "gzip that is none",
        "gzip with a wrong byte",
        "short inside its gzip",
    ],
)
def test_what_is_not_the_file_wanted_is_named_with_its_cure(
    tmp_path: Path, content: bytes, found: str
) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_idx(path, 3, "get the file again")
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert found in message
    assert message.endswith("; get the file again")
    assert len(message.splitlines()) == 1
