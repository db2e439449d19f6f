"""Drawings are split by writer: no writer is in two parts, and folds share no writer."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.card import untrained
from model.data.examples import Images
from model.data.idx import DataError
from model.data.splits import FOLDS, Drawings, Part, held_out_of, read_drawings
from model.recipes import RECIPES
from tests.strokes import ONE, ZERO

NAMES = [f"writer-{number:02d}" for number in range(12)]


def write(path: Path, labels: str, strokes: Any = ZERO) -> Path:
    lines = [
        {"label": label, "writer": name, "strokes": strokes} for name in NAMES for label in labels
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path / "digits.jsonl", "01"), write(tmp_path / "letters.jsonl", "Ao", ONE)


def read(files: tuple[Path, Path], fold: int = 1) -> Drawings:
    return read_drawings([files[0]], [files[1]], fold)


def parts(drawings: Drawings) -> list[Part]:
    return [drawings.training, drawings.validation, drawings.held_out]


def test_fold_0_trains_on_all_but_the_held_out_writers(files: tuple[Path, Path]) -> None:
    drawings = read(files, fold=0)
    assert drawings.validation.everything == []
    assert set(drawings.training.writers) | set(drawings.held_out.writers) == set(NAMES)
    assert len(drawings.training.writers) == 9


@pytest.mark.parametrize("fold", FOLDS[1:])
def test_no_writer_is_in_two_parts_and_every_drawing_is_in_one(
    files: tuple[Path, Path], fold: int
) -> None:
    drawings = read(files, fold)
    writers = [set(part.writers) for part in parts(drawings)]
    assert sorted(name for names in writers for name in names) == NAMES
    for part, names in zip(parts(drawings), writers, strict=True):
        assert {sample.writer for sample in part.outliers} == names
        assert len(part.digits) == len(part.outliers) == 2 * len(names)


def test_outliers_are_held_out_with_the_writers_of_the_digits(tmp_path: Path) -> None:
    digits = write(tmp_path / "digits.jsonl", "1")
    letters = tmp_path / "letters.jsonl"  # by the last eleven writers only
    lines = write(letters, "A").read_text().splitlines(keepends=True)
    letters.write_text("".join(lines[1:]))
    held_out = read_drawings([digits], [letters], 1).held_out
    assert held_out.writers == ["writer-00", "writer-05", "writer-10"]
    assert [sample.writer for sample in held_out.outliers] == ["writer-05", "writer-10"]


def test_digits_in_a_file_of_outliers_and_outliers_in_a_file_of_digits_are_refused(
    files: tuple[Path, Path],
) -> None:
    digits, letters = files
    with pytest.raises(DataError, match="wanted a digit"):
        read_drawings([letters], [], 1)
    with pytest.raises(DataError, match="wanted none of the digits"):
        read_drawings([digits], [digits], 1)


def test_without_outliers_there_are_only_images_and_digits(files: tuple[Path, Path]) -> None:
    drawings, recipe = read_drawings([files[0]], [], 1), RECIPES["lenet"]
    images = Images(np.zeros((5, 28, 28), np.uint8), np.zeros(5, int), augment=False)
    wanted = 5 + len(drawings.training.digits) * recipe.ink_repeats
    assert len(drawings.with_images(images, "mnist", recipe)) == wanted


def test_drawings_are_made_in_the_frame_asked_for(files: tuple[Path, Path]) -> None:
    images = Images(np.zeros((1, 28, 28), np.uint8), np.zeros(1, int), augment=False)
    one, other = (
        read(files).with_images(images, frame, RECIPES["lenet"]) for frame in ("mnist", "emnist")
    )
    for number in (1, len(one) - 1):  # a digit and an outlier
        drawn = [
            source.draw(np.array([number]), np.random.default_rng(0))[0] for source in (one, other)
        ]
        assert np.abs(drawn[0] - drawn[1]).max() > 0.1


def test_the_held_out_writers_are_the_same_in_every_fold_and_each_other_is_validated_once(
    files: tuple[Path, Path],
) -> None:
    folds = [read(files, fold) for fold in FOLDS[1:]]
    assert {tuple(drawings.held_out.writers) for drawings in folds} == {
        ("writer-00", "writer-05", "writer-10")
    }
    validated = [name for drawings in folds for name in drawings.validation.writers]
    assert sorted(validated) == sorted(set(NAMES) - set(folds[0].held_out.writers))


def test_drawings_count_as_often_as_the_recipe_says(files: tuple[Path, Path]) -> None:
    drawings, recipe = read(files), RECIPES["lenet"]
    images = Images(np.zeros((5, 28, 28), np.uint8), np.zeros(5, int), augment=False)
    digits = len(drawings.training.digits) * recipe.ink_repeats
    letters = len(drawings.training.outliers) // 2 * recipe.letter_repeats  # half of them are "o"
    wanted = 5 + digits + letters + recipe.made_outliers
    assert len(drawings.with_images(images, "mnist", recipe)) == wanted


def test_the_card_lists_the_held_out_writers(files: tuple[Path, Path]) -> None:
    card = read(files).source()
    assert card["files"] == ["digits.jsonl", "letters.jsonl"]
    assert card["held_out_writers"] == ["writer-00", "writer-05", "writer-10"]
    assert card["validation_writers"] == ["writer-01", "writer-06", "writer-11"]
    assert (card["writers"], card["digits"], card["no_digits"]) == (6, 12, 12)


def test_held_out_drawings_are_found_by_the_writers_on_the_card(files: tuple[Path, Path]) -> None:
    drawings = read(files)
    card = replace(untrained("lenet"), ink=drawings.source())
    everything = [sample for part in parts(drawings) for sample in part.everything]
    assert held_out_of(everything, card) == drawings.held_out.everything
    with pytest.raises(DataError, match=r"lenet: found no drawing .* leave out --held-out"):
        held_out_of(everything, untrained("lenet"))


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
        ([("1", "ann")] * 9, [], 0, "held out: 9 digits, 0 others, by 1 writer)"),
        ([("1", "ann"), ("1", "bea")], [], 1, "for validation: 1 digits, 0 others, by 1 writer;"),
        ([("1", "")], [], 2, "held out: 1 digits, 0 others)"),
        ([("1", "ann"), ("1", "bea")], [("A", "ann")], 2, "to learn from: 1 digits, 0 others, by"),
    ],
)
def test_where_every_writer_is_kept_apart_nothing_is_learnt_and_it_is_said(
    tmp_path: Path,
    digits: list[tuple[str, str]],
    others: list[tuple[str, str]],
    fold: int,
    counts: str,
) -> None:
    (tmp_path / "digits.jsonl").write_text(lines(*digits))
    (tmp_path / "others.jsonl").write_text(lines(*others))
    outliers = [tmp_path / "others.jsonl"] if others else []
    with pytest.raises(DataError) as refusal:
        read_drawings([tmp_path / "digits.jsonl"], outliers, fold)
    assert str(refusal.value).startswith("digits.jsonl")
    assert "found too few writers (to learn from: " in str(refusal.value)
    assert counts in str(refusal.value)
    assert 'add writers, or leave out "writer"' in str(refusal.value)


def test_the_summary_counts_what_each_part_has(files: tuple[Path, Path]) -> None:
    assert read(files).summary() == (
        "to learn from: 12 digits, 12 others, by 6 writers; "
        "for validation: 6 digits, 6 others, by 3 writers; "
        "held out: 6 digits, 6 others, by 3 writers"
    )
