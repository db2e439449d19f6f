"""The heads compared with closed forms, and the ten codes of the RBF head."""

import numpy as np
import pytest

from model.nn.codes import codes
from model.nn.heads import LogisticHead, RBFHead, SoftmaxHead, one_hot
from tests.model.nn.derivatives import compare, difference_quotients

RNG = np.random.default_rng(5)
SCORES = RNG.normal(size=(10, 6)) * 3
TARGETS = one_hot(np.array([0, 3, 3, 9, 5, 1])).astype(np.float64)


def test_gradient_is_probabilities_minus_one_hot_over_n() -> None:
    _, gradient, p = SoftmaxHead().loss_and_gradient(SCORES, TARGETS)
    closed = np.exp(SCORES) / np.exp(SCORES).sum(axis=0)
    assert np.allclose(p, closed)
    assert np.allclose(gradient, (closed - TARGETS) / 6)


def test_gradient_is_the_slope_of_the_loss() -> None:
    scores = SCORES.copy()
    _, gradient, _ = SoftmaxHead().loss_and_gradient(scores, TARGETS)
    compare(
        "scores",
        gradient,
        difference_quotients(lambda: SoftmaxHead().loss_and_gradient(scores, TARGETS)[0], scores),
    )


def test_loss_is_the_mean_negative_log_likelihood() -> None:
    loss, _, p = SoftmaxHead().loss_and_gradient(SCORES, TARGETS)
    labels = TARGETS.argmax(axis=0)
    assert loss == pytest.approx(-np.log(p[labels, np.arange(6)]).mean())


def test_scores_of_any_size_give_finite_probabilities_and_loss() -> None:
    scores = np.array([[1e4, -1e4], [0, 0]] + [[0, 0]] * 8, np.float32)
    loss, gradient, p = SoftmaxHead().loss_and_gradient(scores, one_hot(np.array([1, 0])))
    assert np.isfinite(loss)
    assert np.isfinite(gradient).all()
    assert np.allclose(p.sum(axis=0), 1)


NO_DIGITS = np.hstack([TARGETS[:, :4], np.zeros((10, 2))])  # four digits, and two that are none


def test_the_gates_loss_is_the_cross_entropy_of_digits_and_others() -> None:
    x = np.array([[2.0, -1.0, 0.5, 3.0, -2.0, 1.5]])
    loss, gradient, p = LogisticHead().loss_and_gradient(x, NO_DIGITS)
    closed = 1 / (1 + np.exp(-x))
    assert np.allclose(p, closed)
    of_target = np.where(np.arange(6) < 4, closed, 1 - closed)
    assert loss == pytest.approx(-np.log(of_target).mean())
    slopes = difference_quotients(lambda: LogisticHead().loss_and_gradient(x, NO_DIGITS)[0], x)
    compare("x", gradient, slopes)


def test_the_gates_probabilities_stay_between_zero_and_one() -> None:
    extreme = np.array([[-1e4, 0, 1e4]], np.float32)
    loss, gradient, p = LogisticHead().loss_and_gradient(extreme, NO_DIGITS[:, 3:])
    assert p.tolist() == [[0, 0.5, 1]]
    assert np.isfinite(loss)
    assert np.isfinite(gradient).all()
    assert np.allclose(LogisticHead(2.0).probabilities(np.array([[3.0]])), 1 / (1 + np.exp(-1.5)))


def test_the_gates_curvature_is_the_slope_of_its_gradient() -> None:
    x, step = np.array([[0.7]]), 1e-5
    above, below = (
        LogisticHead().loss_and_gradient(x + shift, NO_DIGITS[:, :1])[1] for shift in (step, -step)
    )
    assert LogisticHead().curvature(x) == pytest.approx((above - below) / (2 * step), rel=1e-4)


def test_a_hit_is_the_most_probable_digit_or_the_right_side_of_the_gate() -> None:
    p = SoftmaxHead().probabilities(SCORES)
    wanted = p.argmax(axis=0) == TARGETS.argmax(axis=0)
    assert SoftmaxHead().hits(p, TARGETS).tolist() == wanted.tolist()
    assert RBFHead().hits(p, TARGETS).tolist() == wanted.tolist()
    sides = np.array([[0.9, 0.4, 0.6, 0.7, 0.2, 0.8]])
    assert LogisticHead().hits(sides, NO_DIGITS).tolist() == [True, False, True, True, True, False]


