"""Finding the files of a data set in the layouts in which people have them.

A file may be gzipped or not. Some programs unpack `NAME.gz` into a folder `NAME` or `NAME.gz`, or
write a dot in the name. Others leave an empty file or a web page where a download failed. So all
regular files that may be the wanted one are listed, and the first one that can be read is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.idx import DataError, read_idx

Say = Callable[[str], None]  # shows one line to whoever waits


def say_nothing(line: str) -> None:
    """A Say that shows nothing."""


@dataclass(frozen=True)
class Layout:
    """The names of the four files of a data set, and where they may lie.

    names: the spellings of each file, the usual one first, in the order of Dataset's fields
    places: folders within the folder of the data; "" is this folder itself
    """

    names: Sequence[Sequence[str]]
    places: Sequence[str] = ("",)

    def find(self, folder: Path) -> list[list[Path]]:
        """The regular files that may be each of the four; the usual place and name are first."""
        return [self._candidates(folder, spellings) for spellings in self.names]

    def _candidates(self, folder: Path, spellings: Sequence[str]) -> list[Path]:
        names = [name + ending for name in spellings for ending in ("", ".gz")]
        here = [folder / place / name for place, name in product(self.places, names)]
        inside = [path / name for path, name in product(here, names)]
        return [path for path in [*here, *inside] if path.is_file()]


def read_first(
    candidates: Sequence[Path],
    dimensions: int,
    cure: str,
    folder: Path,
    say: Say,
    check: Callable[[Path, tuple[int, ...]], None] = lambda _path, _shape: None,
) -> tuple[Path, NDArray[np.uint8]]:
    """The first file that is an IDX file of so many dimensions, and its array; see `read_idx`.

    folder: the usual place
    check: raises DataError for a shape that is not wanted, before the array is read
    say: told which file is used if another one was passed over, or if it lies elsewhere
    DataError about the first of them if none is.
    """
    problems: list[DataError] = []
    for path in candidates:
        try:
            array = read_idx(path, dimensions, cure, partial(check, path))
        except DataError as problem:
            problems.append(problem)
            continue
        if problems:
            reason = str(problems[0]).removesuffix(f"; {cure}")
            say(f"{path}: used, because {reason}")
        elif path.parent != folder:
            say(f"{path}: used, because {folder} itself has no such file")
        return path, array
    raise problems[0]
