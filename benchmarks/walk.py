"""The path of a plain drawing through our files, from POST to answer.

    python -m benchmarks.walk

It records the calls of functions of app/ and model/ in their order, for a question as the page
sends it, and prints the files of these functions. A change of file is a call of a function in
another file than the function called before.
"""

import sys
from dataclasses import dataclass, field
from itertools import pairwise
from types import FrameType
from typing import Any

from flask import Flask

from app import create_app
from benchmarks.common import ROOT
from benchmarks.drawing import body

FOLDERS = ("app", "model")


@dataclass
class Visit:
    """A run of calls of functions in one file."""

    file: str
    functions: list[str] = field(default_factory=list)


def walk(app: Flask) -> list[Visit]:
    """The files and functions that a plain drawing passes through, in order."""
    client = app.test_client()
    visits: list[Visit] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
        if event != "call" or not file.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            return
        if not visits or visits[-1].file != file:
            visits.append(Visit(file))
        visits[-1].functions.append(frame.f_code.co_name)

    def ask() -> int:
        question = {"data": body(), "content_type": "application/json"}
        return client.post("/api/predict", **question).status_code

    ask()  # unmeasured: the first request also sets things up
    sys.setprofile(note)
    try:
        status = ask()
    finally:
        sys.setprofile(None)
    assert status == 200
    return visits


def changes(visits: list[Visit], folder: str = "") -> int:
    """How often the file changes; with a folder, only changes to a file in it are counted."""
    return sum(after.file.startswith(folder) for _, after in pairwise(visits))


def to_probabilities(visits: list[Visit]) -> list[Visit]:
    """The part of the path up to the last call in model/nn/heads.py, for the probabilities."""
    heads = [number for number, visit in enumerate(visits) if visit.file == "model/nn/heads.py"]
    return visits[: heads[-1] + 1]


def main() -> None:
    visits = walk(create_app())
    for visit in visits:
        print(f"{visit.file:28} {', '.join(dict.fromkeys(visit.functions))}")
    by_folder = ", ".join(f"{changes(visits, f'{folder}/')} into {folder}/" for folder in FOLDERS)
    files = len({visit.file for visit in visits})
    print(f"\n{changes(visits)} changes of file ({by_folder}) over {files} files")
    print(f"{changes(to_probabilities(visits))} of them until the probabilities are known")


if __name__ == "__main__":
    main()
