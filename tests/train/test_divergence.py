"""train.py where the learning rate is far too high."""

import subprocess
import sys
from pathlib import Path

import pytest

import train
from model.data.datasets import load_images
from model.training.command_line import parse, recipe_of
from tests.train.runs import SCRIPT, options


@pytest.mark.parametrize("more", [["1e30"], ["1e9"], ["1e300", "--workers", "2"]])
def test_a_run_that_diverges_ends_with_one_line_and_writes_nothing(
    here: Path, mnist: Path, more: list[str]
) -> None:
    sgd = ["--optimizer", "sgd", "--batch-size", "64", "--epochs", "1"]
    command = options(mnist, *sgd, "--rate", *more)
    process = subprocess.run(
        [sys.executable, str(SCRIPT), *command], capture_output=True, text=True
    )
    assert process.returncode == 2
    assert process.stderr.startswith("train.py: epoch ")
    assert "the training diverges: try a --rate below" in process.stderr
    assert process.stderr.endswith("; nothing was saved\n")
    assert process.stderr.count("\n") == 1
    assert list(here.iterdir()) == []


def test_a_rate_of_a_thousand_is_noticed_too(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main(options(mnist, "--rate", "1000", "--epochs", "20")) == 2
    said = capsys.readouterr().err
    assert "the training diverges: try a --rate below 1000; " in said
    assert said.count("\n") == 1
    assert not (here / "weights" / "lenet.npz").exists()


def test_a_resumed_run_that_diverges_leaves_its_checkpoint_and_says_so(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = options(mnist, "--out", "a.npz")
    args = parse(command)
    training = train.prepare(args, recipe_of(args), load_images(args.dataset, args.data))
    for _ in training.batches():
        pass
    training.finish_epoch()
    for parameters in training.parameters.values():
        parameters *= 1e30
    checkpoint = here / "a.npz.checkpoint"
    training.save(checkpoint)
    saved = checkpoint.read_bytes()
    assert train.main([*command, "--resume"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("train.py: epoch 2, step 1: found loss ")
    assert "a.npz.checkpoint is as before, but would diverge again with --resume" in said
    assert said.count("\n") == 1
    assert checkpoint.read_bytes() == saved
