"""train.py with files of strokes."""

import hashlib
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


def test_a_network_is_trained_on_ink_and_measured_on_other_people(
    here: Path, mnist: Path, few_made: None, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE)))
    others = [line | {"writer": "other"} for line in by_writers("0", ZERO) + by_writers("1", ONE)]
    test = str(write_ink(here / "digits-test.jsonl", others))
    assert train.main(options(mnist, "--ink", ink, "--ink-test", test, "--workers", "2")) == 0
    card = load("weights/lenet.npz").card.to_json()
    checksum = hashlib.sha256(Path(ink).read_bytes()).hexdigest()
    assert card["ink"] == {
        **{"digits": 18, "no_digits": 0, "writers": 9},
        **{"validation_digits": 2, "validation_no_digits": 0, "validation_writers": 1},
        "sha256": [checksum],
    }
    assert (card["kind"], card["ink_validation"]["images"]) == ("reader", 2)
    assert card["ink_metrics"]["images"] == 20
    assert not {"no_digits", "auroc"} & card["ink_metrics"].keys()
    capsys.readouterr()
    found = evaluate(capsys, "weights/lenet.npz", "--ink", test)
    assert {key: found[key] for key in card["ink_metrics"]} == card["ink_metrics"]


def test_no_writer_is_named_in_anything_that_training_writes_or_prints(
    here: Path, mnist: Path, few_made: None, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"Zaphod-{number}" for number in range(11)]
    lines = [{"label": "0", "writer": name, "strokes": ZERO} for name in names]
    ink = str(write_ink(here / "digits.jsonl", lines[:10]))
    test = str(write_ink(here / "digits-test.jsonl", lines[10:]))
    for model in ("lenet", "gate"):
        letters = str(write_ink(here / "v.jsonl", [line | {"label": "V"} for line in lines[:10]]))
        more = ["--outliers", letters, "--model", "gate"] if model == "gate" else []
        command = options(mnist, "--ink", ink, "--ink-test", test, "--epochs", "1", *more)
        assert train.main(command) == 0
    printed = capsys.readouterr()
    written = [path.read_bytes() for path in (here / "weights").iterdir()]
    assert len(written) == 4, "two networks, each with its history"
    for text in (*written, printed.out.encode(), printed.err.encode()):
        assert b"zaphod" not in text.lower()


def test_fold_0_learns_from_all_writers_and_keeps_no_drawing_for_validation(
    here: Path, mnist: Path, few_made: None
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE)))
    assert train.main(options(mnist, "--ink", ink, "--fold", "0", "--epochs", "1")) == 0
    card = load("weights/lenet.npz").card
    assert card.ink is not None
    assert (card.ink["digits"], card.ink["validation_digits"]) == (20, 0)
    assert card.ink_validation is card.ink_metrics is None
    assert card.temperature != 1, "the images should calibrate it"


def test_a_writer_who_is_also_in_the_test_file_is_refused_before_training(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO)))
    test = str(write_ink(here / "digits-test.jsonl", by_writers("1", ONE)[3:4]))
    assert train.main(options(mnist, "--ink", ink, "--ink-test", test)) == 2
    said = capsys.readouterr().err
    assert said.startswith("train.py: digits-test.jsonl: found 1 writer in digits.jsonl")
    assert said.count("\n") == 1
    assert not (here / "weights").exists()


def test_a_trial_does_not_read_test_images_and_test_drawings(
    here: Path, mnist: Path, few_made: None
) -> None:
    ink = str(write_ink(here / "digits.jsonl", by_writers("0", ZERO) + by_writers("1", ONE)))
    test = str(write_ink(here / "test.jsonl", [{"label": "0", "strokes": ZERO}]))
    command = options(mnist, "--ink", ink, "--ink-test", test, "--trial", "--epochs", "1")
    assert train.main(command) == 0
    card = load("weights/lenet.npz").card.to_json()
    assert "ink_validation" in card
    assert not {"metrics", "ink_metrics"} & card.keys()


@pytest.mark.parametrize(
    ("label", "option", "message"),
    [
        ("A", "--ink", r"line 1: label 'A', wanted a digit"),
        ("A", "--ink-test", r"line 1: label 'A', wanted a digit"),
        ("7", "--outliers", r"line 1: label '7', wanted none of the digits"),
        ("7", "--outliers-test", r"line 1: label '7', wanted none of the digits"),
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
    letters = str(write_ink(here / "letters.jsonl", by_writers("V", VEE)))
    wrong = str(write_ink(here / "wrong.jsonl", [{"label": label, "strokes": ONE}]))
    files = {"--ink": digits, "--outliers": letters} | {option: wrong}
    named = [word for pair in files.items() for word in pair]
    assert train.main(options(mnist, "--model", "gate", *named)) == 2
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
