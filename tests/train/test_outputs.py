"""train.py and the files that it writes: none is shared, none is lost."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import train
from model import load
from model.training.outputs import describe
from tests.train.runs import SCRIPT, options


def test_weights_are_replaced_only_if_that_is_asked_for(
    here: Path, trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original, found = trained.read_bytes(), load(trained).card.metrics
    assert found
    for more in ([], ["--resume"], ["--trial"]):
        command = [
            "--dataset",
            "idx",
            "--frame",
            "mnist",
            "--data",
            "nowhere",
            "--out",
            "lenet.npz",
            *more,
        ]
        assert train.main(command) == 2
        said = capsys.readouterr().err
        assert said.startswith("train.py: lenet.npz: found a file (lenet, ")
        assert f"{found['accuracy']:.2%} of 40 test images of mnist" in said
        assert "add --replace" in said
        assert "--out" in said
        assert said.count("\n") == 1
    assert trained.read_bytes() == original
    assert not (here / "lenet.npz.previous").exists()


def test_what_was_there_is_kept_and_compared(
    here: Path, trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, steps = trained.read_bytes(), (here / "lenet.history.json").read_bytes()
    command = options(mnist, "--epochs", "1", "--out", "lenet.npz", "--trial", "--replace")
    assert train.main(command) == 0
    second = trained.read_bytes()
    said = capsys.readouterr().out
    before, now = describe(here / "lenet.npz.previous"), describe(trained)
    assert before != now
    announced = f"lenet.npz ({before}) is replaced at the end, and kept as lenet.npz.previous\n"
    assert announced in said.partition("epoch 1/1")[0]
    assert said.endswith(f"before: {before}; kept as lenet.npz.previous\nnow: {now}\n")
    assert train.main(command) == 0
    kept = [(here / f"lenet.npz.previous{ending}").read_bytes() for ending in ("", "-2")]
    assert kept == [first, second]
    assert (here / "lenet.npz.previous-history.json").read_bytes() == steps


def test_a_run_that_is_stopped_leaves_what_was_there(
    here: Path, trained: Path, mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = trained.read_bytes()
    command = options(mnist, "--out", "lenet.npz", "--replace", "--seed", "3")
    with monkeypatch.context() as stopped:
        stopped.setattr(train, "run_epochs", lambda training, path: training.save(path))
        assert train.main(command) == train.INTERRUPTED
    assert trained.read_bytes() == original
    assert train.main([*command, "--resume"]) == 0
    assert (here / "lenet.npz.previous").read_bytes() == original
    assert trained.read_bytes() != original


def test_two_outputs_of_one_name_share_nothing(
    here: Path, mnist: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as stopped:
        stopped.setattr(train, "run_epochs", lambda training, path: training.save(path))
        for seed in "12":
            command = options(mnist, "--seed", seed, "--out", f"seed{seed}/lenet.npz")
            assert train.main(command) == train.INTERRUPTED
    said = capsys.readouterr().out
    assert "An unfinished run was there" not in said
    assert sorted(here.rglob("*.checkpoint")) == [
        here / f"seed{seed}" / "lenet.npz.checkpoint" for seed in "12"
    ]
    command = options(mnist, "--seed", "1", "--out", "seed1/lenet.npz", "--resume")
    assert train.main(command) == 0


def test_a_name_without_npz_leaves_its_neighbours_as_they_are(here: Path, mnist: Path) -> None:
    assert train.main(options(mnist, "--epochs", "1", "--out", "lenet.npz")) == 0
    files = {path: path.read_bytes() for path in here.iterdir()}
    for name in ("lenet.v2", "lenet"):
        assert train.main(options(mnist, "--epochs", "1", "--seed", "9", "--out", name)) == 0
        assert (here / name).is_file()
        assert (here / f"{name}-history.json").is_file()
    assert {path: path.read_bytes() for path in files} == files


def test_a_second_run_into_one_output_is_refused_until_the_first_has_ended(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = options(mnist, "--epochs", "500", "--out", "one.npz")
    first = subprocess.Popen([sys.executable, str(SCRIPT), *command], stdout=subprocess.PIPE)
    assert first.stdout
    first.stdout.readline()
    assert train.main(options(mnist, "--out", "one.npz")) == 2
    said = capsys.readouterr()
    assert f"one.npz.lock: found a training by process {first.pid}" in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert (here / "one.npz.lock").exists()
    assert train.main(options(mnist, "--out", "one.npz")) == 0
    assert not (here / "one.npz.lock").exists()


@pytest.mark.parametrize("out", ["folder", "file/a.npz"])
def test_the_place_is_looked_at_before_anything_else(
    here: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    (here / "folder").mkdir()
    (here / "file").touch()
    assert (
        train.main(["--dataset", "idx", "--frame", "mnist", "--data", "nowhere", "--out", out]) == 2
    )
    said = capsys.readouterr().err
    assert said.startswith(f"train.py: {out}: ")
    assert said.count("\n") == 1
