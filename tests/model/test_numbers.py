"""Whole numbers: every digit is found, whatever it was drawn with, from left to right."""

import pytest

from model import Network, load
from model.numbers import read_number
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

DIGITS = {"0": ZERO, "1": ONE, "3": THREE, "5": FIVE, "7": SEVEN}


def written(number: str, step: float = 70) -> list[Stroke]:
    """The digits beside each other, each `step` to the right of the one before it."""
    return [
        [(x + place * step, y) for x, y in stroke]
        for place, digit in enumerate(number)
        for stroke in DIGITS[digit]
    ]


@pytest.fixture(scope="module")
def network() -> Network:
    return load("weights/lenet.npz")


def answer(network: Network, strokes: list[Stroke]) -> str:
    return "".join(str(piece.probabilities.argmax()) for piece in read_number(network, strokes))


@pytest.mark.parametrize("number", ["10", "53", "1375"])
def test_digits_beside_each_other_are_a_number(network: Network, number: str) -> None:
    assert answer(network, written(number)) == number


def test_nothing_drawn_is_no_number(network: Network) -> None:
    assert read_number(network, []) == []
    assert read_number(network, [[], []]) == []
