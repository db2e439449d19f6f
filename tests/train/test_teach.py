"""train.py --from: a trained network learns a few drawings and does not forget the rest."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
import pytest

import train
from model import load
from model.data.plain_hands import random_plain_hand
from model.ink import render
from model.network import Network
from model.recipes import FINE_TUNING
from model.snapshots import fingerprint
from model.training import command_line, fine_tuning
from model.variants import build
from model.weights import save
from tests.strokes import ONE, ZERO
from tests.train.runs import SCRIPT, VEE, evaluate, write_ink

ROOT = SCRIPT.parent
TALLY = [[[10 * i, 0], [10 * i, 40]] for i in range(4)]  # a 4 as four marks, which no network knows
COMMAND = ["--from", "lenet.npz", "--ink", "mine.jsonl", "--out", "mine.npz"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe of few steps."""
    recipe = replace(FINE_TUNING, epochs=3, made_digits=300, made_outliers=100, batch_size=32)
    monkeypatch.setattr(command_line, "FINE_TUNING", recipe)
    monkeypatch.setattr(fine_tuning, "SHOWN", 200)


@pytest.fixture
def lenet(here: Path, quick: None) -> Path:
    """The shipped network beside mine.jsonl: four tallies by one writer, and a letter."""
    drawn = [{"label": "4", "writer": "me", "strokes": shaken(TALLY, seed)} for seed in range(4)]
    write_ink(here / "mine.jsonl", [*drawn, {"label": "none", "strokes": VEE}])
    return Path(copy(ROOT / "weights" / "lenet.npz", here / "lenet.npz"))


def shaken(strokes: Sequence[Any], seed: int) -> list[list[list[float]]]:
    rng = np.random.default_rng(seed)
    shaken_: list[list[list[float]]] = [
        (np.array(line) + rng.normal(0, 1, (len(line), 2))).tolist() for line in strokes
    ]
    return shaken_


def read(network: Network, drawings: Sequence[Any]) -> list[int]:
    pictures = np.array([render(strokes, network.card.frame) for strokes in drawings])
    answers: list[int] = network.predict(pictures).argmax(axis=1).tolist()
    return answers


