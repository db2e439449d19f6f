"""Verdicts and the two things fitted for them."""

import numpy as np
import pytest

from model.card import Thresholds
from model.evaluation.decision import fit_temperature, fit_thresholds, judge
from model.nn.heads import SoftmaxHead

THRESHOLDS: Thresholds = {"digit": 0.5, "unsure": 0.6}
INK = np.eye(28, dtype=np.float32)


def row(shares: dict[int, float]) -> np.ndarray:
    """(10,) with these shares, and zero elsewhere."""
    return np.array([shares.get(digit, 0) for digit in range(10)])


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ({4: 0.95}, "digit"),
        ({4: 0.5, 9: 0.1}, "digit"),  # 0.83 of what all have
        ({4: 0.5, 9: 0.45}, "unsure"),  # as much as a digit needs, but hardly more than another
        ({4: 0.3, 9: 0.25}, "unsure"),
        ({4: 0.45}, "not-a-digit"),
        ({4: 0.2, 9: 0.2, 7: 0.2, 1: 0.2, 2: 0.2}, "not-a-digit"),
        ({}, "not-a-digit"),
    ],
)
def test_a_digit_must_reach_its_share_and_stand_out_and_two_together_are_a_doubt(
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
    head = SoftmaxHead()
    assert fit_temperature(head, scores, labels) == pytest.approx(true, rel=0.05)
    assert head.temperature == 1.0, "fitting should not change the head"


def test_ninety_nine_of_a_hundred_digits_pass_both_thresholds() -> None:
    rng = np.random.default_rng(0)
    best, second = rng.random(2_000), rng.random(2_000)
    shares = np.zeros((2_000, 10))
    shares[:, 3], shares[:, 5] = best, best * second
    thresholds = fit_thresholds(shares)
    some = shares.max(axis=1)
    assert (some >= thresholds["digit"]).mean() == pytest.approx(0.993, abs=0.001)
    apart = some / shares.sum(axis=1)
    assert (apart >= thresholds["unsure"]).mean() == pytest.approx(0.997, abs=0.001)
    verdicts = [judge(INK, one, thresholds) for one in shares]
    assert verdicts.count("digit") / 2_000 == pytest.approx(0.99, abs=0.0015)  # some fail both


def test_a_small_set_of_digits_counts_as_much_as_a_large_one() -> None:
    sure, less = np.zeros((9_000, 10)), np.zeros((100, 10))
    sure[:, 3], less[:, 3] = 0.9, np.linspace(0.4, 0.6, 100)
    assert fit_thresholds(sure)["digit"] == pytest.approx(0.9)
    assert fit_thresholds(sure, less)["digit"] == pytest.approx(0.4, abs=0.01)
