"""Pen strokes for training beside images, in three parts that share no writer.

The files to learn from are split by writer: a fold, every tenth writer by name, is for validation,
the others are learnt from. Fold 0 is empty. Other files are for the test: they are read once, at
the end.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.card import InkSource
from model.data.examples import ConcatExamples, Examples, Hands, Ink, Outliers
from model.data.idx import DataError
from model.data.ink_files import FOLD_COUNT, Sample, read_ink, split_by_writer
from model.recipes import Recipe

FOLDS = range(FOLD_COUNT + 1)


@dataclass(frozen=True)
class InkFiles:
    """Files of digits and of drawings that are no digits: to learn from, and for the test."""

    digits: Sequence[Path]
    outliers: Sequence[Path] = ()
    test_digits: Sequence[Path] = ()
    test_outliers: Sequence[Path] = ()


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
        named = len(self.writers)
        by_whom = f", by {named:,} writer{'s' * (named != 1)}" if named else ""
        return f"{len(self.digits):,} digits, {len(self.outliers):,} others{by_whom}"

    @property
    def writers(self) -> set[str]:
        """The writers that are named."""
        return {sample.writer for sample in self.everything} - {""}


@dataclass(frozen=True)
class Drawings:
    """Three parts that share no writer, and the checksums of the files to learn from."""

    training: Part
    validation: Part
    test: Part
    sha256: list[str]

    def with_images(
        self, images: Examples, frame: str, recipe: Recipe, outliers: bool
    ) -> ConcatExamples:
        """The images and the training drawings, repeated as the recipe says.

        outliers: whether drawings of no digits are among them, for a gate
        """
        digits, letters = self.training.digits, self.training.outliers
        sources = [images, Ink(digits, frame, recipe.ink_repeats), Hands(frame, recipe.made_digits)]
        if outliers:
            repeats, made = recipe.letter_repeats, recipe.made_outliers
            sources.append(Outliers(letters, digits, frame, repeats=repeats, made=made))
        return ConcatExamples(sources)

    def summary(self) -> str:
        """What each part has, in one line."""
        parts = (self.training, self.validation, self.test)
        names = ("to learn from", "for validation", "for the test")
        return "; ".join(f"{name}: {part}" for name, part in zip(names, parts, strict=True))

    def source(self) -> InkSource:
        """The entry "ink" in the card of a network that was trained on these drawings."""
        return InkSource(
            digits=len(self.training.digits),
            no_digits=len(self.training.outliers),
            writers=len(self.training.writers),
            validation_digits=len(self.validation.digits),
            validation_no_digits=len(self.validation.outliers),
            validation_writers=len(self.validation.writers),
            sha256=self.sha256,
        )


def read_drawings(files: InkFiles, fold: int) -> Drawings:
    """Read all files, and split those to learn from by writer.

    fold: one of FOLDS
    DataError, naming file and line, for a file that `read_ink` refuses; and where a writer is in
    both kinds of files, or a kind of drawings has none left to learn from.
    """
    digits, others = _read(files.digits, "digits"), _read(files.outliers, "no digits")
    folds = (fold,) if fold else ()
    learnt_digits, kept_digits = split_by_writer(digits, folds)
    learnt_others, kept_others = split_by_writer(others, folds, writers_of=digits)
    test = Part(_read(files.test_digits, "digits"), _read(files.test_outliers, "no digits"))
    drawings = Drawings(
        training=Part(learnt_digits, learnt_others),
        validation=Part(kept_digits, kept_others),
        test=test,
        sha256=[_checksum(path) for path in (*files.digits, *files.outliers)],
    )
    if not learnt_digits or (others and not learnt_others):
        raise DataError(
            f"{_names(files.digits, files.outliers)}: found too few writers "
            f"({drawings.summary()}), wanted drawings of each file to learn from: add writers, or "
            "use --fold 0, which keeps none for validation"
        )
    both = len(test.writers & Part(digits, others).writers)
    if both:
        raise DataError(
            f"{_names(files.test_digits, files.test_outliers)}: found {both} "
            f"writer{'s' * (both != 1)} in {_names(files.digits, files.outliers)} too, wanted "
            "other people's drawings for the test: move all lines of a writer into one of the files"
        )
    return drawings


def _read(paths: Sequence[Path], kind: str) -> list[Sample]:
    return [sample for path in paths for sample in read_ink(path, only=kind)]  # type: ignore[arg-type]


def _names(*groups: Sequence[Path]) -> str:
    return ", ".join(path.name for paths in groups for path in paths)


def _checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
