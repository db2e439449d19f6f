"""A checkpoint that is damaged, or changed by hand, is refused in one line."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import train
from model.array_file import load_arrays, save_arrays
from model.data.datasets import load_images
from model.training.command_line import parse, recipe_of
from model.types import Arrays
from tests.model.training.test_trainer import run_steps
from tests.train.runs import options

Change = Callable[[Arrays, dict[str, Any]], Any]


@pytest.fixture
def command(here: Path, mnist: Path) -> list[str]:
    """The command of a run that was stopped in its second epoch."""
    command = options(mnist, "--out", "a.npz")
    args = parse(command)
    training = train.prepare(args, recipe_of(args), load_images(args.dataset, args.data))
    run_steps(training, training.steps_per_epoch + 2).save(here / "a.npz.checkpoint")
    return [*command, "--resume"]


def state(*path: str, value: Any) -> Change:
    """Put a value into the state, or into a part of it."""

    def change(_: Arrays, card: dict[str, Any]) -> None:
        part = card
        for key in ("state", *path)[:-1]:
            part = part[key]
        part[("state", *path)[-1]] = value

    return change


def array(name: str, value: Any) -> Change:
    return lambda arrays, _: arrays.update({name: value})


CHANGES: dict[str, Change] = {
    "no state": lambda _, card: card.pop("state"),
    "a state that is a list": state(value=[]),
    "no progress": state("progress", value=None),
    "an epoch that is a text": state("progress", "epoch", value="1"),
    "an epoch that is true": state("progress", "epoch", value=True),
    "an epoch before the first": state("progress", "epoch", value=-1),
    "an epoch after the last": state("progress", "epoch", value=3),
    "a step after the last": state("progress", "step", value=10**9),
    "half a step": state("progress", "step", value=0.5),
    "no means": state("progress", "epoch_means", value={}),
    "means of no examples": state("progress", "epoch_means", "examples", value=0),
    "a loss that is no number": state("progress", "epoch_means", "loss_sum", value=float("nan")),
    "an infinite loss": state("progress", "interval_means", "loss_sum", value=float("inf")),
    "no row of history": state("history", value=[]),
    "a history that is a number": state("history", value=7),
    "a row without loss": state("history", value=[{"epoch": 1}]),
    "a short point of the curve": state("curve", value=[[1, 0.5]]),
    "a curve of words": state("curve", value=["abc"]),
    "an identity that is a list": lambda _, card: card.update(identity=[]),
    "no identity": lambda _, card: card.pop("identity"),
    "more in the identity": lambda _, card: card["identity"].update(teacher="lenet-32"),
    "a missing layer": lambda arrays, _: arrays.pop("network.c3.weight"),
    "a layer of another network": array("network.c9.weight", np.zeros(3, np.float32)),
    "a layer of another shape": array("network.c1.bias", np.zeros(7, np.float32)),
    "a layer of another type": array("network.c1.bias", np.zeros(6)),
    "a layer that is not finite": array("network.c1.bias", np.full(6, np.nan, np.float32)),
    "half an optimizer": lambda arrays, _: arrays.pop("optimizer.squares.all.bias"),
    "no optimizer": lambda arrays, _: [
        arrays.pop(name) for name in list(arrays) if name.startswith("optimizer")
    ],
    "an optimizer of other steps": array("optimizer.steps", np.array([-1.0])),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_checkpoint_is_refused(
    here: Path, command: list[str], capsys: pytest.CaptureFixture[str], change: Change
) -> None:
    checkpoint = here / "a.npz.checkpoint"
    arrays, card = load_arrays(checkpoint)
    change(arrays, card)
    save_arrays(checkpoint, arrays, card)
    refused(command, capsys)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[100:],
        lambda whole: b"<html>Not found</html>",
        gzip.compress,
        lambda whole: whole.replace(b"PK\1\2", b"PK\1\3", 1),
        lambda whole: whole[:5_000] + bytes([whole[5_000] ^ 1]) + whole[5_001:],
    ],
)
def test_a_damaged_checkpoint_is_refused(
    here: Path,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[bytes], bytes],
) -> None:
    checkpoint = here / "a.npz.checkpoint"
    checkpoint.write_bytes(damage(checkpoint.read_bytes()))
    refused(command, capsys)


def test_a_folder_in_its_place_is_refused(
    here: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.npz.checkpoint").unlink()
    (here / "a.npz.checkpoint").mkdir()
    refused(command, capsys)


def test_an_unchanged_one_is_not_refused(here: Path, command: list[str]) -> None:
    save_arrays(here / "a.npz.checkpoint", *load_arrays(here / "a.npz.checkpoint"))
    assert train.main(command) == 0


def refused(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(command) == 2
    said = capsys.readouterr().err
    assert said.startswith("train.py: a.npz.checkpoint: ")
    assert said.count("\n") == 1
    assert len(said) < 1_000
