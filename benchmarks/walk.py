"""The way of a plain drawing through our files, from POST to answer.

    python -m benchmarks.walk

Counts the calls of functions of app/ and model/ in their order, for a question as the page sends
it, and prints the files that they pass through. A change of file is a call of a function that
stands in another file than the one called before.
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
class Stay:
    """Functions of one file that were called one after the other."""

    file: str
    functions: list[str] = field(default_factory=list)


def walk(app: Flask) -> list[Stay]:
    """Where a plain drawing passes through, in order."""
    client = app.test_client()
    stays: list[Stay] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
        if event != "call" or not file.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            return
        if not stays or stays[-1].file != file:
            stays.append(Stay(file))
        stays[-1].functions.append(frame.f_code.co_name)

    def ask() -> int:
        question = {"data": body(), "content_type": "application/json"}
        return client.post("/api/predict", **question).status_code

    ask()  # what is done at the first request alone does not count
    sys.setprofile(note)
    try:
        status = ask()
    finally:
        sys.setprofile(None)
    assert status == 200
    return stays


def changes(stays: list[Stay], folder: str = "") -> int:
    """How often the file changes; with a folder, how often it changes to a file in there."""
    return sum(after.file.startswith(folder) for _, after in pairwise(stays))


def main() -> None:
    stays = walk(create_app())
    for stay in stays:
        print(f"{stay.file:28} {', '.join(dict.fromkeys(stay.functions))}")
    shares = ", ".join(f"{changes(stays, f'{folder}/')} into {folder}/" for folder in FOLDERS)
    files = len({stay.file for stay in stays})
    print(f"\n{changes(stays)} changes of file ({shares}) over {files} files")


if __name__ == "__main__":
    main()