def test_an_unusual_hand_is_learnt_and_made_digits_are_read_as_before(
    lenet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [shaken(TALLY, seed) for seed in range(100, 110)]
    rng = np.random.default_rng(7)
    usual = [random_plain_hand(rng)[1] for _ in range(300)]
    before = load(lenet)
    assert read(before, others).count(4) < 3
    assert train.main(COMMAND) == 0
    taught = load("mine.npz")
    assert read(taught, others) == [4] * 10
    same = np.equal(read(before, usual), read(taught, usual))
    assert same.mean() > 0.985
    out = capsys.readouterr().out
    assert "lenet is taught 4 digits; 1 drawings labelled as no digit are left out" in out
    assert re.search(r"your drawings: [0-3] of 4 read right before, 4 now", out)
    assert "% read as before" in out


def test_the_card_keeps_what_holds_and_names_nobody(lenet: Path) -> None:
    assert train.main([*COMMAND, "--seed", "5", "--epochs", "1"]) == 0
    before, after = load(lenet), load("mine.npz")
    old, new = before.card.to_json(), after.card.to_json()
    taught = {"base": fingerprint(before), "digits": 4, "no_digits": 0, "seed": 5}
    assert new.pop("fine_tuning") == [taught]
    measured = {"training_accuracy", "history", "validation", "metrics"}
    measured |= {"ink_validation", "ink_metrics"}
    assert new == {name: value for name, value in old.items() if name not in measured}
    assert "me" not in json.dumps(taught)
    assert not Path("mine.history.json").exists()


def test_a_second_lesson_is_added_to_the_first(lenet: Path) -> None:
    assert train.main([*COMMAND, "--epochs", "1"]) == 0
    first = load("mine.npz")
    again = ["--from", "mine.npz", "--ink", "mine.jsonl", "--out", "mine.npz", "--epochs", "1"]
    assert train.main(again) == 2  # found a file
    assert train.main([*again, "--replace"]) == 0
    rows = load("mine.npz").card.fine_tuning
    assert [row["base"] for row in rows] == [fingerprint(load(lenet)), fingerprint(first)]
    assert fingerprint(load("mine.npz.previous")) == fingerprint(first)


def test_the_file_of_from_is_replaced_only_with_replace(
    lenet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bytes_before = lenet.read_bytes()
    command = ["--from", "lenet.npz", "--ink", "mine.jsonl", "--out", "lenet.npz"]
    assert train.main(command) == 2
    assert "lenet.npz: found a file" in capsys.readouterr().err
    assert lenet.read_bytes() == bytes_before


def test_the_taught_network_is_measured_reported_and_served(
    lenet: Path, here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "served").mkdir()
    command = [*COMMAND[:-1], "served/mine.npz", "--epochs", "1"]
    assert train.main(command) == 0
    capsys.readouterr()
    assert evaluate(capsys, "served/mine.npz", "--ink", "mine.jsonl")["images"] == 4
    report = ["--report", "served/mine.npz", "--dataset", "mnist", "--data", str(mnist)]
    assert train.main([*report, "--out", "report"]) == 0
    assert "4 drawings; not measured since" in (here / "report" / "index.html").read_text()


def test_a_gate_learns_digits_and_others(here: Path, quick: None) -> None:
    gate = build("gate", seed=1)
    gate.card.threshold = 0.5
    save(gate, here / "gate.npz")
    drawn = [{"label": "0", "strokes": shaken(ZERO, seed)} for seed in range(4)]
    drawn += [{"label": "none", "strokes": shaken(VEE, seed)} for seed in range(4)]
    write_ink(here / "mine.jsonl", drawn)
    command = ["--from", "gate.npz", "--ink", "mine.jsonl", "--out", "mine.npz"]
    assert train.main([*command, "--rate", "0.002"]) == 0
    taught = load("mine.npz")
    assert (taught.card.kind, taught.card.threshold) == ("gate", 0.5)
    assert taught.card.fine_tuning[0]["no_digits"] == 4
    pictures = np.array([render(line["strokes"]) for line in drawn])
    assert ((taught.predict(pictures)[:, 0] > 0.5) == np.repeat([True, False], 4)).all()


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (["--from", "lenet.npz", "--out", "mine.npz"], "--from needs --ink"),
        (["--from", "lenet.npz", "--ink", "mine.jsonl"], "--from needs --out"),
        ([*COMMAND, "--dataset", "mnist"], "--dataset: not with --from"),
        ([*COMMAND, "--model", "lenet-32"], "--model: not with --from"),
        ([*COMMAND, "--outliers", "a.jsonl"], "--outliers: not with --from"),
        ([*COMMAND, "--ink-test", "a.jsonl"], "--ink-test: not with --from"),
        ([*COMMAND, "--evaluate", "lenet.npz"], "--evaluate: not with --from"),
        ([*COMMAND, "--no-augment", "--trial"], "--no-augment, --trial: not with --from"),
    ],
)
def test_an_option_that_does_not_go_with_from_is_refused(
    command: list[str], found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        train.main(command)
    message = capsys.readouterr().err
    assert found in message
    assert "--from lenet.npz --ink mine.jsonl --out mine.npz" in message


def test_drawings_of_no_digits_alone_are_refused_for_a_reader(
    lenet: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_ink(here / "mine.jsonl", [{"label": "none", "strokes": VEE}])
    assert train.main(COMMAND) == 2
    message = capsys.readouterr().err
    assert "found 1 drawings, all labelled as no digit, wanted digits for lenet" in message
    assert "--from weights/gate.npz" in message
    assert not Path("mine.npz").exists()


def test_a_file_of_snapshots_or_no_file_is_refused(
    lenet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main(["--from", "none.npz", *COMMAND[2:]]) == 2
    assert "none.npz: no such file" in capsys.readouterr().err
    assert not Path("mine.npz").exists()


def test_ctrl_c_leaves_nothing_half_written_and_resume_ends_with_the_same_bytes(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(ROOT / "weights" / "lenet.npz", here / "lenet.npz")
    drawn = {"0": ZERO, "1": ONE}
    write_ink(here / "mine.jsonl", [{"label": k, "strokes": s} for k, s in drawn.items()])
    quick = (
        "import sys, train; from dataclasses import replace; from model.training import "
        "command_line as c; c.FINE_TUNING = replace(c.FINE_TUNING, epochs=4, made_digits=200); "
        "sys.exit(train.main())"
    )
    command = [sys.executable, "-c", quick, *COMMAND]
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    for line in process.stdout:
        if line.startswith("epoch 1/4"):
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=120)
    assert process.returncode == train.INTERRUPTED, err
    assert "--resume continues" in out
    assert sorted(path.name for path in here.iterdir()) == [
        *("lenet.npz", "mine.jsonl", "mine.npz.checkpoint")
    ]
    resumed = subprocess.run([*command, "--resume"], capture_output=True, text=True)
    assert resumed.returncode == 0, resumed.stderr
    assert "epoch 1/4" not in resumed.stdout
    whole = [*command, "--replace"]
    kept = (here / "mine.npz").read_bytes()
    assert subprocess.run(whole, capture_output=True).returncode == 0
    assert (here / "mine.npz").read_bytes() == kept


def test_a_changed_network_or_file_is_not_resumed(
    lenet: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = fine_tuning.read_lesson(lenet, [here / "mine.jsonl"])
    recipe = replace(FINE_TUNING, epochs=3, made_digits=300)
    fine_tuning.prepare(lesson, recipe).save(here / "mine.npz.checkpoint")
    write_ink(here / "mine.jsonl", [{"label": "4", "strokes": TALLY}] * 4)
    assert train.main([*COMMAND, "--resume"]) == 2
    assert "found a run with checksum of the ink" in capsys.readouterr().err
