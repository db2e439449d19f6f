"""The table of `make mutants`: files to change, their tests, and accepted survivors."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROOMS = Path(__file__).parent / "rooms.toml"
ACCEPTED = Path(__file__).parent / "accepted.toml"


@dataclass(frozen=True)
class Room:
    """A part of the program and its tests; all paths are relative to the repository."""

    name: str
    files: list[Path]
    tests: list[Path]

    def tests_of(self, file: Path) -> list[Path]:
        """All tests of the room; those named after the file run first: they fail soonest."""
        return sorted(self.tests, key=lambda test: (file.stem not in test.stem, test))


@dataclass(frozen=True)
class Accepted:
    """A mutant without effect, and the reason."""

    file: str
    line: str
    mutant: str
    reason: str


def read_rooms(path: Path = ROOMS, root: Path = ROOT) -> dict[str, Room]:
    """Every room of the table by its name."""
    table = tomllib.loads(path.read_text())
    return {
        name: Room(name, _found(entry["files"], root), _found(entry["tests"], root))
        for name, entry in table.items()
    }


def read_accepted(path: Path = ACCEPTED) -> list[Accepted]:
    """Every accepted survivor. TypeError if an entry lacks a field or has an unknown one."""
    return [Accepted(**entry) for entry in tomllib.loads(path.read_text()).get("accepted", [])]


def is_accepted(diff: str, file: str, accepted: list[Accepted]) -> bool:
    """Whether a unified diff of one file changes exactly one line, as an accepted survivor does."""
    changed = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in HEADS]
    removed = [line[1:].strip() for line in changed if line.startswith("-")]
    added = [line[1:].strip() for line in changed if line.startswith("+")]
    return any(
        (file, removed, added) == (entry.file, [entry.line.strip()], [entry.mutant.strip()])
        for entry in accepted
    )


HEADS = {"---", "+++"}


def _found(patterns: list[str], root: Path) -> list[Path]:
    paths = (path for pattern in patterns for path in root.glob(pattern))
    return sorted(path.relative_to(root) for path in paths)
