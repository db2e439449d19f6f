"""Drawings are split by writer: no writer is in two parts, and folds share no writer."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.data.examples import Images
from model.data.idx import DataError
from model.data.splits import FOLDS, Drawings, InkFiles, Part, read_drawings
from model.recipes import RECIPES
from tests.strokes import ONE, ZERO

NAMES = [f"writer-{number:02d}" for number in range(12)]
OTHERS = ["zoe", "zack", ""]
RECIPE = RECIPES["gate"]


def write(path: Path, labels: str, strokes: Any = ZERO, names: list[str] = NAMES) -> Path:
    lines = [
        {"label": label, "writer": name, "strokes": strokes} for name in names for label in labels
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def files(tmp_path: Path) -> InkFiles:
    """Twelve writers to learn from, and two others and an unnamed one for the test."""
    return InkFiles(
        digits=[write(tmp_path / "digits.jsonl", "01")],
        outliers=[write(tmp_path / "letters.jsonl", "Ao", ONE)],
        test_digits=[write(tmp_path / "digits-test.jsonl", "017", names=OTHERS)],
        test_outliers=[write(tmp_path / "letters-test.jsonl", "A", ONE, names=OTHERS[:1])],
    )


def parts(drawings: Drawings) -> list[Part]:
    return [drawings.training, drawings.validation, drawings.test]


@pytest.mark.parametrize("fold", FOLDS[1:])
def test_no_writer_is_in_two_parts_and_every_drawing_is_in_one(files: InkFiles, fold: int) -> None:
    drawings = read_drawings(files, fold)
    writers = [part.writers for part in parts(drawings)]
    assert sorted(name for names in writers for name in names) == [*NAMES, "zack", "zoe"]
    for part, names in list(zip(parts(drawings), writers, strict=True))[:2]:
        assert {sample.writer for sample in part.outliers} == names
        assert len(part.digits) == len(part.outliers) == 2 * len(names)


def test_fold_0_learns_from_everybody_and_keeps_none_for_validation(files: InkFiles) -> None:
    drawings = read_drawings(files, fold=0)
    assert drawings.validation.everything == []
    assert drawings.training.writers == set(NAMES)


def test_each_writer_is_in_the_validation_part_of_one_fold(files: InkFiles) -> None:
    folds = [read_drawings(files, fold) for fold in FOLDS[1:]]
    validated = [name for drawings in folds for name in drawings.validation.writers]
    assert sorted(validated) == NAMES
    assert list(FOLDS) == list(range(11))


def test_the_test_part_is_the_same_in_every_fold(files: InkFiles) -> None:
    for fold in FOLDS:
        test = read_drawings(files, fold).test
        assert [(len(test.digits), len(test.outliers)), test.writers] == [(9, 1), {"zoe", "zack"}]


def test_adding_a_writer_to_the_test_changes_nothing_of_what_is_learnt(files: InkFiles) -> None:
    with_test = read_drawings(files, fold=2)
    without = read_drawings(InkFiles(files.digits, files.outliers), fold=2)
    assert with_test.training.writers == without.training.writers
    assert with_test.sha256 == without.sha256
    assert without.test.everything == []


def test_letters_are_validated_with_the_digits_of_their_writer(tmp_path: Path) -> None:
    digits = write(tmp_path / "digits.jsonl", "1")
    letters = write(tmp_path / "letters.jsonl", "A", names=NAMES[1:])  # not by the first one
    kept = read_drawings(InkFiles([digits], [letters]), 1).validation
    assert kept.writers == {"writer-00", "writer-10"}
    assert [sample.writer for sample in kept.outliers] == ["writer-10"]


def test_digits_in_a_file_of_outliers_and_outliers_in_a_file_of_digits_are_refused(
    files: InkFiles,
) -> None:
    digits, letters = files.digits, files.outliers
    for wrong in (InkFiles(letters), InkFiles(digits, test_digits=letters)):
        with pytest.raises(DataError, match=r"letters\.jsonl, line 1: .*wanted a digit"):
            read_drawings(wrong, 1)
    for wrong in (InkFiles(digits, digits), InkFiles(digits, test_outliers=digits)):
        with pytest.raises(DataError, match=r"digits\.jsonl, line 1: .*wanted none of the digits"):
            read_drawings(wrong, 1)


@pytest.mark.parametrize("kind", ["test_digits", "test_outliers"])
@pytest.mark.parametrize("fold", [0, 1, 2])
def test_a_writer_to_learn_from_and_to_test_with_is_refused_and_both_files_are_named(
    tmp_path: Path, files: InkFiles, kind: str, fold: int
) -> None:
    label = "3" if kind == "test_digits" else "A"
    shared = write(tmp_path / "shared.jsonl", label, names=["zoe", "writer-05", "writer-00", ""])
    wrong = InkFiles(files.digits, files.outliers, **{kind: [shared]})
    with pytest.raises(DataError) as refusal:
        read_drawings(wrong, fold)
    said = str(refusal.value)
    assert said.startswith("shared.jsonl: found 2 writers in digits.jsonl, letters.jsonl")
    assert "wanted other people's drawings for the test" in said
    assert not any(name in said for name in NAMES), "no writer should be named"


def test_a_writer_of_letters_alone_is_no_writer_for_the_test_either(tmp_path: Path) -> None:
    digits = write(tmp_path / "digits.jsonl", "01")
    letters = write(tmp_path / "letters.jsonl", "A", names=[*NAMES, "zoe"])
    test = write(tmp_path / "test.jsonl", "7", names=["zoe"])
    with pytest.raises(DataError, match=r"test\.jsonl: found 1 writer in digits\.jsonl"):
        read_drawings(InkFiles([digits], [letters], [test]), 1)


def test_drawings_without_a_writer_may_be_in_both_parts(tmp_path: Path) -> None:
    digits = write(tmp_path / "digits.jsonl", "0123456789", names=[""])
    assert read_drawings(InkFiles([digits], test_digits=[digits]), 1).test.digits


def images(n: int = 5) -> Images:
    return Images(np.zeros((n, 28, 28), np.uint8), np.zeros(n, int), augment=False)


def test_drawings_count_as_often_as_the_recipe_says(files: InkFiles) -> None:
    drawings = read_drawings(files, 1)
    digits = 5 + len(drawings.training.digits) * RECIPE.ink_repeats + RECIPE.made_digits
    assert len(drawings.with_images(images(), "mnist", RECIPE, outliers=False)) == digits
    letters = len(drawings.training.outliers) // 2 * RECIPE.letter_repeats  # half of them are "o"
    everything = digits + letters + RECIPE.made_outliers
    assert len(drawings.with_images(images(), "mnist", RECIPE, outliers=True)) == everything


def test_only_a_gate_learns_from_what_is_no_digit(files: InkFiles) -> None:
    drawings = read_drawings(files, 1)
    for outliers in (False, True):
        examples = drawings.with_images(images(), "mnist", RECIPE, outliers)
        last = np.arange(len(examples) - 8, len(examples))
        targets = examples.draw(last, np.random.default_rng(0))[1]
        assert targets.sum(axis=0).tolist() == [0 if outliers else 1] * 8


def test_drawings_are_made_in_the_frame_asked_for(files: InkFiles) -> None:
    one, other = (
        read_drawings(files, 1).with_images(images(1), frame, RECIPE, outliers=True)
        for frame in ("mnist", "emnist")
    )
    for number in (1, len(one) - 1):  # a digit and an outlier
        drawn = [
            source.draw(np.array([number]), np.random.default_rng(0))[0] for source in (one, other)
        ]
        assert np.abs(drawn[0] - drawn[1]).max() > 0.1


def test_the_card_has_counts_and_checksums_and_no_name(files: InkFiles) -> None:
    source = read_drawings(files, 1).source()
    paths = [*files.digits, *files.outliers]
    assert source == {
        "digits": 20,
        "no_digits": 20,
        "writers": 10,
        "validation_digits": 4,
        "validation_no_digits": 4,
        "validation_writers": 2,
        "sha256": [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths],
    }
    assert not any(name in json.dumps(source) for name in [*NAMES, *filter(None, OTHERS)])


def lines(*samples: tuple[str, str]) -> str:
    """A file of (label, writer)."""
    return "".join(
        json.dumps({"label": label, "writer": writer, "strokes": ONE}) + "\n"
        for label, writer in samples
    )


@pytest.mark.parametrize(
    ("digits", "others", "fold", "counts"),
    [
        ([("1", "ann")] * 9, [], 1, "to learn from: 0 digits, 0 others; for"),
        ([("1", "ann")] * 9, [], 1, "for validation: 9 digits, 0 others, by 1 writer;"),
        ([("1", "")], [], 1, "for validation: 1 digits, 0 others; for"),
        ([("1", "ann"), ("1", "bea")], [("A", "ann")], 1, "to learn from: 1 digits, 0 others, by"),
    ],
)
def test_where_nothing_is_left_to_learn_from_it_is_said_with_the_cure(
    tmp_path: Path,
    digits: list[tuple[str, str]],
    others: list[tuple[str, str]],
    fold: int,
    counts: str,
) -> None:
    (tmp_path / "digits.jsonl").write_text(lines(*digits))
    (tmp_path / "others.jsonl").write_text(lines(*others))
    outliers = [tmp_path / "others.jsonl"] if others else []
    files = InkFiles([tmp_path / "digits.jsonl"], outliers)
    with pytest.raises(DataError) as refusal:
        read_drawings(files, fold)
    assert str(refusal.value).startswith("digits.jsonl")
    assert "found too few writers (to learn from: " in str(refusal.value)
    assert counts in str(refusal.value)
    assert "add writers, or use --fold 0" in str(refusal.value)
    assert len(read_drawings(files, 0).training.digits) == len(digits), "the cure should help"


def test_a_single_writer_is_learnt_from_in_every_fold_but_the_first(tmp_path: Path) -> None:
    mine = InkFiles([write(tmp_path / "mine.jsonl", "0123", names=["me"])])
    for fold in (0, 2, 10):
        drawings = read_drawings(mine, fold)
        assert (len(drawings.training.digits), drawings.validation.everything) == (4, [])


def test_the_summary_counts_what_each_part_has(files: InkFiles) -> None:
    assert read_drawings(files, 1).summary() == (
        "to learn from: 20 digits, 20 others, by 10 writers; "
        "for validation: 4 digits, 4 others, by 2 writers; "
        "for the test: 9 digits, 1 others, by 2 writers"
    )
