"""train.py as a person runs it, on a made set in a temporary folder."""

import gzip
import json
import os
import re
import signal
import struct
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import onnx.reference
import pytest

import train
from model import load
from model.data.datasets import load_images
from model.data.splits import read_drawings
from model.training.command_line import parse, recipe_of
from model.types import Array
from tests.model.training.test_trainer import made_set
from tests.strokes import ONE, ZERO

SCRIPT = Path(train.__file__)
VEE = [[[0, 0], [5, 9], [9, 0]]]


def idx(array: Array) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four files of an MNIST of 120 + 40 made images, two of them gzipped."""
    folder = tmp_path_factory.mktemp("mnist")
    for part, n in (("train", 120), ("t10k", 40)):
        images, labels = made_set(n, seed=n)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx(images))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def options(mnist: Path, *more: str) -> list[str]:
    known = ["--dataset", "mnist", "--data", str(mnist), "--epochs", "2", "--batch-size", "16"]
    return [*known, "--rate", "0.005", *more]


def test_training_writes_weights_with_a_full_card_and_says_how_well_it_reads(
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
    said = capsys.readouterr().out
    assert "lenet: 44,426 parameters" in said
    assert "images/s" in said
    assert f"{card['metrics']['accuracy']:.2%} of 40 digits read correctly" in said
    assert f"training images: {card['training_accuracy']:.2%} read correctly" in said
    assert "95 % interval" in said
    assert "F1" in said
    assert not list((here / "checkpoints").glob("*.npz"))


def test_the_same_command_gives_the_same_bytes(here: Path, mnist: Path) -> None:
    for out in ("a.npz", "b.npz"):
        assert train.main(options(mnist, "--out", out)) == 0
    assert (here / "a.npz").read_bytes() == (here / "b.npz").read_bytes()


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


def checkpointed(path: Path, arguments: list[str]) -> list[str]:
    """Leave the checkpoint of a run that has just begun; returns its arguments."""
    args = parse(arguments)
    dataset = load_images(args.dataset, args.data)
    drawings = read_drawings(args.ink, args.outliers, args.fold) if args.ink else None
    train.prepare(args, recipe_of(args), dataset, drawings).save(path)
    return arguments


@pytest.fixture
def unfinished(here: Path, mnist: Path) -> list[str]:
    """The command of an unfinished run in checkpoints/lenet.npz, with its own files in data/."""
    copytree(mnist, here / "data")
    write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE))
    write_ink(here / "letters.jsonl", by_writers("V", VEE))
    files = ["--ink", "digits.jsonl", "--outliers", "letters.jsonl"]
    command = options(here / "data", "--epochs", "1", "--trial", *files)
    return checkpointed(here / "checkpoints" / "lenet.npz", command)


def test_the_same_command_resumes_and_so_do_options_for_after_the_training(
    unfinished: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "run_epochs", lambda training, checkpoint: False)
    assert train.main([*unfinished, "--resume"]) == train.INTERRUPTED
    without_trial = [option for option in unfinished if option != "--trial"]
    assert train.main([*without_trial, "--resume", "--workers", "2"]) == train.INTERRUPTED


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--model", "lenet-32", "--out", "lenet.npz"], "model lenet"),
        (["--fold", "2"], "fold 1"),
        (["--epochs", "3"], "epochs 1"),
        (["--batch-size", "32"], "batch_size 16"),
        (["--seed", "7"], "seed 1998"),
        (["--optimizer", "momentum"], "optimizer adam"),
        (["--schedule", "constant"], "schedule warm-cosine"),
        (["--rate", "0.004"], "rate 0.005"),
        (["--weight-decay", "0.02"], "weight_decay 0.01"),
        (["--no-augment"], "augment True"),
    ],
)
def test_resuming_with_another_option_is_refused_by_its_name(
    unfinished: list[str], capsys: pytest.CaptureFixture[str], more: list[str], named: str
) -> None:
    assert train.main([*unfinished, *more, "--resume"]) == 2
    message = capsys.readouterr().err
    assert f"checkpoints/lenet.npz: found a run with {named}" in message
    assert "give the same options and files as before" in message


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


def test_starting_anew_keeps_an_unfinished_run(here: Path, mnist: Path) -> None:
    (here / "checkpoints").mkdir()
    (here / "checkpoints" / "lenet.npz").write_bytes(b"hours of work")
    assert train.main(options(mnist)) == 0
    assert (here / "checkpoints" / "lenet.previous.npz").read_bytes() == b"hours of work"


def evaluate(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert train.main(["--evaluate", *arguments, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


@pytest.fixture
def trained(here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert train.main(options(mnist, "--out", "lenet.npz")) == 0
    capsys.readouterr()
    return here / "lenet.npz"


def test_evaluating_gives_what_training_measured_as_one_json_object(
    trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = evaluate(capsys, str(trained), "--dataset", "mnist", "--data", str(mnist))
    wanted = ["model", "dataset", "images", "accuracy", "interval", "top3", "macro_f1"]
    assert list(result) == [*wanted, "per_digit", "confusion", "ece"]
    assert (result["model"], result["dataset"]) == ("lenet", "mnist")
    card = load(trained).card.to_json()
    assert {key: result[key] for key in card["metrics"]} == card["metrics"]


def write_ink(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_evaluating_on_ink_reads_digits_and_counts_others_as_rejected_alone(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digits = [{"label": "0", "strokes": ZERO}, {"label": "1", "strokes": ONE}]
    alone = evaluate(capsys, str(trained), "--ink", str(write_ink(here / "a.jsonl", digits)))
    letter = {"label": "x", "strokes": [[[0, 0], [9, 9]], [[9, 0], [0, 9]]]}
    mixed = evaluate(
        capsys, str(trained), "--ink", str(write_ink(here / "b.jsonl", [*digits, letter]))
    )
    assert alone["images"] == mixed["images"] == 2
    assert alone["accuracy"] == mixed["accuracy"] == 1
    assert {alone["rejected"] * 2, mixed["rejected"] * 3} <= {0, 1, 2, 3}
    letters = evaluate(capsys, str(trained), "--ink", str(write_ink(here / "c.jsonl", [letter])))
    assert letters["images"] == 0
    assert letters["rejected"] in (0, 1)


def test_letters_that_look_like_digits_are_counted_apart(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = [{"label": label, "strokes": ZERO} for label in ("0", "A", "o", "O")]
    files = [str(write_ink(here / f"{i}.jsonl", [line])) for i, line in enumerate(drawn)]
    result = evaluate(capsys, str(trained), "--ink", *files)
    assert result["images"] == 1
    assert result["accepted"] in (0.0, 1.0)
    assert result["no_digits"] == {"drawings": 1, "rejected": 1 - result["accepted"]}
    assert result["look_alikes"] == {"drawings": 2, "rejected": 1 - result["accepted"]}


def by_writers(label: str, strokes: Any) -> list[dict[str, Any]]:
    names = [f"writer-{number}" for number in range(10)]
    return [{"label": label, "writer": name, "strokes": strokes} for name in names]


def test_a_network_learns_from_ink_too_and_reports_on_writers_that_it_never_saw(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digits = by_writers("0", ZERO) + by_writers("1", ONE)
    ink = str(write_ink(here / "digits.jsonl", digits))
    letters = str(write_ink(here / "letters.jsonl", by_writers("V", VEE)))
    assert train.main(options(mnist, "--ink", ink, "--outliers", letters, "--workers", "2")) == 0
    card = load("weights/lenet.npz").card.to_json()
    assert card["ink"]["held_out_writers"] == ["writer-0", "writer-5"]
    assert (card["ink"]["digits"], card["ink"]["no_digits"]) == (12, 6)
    assert card["rubbish"] == 0.0
    assert card["ink_validation"]["images"] == card["ink_metrics"]["images"] == 4
    assert card["ink_metrics"]["no_digits"]["drawings"] == 2
    capsys.readouterr()
    found = evaluate(capsys, "weights/lenet.npz", "--ink", ink, letters, "--held-out")
    assert {key: found[key] for key in card["ink_metrics"]} == card["ink_metrics"]


def test_a_network_that_learnt_from_all_writers_is_calibrated_like_one_that_did_not(
    here: Path, mnist: Path
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE)))
    assert train.main(options(mnist, "--ink", ink, "--trial", "--out", "fold.npz")) == 0
    again = options(mnist, "--ink", ink, "--fold", "0", "--calibration", "fold.npz")
    assert train.main(again) == 0
    fold, card = (load(f"{name}.npz").card.to_json() for name in ("fold", "weights/lenet"))
    assert (fold["ink"]["digits"], card["ink"]["digits"]) == (12, 16)
    assert card["temperature"] == fold["temperature"]
    assert card["thresholds"] == fold["thresholds"]
    assert card["calibration"] == fold["ink_validation"]
    assert "ink_metrics" in card


def test_a_calibration_that_was_never_made_is_refused_before_anything_is_learnt(
    here: Path, mnist: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO)))
    wrong = options(mnist, "--ink", ink, "--fold", "0", "--calibration", str(trained))
    assert train.main(wrong) == 2
    assert "lenet.npz: found lenet, measured on no drawings" in capsys.readouterr().err
    assert not (here / "weights").exists()


def test_a_trial_leaves_test_images_and_held_out_writers_unread(
    here: Path, mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE)))
    assert train.main(options(mnist, "--ink", ink, "--trial")) == 0
    card = load("weights/lenet.npz").card.to_json()
    assert "ink_validation" in card
    assert not {"metrics", "ink_metrics"} & card.keys()


@pytest.mark.parametrize(
    ("label", "option", "message"),
    [
        ("A", "--ink", r"line 1: label 'A', wanted a digit"),
        ("7", "--outliers", r"line 1: label '7', wanted none of the digits"),
    ],
)
def test_drawings_of_the_wrong_kind_are_refused_by_file_and_line(
    here: Path,
    mnist: Path,
    capsys: pytest.CaptureFixture[str],
    label: str,
    option: str,
    message: str,
) -> None:
    digits = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO)))
    wrong = str(write_ink(here / "wrong.jsonl", by_writers(label, ONE)))
    files = ["--ink", wrong] if option == "--ink" else ["--ink", digits, "--outliers", wrong]
    assert train.main(options(mnist, *files)) == 2
    assert re.search(rf"wrong\.jsonl, {message}", capsys.readouterr().err)
    assert not (here / "weights").exists()


def test_what_it_costs_to_leave_out_a_step_can_be_measured(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = [[[900 + x / 50, 900 + y / 50] for x, y in stroke] for stroke in ZERO]
    path = str(write_ink(here / "tiny.jsonl", [{"label": "0", "strokes": tiny}]))
    whole = evaluate(capsys, str(trained), "--ink", path)
    bare = evaluate(capsys, str(trained), "--ink", path, "--without", "size", "centre")
    assert whole["accuracy"] == 1
    assert bare["accuracy"] == 0


def test_a_trained_network_can_be_exported(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = load(trained)
    assert train.main(["--out", str(trained), "--export", "made/lenet.onnx"]) == 0
    assert "made/lenet.onnx" in capsys.readouterr().out
    reference = onnx.reference.ReferenceEvaluator("made/lenet.onnx")
    images, _ = made_set(5, seed=3)
    (answers,) = reference.run(None, {"image": images[:, None].astype(np.float32) / 255})
    assert answers == pytest.approx(network.predict(images), abs=1e-5)


def test_ink_goes_through_the_same_drawing_as_the_app(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = [[[x * 9 + 4000, y * 9 - 70] for x, y in stroke] for stroke in ONE]
    path = write_ink(here / "far.jsonl", [{"label": "1", "strokes": far}])
    assert evaluate(capsys, str(trained), "--ink", str(path))["accuracy"] == 1


def test_reporting_writes_one_page_with_the_curves_of_the_training(
    here: Path, trained: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--dataset", "mnist", "--data", str(mnist)]
    assert train.main(["--report", str(trained), *where, "--out", "page"]) == 0
    assert "page/index.html" in capsys.readouterr().out
    assert [path.name for path in (here / "page").iterdir()] == ["index.html"]
    with_steps = (here / "page/index.html").read_text()
    (here / "lenet.history.json").unlink()
    assert train.main(["--report", str(trained), *where]) == 0
    without = (here / "report/index.html").read_text()
    curves = [page.count('class="steps"') for page in (with_steps, without)]
    assert curves == [2, 0]  # without the record there are the epochs on the card
    assert with_steps.count('class="chart"') == without.count('class="chart"') == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--dataset", "mnist", "--data", "nowhere"], "nowhere"),
        (["--evaluate", "none.npz"], "none.npz: no such file"),
        (["--evaluate", "lenet.npz", "--ink", "none.jsonl"], "none.jsonl"),
        (["--resume"], "checkpoints/lenet.npz: no unfinished run there; leave out --resume"),
        (["--epochs", "0"], "found epochs 0, wanted 1 or more"),
        (["--seed", "-3"], "found seed -3, wanted 0 or more"),
        (["--rate", "nan"], "found rate nan"),
        (["--optimizer", "sdlm"], "found weight_decay 0.01 with sdlm"),
    ],
)
def test_what_goes_wrong_is_one_line_and_no_traceback(
    trained: Path,
    mnist: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    assert train.main([*options(mnist), *arguments]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("train.py: ")
    assert words in said


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
