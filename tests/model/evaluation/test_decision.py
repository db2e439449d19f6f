"""Verdicts, and the fit of temperature and thresholds."""

import numpy as np
import pytest

from model.card import Thresholds
from model.evaluation.decision import VERDICTS, decide, fit_temperature, fit_thresholds
from model.nn.heads import SoftmaxHead

THRESHOLDS: Thresholds = {"digit": 0.5, "unsure": 0.6}
INK = np.eye(28, dtype=np.float32)


def row(probabilities: dict[int, float]) -> np.ndarray:
    """(10,) with these probabilities, and zero elsewhere."""
    return np.array([probabilities.get(digit, 0) for digit in range(10)])


@pytest.mark.parametrize(
    ("probabilities", "verdict"),
    [
        ({4: 0.95}, "digit"),
        ({4: 0.5, 9: 0.1}, "digit"),  # 0.83 of the sum
        ({4: 0.6, 9: 0.4}, "digit"),  # both thresholds are reached exactly
        ({4: 0.5, 9: 0.45}, "unsure"),  # probable enough, but 0.53 of the sum
        ({4: 0.3, 9: 0.2}, "unsure"),  # together they reach 0.5 exactly
        ({4: 0.3, 9: 0.25}, "unsure"),
        ({4: 0.45}, "not-a-digit"),
        ({4: 0.2, 9: 0.2, 7: 0.2, 1: 0.2, 2: 0.2}, "not-a-digit"),
        ({}, "not-a-digit"),
    ],
)
def test_a_digit_must_be_probable_and_stand_out_or_else_two_together_are_unsure(
    probabilities: dict[int, float], verdict: str
) -> None:
    assert decide(INK, row(probabilities), THRESHOLDS) == verdict
    assert verdict in VERDICTS


def test_a_picture_without_ink_is_blank_however_sure_the_network_is() -> None:
    assert decide(np.zeros((28, 28)), np.eye(10)[2], THRESHOLDS) == "blank"
    assert VERDICTS == ("digit", "unsure", "not-a-digit", "blank")


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(true: float) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(10, 20_000)) * 3
    chances = SoftmaxHead(true).probabilities(scores)
    labels = (chances.cumsum(axis=0) < rng.random(20_000)).sum(axis=0)
    head = SoftmaxHead()
    assert fit_temperature(head, scores, labels) == pytest.approx(true, rel=0.05)
    assert head.temperature == 1.0, "fitting should not change the head"


def test_the_fitted_temperature_is_the_best_of_a_fine_grid() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(10, 300)).astype(np.float32) * 4
    labels = np.where(rng.random(300) < 0.6, logits.argmax(axis=0), rng.integers(10, size=300))

    def loss(temperature: float) -> float:
        scaled = logits.astype(np.float64) / temperature
        log_sum = np.log(np.exp(scaled).sum(axis=0))
        return float((log_sum - scaled[labels, np.arange(300)]).mean())

    grid = np.exp(np.linspace(np.log(0.05), np.log(20), 6_000))
    best = grid[np.argmin([loss(temperature) for temperature in grid])]
    assert fit_temperature(SoftmaxHead(), logits, labels) == pytest.approx(best, rel=2e-3)


@pytest.mark.parametrize(("scale", "end"), [(1e-4, 0.05), (1e5, 20.0)])
def test_a_temperature_beyond_the_range_is_the_end_of_the_range(scale: float, end: float) -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(10, 50))
    # If all answers are right, the best temperature is 0; if all are wrong, it is infinite.
    labels = logits.argmax(axis=0) if end < 1 else logits.argmin(axis=0)
    assert fit_temperature(SoftmaxHead(), logits * scale, labels) == pytest.approx(end, rel=1e-3)


def test_ninety_nine_of_a_hundred_digits_pass_both_thresholds() -> None:
    rng = np.random.default_rng(0)
    best, second = rng.random(2_000), rng.random(2_000)
    rows = np.zeros((2_000, 10))
    rows[:, 3], rows[:, 5] = best, best * second
    thresholds = fit_thresholds(rows)
    assert set(thresholds) == {"digit", "unsure"}
    assert (best >= thresholds["digit"]).mean() == pytest.approx(0.993, abs=0.0006)
    fraction = 1 / (1 + second)
    assert (fraction >= thresholds["unsure"]).mean() == pytest.approx(0.997, abs=0.0006)
    verdicts = [decide(INK, one, thresholds) for one in rows]
    assert verdicts.count("digit") / 2_000 == pytest.approx(0.99, abs=0.0015)  # some fail both


def test_a_small_set_of_digits_counts_as_much_as_a_large_one() -> None:
    sure, less = np.zeros((9_000, 10)), np.zeros((100, 10))
    sure[:, 3], less[:, 3] = 0.9, np.linspace(0.4, 0.6, 100)
    assert fit_thresholds(sure)["digit"] == pytest.approx(0.9)
    # 0.7 % of both sets together, each weighing one half, are the lowest 1.4 of the 100.
    assert fit_thresholds(sure, less)["digit"] == pytest.approx(np.linspace(0.4, 0.6, 100)[1])
