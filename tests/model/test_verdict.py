"""Verdicts and the two things fitted for them."""

import math

import numpy as np
import pytest

from model.heads import SoftmaxHead
from model.verdict import fit_temperature, fit_thresholds, judge

THRESHOLDS = {"digit": 0.6, "unsure": 0.8}
INK = np.eye(28, dtype=np.float32)


def row(probabilities: dict[int, float]) -> np.ndarray:
    """(10,) with these probabilities, and what is left spread over the others."""
    rest = (1 - sum(probabilities.values())) / (10 - len(probabilities))
    return np.array([probabilities.get(digit, rest) for digit in range(10)])


@pytest.mark.parametrize(
    ("probabilities", "verdict"),
    [
        ({4: 0.95}, "digit"),
        ({4: 0.6}, "digit"),
        ({4: 0.55, 9: 0.4}, "unsure"),
        ({4: 0.45, 9: 0.35}, "unsure"),
        ({4: 0.55}, "not-a-digit"),
        ({}, "not-a-digit"),
    ],
)
def test_one_digit_must_be_sure_enough_and_two_together_are_a_doubt(
    probabilities: dict[int, float], verdict: str
) -> None:
    assert judge(INK, row(probabilities), THRESHOLDS) == verdict


def test_a_picture_without_ink_is_blank_however_sure_the_network_is() -> None:
    assert judge(np.zeros((28, 28)), np.eye(10)[2], THRESHOLDS) == "blank"


@pytest.mark.parametrize("rubbish", [math.inf, 0.0])
@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(true: float, rubbish: float) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(10, 20_000)) * 3
    chances = SoftmaxHead(true, rubbish).probabilities(scores)
    labels = (chances.cumsum(axis=0) < rng.random(20_000)).sum(axis=0)
    head = SoftmaxHead(1.0, rubbish)
    assert fit_temperature(head, (scores, labels)) == pytest.approx(true, rel=0.05)
    assert head.temperature == 1.0, "fitting should not change the head"


def test_two_sets_of_digits_count_the_same_for_the_temperature_however_large() -> None:
    rng = np.random.default_rng(0)
    sets = []
    for true, n in ((1.0, 30_000), (3.0, 3_000)):
        scores = rng.normal(size=(10, n)) * 3
        chances = SoftmaxHead(true).probabilities(scores)
        sets.append((scores, (chances.cumsum(axis=0) < rng.random(n)).sum(axis=0)))
    first, second = ((scores[:, :3_000], labels[:3_000]) for scores, labels in sets)
    alike, unlike = (
        fit_temperature(SoftmaxHead(), first, second),
        fit_temperature(SoftmaxHead(), *sets),
    )
    assert 1.3 < alike < 2.7
    assert unlike == pytest.approx(alike, rel=0.05)


def test_ninety_nine_of_a_hundred_digits_are_answered_with_a_digit() -> None:
    rng = np.random.default_rng(0)
    best = rng.uniform(0.1, 1, 5_000)
    probabilities = np.stack([best, *[(1 - best) / 9] * 9], axis=1)
    thresholds = fit_thresholds(probabilities)
    verdicts = [judge(INK, one, thresholds) for one in probabilities]
    assert verdicts.count("digit") / 5_000 == pytest.approx(0.99, abs=0.001)
    assert fit_thresholds(probabilities, probabilities[:500]).keys() == thresholds.keys()
