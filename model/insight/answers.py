"""Answers of a reader behind the gate, as the page gives them."""

from collections.abc import Callable
from typing import NamedTuple

from model.evaluation import Gate, decide
from model.network import Network
from model.types import Array


class Answer(NamedTuple):
    """An answer to one picture.

    verdict:    one of model.evaluation.VERDICTS
    digit:      the most probable one; None unless the verdict is "digit" or "unsure"
    confidence: its probability among the ten digits
    """

    verdict: str
    digit: int | None
    confidence: float


def read_all(network: Network, gate: Gate, redraw: Callable[[str], Array]) -> list[Answer]:
    """The answer to each of some drawings.

    network: a reader
    redraw:  draws all of them in the frame of that name, (N, 28, 28)
    """
    frame = network.card.frame
    pictures = redraw(frame)
    probabilities = network.predict(pictures)
    is_digit = gate.digit_probability(pictures, frame, redraw)
    answers = []
    for picture, own, accepted in zip(pictures, probabilities, is_digit, strict=True):
        verdict = decide(picture, own, float(accepted), gate.threshold)
        digit = int(own.argmax()) if verdict in ("digit", "unsure") else None
        answers.append(Answer(verdict, digit, float(own.max())))
    return answers
