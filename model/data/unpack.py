"""Extracting a few files from a large zip, each compared with its SHA-256 sum.

A file gets its name only when it is complete; until then it is `NAME.part`.
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
from model.data.layouts import Say, say_nothing

# What zipfile raises for damaged and encrypted archives and for unusual compression.
ZIP_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, RuntimeError, ValueError, OverflowError),
)
MOST_TIMES_LARGER = 2  # the same images, packed anew


@dataclass(frozen=True)
class Member:
    """A file of a data set, as we know it.

    path: in its zip, or on its server; size: in bytes; sha256: in hexadecimal
    items: how many images or labels it holds
    """

    path: str
    size: int
    sha256: str
    items: int

    @property
    def file_name(self) -> str:
        """Its name without the zip's folders."""
        return self.path.rpartition("/")[2]


def unpack(archive: Path, members: Sequence[Member], folder: Path, say: Say = say_nothing) -> None:
    """Extract the members into the folder, without the zip's own folders.

    say: told that a member has another size or sum, since the publisher may pack the same images
        anew. So the caller must check the content.
    DataError if the archive is no zip, lacks a member, or one is MOST_TIMES_LARGER than we know it.
    """
    cure = "delete it and run again to download it, or save a good copy under that name"
    try:
        with zipfile.ZipFile(archive) as opened:
            missing = [m.path for m in members if m.path not in opened.namelist()]
            if missing:
                raise DataError(f"{archive}: no {', '.join(missing)} in this zip; {cure}")
            for member in members:
                size = opened.getinfo(member.path).file_size
                if size > MOST_TIMES_LARGER * member.size:
                    raise DataError(
                        f"{archive}: {member.path} has {size:,} bytes, wanted about "
                        f"{member.size:,}; {cure}"
                    )
                _extract(opened, member, folder, say)
    except DataError:
        raise
    except ZIP_DAMAGE as problem:
        raise DataError(f"{archive}: not a whole zip ({problem}); {cure}") from None


def _extract(opened: zipfile.ZipFile, member: Member, folder: Path, say: Say) -> None:
    part = folder / f"{member.file_name}.part"
    digest = hashlib.sha256()
    with opened.open(member.path) as source, part.open("wb") as copy:
        while piece := source.read(CHUNK):
            digest.update(piece)
            copy.write(piece)
    if digest.hexdigest() != member.sha256:
        say(
            f"warning: {member.path} has {part.stat().st_size:,} bytes with sha256 "
            f"{digest.hexdigest()}, wanted {member.size:,} with {member.sha256}; it is used if "
            "the number of its images and of each label is right"
        )
    part.replace(folder / member.file_name)
