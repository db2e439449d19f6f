"""IDX files are read exactly, or refused in one line with the cure."""

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from model.data.idx import DataError, read_idx
from tests.model.data.datafiles import idx_bytes, idx_gzip

IMAGES = np.arange(3 * 4 * 5).reshape(3, 4, 5)
LABELS = np.array([7, 0, 9])
WHOLE = idx_bytes(IMAGES)
PACKED = idx_gzip(IMAGES)
MAGIC = f"wanted {bytes([0, 0, 8, 3])!r}"
AT_MOST = "wanted at most 1,000,000 items of 784 bytes each"
DAMAGED = "the gzip is damaged"


def header(*shape: int) -> bytes:
    return bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)


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
        (b"", f"not an IDX file: begins with b'', {MAGIC}"),
        (b"\0\0\10", f"not an IDX file: begins with {bytes([0, 0, 8])!r}, {MAGIC}"),
        (b"<html>Not Found</html>", f"not an IDX file: begins with b'<htm', {MAGIC}"),
        (b"\1\0" + WHOLE[2:], f"not an IDX file: begins with {bytes([1, 0, 8, 3])!r}, {MAGIC}"),
        (b"\0\1" + WHOLE[2:], f"not an IDX file: begins with {bytes([0, 1, 8, 3])!r}, {MAGIC}"),
        (idx_bytes(IMAGES, type_code=0x0D), "numbers of type 0x0d, wanted 0x08 (unsigned bytes)"),
        (idx_bytes(LABELS), "1 dimensions, wanted 3 (labels have 1, images have 3)"),
        (WHOLE[:9], "cut short after 9 bytes, inside its header"),
        (WHOLE[:-1], "59 bytes after the header, wanted 60 for shape (3, 4, 5)"),
        (WHOLE[:15], "cut short after 15 bytes, inside its header"),
        (WHOLE + b"\0", "over 60 bytes after the header, wanted 60 for shape (3, 4, 5)"),
        (
            WHOLE[:4] + b"\xff" * 12 + WHOLE[16:],
            f"shape {(2**32 - 1, 2**32 - 1, 2**32 - 1)}, {AT_MOST}",
        ),
        (header(1_000_001, 28, 28), f"shape (1000001, 28, 28), {AT_MOST}"),
        (header(3, 28, 29), f"shape (3, 28, 29), {AT_MOST}"),
        (
            header(1_000_000, 28, 28),
            "0 bytes after the header, wanted 784,000,000 for shape (1000000, 28, 28)",
        ),
        (PACKED[:-9], DAMAGED),
        (PACKED[:2] + b"\0" * 40, DAMAGED),
        (PACKED[:20] + bytes([PACKED[20] ^ 0xFF]) + PACKED[21:], DAMAGED),
        (gzip.compress(WHOLE[:-1]), "59 bytes after the header, wanted 60 for shape (3, 4, 5)"),
    ],
    ids=[
        "empty",
        "three bytes",
        "a web page",
        "wrong first byte",
        "wrong second byte",
        "floats",
        "labels for images",
        "half a header",
        "a header without its last byte",
        "a byte short",
        "a byte long",
        "a promise of an octillion bytes",
        "too many images",
        "images that are too large",
        "as many images as are allowed, but none there",
        "gzip cut short",
        "gzip that is none",
        "gzip with a wrong byte",
        "short inside its gzip",
    ],
)
def test_a_wrong_file_is_refused_with_the_reason_and_the_cure(
    tmp_path: Path, content: bytes, found: str
) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_idx(path, 3, "get the file again")
    message = str(caught.value)
    if found == DAMAGED:  # followed by Python's message in brackets
        assert message.startswith(f"{path}: {found} (")
        assert message.endswith("); get the file again")
    else:
        assert message == f"{path}: {found}; get the file again"
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(("size", "chunk"), [(60, 20), (60, 7), (61, 20), (59, 20)])
def test_a_file_is_read_in_chunks_to_its_last_byte(
    tmp_path: Path, size: int, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.data.idx.CHUNK", chunk)
    path = tmp_path / "images"
    path.write_bytes((WHOLE + b"\0")[: 16 + size])
    if size == 60:
        np.testing.assert_array_equal(read_idx(path, 3, "cure"), IMAGES)
    else:
        with pytest.raises(DataError, match="bytes after the header, wanted 60 for shape"):
            read_idx(path, 3, "cure")


def test_the_shape_is_checked_before_the_numbers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(header(100_000, 28, 28) + bytes(78_400_000), 1))

    def check(shape: tuple[int, ...]) -> None:
        raise DataError(f"found {shape}")

    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"found \(100000, 28, 28\)"):
            read_idx(path, 3, "cure", check)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_too_little_memory_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> None:
        raise MemoryError

    (tmp_path / "images").write_bytes(WHOLE)
    monkeypatch.setattr("model.data.idx._read_body", too_large)
    with pytest.raises(DataError, match="images: more than fits into memory; cure"):
        read_idx(tmp_path / "images", 3, "cure")
