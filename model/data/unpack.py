"""Extracting a few files from a large zip, each checked by its SHA-256 sum.

A file gets its name only when it is complete and checked; until then it is `NAME.part`.
"""

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.data.idx import CHUNK, DataError

# What zipfile raises for damaged and encrypted archives and for unusual compression.
ZIP_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, RuntimeError, ValueError, OverflowError),
)


@dataclass(frozen=True)
class Member:
    """A file in a zip: its path there, its size in bytes, its SHA-256 sum in hexadecimal."""

    path: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """Its name without the zip's folders."""
        return self.path.rpartition("/")[2]


def unpack(archive: Path, members: Sequence[Member], folder: Path) -> None:
    """Extract the members into the folder, without the zip's own folders.

    DataError if the archive is no zip, lacks a member, or a member has another size or sum.
    """
    cure = "delete it and run again to download it, or save a good copy under that name"
    try:
        with zipfile.ZipFile(archive) as opened:
            missing = [m.path for m in members if m.path not in opened.namelist()]
            if missing:
                raise DataError(f"{archive}: no {', '.join(missing)} in this zip; {cure}")
            for member in members:
                _extract(opened, member, folder, f"{archive}: {member.path}", cure)
    except DataError:
        raise
    except ZIP_DAMAGE as problem:
        raise DataError(f"{archive}: not a whole zip ({problem}); {cure}") from None


def _extract(opened: zipfile.ZipFile, member: Member, folder: Path, place: str, cure: str) -> None:
    size = opened.getinfo(member.path).file_size
    if size != member.size:
        raise DataError(f"{place} has {size:,} bytes, wanted {member.size:,}; {cure}")
    part = folder / f"{member.file_name}.part"
    digest = hashlib.sha256()
    with opened.open(member.path) as source, part.open("wb") as copy:
        while piece := source.read(CHUNK):
            digest.update(piece)
            copy.write(piece)
    if digest.hexdigest() != member.sha256:
        part.unlink()
        raise DataError(f"{place} has sha256 {digest.hexdigest()}, wanted {member.sha256}; {cure}")
    part.replace(folder / member.file_name)
