"""train.py and the files that it writes: none is shared, none is lost."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import train
from tests.train.runs import SCRIPT, options


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
    assert "saved in seed2/lenet.npz.checkpoint" in said
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
    assert train.main(["--dataset", "mnist", "--data", "nowhere", "--out", out]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"train.py: {out}: ")
    assert said.count("\n") == 1
