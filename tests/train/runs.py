"""Commands of train.py and files for them."""

import json
from pathlib import Path
from typing import Any

import pytest

import train

SCRIPT = Path(train.__file__)
VEE = [[[0, 0], [5, 9], [9, 0]]]


def options(mnist: Path, *more: str) -> list[str]:
    known = ["--dataset", "mnist", "--data", str(mnist), "--epochs", "2", "--batch-size", "16"]
    return [*known, "--rate", "0.005", *more]


def evaluate(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert train.main(["--evaluate", *arguments, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def write_ink(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def by_writers(label: str, strokes: Any) -> list[dict[str, Any]]:
    names = [f"writer-{number}" for number in range(10)]
    return [{"label": label, "writer": name, "strokes": strokes} for name in names]
