"""Metrics on small cases, compared with counts by hand."""

import json

import numpy as np
import pytest

from model.evaluation.metrics import (
    auroc,
    calibration_error,
    compute_metrics,
    confusion,
    f1,
    precision_recall,
    reliability,
    top_k,
    wilson,
)


def rows(*answers: dict[int, float]) -> np.ndarray:
    p = np.zeros((len(answers), 10))
    for row, answer in zip(p, answers, strict=True):
        for digit, probability in answer.items():
            row[digit] = probability
    return p


def test_confusion_counts_label_by_row_and_answer_by_column() -> None:
    counts = confusion(np.array([1, 1, 2]), np.array([1, 2, 2]))
    assert counts[1, 1] == counts[2, 1] == counts[2, 2] == 1
    assert counts.sum() == 3
    assert counts.shape == (10, 10)
    assert confusion(np.array([2, 0]), np.array([1, 2]), classes=3).tolist() == [
        *([0, 0, 0], [0, 0, 1], [1, 0, 0])
    ]


def test_f1_weighs_precision_and_recall_and_is_zero_for_what_never_occurs() -> None:
    scores = f1(confusion(np.array([0, 0, 1]), np.array([0, 1, 1])))
    assert scores[0] == pytest.approx(2 / 3)  # precision 1/2, recall 1
    assert scores[1] == pytest.approx(2 / 3)  # precision 1, recall 1/2
    assert scores[5] == 0


def test_precision_is_by_answers_and_recall_by_images() -> None:
    precision, recall = precision_recall(confusion(np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1])))
    assert precision[:3].tolist() == [pytest.approx(1 / 3), 1, 0]
    assert recall[:3].tolist() == [1, pytest.approx(1 / 3), 0]


def test_top_k_looks_among_the_k_most_probable() -> None:
    p = rows({3: 0.5, 4: 0.3, 5: 0.2}, {3: 0.5, 4: 0.3, 5: 0.2})
    labels = np.array([5, 9])
    assert [top_k(p, labels, k) for k in (1, 2, 3)] == [0, 0, 0.5]
    assert top_k(p, np.array([2, 0]), 3) == 0  # lower and higher digits are no hits


def test_wilson_interval_is_wilsons() -> None:
    # Brown, Cai and DasGupta 2001 give the closed form; 90 of 100 is 0.8256 … 0.9448.
    assert wilson(90, 100) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    # The bounds are the fractions p with |hits/n − p| = z·√(p(1 − p)/n), by definition.
    for bound in wilson(7, 23, 1.5):
        assert abs(7 / 23 - bound) == pytest.approx(1.5 * np.sqrt(bound * (1 - bound) / 23))
    for bound in wilson(7, 23):
        assert abs(7 / 23 - bound) == pytest.approx(1.959964 * np.sqrt(bound * (1 - bound) / 23))


def test_a_wilson_interval_stays_within_0_and_1_whatever_is_rounded() -> None:
    lows = [wilson(0, n)[0] for n in range(1, 2_000)]
    highs = [wilson(n, n)[1] for n in range(1, 2_000)]
    assert min(lows) == 0 == pytest.approx(max(lows))
    assert max(highs) == 1 == pytest.approx(min(highs))


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    p = rows({1: 0.9, 2: 0.1}, {1: 0.9, 2: 0.1}, {1: 0.6, 2: 0.4}, {1: 0.6, 2: 0.4})
    labels = np.array([1, 1, 1, 2])  # the 0.9s are right, one of the 0.6s is
    assert calibration_error(p, labels) == pytest.approx(0.5 * 0.1 + 0.5 * 0.1)
    assert calibration_error(rows({1: 1.0}), np.array([1])) == 0


def test_reliability_sorts_images_into_fifteen_bins_by_confidence() -> None:
    p = rows({1: 0.99}, {1: 0.95}, {1: 0.62}, {1: 1.0})
    images, right, confidence = reliability(p, np.array([1, 2, 1, 1]))
    assert images.tolist() == [0] * 9 + [1] + [0] * 4 + [3]  # 0.62 · 15 = 9.3; 1.0 is in the last
    assert right.tolist() == [0] * 9 + [1] + [0] * 4 + [2]
    assert confidence[[9, 14]] == pytest.approx([0.62, 2.94])


def test_the_bins_of_a_card_have_every_image_once_and_reproduce_the_calibration_error() -> None:
    rng = np.random.default_rng(6)
    scores = rng.random((500, 10)) ** 4
    p, labels = scores / scores.sum(axis=1, keepdims=True), rng.integers(0, 10, 500)
    labels[:300] = p[:300].argmax(axis=1)
    result = compute_metrics(p, labels)
    bins = result["reliability"]
    assert sum(one["images"] for one in bins) == 500
    assert all(one["images"] for one in bins), "empty bins should be left out"
    hits = sum(one["images"] * one["accuracy"] for one in bins)
    assert hits == pytest.approx(500 * result["accuracy"])
    gaps = sum(one["images"] * abs(one["confidence"] - one["accuracy"]) for one in bins)
    assert gaps / 500 == pytest.approx(result["ece"]) == calibration_error(p, labels)
    confidences = [one["confidence"] for one in bins]
    assert confidences == sorted(confidences)


@pytest.mark.parametrize("levels", [2, 5, 1_000])  # the fewer, the more ties
def test_auroc_is_how_often_a_positive_beats_a_negative_and_ties_count_half(levels: int) -> None:
    rng = np.random.default_rng(levels)
    positive, negative = (rng.integers(0, levels, n) / levels for n in (40, 23))
    pairs = [(p > n) + (p == n) / 2 for p in positive + 0.1 for n in negative + 0.1]
    assert auroc(positive, negative) == pytest.approx(np.mean(pairs))


def test_auroc_is_1_for_parted_kinds_one_half_for_equal_ones_and_unknown_for_one_kind() -> None:
    low, high, none = np.array([0.1, 0.2]), np.array([0.3]), np.array([])
    assert (auroc(high, low), auroc(low, high), auroc(low, low[[0, 1]])) == (1, 0, 0.5)
    assert auroc(low, none) is auroc(none, low) is auroc(none, none) is None


def test_equal_probabilities_are_ranked_by_digit() -> None:
    p = rows({3: 0.3, 4: 0.3, 5: 0.3, 6: 0.1})
    assert [top_k(p, np.array([digit]), 2) for digit in (3, 4, 5)] == [1, 1, 0]


def test_metrics_are_plain_json_with_every_promised_number() -> None:
    result = compute_metrics(rows({1: 0.9, 2: 0.1}, {2: 0.7, 1: 0.3}), np.array([1, 1]))
    assert json.loads(json.dumps(result)) == result
    assert result["images"] == 2
    assert result["accuracy"] == 0.5
    assert result["top3"] == 1
    third = compute_metrics(rows({1: 0.5, 2: 0.3, 3: 0.2}), np.array([3]))
    assert (third["accuracy"], third["top3"]) == (0, 1)
    assert result["interval"] == list(wilson(1, 2))
    assert result["per_digit"] == [0, pytest.approx(2 / 3), *[0] * 8]
    assert result["confusion"][1][2] == 1
    assert result["interval"][0] < 0.5 < result["interval"][1]
    assert len(result["per_digit"]) == 10
    assert result["macro_f1"] == pytest.approx(sum(result["per_digit"]) / 10)
    assert result["ece"] == pytest.approx(0.4)
