"""Made digits in usual hands: all ten, varied, and read as what they are."""

from collections import Counter

import numpy as np
import pytest

from model import load
from model.data.plain_hands import PLAIN_HANDS, random_plain_hand
from model.ink import render


def test_every_digit_has_two_or_three_forms_of_one_height() -> None:
    assert set(Counter(digit for digit, _ in PLAIN_HANDS).values()) == {2, 3}
    assert {digit for digit, _ in PLAIN_HANDS} == set(range(10))
    for _, strokes in PLAIN_HANDS:
        y = [y for line in strokes for _, y in line]
        assert (min(y), max(y)) == pytest.approx((0, 1), abs=0.03)


def test_the_generator_alone_decides_and_no_two_drawings_are_alike() -> None:
    once, again = (
        [random_plain_hand(rng) for _ in range(50)]
        for rng in (np.random.default_rng(0), np.random.default_rng(0))
    )
    for (digit, strokes), (same_digit, same_strokes) in zip(once, again, strict=True):
        assert digit == same_digit
        np.testing.assert_array_equal(np.concatenate(strokes), np.concatenate(same_strokes))
    assert len({np.concatenate(strokes).tobytes() for _, strokes in once}) == 50


def test_a_trained_network_reads_them() -> None:
    rng = np.random.default_rng(1)
    made = [random_plain_hand(rng) for _ in range(300)]
    assert set(Counter(digit for digit, _ in made)) == set(range(10))
    answers = load("weights/lenet.npz").predict(np.array([render(s) for _, s in made]))
    right = answers.argmax(axis=1) == np.array([digit for digit, _ in made])
    assert right.mean() > 0.97
