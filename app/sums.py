"""Sums of the weight files, to notice at the start that a file is not the one that was shipped.

    python app/sums.py [FOLDER]      # writes FOLDER/SHA256SUMS anew, after a training

People train their own networks, so another file is no fault: it is one line in the log. The file of
sums has the format of the program `sha256sum`, which can check it too: `sha256sum -c SHA256SUMS`.
"""

import hashlib
import logging
import re
import sys
from collections.abc import Mapping
from pathlib import Path

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
SUMS = "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64}) [ *](\S+\.npz)")
NAMED = 3  # files in the line of the log; it counts the others

log = logging.getLogger("gunicorn.error")  # to standard error, also without gunicorn


def sums_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every weight file in a folder, in hexadecimal, by its name."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.npz"))
    }


def read_sums(folder: Path) -> dict[str, str]:
    """The sums in folder/SHA256SUMS by name; none where it is not there. Other lines are left out.

    OSError if it cannot be read.
    """
    path = folder / SUMS
    if not path.exists():
        return {}
    lines = path.read_text("utf-8", "replace").splitlines()
    found = (LINE.fullmatch(line.strip()) for line in lines)
    return {match[2]: match[1] for match in found if match}


def write_sums(folder: Path) -> Path:
    """Write folder/SHA256SUMS; returns its path. OSError if it cannot be written."""
    path = folder / SUMS
    lines = [f"{digest}  {name}\n" for name, digest in sums_of(folder).items()]
    path.write_text("".join(lines), "utf-8", newline="\n")
    return path


def difference(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Which files have another sum, no sum, or are gone, in words; "" where all are the same.

    wanted, found: sums by name
    """
    changed = [name for name in found if found[name] != wanted.get(name, found[name])]
    kinds = {
        "changed": changed,
        "without a sum": [name for name in found if name not in wanted],
        "missing": [name for name in wanted if name not in found],
    }
    return ", ".join(f"{_some(names)} {kind}" for kind, names in kinds.items() if names)


def _some(names: list[str]) -> str:
    more = len(names) - NAMED
    return " ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def check_sums(folder: Path) -> None:
    """Log one line if the weight files in a folder are not those of its SHA256SUMS."""
    try:
        found = difference(read_sums(folder), sums_of(folder))
    except OSError as error:
        found = f"{SUMS} cannot be read ({error.strerror})"
    if found:
        log.warning(
            "weights in %s are not those of %s: %s. They are served. If you trained them, write "
            "new sums with: python app/sums.py %s",
            *(folder, SUMS, found, folder),
        )


if __name__ == "__main__":
    print(f"Wrote {write_sums(Path(sys.argv[1]) if sys.argv[1:] else WEIGHTS)}")
