"""The softmax head against closed forms."""

import numpy as np
import pytest

from model.heads import SoftmaxHead, one_hot
from tests.model.derivatives import compare, difference_quotients

RNG = np.random.default_rng(5)
SCORES = RNG.normal(size=(10, 6)) * 3
TARGETS = one_hot(np.array([0, 3, 3, 9, 5, 1])).astype(np.float64)


def test_gradient_is_probabilities_minus_one_hot_over_n() -> None:
    _, gradient, p = SoftmaxHead().loss(SCORES, TARGETS)
    closed = np.exp(SCORES) / np.exp(SCORES).sum(axis=0)
    assert np.allclose(p, closed)
    assert np.allclose(gradient, (closed - TARGETS) / 6)


def test_gradient_is_the_slope_of_the_loss() -> None:
    scores = SCORES.copy()
    _, gradient, _ = SoftmaxHead().loss(scores, TARGETS)
    compare(
        "scores",
        gradient,
        difference_quotients(lambda: SoftmaxHead().loss(scores, TARGETS)[0], scores),
    )


def test_loss_is_the_mean_negative_log_likelihood() -> None:
    loss, _, p = SoftmaxHead().loss(SCORES, TARGETS)
    labels = TARGETS.argmax(axis=0)
    assert loss == pytest.approx(-np.log(p[labels, np.arange(6)]).mean())


def test_scores_of_any_size_give_finite_probabilities_and_loss() -> None:
    scores = np.array([[1e4, -1e4], [0, 0]] + [[0, 0]] * 8, np.float32)
    loss, gradient, p = SoftmaxHead().loss(scores, one_hot(np.array([1, 0])))
    assert np.isfinite(loss)
    assert np.isfinite(gradient).all()
    assert np.allclose(p.sum(axis=0), 1)


def test_temperature_softens_probabilities_and_keeps_their_order() -> None:
    sharp, soft = (SoftmaxHead(t).probabilities(SCORES) for t in (1, 2))
    assert (soft.max(axis=0) < sharp.max(axis=0)).all()
    assert (soft.argmax(axis=0) == sharp.argmax(axis=0)).all()
    assert np.allclose(soft, SoftmaxHead().probabilities(SCORES / 2))
