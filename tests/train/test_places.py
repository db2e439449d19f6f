"""train.py with little data, on other consoles, and without what only Unix has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import train
from model.data.datasets import LEAST_IMAGES
from tests.model.training.test_trainer import made_set
from tests.strokes import ONE, ZERO
from tests.train.conftest import idx
from tests.train.runs import SCRIPT, by_writers, options, write_ink

ONLY_ON_UNIX = ["fcntl", "grp", "gunicorn", "pwd", "resource", "syslog", "termios"]
AS_ON_WINDOWS = (
    f"import signal, sys; sys.modules.update(dict.fromkeys({ONLY_ON_UNIX})); "
    "del signal.pthread_sigmask;"
)


def write_images(folder: Path, n: int) -> list[str]:
    """An MNIST of so many training images and one test image; returns the command."""
    for part, count in (("train", n), ("t10k", 1)):
        images, labels = made_set(count, seed=n)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx(images))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    return options(folder, "--epochs", "1")


@pytest.mark.parametrize("n", [1, 2, 6])
def test_too_few_images_are_refused(here: Path, capsys: pytest.CaptureFixture[str], n: int) -> None:
    assert train.main(write_images(here, n)) == 2
    assert capsys.readouterr().err == (
        f"train.py: mnist: found {n} training images, wanted 7 or more: one in 12 is for "
        "validation; add images\n"
    )


def test_as_many_images_as_are_asked_for_are_enough(here: Path) -> None:
    assert train.main(write_images(here, LEAST_IMAGES)) == 0


def test_it_is_said_how_the_drawings_are_split(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE)))
    assert train.main(options(mnist, "--epochs", "1", "--ink", ink, "--trial")) == 0
    said = capsys.readouterr().out.partition("epoch 1/1")[0]
    assert "\nto learn from: 18 digits, 0 others, by 9 writers; for validation: " in said

    mine = str(write_ink(here / "mine.jsonl", by_writers("0", ZERO)[:1] * 20))
    assert train.main(options(mnist, "--ink", mine, "--out", "mine.npz")) == 2
    said = capsys.readouterr().err
    assert said.startswith("train.py: mine.jsonl: found too few writers (to learn from: 0 digits")
    assert said.count("\n") == 1


@pytest.mark.parametrize("encoding", ["cp1251", "cp437", "ascii"])
def test_a_console_that_lacks_a_letter_gets_a_question_mark(
    here: Path, mnist: Path, encoding: str
) -> None:
    for command in (["--help"], options(mnist, "--epochs", "1", "--out", "\udcff×.npz")):
        process = subprocess.run(
            [sys.executable, str(SCRIPT), *command],
            env=os.environ | {"PYTHONIOENCODING": encoding},
            capture_output=True,
            encoding=encoding,
        )
        assert process.stderr == ""
        assert process.returncode == 0
        assert "?" in process.stdout


def test_training_measuring_and_export_need_nothing_that_windows_lacks(
    here: Path, mnist: Path
) -> None:
    data = ["--data", str(mnist)]
    uses = [
        options(mnist, "--epochs", "1", "--batch-size", "64", "--workers", "2", "--out", "a.npz"),
        ["--evaluate", "a.npz", *data],
        ["--report", "a.npz", *data],
        ["--export", "a.npz"],
    ]
    code = f"{AS_ON_WINDOWS} import train; print([train.main(use) for use in {uses!r}])"
    process = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(SCRIPT.parent)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    assert process.stdout.endswith("[0, 0, 0, 0]\n"), process.stderr
    assert {"a.npz", "a.onnx", "report"} <= {path.name for path in here.iterdir()}


def test_flask_run_needs_nothing_that_windows_lacks() -> None:
    code = (
        f"{AS_ON_WINDOWS} from app import create_app; "
        "assert create_app().test_client().get('/').status_code == 200"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPT.parent, capture_output=True, text=True
    )
    assert process.returncode == 0, process.stderr
