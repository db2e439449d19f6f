"""Verdicts and the two things fitted for them."""

import numpy as np
import pytest

from model.heads import SoftmaxHead
from model.verdict import fit_temperature, fit_thresholds, judge

THRESHOLDS = {"digit": 0.8, "unsure": 0.9}
INK = np.eye(28, dtype=np.float32)


def row(shares: dict[int, float]) -> np.ndarray:
    """(10,) with these shares, and zero elsewhere."""
    return np.array([shares.get(digit, 0) for digit in range(10)])


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ({4: 0.95}, "digit"),
        ({4: 0.8, 9: 0.1}, "digit"),
        ({4: 0.5, 9: 0.45}, "unsure"),
        ({4: 0.7, 9: 0.25}, "unsure"),
        ({4: 0.7, 9: 0.1}, "not-a-digit"),
        ({4: 0.3, 9: 0.3, 7: 0.3}, "not-a-digit"),
        ({}, "not-a-digit"),
    ],
)
def test_one_digit_must_be_sure_enough_or_two_together(
    shares: dict[int, float], verdict: str
) -> None:
    assert judge(INK, row(shares), THRESHOLDS) == verdict


def test_a_picture_without_ink_is_blank_however_sure_the_network_is() -> None:
    assert judge(np.zeros((28, 28)), np.eye(10)[2], THRESHOLDS) == "blank"


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(true: float) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(10, 20_000)) * 3
    chances = SoftmaxHead(true).probabilities(scores)
    labels = (chances.cumsum(axis=0) < rng.random(20_000)).sum(axis=0)
    assert fit_temperature(scores, labels) == pytest.approx(true, rel=0.05)


def test_thresholds_are_reached_by_99_percent_one_by_the_best_and_one_by_two() -> None:
    shares = np.zeros((2_000, 10))
    shares[:, 3] = np.linspace(0.2, 0.9, 2_000)
    shares[:, 5] = 0.1
    thresholds = fit_thresholds(shares)
    assert (shares[:, 3] >= thresholds["digit"]).mean() == pytest.approx(0.99, abs=0.001)
    assert thresholds["unsure"] == pytest.approx(thresholds["digit"] + 0.1)


def test_each_set_of_digits_counts_the_same_for_a_threshold() -> None:
    many, few = np.zeros((10_000, 10)), np.zeros((100, 10))
    many[:, 0], few[:, 0] = 0.9, np.linspace(0.1, 0.5, 100)
    threshold = fit_thresholds(many, few)["digit"]
    assert (few[:, 0] < threshold).mean() == pytest.approx(0.02, abs=0.011)  # and none of many