def test_temperature_softens_probabilities_and_keeps_their_order() -> None:
    sharp, soft = (SoftmaxHead(t).probabilities(SCORES) for t in (1, 2))
    assert (soft.max(axis=0) < sharp.max(axis=0)).all()
    assert (soft.argmax(axis=0) == sharp.argmax(axis=0)).all()
    assert np.allclose(soft, SoftmaxHead().probabilities(SCORES / 2))


def test_codes_are_the_drawings_and_differ_from_each_other() -> None:
    all_codes = codes()
    assert all_codes.shape == (10, 84)
    assert set(np.unique(all_codes)) == {-1, 1}
    one = all_codes[1].reshape(12, 7)
    assert one[0].tolist() == [-1, -1, -1, 1, 1, -1, -1]
    distances = ((all_codes[:, None] - all_codes) ** 2).sum(axis=2)
    assert distances[~np.eye(10, dtype=bool)].min() >= 4 * 10  # at least ten pixels apart


F6 = RNG.normal(size=(84, 6)) * 0.2 + codes()[[0, 3, 3, 9, 5, 7]].T * 0.9


@pytest.mark.parametrize(("sigma", "rubbish"), [(0.5**0.5, 20.0), (4.0, 1.0)])
def test_rbf_loss_is_equation_9(sigma: float, rubbish: float) -> None:
    loss, _, _ = RBFHead(sigma, rubbish).loss_and_gradient(F6, TARGETS)
    penalties = ((F6[None] - codes()[:, :, None]) ** 2).sum(axis=1) / (2 * sigma**2)
    right = penalties[TARGETS.argmax(axis=0), np.arange(6)]
    wanted = right + np.log(np.exp(-rubbish) + np.exp(-penalties).sum(axis=0))
    assert loss == pytest.approx(wanted.mean())


@pytest.mark.parametrize(("sigma", "rubbish"), [(0.5**0.5, 20.0), (4.0, 1.0)])
def test_rbf_gradient_is_the_slope_of_the_loss(sigma: float, rubbish: float) -> None:
    head, x = RBFHead(sigma, rubbish), F6.copy()
    _, gradient, _ = head.loss_and_gradient(x, TARGETS)
    compare("x", gradient, difference_quotients(lambda: head.loss_and_gradient(x, TARGETS)[0], x))


def test_rbf_curvature_is_the_second_derivative_of_a_penalty() -> None:
    head, step = RBFHead(sigma=3.0), 1e-3
    nudge = np.zeros_like(F6)
    nudge[17] = step
    penalties = [-head.logits(F6 + shift)[4] for shift in (-nudge, 0 * nudge, nudge)]
    wanted = (penalties[0] - 2 * penalties[1] + penalties[2]) / step**2
    assert np.allclose(head.curvature(F6)[17], wanted, rtol=1e-5)


def test_softmax_curvature_is_the_slope_of_its_gradient() -> None:
    step, nudged = 1e-5, SCORES.copy()
    nudged[4, 2] += step
    above = SoftmaxHead().loss_and_gradient(nudged, TARGETS)[1][4, 2]
    nudged[4, 2] -= 2 * step
    below = SoftmaxHead().loss_and_gradient(nudged, TARGETS)[1][4, 2]
    wanted = (above - below) / (2 * step) * 6
    assert SoftmaxHead().curvature(SCORES)[4, 2] == pytest.approx(wanted, rel=1e-4)


def test_the_nearest_code_is_the_most_probable_digit() -> None:
    head = RBFHead()
    p = head.probabilities(head.logits(codes().T * 0.5))
    assert p.argmax(axis=0).tolist() == list(range(10))
    assert np.allclose(p.sum(axis=0), 1)


