"""Verdicts, and the fit of temperature and threshold."""

import numpy as np
import pytest

from model.evaluation.decision import (
    MIN_CONFIDENCE,
    TURNED_AWAY,
    VERDICTS,
    decide,
    fit_temperature,
    fit_threshold,
)
from model.nn.heads import SoftmaxHead

INK = np.eye(28, dtype=np.float32)


def row(probabilities: dict[int, float]) -> np.ndarray:
    """(10,) with these probabilities, and zero elsewhere."""
    return np.array([probabilities.get(digit, 0) for digit in range(10)])


@pytest.mark.parametrize(
    ("probabilities", "verdict"),
    [
        ({4: 1.0}, "digit"),
        ({4: 0.6, 9: 0.4}, "digit"),  # the least confidence is reached exactly
        ({4: 0.59, 9: 0.41}, "unsure"),
        ({4: 0.3, 9: 0.3, 7: 0.2, 1: 0.2}, "unsure"),  # together they reach it exactly
        ({4: 0.3, 9: 0.29, 7: 0.28, 1: 0.13}, "not-a-digit"),
        ({4: 0.2, 9: 0.2, 7: 0.2, 1: 0.2, 2: 0.2}, "not-a-digit"),
        (dict.fromkeys(range(10), 0.1), "not-a-digit"),  # flat: the reader can tell nothing
    ],
)
def test_one_digit_must_be_probable_or_else_two_together_are_unsure(
    probabilities: dict[int, float], verdict: str
) -> None:
    assert MIN_CONFIDENCE == 0.6
    assert decide(INK, row(probabilities), 0.9, threshold=0.5) == verdict
    assert verdict in VERDICTS


@pytest.mark.parametrize("probabilities", [{4: 1.0}, {4: 0.5, 9: 0.5}])
def test_what_the_gate_turns_away_is_no_digit_however_sure_the_reader_is(
    probabilities: dict[int, float],
) -> None:
    assert decide(INK, row(probabilities), 0.24, threshold=0.25) == "not-a-digit"
    assert decide(INK, row(probabilities), 0.25, threshold=0.25) != "not-a-digit"


def test_without_a_gate_everything_counts_as_a_digit() -> None:
    assert decide(INK, row({4: 1.0}), 1.0, threshold=0.0) == "digit"


@pytest.mark.parametrize("digit_probability", [0.0, 1.0])
def test_a_picture_without_ink_is_blank_whatever_gate_and_reader_say(
    digit_probability: float,
) -> None:
    assert decide(np.zeros((28, 28)), np.eye(10)[2], digit_probability, 0.5) == "blank"
    assert VERDICTS == ("digit", "unsure", "not-a-digit", "blank")


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(true: float) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(10, 20_000)) * 3
    chances = SoftmaxHead(true).probabilities(scores)
    labels = (chances.cumsum(axis=0) < rng.random(20_000)).sum(axis=0)
    head = SoftmaxHead()
    assert fit_temperature(head, [(scores, labels)]) == pytest.approx(true, rel=0.05)
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
    assert fit_temperature(SoftmaxHead(), [(logits, labels)]) == pytest.approx(best, rel=2e-3)


@pytest.mark.parametrize(("scale", "end"), [(1e-4, 0.05), (1e5, 20.0)])
def test_a_temperature_beyond_the_range_is_the_end_of_the_range(scale: float, end: float) -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(10, 50))
    # If all answers are right, the best temperature is 0; if all are wrong, it is infinite.
    labels = logits.argmax(axis=0) if end < 1 else logits.argmin(axis=0)
    assert fit_temperature(SoftmaxHead(), [(logits * scale, labels)]) == pytest.approx(
        end, rel=1e-3
    )


def test_every_set_has_the_same_weight_for_the_temperature() -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(10, 3_000)) * 3
    best, worst = scores.argmax(axis=0), scores.argmin(axis=0)
    few = slice(0, 30)
    mixed = np.where(np.arange(3_000) % 10, best, worst)
    apart = fit_temperature(SoftmaxHead(), [(scores, best), (scores[:, few], mixed[few])])
    repeated = np.tile(scores[:, few], 100), np.tile(mixed[few], 100)
    as_many = fit_temperature(SoftmaxHead(), [(scores, best), repeated])
    assert apart == pytest.approx(as_many, rel=1e-3)
    pooled = np.hstack([scores, scores[:, few]]), np.append(best, mixed[few])
    assert apart > 1.5 * fit_temperature(SoftmaxHead(), [pooled])


def test_seven_of_a_thousand_digits_lie_below_the_threshold() -> None:
    probabilities = np.random.default_rng(0).permutation(np.arange(1, 10_001) / 10_000)
    threshold = fit_threshold(probabilities)
    assert TURNED_AWAY == 0.007
    assert (probabilities < threshold).mean() == pytest.approx(TURNED_AWAY, abs=1.1e-4)


def test_a_small_set_of_digits_counts_as_much_as_a_large_one() -> None:
    sure, less = np.full(9_000, 0.9), np.linspace(0.4, 0.6, 100)
    assert fit_threshold(sure) == pytest.approx(0.9)
    # 0.7 % of both sets together, each weighing one half, are the lowest 1.4 of the 100.
    assert fit_threshold(sure, less) == pytest.approx(np.linspace(0.4, 0.6, 100)[1])


def test_the_threshold_of_one_digit_lets_it_pass() -> None:
    assert fit_threshold(np.array([0.3], np.float32)) == pytest.approx(0.3)
    same = np.full(50, np.float32(0.7))
    assert (same >= fit_threshold(same)).all()
