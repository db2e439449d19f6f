"""Teaching a trained network a few drawings, so that it does not forget the rest.

No data set is needed. The drawings are learnt beside made digits, whose targets are the
probabilities that the network itself gave before: learning without forgetting (Li and Hoiem 2016,
arXiv 1606.09282). A gate is shown made drawings of no digits too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model.card import Card, FineTuning
from model.data.examples import ConcatExamples, Examples, Ink, Outliers
from model.data.hands import random_hand
from model.data.idx import DataError
from model.data.ink_files import Sample, digit_of, read_ink
from model.data.plain_hands import random_plain_hand
from model.evaluation.ink_metrics import labels_of, pictures_of
from model.network import Network
from model.recipes import Recipe
from model.snapshots import fingerprint
from model.training.checkpoint import checksum_of_ink
from model.training.epochs import begin, run_epochs
from model.training.outputs import Output
from model.training.trainer import Training
from model.types import Array
from model.weights import load

SHOWN = 800  # drawings of the user in an epoch, where so few are there that each is repeated
MOST_REPEATS = 40  # of each of them
PLAIN = 0.7  # fraction of the made digits that are written in a usual way
MADE_FOR_VALIDATION = 1_000
VALIDATION_STREAM = 1_000_000  # in place of an epoch in the seed


class Replay:
    """Examples whose targets are the answers of a network, in place of their labels.

    teacher: the network as it was before; it must not change
    """

    def __init__(self, examples: Examples, teacher: Network) -> None:
        self.examples, self.teacher = examples, teacher

    def __len__(self) -> int:
        return len(self.examples)

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples` in model/data/examples.py."""
        pictures, _ = self.examples.draw(chosen, rng)
        answers = self.teacher.predict(pictures).T  # (10 or 1, n)
        return pictures, np.repeat(answers, 10 // len(answers), axis=0) * (len(answers) / 10)


@dataclass(frozen=True)
class Lesson:
    """A network that is taught, the drawings for it, and those that are left out.

    teacher: the same network, which does not change
    base:    the checksum of its weights before
    samples: digits; for a gate also drawings of no digits
    left_out: number of drawings of no digits that a reader is not taught
    """

    network: Network
    teacher: Network
    base: str
    samples: list[Sample]
    left_out: int

    @property
    def digits(self) -> int:
        """How many of the drawings are digits."""
        return sum(digit_of(sample) is not None for sample in self.samples)

    def count_right(self) -> int:
        """How many of the drawings the network reads right, each drawn as the server draws it."""
        card, labels = self.network.card, labels_of(self.samples)
        pictures = pictures_of([sample.strokes for sample in self.samples], card.frame)
        answers = self.network.predict(pictures)
        if card.kind == "gate":
            return int(((answers[:, 0] >= (card.threshold or 0)) == (labels >= 0)).sum())
        return int((answers.argmax(axis=1) == labels).sum())

    def __str__(self) -> str:
        digits, name = self.digits, self.network.name
        text = f"{name} is taught {digits:,} digits"
        if len(self.samples) > digits:
            text += f" and {len(self.samples) - digits:,} drawings of no digits"
        if self.left_out:
            text += (
                f"; {self.left_out:,} drawings labelled as no digit are left out, only the gate "
                "learns them: --from weights/gate.npz"
            )
        return text


def run_lesson(
    lesson: Lesson, recipe: Recipe, output: Output, workers: int = 1, resume: bool = False
) -> bool:
    """Teach the network, write it and print what it has learnt; False if Ctrl-C ended it early.

    ResumeError and DivergedError as from `begin` and `run_epochs`.
    """
    print(f"{lesson}\nvalidation: made digits, how many are read as before\n")
    before, drawings = lesson.count_right(), len(lesson.samples)
    training = prepare(lesson, recipe, workers)
    begin(training, output.checkpoint, resume)
    if not run_epochs(training, output.checkpoint):
        return False
    output.write(training.network, record=None)
    as_before = training.history[-1]["validation_accuracy"]
    print(f"\nWrote {output.weights}\n")
    print(f"your drawings: {before} of {drawings} read right before, {lesson.count_right()} now")
    print(f"made digits: {as_before:.1%} read as before")
    return True


def read_lesson(weights: Path, files: Sequence[Path]) -> Lesson:
    """The network in this file, and the drawings in these files.

    WeightsError for no weight file, DataError for no file of drawings, or none for this network.
    """
    samples = [sample for path in files for sample in read_ink(path)]
    network, kept = load(weights), samples
    if network.card.kind == "reader":
        kept = [sample for sample in samples if digit_of(sample) is not None]
    if not kept:
        raise DataError(
            f"{', '.join(map(str, files))}: found {len(samples)} drawings, all labelled as no "
            f"digit, wanted digits for {network.name}; only the gate learns the others: "
            "--from weights/gate.npz"
        )
    return lesson_of(weights, kept, len(samples) - len(kept))


def lesson_of(weights: Path, samples: list[Sample], left_out: int = 0) -> Lesson:
    """A lesson for the network in this file; WeightsError for no weight file."""
    network, teacher = load(weights), load(weights)
    teacher.head.temperature = 1.0  # as in training, where nothing divides the logits
    return Lesson(network, teacher, fingerprint(network), samples, left_out)


def prepare(lesson: Lesson, recipe: Recipe, workers: int = 1) -> Training:
    """The training, with the card that its network has afterwards."""
    repeats = min(MOST_REPEATS, max(1, round(SHOWN / len(lesson.samples))))
    recipe = replace(recipe, ink_repeats=repeats)
    network, frame = lesson.network, lesson.network.card.frame
    network.card = _card(lesson, recipe.seed)
    replay = Replay(_made(network, recipe), lesson.teacher)
    rng = np.random.default_rng([recipe.seed, VALIDATION_STREAM])
    pictures, _ = replay.examples.draw(rng.permutation(len(replay))[:MADE_FOR_VALIDATION], rng)
    return Training(
        network,
        ConcatExamples([Ink(lesson.samples, frame, repeats), replay]),
        (pictures, _answers(lesson.teacher, pictures)),
        recipe,
        workers,
        data={"weights": lesson.base, "checksum of the ink": checksum_of_ink(lesson.samples)},
    )


def _made(network: Network, recipe: Recipe) -> ConcatExamples:
    """Made digits, and for a gate made drawings of no digits.

    Each made digit is smoothed once and augmented whenever it is drawn; that takes half the time.
    """
    rng, frame = np.random.default_rng(recipe.seed), network.card.frame
    plain = round(PLAIN * recipe.made_digits)
    makers = [random_plain_hand] * plain + [random_hand] * (recipe.made_digits - plain)
    made = [make(rng) for make in makers]
    digits = [Sample(str(digit), "", strokes) for digit, strokes in made]
    sources: list[Examples] = [Ink(digits, frame)]
    if network.card.kind == "gate":
        sources.append(Outliers([], digits, frame, repeats=1, made=recipe.made_outliers))
    return ConcatExamples(sources)


def _answers(network: Network, pictures: Array) -> Array:
    """The labels (n,) that the network gives; of the gate 0 for a digit and −1 for none."""
    probabilities = network.predict(pictures)
    if network.card.kind == "gate":
        return np.where(probabilities[:, 0] > 0.5, 0, -1)
    return probabilities.argmax(axis=1)


def _card(lesson: Lesson, seed: int) -> Card:
    """What still holds of the network's card, and what it is taught."""
    digits = lesson.digits
    taught = FineTuning(
        base=lesson.base, digits=digits, no_digits=len(lesson.samples) - digits, seed=seed
    )
    card = lesson.network.card
    return replace(
        card,
        training_accuracy=None,
        history=[],
        validation=None,
        metrics=None,
        ink_validation=None,
        ink_metrics=None,
        fine_tuning=[*card.fine_tuning, taught],
    )
