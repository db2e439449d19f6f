"""Pen strokes for training beside images, split by writer: training, validation, held out.

Every fifth writer by name is held out, for the final test only. Folds 1 to 4 use another fifth of
the writers for validation (cross-validation by writer). Fold 0 has no validation part and trains
on all writers who are not held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.card import Card, InkSource
from model.data.examples import ConcatExamples, Examples, Ink, Outliers
from model.data.idx import DataError
from model.data.ink_files import FOLD_COUNT, Sample, read_ink, split_by_writer
from model.recipes import Recipe

FOLDS = range(FOLD_COUNT)


@dataclass(frozen=True)
class Part:
    """The drawings of some writers: digits, and drawings of no digits."""

    digits: list[Sample]
    outliers: list[Sample]

    @property
    def everything(self) -> list[Sample]:
        """Digits first, then outliers."""
        return self.digits + self.outliers

    def __str__(self) -> str:
        named = len(set(self.writers) - {""})
        by_whom = f", by {named:,} writer{'s' * (named != 1)}" if named else ""
        return f"{len(self.digits):,} digits, {len(self.outliers):,} others{by_whom}"

    @property
    def writers(self) -> list[str]:
        """The writers of the digits, sorted by name."""
        return sorted({sample.writer for sample in self.digits})


@dataclass(frozen=True)
class Drawings:
    """Three parts that share no writer, and the names of the files."""

    files: list[str]
    training: Part
    validation: Part
    held_out: Part

    def with_images(self, images: Examples, frame: str, recipe: Recipe) -> Examples:
        """The images and the training drawings, repeated as the recipe says."""
        digits, letters = self.training.digits, self.training.outliers
        sources = [images, Ink(digits, frame, recipe.ink_repeats)]
        if letters:
            repeats, made = recipe.letter_repeats, recipe.made_outliers
            sources.append(Outliers(letters, digits, frame, repeats=repeats, made=made))
        return ConcatExamples(sources)

    def summary(self) -> str:
        """What each part has, in one line."""
        parts = (self.training, self.validation, self.held_out)
        names = ("to learn from", "for validation", "held out")
        return "; ".join(f"{name}: {part}" for name, part in zip(names, parts, strict=True))

    def source(self) -> InkSource:
        """The entry "ink" in the card of a network that was trained on these drawings."""
        return InkSource(
            files=self.files,
            digits=len(self.training.digits),
            no_digits=len(self.training.outliers),
            writers=len(self.training.writers),
            validation_writers=self.validation.writers,
            held_out_writers=self.held_out.writers,
        )


def read_drawings(ink: Sequence[Path], outliers: Sequence[Path], fold: int) -> Drawings:
    """Read files of digits and files of drawings that are no digits, and split them by writer.

    fold: one of FOLDS
    DataError, naming file and line, for a file that `read_ink` refuses, and where a kind
    of drawings has none left to learn from.
    """
    digits = [sample for path in ink for sample in read_ink(path, only="digits")]
    others = [sample for path in outliers for sample in read_ink(path, only="no digits")]

    def part(folds: tuple[int, ...], held_out: bool) -> Part:
        return Part(
            split_by_writer(digits, folds)[held_out],
            split_by_writer(others, folds, writers_of=digits)[held_out],
        )

    drawings = Drawings(
        files=[path.name for path in [*ink, *outliers]],
        training=part((0, fold), held_out=False),
        validation=part((fold,) if fold else (), held_out=True),
        held_out=part((0,), held_out=True),
    )
    if not drawings.training.digits or (others and not drawings.training.outliers):
        raise DataError(
            f"{', '.join(drawings.files)}: found too few writers ({drawings.summary()}), wanted "
            'drawings of each file to learn from: add writers, or leave out "writer", and every '
            "fifth drawing is held out"
        )
    return drawings


def held_out_of(samples: Sequence[Sample], card: Card) -> list[Sample]:
    """The drawings by the held-out writers that a network's card names.

    DataError if there are none.
    """
    writers = card.ink.get("held_out_writers", []) if card.ink else []
    kept = [sample for sample in samples if sample.writer in writers]
    if not kept:
        raise DataError(
            f"{card.model}: found no drawing by one of its {len(writers)} held-out writers, "
            "wanted files like those that it was trained with; leave out --held-out to measure "
            "on every drawing"
        )
    return kept