@pytest.mark.parametrize("head", [SoftmaxHead(), RBFHead(), SoftmaxHead(2.5), RBFHead(2, 3, 4)])
@pytest.mark.parametrize("size", [1, 1000])
def test_one_column_has_the_probabilities_of_many(head: SoftmaxHead | RBFHead, size: float) -> None:
    logits = (SCORES * size).astype(np.float32)
    many = head.probabilities(logits)
    alone = [head.probabilities(logits[:, [n]]) for n in range(6)]
    assert all(one.shape == (10, 1) and one.dtype == np.float32 for one in alone)
    assert np.allclose(np.hstack(alone), many, atol=1e-6)


def test_one_hot_is_one_for_the_label_and_zero_elsewhere() -> None:
    targets = one_hot(np.array([2, 0, -1]))
    assert targets.shape == (10, 3)
    assert targets.dtype == np.float32
    assert np.argwhere(targets == 1).tolist() == [[0, 1], [2, 0]]
    assert targets.sum() == 2, "the column of no digit should be zeros"
    assert one_hot(np.array([1]), classes=3).tolist() == [[0], [1], [0]]


def test_a_head_prints_itself_and_names_its_shapes() -> None:
    assert repr(SoftmaxHead()) == "softmax, cross-entropy"
    assert repr(LogisticHead()) == "logistic, cross-entropy"
    assert repr(RBFHead()) == "RBF on ten 7 × 12 codes, MAP loss"
    heads = (SoftmaxHead, LogisticHead, RBFHead)
    assert [(head.inputs, head.classes) for head in heads] == [((10,), 10), ((1,), 1), ((84,), 10)]
    assert [head().temperature for head in heads] == [1, 1, 1]
    assert (RBFHead().rubbish, RBFHead().weight) == (1, 1 / 32)
    assert SoftmaxHead().logits(SCORES) is SCORES


def test_rbf_logits_are_minus_the_squared_distances_over_two_variances() -> None:
    squared = ((F6[None] - codes()[:, :, None]) ** 2).sum(axis=1)
    assert np.allclose(RBFHead(sigma=3).logits(F6), -squared / 18)
    assert RBFHead().logits(F6.astype(np.float32)).dtype == np.float32


def test_rbf_loss_returns_the_probabilities_without_the_rubbish_class() -> None:
    head = RBFHead(rubbish=-5, temperature=7)
    p = head.loss_and_gradient(F6, TARGETS)[2]
    assert np.allclose(p, SoftmaxHead().probabilities(head.logits(F6)))


@pytest.mark.parametrize("head", [SoftmaxHead(), LogisticHead(), RBFHead(rubbish=-3)])
def test_derivatives_have_the_type_of_what_they_are_derived_from(
    head: SoftmaxHead | LogisticHead | RBFHead,
) -> None:
    x = RNG.normal(size=(*head.inputs, 4)).astype(np.float32)
    _, dx, p = head.loss_and_gradient(x, TARGETS[:, :4].astype(np.float32))
    assert dx.dtype == p.dtype == head.curvature(x).dtype == np.float32
    assert dx.shape == head.curvature(x).shape == x.shape
    assert p.shape == (head.classes, 4)
    assert head.probabilities(head.logits(x)).dtype == np.float32


def test_the_codes_have_seven_columns_twelve_rows_and_the_type_of_weights() -> None:
    assert codes().dtype == np.float32
    drawn = codes().reshape(10, 12, 7)
    assert (drawn[7, 0] == 1).all()  # the bar of the seven
    assert drawn[2, -1].tolist() == [1] * 7  # the foot of the two
    assert (drawn == 1).sum(axis=(1, 2)).min() > 25


@pytest.mark.parametrize("head", [SoftmaxHead(), LogisticHead(), RBFHead()], ids=repr)
def test_the_gradient_at_the_logits_goes_back_to_the_last_layer(
    head: SoftmaxHead | LogisticHead | RBFHead,
) -> None:
    rng = np.random.default_rng(9)
    x, dlogits = rng.normal(size=(*head.inputs, 3)), rng.normal(size=(head.classes, 3))
    wanted = difference_quotients(lambda: float((head.logits(x) * dlogits).sum()), x)
    compare("x", head.logits_backward(x, dlogits), wanted)
