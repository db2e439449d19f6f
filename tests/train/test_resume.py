"""Interrupted runs of train.py are continued or refused."""

import gzip
import signal
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

import train
from model.data.datasets import load_images
from model.data.splits import read_drawings
from model.training.command_line import parse, recipe_of
from tests.strokes import ONE, ZERO
from tests.train.runs import SCRIPT, VEE, by_writers, options, write_ink


def checkpointed(path: Path, arguments: list[str]) -> list[str]:
    """Leave the checkpoint of a run that has just begun; returns its arguments."""
    args = parse(arguments)
    dataset = load_images(args.dataset, args.data)
    drawings = read_drawings(train.ink_files(args), args.fold) if args.ink else None
    train.prepare(args, recipe_of(args), dataset, drawings).save(path)
    return arguments


@pytest.fixture
def unfinished(here: Path, mnist: Path) -> list[str]:
    """The command of an unfinished run beside weights/gate.npz, with its own files in data/."""
    copytree(mnist, here / "data")
    write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE))
    write_ink(here / "letters.jsonl", by_writers("V", VEE))
    files = ["--model", "gate", "--ink", "digits.jsonl", "--outliers", "letters.jsonl"]
    command = options(here / "data", "--epochs", "1", "--trial", *files)
    return checkpointed(here / "weights" / "gate.npz.checkpoint", command)


def test_ctrl_c_saves_and_resume_ends_with_the_same_bytes(here: Path, mnist: Path) -> None:
    command = [sys.executable, str(SCRIPT), *options(mnist, "--epochs", "20", "--no-augment")]
    whole = subprocess.run([*command, "--out", "whole.npz"], capture_output=True, text=True)
    assert whole.returncode == 0, whole.stderr

    process = subprocess.Popen(
        [*command, "--out", "cut.npz"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    for line in process.stdout:
        if line.startswith("epoch 3/"):
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=60)
    assert process.returncode == train.INTERRUPTED, err
    assert "--resume continues" in out
    assert "Traceback" not in err
    assert not (here / "cut.npz").exists()

    resumed = subprocess.run(
        [*command, "--out", "cut.npz", "--resume"], capture_output=True, text=True
    )
    assert resumed.returncode == 0, resumed.stderr
    assert "epoch 1/20" not in resumed.stdout
    assert (here / "cut.npz").read_bytes() == (here / "whole.npz").read_bytes()
    assert (here / "cut.history.json").read_bytes() == (here / "whole.history.json").read_bytes()


def test_the_same_command_resumes_and_so_do_options_for_after_the_training(
    here: Path, unfinished: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "run_epochs", lambda training, checkpoint: False)
    assert train.main([*unfinished, "--resume"]) == train.INTERRUPTED
    without_trial = [option for option in unfinished if option != "--trial"]
    assert train.main([*without_trial, "--resume", "--workers", "2"]) == train.INTERRUPTED
    write_ink(here / "others.jsonl", [{"label": "1", "writer": "other", "strokes": ONE}])
    with_test = [*without_trial, "--ink-test", "others.jsonl"]
    assert train.main([*with_test, "--resume"]) == train.INTERRUPTED


OTHER_OPTIONS = [
    (["--fold", "2"], "fold 1"),
    (["--epochs", "3"], "epochs 1"),
    (["--batch-size", "32"], "batch_size 16"),
    (["--seed", "7"], "seed 1998"),
    (["--optimizer", "momentum"], "optimizer adam"),
    (["--schedule", "constant"], "schedule warm-cosine"),
    (["--rate", "0.004"], "rate 0.005"),
    (["--weight-decay", "0.02"], "weight_decay 0.01"),
    (["--no-augment"], "augment True"),
]
# What these read is compared, whatever the files are called.
FILES = ["--dataset", "--data", "--frame", "--transposed", "--ink", "--outliers"]
# See the tests of readers below, and test_teach.
OF_READERS = ["--model", "--snapshots", "--quick", "--from"]
WITHOUT_EFFECT = [  # on the bytes of a checkpoint
    *("--workers", "--resume", "--replace", "--trial", "--ink-test", "--outliers-test"),
    *("--evaluate", "--json", "--without", "--report", "--export"),
]


def test_of_every_option_it_is_known_whether_it_changes_the_run() -> None:
    names = {"from" if name == "base" else name for name in vars(parse([]))}
    compared = {more[0] for more, _ in OTHER_OPTIONS}
    known = {*compared, *FILES, *OF_READERS, *WITHOUT_EFFECT, "--out"}
    assert {f"--{name.replace('_', '-')}" for name in names} == known


@pytest.mark.parametrize(("more", "named"), OTHER_OPTIONS)
def test_resuming_with_another_option_is_refused_by_its_name(
    unfinished: list[str], capsys: pytest.CaptureFixture[str], more: list[str], named: str
) -> None:
    assert train.main([*unfinished, *more, "--resume"]) == 2
    message = capsys.readouterr().err
    assert f"weights/gate.npz.checkpoint: found a run with {named}" in message
    assert "give the same options and files as before" in message


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--model", "lenet-32", "--out", "weights/lenet.npz"], "model lenet"),
        (["--snapshots"], "snapshots False"),
        (["--quick", "--out", "weights/lenet.npz"], "groups False"),
    ],
)
def test_resuming_another_network_or_now_with_snapshots_is_refused(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str], more: list[str], named: str
) -> None:
    command = options(mnist, "--epochs", "1", "--trial")
    checkpointed(here / "weights" / "lenet.npz.checkpoint", command)
    assert train.main([*command, *more, "--resume"]) == 2
    said = capsys.readouterr().err
    assert f"weights/lenet.npz.checkpoint: found a run with {named}" in said


def test_resuming_with_a_changed_file_is_refused_by_its_name(
    here: Path, mnist: Path, unfinished: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    labels = here / "data" / "train-labels-idx1-ubyte.gz"
    original = labels.read_bytes()
    changed = bytearray(gzip.decompress(original))
    changed[-1] ^= 1
    labels.write_bytes(gzip.compress(changed))
    assert train.main([*unfinished, "--resume"]) == 2
    assert "found a run with checksum of the labels" in capsys.readouterr().err

    labels.write_bytes(original)
    write_ink(here / "digits.jsonl", by_writers("1", ONE) + by_writers("0", ZERO))
    assert train.main([*unfinished, "--resume"]) == 2
    assert "found a run with checksum of the ink" in capsys.readouterr().err

    write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE))
    write_ink(here / "letters.jsonl", by_writers("W", VEE))
    assert train.main([*unfinished, "--resume"]) == 2
    assert "found a run with checksum of the outliers" in capsys.readouterr().err


def test_starting_anew_keeps_every_unfinished_run(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, days in (("", b"one"), ("-2", b"two")):
        (here / "lenet.npz.checkpoint").write_bytes(days)
        command = options(mnist, "--epochs", "1", "--out", "lenet.npz", "--replace")
        assert train.main(command) == 0
        kept = f"lenet.npz.checkpoint.previous{name}"
        assert f"It is now {kept}." in capsys.readouterr().out
        assert (here / kept).read_bytes() == days
