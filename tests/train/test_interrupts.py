"""train.py ends with one line at Ctrl-C, whenever it comes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import train
from model.training.epochs import run_epochs
from model.training.outputs import Output
from tests.model.training.test_trainer import started
from tests.train.runs import SCRIPT, options

NO_SECOND = "train.py: stopped by Ctrl-C; nothing was saved\n"

# A run that sends Ctrl-C to its whole group, as a terminal does, at the first call of a function.
INTERRUPTED_AT = """
import os, runpy, signal, sys
place, sys.argv = sys.argv[1], sys.argv[2:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))

def watch(frame, event, argument):
    if frame.f_code.co_qualname == place:
        sys.setprofile(None)
        os.killpg(0, signal.SIGINT)

sys.setprofile(watch)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def interrupted_at(place: str, *arguments: str) -> tuple[int, str, str]:
    """Exit status, output and errors of train.py with Ctrl-C at the first call of a function."""
    process = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, place, str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        start_new_session=True,
    )
    return process.returncode, process.stdout, process.stderr


@pytest.mark.parametrize(
    "place",
    ["read_idx", "prepare", "build", "WorkerPool.spawn", "WorkerPool._send", "_received"],
)
def test_ctrl_c_before_the_first_batch_saves_nothing(here: Path, mnist: Path, place: str) -> None:
    command = options(mnist, "--batch-size", "64", "--workers", "2", "--out", "a/a.npz")
    assert interrupted_at(place, *command)[::2] == (train.INTERRUPTED, NO_SECOND)
    assert list(here.iterdir()) == []


def test_ctrl_c_while_packages_are_imported_is_one_line(here: Path) -> None:
    for place in ("set_module", "Recipe", "Training"):  # of NumPy; two bodies of our classes
        assert interrupted_at(place, "--help") == (
            train.INTERRUPTED,
            "",
            "train.py: stopped by Ctrl-C\n",
        )


@pytest.mark.parametrize("place", ["measure", "compute_metrics"])
def test_ctrl_c_after_the_last_epoch_names_the_checkpoint(
    here: Path, mnist: Path, place: str
) -> None:
    command = options(mnist, "--epochs", "1", "--out", "a.npz")
    status, _, errors = interrupted_at(place, *command)
    assert (status, errors) == (
        train.INTERRUPTED,
        "train.py: stopped by Ctrl-C; a.npz.checkpoint is there, and the same command + --resume "
        "continues from it\n",
    )
    assert [path.name for path in here.iterdir()] == ["a.npz.checkpoint"]
    assert train.main([*command, "--resume"]) == 0


def test_ctrl_c_while_the_weights_are_written_waits(here: Path, mnist: Path) -> None:
    command = options(mnist, "--epochs", "1", "--out", "a.npz")
    assert interrupted_at("save", *command)[::2] == (0, "")
    assert {path.name for path in here.iterdir()} == {"a.npz", "a.history.json"}


def test_ctrl_c_in_the_validation_of_the_last_epoch_counts(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    training = started(epochs=1)
    finish = training.finish_epoch

    def interrupted() -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return finish()

    monkeypatch.setattr(training, "finish_epoch", interrupted)
    assert not run_epochs(training, Output(here / "a.npz").checkpoint)
    assert "Stopped, saved in" in capsys.readouterr().out


def test_what_a_killed_run_had_half_written_is_removed(here: Path, mnist: Path) -> None:
    others = [".a.npz.txt", "a.npz.12", ".b.npz.12"]
    for name in [".a.npz.12", ".a.npz.checkpoint.34", *others]:
        (here / name).touch()
    assert train.main(options(mnist, "--epochs", "1", "--out", "a.npz")) == 0
    found = {path.name for path in here.iterdir()}
    assert found == {"a.npz", "a.history.json", *others}
