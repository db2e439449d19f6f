"""Drawings to learn from beside images, split by writer: to learn, to choose by, to report on.

Every fifth writer by name is held out: no network learns from them, and nothing is chosen by
them. Of the others another fifth is for validation, and which one is the `fold`: with 1, 2, 3 and 4
in turn, each of them is read once by a network that never saw their hand. Fold 0 keeps nobody but
the held-out ones apart, and learns from all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.card import Card, InkSource
from model.data.examples import ConcatExamples, Examples, Ink, Outliers
from model.data.idx import DataError
from model.data.ink_files import Sample, read_ink, split_by_writer
from model.recipes import Recipe

FOLDS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Part:
    """Some writers' digits, and what they drew that is no digit."""

    digits: list[Sample]
    others: list[Sample]

    @property
    def everything(self) -> list[Sample]:
        return self.digits + self.others

    @property
    def writers(self) -> list[str]:
        """Those who wrote the digits, by name."""
        return sorted({sample.writer for sample in self.digits})


@dataclass(frozen=True)
class Drawings:
    """The three parts, none of which shares a writer with another; and the names of the files."""

    files: list[str]
    learnt: Part
    validation: Part
    held_out: Part

    def beside(self, images: Examples, frame: str, recipe: Recipe) -> Examples:
        """The images and the drawings to learn from, as often as the recipe wants."""
        parts = [images, Ink(self.learnt.digits, frame, recipe.ink_times)]
        if self.learnt.others:
            digits = self.learnt.digits
            times, made = recipe.letter_times, recipe.oddities
            parts.append(
                Outliers(self.learnt.others, digits, frame, times=times, made=made),
            )
        return ConcatExamples(parts)

    def source(self) -> InkSource:
        """What the card of a network that learnt from them should say."""
        return InkSource(
            files=self.files,
            digits=len(self.learnt.digits),
            no_digits=len(self.learnt.others),
            writers=len(self.learnt.writers),
            validation_writers=self.validation.writers,
            held_out_writers=self.held_out.writers,
        )


def read_drawings(ink: Sequence[Path], outliers: Sequence[Path], fold: int) -> Drawings:
    """Read files of digits and files of what is no digit, and split them by writer.

    DataError, naming file and line, for a file that is not such a list.
    """
    digits = [sample for path in ink for sample in read_ink(path, only="digits")]
    others = [sample for path in outliers for sample in read_ink(path, only="no digits")]

    def part(folds: tuple[int, ...], held: bool) -> Part:
        return Part(
            split_by_writer(digits, folds)[held],
            split_by_writer(others, folds, among=digits)[held],
        )

    return Drawings(
        files=[path.name for path in [*ink, *outliers]],
        learnt=part((0, fold), held=False),
        validation=part((fold,) if fold else (), held=True),
        held_out=part((0,), held=True),
    )


def held_out_of(samples: Sequence[Sample], card: Card) -> list[Sample]:
    """The drawings by the writers that a network's card says were kept out of its training.

    DataError if there is none.
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
