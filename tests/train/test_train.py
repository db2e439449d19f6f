"""The commands of train.py, on a made set in a temporary folder."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx.reference
import pytest

import train
from model import load
from model.recipes import QUICK
from model.variants import build
from model.weights import save
from tests.made import amend
from tests.model.training.test_trainer import made_set
from tests.train.runs import SCRIPT, evaluate, options


def test_training_writes_weights_with_a_full_card_and_prints_the_metrics(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main(options(mnist, "--seed", "5")) == 0
    card = load("weights/lenet.npz").card.to_json()
    assert card["dataset"] == "mnist"
    assert card["frame"] == "mnist"
    assert (card["seed"], card["epochs"]) == (5, 2)
    assert card["training_images"] + card["validation"]["images"] == 120
    assert card["metrics"]["images"] == 40
    assert card["metrics"]["accuracy"] > 0.9
    assert len(card["metrics"]["per_digit"]) == len(card["metrics"]["confusion"]) == 10
    assert 0.5 < card["training_accuracy"] <= 1
    history = json.loads((here / "weights/lenet.history.json").read_text())
    assert [row["epoch"] for row in history["epochs"]] == [1, 2]
    assert history["steps"][-1][0] == 2 * history["steps_per_epoch"]
    printed = capsys.readouterr().out
    assert "lenet: 44,426 parameters" in printed
    assert "images/s" in printed
    assert f"{card['metrics']['accuracy']:.2%} of 40 digits read correctly" in printed
    assert f"training images: {card['training_accuracy']:.2%} read correctly" in printed
    assert "95 % interval" in printed
    assert "F1" in printed
    written = sorted(path.name for path in here.rglob("*") if path.is_file())
    assert written == ["lenet.history.json", "lenet.npz"]


def test_the_same_command_gives_the_same_bytes(here: Path, mnist: Path) -> None:
    for out in ("a.npz", "b.npz"):
        assert train.main(options(mnist, "--out", out)) == 0
    assert (here / "a.npz").read_bytes() == (here / "b.npz").read_bytes()


def test_evaluating_gives_the_metrics_of_the_training_as_one_json_object(
    trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = evaluate(capsys, str(trained), "--dataset", "mnist", "--data", str(mnist))
    wanted = ["model", "dataset", "images", "accuracy", "interval", "top3", "macro_f1"]
    assert list(result) == [*wanted, "per_digit", "confusion", "ece", "reliability"]
    assert (result["model"], result["dataset"]) == ("lenet", "mnist")
    card = load(trained).card.to_json()
    assert {key: result[key] for key in card["metrics"]} == card["metrics"]


def test_without_a_data_set_the_one_of_the_card_is_read(
    here: Path, trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = evaluate(capsys, str(trained), "--data", str(mnist))
    assert (result["dataset"], result["images"]) == ("mnist", 40)
    network = load(trained)
    for name, found in ((None, "None"), ("mine", "'mine'")):
        amend(network, {"dataset": name})
        save(network, "other.npz")
        for use in ("--evaluate", "--report"):
            assert train.main([use, "other.npz", "--data", str(mnist)]) == 2
            said = capsys.readouterr().err
            assert said.startswith(f"train.py: lenet: the card names the data set {found}, wanted")
            assert said.endswith("choose it with --dataset\n")


def test_a_trained_network_can_be_exported(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = load(trained)
    assert train.main(["--export", str(trained), "--out", "made/lenet.onnx"]) == 0
    assert "made/lenet.onnx" in capsys.readouterr().out
    reference = onnx.reference.ReferenceEvaluator("made/lenet.onnx")
    images, _ = made_set(5, seed=3)
    (answers,) = reference.run(None, {"image": images[:, None].astype(np.float32) / 255})
    assert answers == pytest.approx(network.predict(images), abs=1e-5)


def test_reporting_writes_one_page_with_the_curves_of_the_training(
    here: Path, trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--dataset", "mnist", "--data", str(mnist)]
    assert train.main(["--report", str(trained), *where, "--out", "page"]) == 0
    assert "page/index.html" in capsys.readouterr().out
    assert [path.name for path in (here / "page").iterdir()] == ["index.html"]
    with_steps = (here / "page/index.html").read_text()
    (here / "lenet.history.json").unlink()
    by_card = ["--data", str(mnist)]  # which names the data set
    assert train.main(["--report", str(trained), *by_card]) == 0
    without = (here / "report/index.html").read_text()
    curves = [page.count('class="steps"') for page in (with_steps, without)]
    assert curves == [2, 0]  # without the history file the card's epochs are drawn
    assert with_steps.count('class="chart"') == without.count('class="chart"') == 3


def test_a_report_tells_of_the_gate_beside_the_network_and_a_gate_has_none(
    here: Path, trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(build("gate"), here / "gate.npz")
    assert train.main(["--report", str(trained), "--data", str(mnist)]) == 0
    assert (here / "report/index.html").read_text().count("is this a digit at all?") == 1
    assert train.main(["--report", "gate.npz", "--data", str(mnist)]) == 2
    assert "gate.npz: found a gate, wanted a reader" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--dataset", "idx", "--frame", "mnist", "--data", "nowhere"], "nowhere: no such folder"),
        (["--evaluate", "none.npz"], "none.npz: no such file"),
        (["--evaluate", "lenet.npz", "--ink", "none.jsonl"], "none.jsonl"),
        (["--resume"], "weights/lenet.npz.checkpoint: no unfinished run there; leave out --resume"),
        (["--epochs", "0"], "found epochs 0, wanted 1 or more"),
        (["--seed", "-3"], "found seed -3, wanted 0 or more"),
        (["--rate", "nan"], "found rate nan"),
        (["--optimizer", "sdlm"], "found weight_decay 0.01 with sdlm"),
    ],
)
def test_an_error_is_one_line_without_traceback(
    trained: Path,
    mnist: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    assert train.main([*options(mnist), *arguments]) == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert printed.startswith("train.py: ")
    assert words in printed


def test_training_works_without_tqdm(here: Path, mnist: Path) -> None:
    (here / "tqdm.py").write_text("raise ImportError")
    process = subprocess.run(
        [sys.executable, str(SCRIPT), *options(mnist, "--epochs", "1")],
        env=os.environ | {"PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    assert "epoch 1/1" in process.stdout


def test_quick_trains_by_its_recipe_and_leaves_the_trained_networks_alone(
    here: Path, mnist: Path
) -> None:
    assert train.main(["--quick", "--data", str(mnist), "--epochs", "3", "--batch-size", "8"]) == 0
    card = load("quick.npz").card
    assert card.recipe == replace(QUICK["lenet"], epochs=3, batch_size=8)
    assert card.metrics
    assert card.metrics["accuracy"] > 0.9
    assert sorted(path.name for path in here.iterdir()) == ["quick.history.json", "quick.npz"]
