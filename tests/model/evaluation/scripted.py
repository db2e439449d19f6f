"""A reader and a gate that answer as a test says, by the picture that they are shown."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from model.card import Card
from model.data.ink_files import Sample
from model.evaluation import Gate
from model.ink import render
from model.network import Network
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

DRAWINGS = {"0": ZERO, "1": ONE, "3": THREE, "5": FIVE, "7": SEVEN}


class Scripted:
    """A network that answers for known drawings as scripted, and the same for all others.

    answers: by the name of a drawing, what `predict` gives for its picture in this frame
    """

    name = "scripted"

    def __init__(self, card: Card, answers: dict[str, Sequence[float]], other: Array) -> None:
        self.card, self.other = card, other
        self.batches: list[Array] = []
        self.answers = {
            render(DRAWINGS[name], card.frame).tobytes(): np.array(answer)
            for name, answer in answers.items()
        }

    def predict(self, pictures: Array) -> Array:
        """Probabilities (N, 10) or (N, 1), or of one picture (10,) or (1,)."""
        self.batches.append(pictures)
        many = pictures.reshape(-1, 28, 28)
        rows = np.array([self.answers.get(picture.tobytes(), self.other) for picture in many])
        return rows if pictures.ndim == 3 else rows[0]


def reader(answers: dict[str, tuple[int, float]], frame: str = "emnist") -> Scripted:
    """A reader with these digits and their probabilities; it knows nothing of other drawings."""
    rows = {}
    for name, (digit, probability) in answers.items():
        rows[name] = np.full(10, (1 - probability) / 9)
        rows[name][digit] = probability
    return Scripted(Card("lenet", frame), rows, np.full(10, 0.1))  # type: ignore[arg-type]


def gate(answers: dict[str, float], frame: str = "emnist", threshold: float = 0.5) -> Scripted:
    """A gate with these probabilities of being a digit; every other drawing has 0.01."""
    card = Card("gate", frame, kind="gate", threshold=threshold)
    return Scripted(card, {name: [p] for name, p in answers.items()}, np.array([0.01]))


def as_network(scripted: Scripted) -> Network:
    return cast(Network, scripted)


def as_gate(scripted: Scripted) -> Gate:
    return Gate(as_network(scripted))


def sample(label: str, strokes: list[Stroke]) -> Sample:
    return Sample(label, "", [np.array(stroke, np.float32) for stroke in strokes])
