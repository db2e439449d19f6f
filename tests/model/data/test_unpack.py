"""Only the requested members are extracted, and only with the right size and checksum."""

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from model.data.idx import DataError
from model.data.unpack import Member, unpack

CONTENT = bytes(range(256)) * 40
GOOD = Member("gzip/wanted.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), 1)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "gzip.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("gzip/other.gz", b"not asked for")
        opened.writestr(GOOD.path, CONTENT)
    return path


def failure(archive: Path, member: Member) -> str:
    """The message of an unpacking that cannot succeed; it is one line with a cure."""
    with pytest.raises(DataError) as caught:
        unpack(archive, [member], archive.parent)
    message = str(caught.value)
    assert message.startswith(f"{archive}: ")
    assert message.endswith(
        "; delete it and run again to download it, or save a good copy under that name"
    )
    assert len(message.splitlines()) == 1
    assert not (archive.parent / member.file_name).exists()
    return message


def test_the_member_asked_for_lies_in_the_folder_and_no_other(archive: Path) -> None:
    unpack(archive, [GOOD], archive.parent)
    assert (archive.parent / "wanted.gz").read_bytes() == CONTENT
    assert {path.name for path in archive.parent.iterdir()} == {"gzip.zip", "wanted.gz"}


def test_a_zip_without_the_member_is_refused(archive: Path) -> None:
    message = failure(archive, Member("gzip/absent.gz", 1, "00", 1))
    assert f"{archive}: no gzip/absent.gz in this zip; delete" in message
    first, last = (Member(path, 1, "", 1) for path in ("gzip/a.gz", "b.gz"))
    with pytest.raises(DataError, match=r": no gzip/a\.gz, b\.gz in this zip;"):
        unpack(archive, [first, GOOD, last], archive.parent)


@pytest.mark.parametrize(
    "known",
    [Member(GOOD.path, 99_999, "0" * 64, 1), Member(GOOD.path, GOOD.size, "0" * 64, 1)],
    ids=["another size", "another sum"],
)
def test_a_member_that_we_do_not_know_is_unpacked_with_a_warning(
    archive: Path, known: Member
) -> None:
    said: list[str] = []
    unpack(archive, [known], archive.parent, said.append)
    assert (archive.parent / "wanted.gz").read_bytes() == CONTENT
    assert said == [
        f"warning: gzip/wanted.gz has 10,240 bytes with sha256 {GOOD.sha256}, wanted "
        f"{known.size:,} with {'0' * 64}; it is used if the number of its images and of each "
        "label is right"
    ]


def test_a_member_that_is_far_too_large_is_refused_before_it_is_read(archive: Path) -> None:
    message = failure(archive, Member(GOOD.path, 5_119, GOOD.sha256, 1))
    assert "gzip/wanted.gz has 10,240 bytes, wanted about 5,119; delete" in message


def test_a_member_that_we_know_is_unpacked_without_a_word(archive: Path) -> None:
    said: list[str] = []
    unpack(archive, [GOOD], archive.parent, said.append)
    assert said == []


def test_a_member_is_copied_in_chunks(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.data.unpack.CHUNK", 1_000)
    unpack(archive, [GOOD], archive.parent)
    assert (archive.parent / "wanted.gz").read_bytes() == CONTENT


def test_a_member_without_folders_keeps_its_name() -> None:
    assert Member("wanted.gz", 1, "", 1).file_name == "wanted.gz"
    assert Member("a/b/wanted.gz", 1, "", 1).file_name == "wanted.gz"


def locked(whole: bytes) -> bytes:
    """The zip with every member marked as encrypted, in its header and in the directory."""
    whole = re.sub(rb"(PK\x03\x04..)\x00", b"\\1\x01", whole, flags=re.DOTALL)
    return re.sub(rb"(PK\x01\x02....)\x00", b"\\1\x01", whole, flags=re.DOTALL)


def spoilt(whole: bytes) -> bytes:
    """The zip with a packed member whose first byte is invalid for deflate."""
    name = GOOD.path.encode()
    return re.sub(name + b".", name + b"\xff", whole, count=1, flags=re.DOTALL)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: b"<html>Moved</html>",
        lambda whole: whole[:-100],
        lambda whole: whole.replace(b"PK\1\2", b"PK\1\1"),
        spoilt,
        locked,
    ],
    ids=["empty", "a web page", "cut short", "a wrong list", "a wrong byte", "locked"],
)
def test_a_damaged_zip_is_refused(archive: Path, damage: Callable[[bytes], bytes]) -> None:
    archive.write_bytes(damage(archive.read_bytes()))
    assert re.match(
        re.escape(str(archive)) + r": not a whole zip \(.+\); del", failure(archive, GOOD)
    )
