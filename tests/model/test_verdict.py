"""Verdicts and the two things fitted for them."""

import numpy as np
import pytest

from model.heads import SoftmaxHead
from model.verdict import fit_temperature, fit_thresholds, judge

THRESHOLDS = {"digit": 0.8, "unsure": 0.5}
INK = np.eye(28, dtype=np.float32)


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [(0.95, "digit"), (0.8, "digit"), (0.6, "unsure"), (0.5, "unsure"), (0.3, "not-a-digit")],
)
def test_confidence_decides(confidence: float, verdict: str) -> None:
    p = np.full(10, (1 - confidence) / 9)
    p[4] = confidence
    assert judge(INK, p, THRESHOLDS) == verdict


def test_a_picture_without_ink_is_blank_however_sure_the_network_is() -> None:
    assert judge(np.zeros((28, 28)), np.eye(10)[2], THRESHOLDS) == "blank"


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(true: float) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(10, 20_000)) * 3
    chances = SoftmaxHead(true).probabilities(scores)
    labels = (chances.cumsum(axis=0) < rng.random(20_000)).sum(axis=0)
    assert fit_temperature(scores, labels) == pytest.approx(true, rel=0.05)


def test_thresholds_are_reached_by_99_and_99_9_percent() -> None:
    p = np.zeros((2_000, 10))
    p[:, 0] = np.linspace(0.2, 1, 2_000)
    thresholds = fit_thresholds(p)
    assert (p[:, 0] >= thresholds["digit"]).mean() == pytest.approx(0.99, abs=0.001)
    assert (p[:, 0] >= thresholds["unsure"]).mean() == pytest.approx(0.999, abs=0.001)
