"""train.py with files of strokes."""

import re
from pathlib import Path

import pytest

import train
from model import load
from tests.strokes import ONE, ZERO
from tests.train.runs import VEE, by_writers, evaluate, options, write_ink


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


def test_a_network_is_trained_on_ink_and_measured_on_held_out_writers(
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


def test_a_network_trained_on_all_writers_takes_the_calibration_of_one_with_held_out_writers(
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


def test_a_missing_calibration_is_refused_before_training(
    here: Path, mnist: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO)))
    wrong = options(mnist, "--ink", ink, "--fold", "0", "--calibration", str(trained))
    assert train.main(wrong) == 2
    assert "lenet.npz: found lenet, measured on no drawings" in capsys.readouterr().err
    assert not (here / "weights").exists()


def test_a_trial_does_not_read_test_images_and_held_out_writers(
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
def test_a_drawing_of_the_wrong_kind_is_refused_with_its_file_and_line(
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


def test_the_accuracy_without_a_step_can_be_measured(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = [
        {"label": label, "strokes": [[[900 + x / 50, 900 + y / 50] for x, y in digit[0]]]}
        for label, digit in (("0", ZERO), ("1", ONE))
    ]
    path = str(write_ink(here / "tiny.jsonl", tiny))
    whole = evaluate(capsys, str(trained), "--ink", path)
    bare = evaluate(capsys, str(trained), "--ink", path, "--without", "size", "centre")
    assert whole["accuracy"] == 1
    assert bare["accuracy"] <= 0.5  # both are the same dot


def test_ink_is_rendered_as_in_the_app(
    here: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = [[[x * 9 + 4000, y * 9 - 70] for x, y in stroke] for stroke in ONE]
    path = write_ink(here / "far.jsonl", [{"label": "1", "strokes": far}])
    assert evaluate(capsys, str(trained), "--ink", str(path))["accuracy"] == 1
