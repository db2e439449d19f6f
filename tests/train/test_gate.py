"""train.py --model gate: what it learns, what its card says, and how it is measured."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import train
from model import load
from model.variants import build
from model.weights import save
from tests.strokes import ONE, ZERO
from tests.train.runs import VEE, by_writers, evaluate, options, write_ink

CROSS = [[[0, 0], [9, 9]], [[9, 0], [0, 9]]]


def others(label: str, strokes: object) -> dict[str, object]:
    return {"label": label, "writer": "other", "strokes": strokes}


@pytest.fixture
def files(here: Path) -> list[str]:
    """Digits and letters of ten writers, and of another one for the test."""
    digits = by_writers("0", ZERO) + by_writers("1", ONE)
    letters = by_writers("V", VEE) + by_writers("x", CROSS)
    test = [others("0", ZERO), others("1", ONE)]
    no_digits = [others("V", VEE), others("x", CROSS), others("o", ZERO)]
    return [
        *("--ink", str(write_ink(here / "digits.jsonl", digits))),
        *("--ink-test", str(write_ink(here / "digits-test.jsonl", test))),
        *("--outliers", str(write_ink(here / "letters.jsonl", letters))),
        *("--outliers-test", str(write_ink(here / "letters-test.jsonl", no_digits))),
    ]


def test_a_gate_is_trained_calibrated_and_measured(
    here: Path, mnist: Path, files: list[str], few_made: None, capsys: pytest.CaptureFixture[str]
) -> None:
    command = options(mnist, "--model", "gate", "--epochs", "4", "--workers", "2", *files)
    assert train.main(command) == 0
    gate = here / "weights" / "gate.npz"
    said = capsys.readouterr().out
    assert "gate: 43,661 parameters" in said
    assert "area under the ROC curve" in said
    card = load(gate).card
    assert (card.model, card.kind, card.frame, card.dataset) == ("gate", "gate", "mnist", "mnist")
    assert card.threshold is not None
    assert 0 < card.threshold < 1
    assert card.temperature == 1
    assert (card.training_accuracy, card.metrics, card.validation) == (None, None, None)
    assert card.ink is not None
    counts = {name: value for name, value in card.ink.items() if name != "sha256"}
    assert counts == {
        **{"digits": 18, "no_digits": 18, "writers": 9},
        **{"validation_digits": 2, "validation_no_digits": 2, "validation_writers": 1},
    }
    assert len(card.ink["sha256"]) == 2
    assert [row["epoch"] for row in card.history] == [1, 2, 3, 4]
    assert card.history[-1]["loss"] < card.history[0]["loss"]
    assert 0.5 < card.history[-1]["accuracy"] <= 1
    assert 0.5 < card.history[-1]["validation_accuracy"] <= 1
    for measured, images, no_digits, look_alikes in (
        (card.ink_validation, 2, 2, 0),
        (card.ink_metrics, 2, 2, 1),
    ):
        assert measured is not None
        assert measured["images"] == images
        assert {"accepted", "rejected", "auroc", "scribbles"} <= measured.keys()
        assert measured["no_digits"]["drawings"] == no_digits
        assert measured["look_alikes"]["drawings"] == look_alikes
        assert "accuracy" not in measured
        assert measured["auroc"] == 1, "it should know the few drawings that it has learnt"

    found = evaluate(capsys, str(gate), "--ink", files[3], files[7])
    assert {name: found[name] for name in card.ink_metrics or {}} == card.ink_metrics
    on_images = evaluate(capsys, str(gate), "--data", str(mnist))
    assert (on_images["model"], on_images["images"]) == ("gate", 40)
    assert on_images["accepted"] > 0.7


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_evaluating_a_reader_on_ink_asks_the_gate_beside_it(
    here: Path, trained: Path, threshold: float, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = str(write_ink(here / "a.jsonl", [others("0", ZERO), others("1", ONE)]))
    without = evaluate(capsys, str(trained), "--ink", ink)
    assert without["accepted"] == 1
    network = build("gate", seed=1)
    network.card.threshold = threshold
    save(network, here / "gate.npz")
    found = evaluate(capsys, str(trained), "--ink", ink)
    assert found["accepted"] == (0 if threshold else 1)
    assert found["accuracy"] == without["accuracy"] == 1


def test_without_a_gate_beside_the_weights_the_one_in_weights_is_asked(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = str(write_ink(here / "a.jsonl", [others("0", ZERO)]))
    network = build("gate", seed=1)
    network.card.threshold = 1.0
    save(network, here / "weights" / "gate.npz")
    assert evaluate(capsys, str(trained), "--ink", ink)["accepted"] == 0
    network.card.threshold = 0.0
    save(network, here / "gate.npz")
    assert evaluate(capsys, str(trained), "--ink", ink)["accepted"] == 1


def test_a_reader_in_the_place_of_the_gate_is_refused_in_one_line(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(trained, here / "gate.npz")
    ink = str(write_ink(here / "a.jsonl", [others("0", ZERO)]))
    assert train.main(["--evaluate", str(trained), "--ink", ink]) == 2
    said = capsys.readouterr().err
    assert "gate.npz: found lenet, a reader, wanted a gate" in said
    assert said.count("\n") == 1


def test_readers_do_not_learn_from_what_the_gate_turns_away(
    here: Path, mnist: Path, files: list[str], few_made: None
) -> None:
    command = options(mnist, "--epochs", "1", *files[:4])
    assert train.main(command) == 0
    network = load("weights/lenet.npz")
    assert network.card.kind == "reader"
    assert network.card.threshold is None
    assert network.card.ink is not None
    assert network.card.ink["no_digits"] == 0
    assert np.allclose(network.predict(np.zeros((2, 28, 28), np.float32)).sum(axis=1), 1)
