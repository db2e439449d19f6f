"""Loss and accuracy over several batches."""

import numpy as np
import pytest

from model.training.progress import Progress, RunningMeans, batch_sums


def test_the_loss_counts_all_examples_and_the_accuracy_only_digits() -> None:
    means = RunningMeans()
    means.add(4, 8.0, 3, 2)
    means.add(4, 0.0, 1, 1)
    assert means.loss == 1.0
    assert means.accuracy == 0.75


def test_the_accuracy_of_one_digit_is_zero_or_one() -> None:
    means = RunningMeans()
    means.add(1, 3.0, 1, 1)
    assert means.accuracy == 1


def test_a_run_begins_with_zero_steps_and_epochs() -> None:
    assert Progress() == Progress(0, 0, RunningMeans(0, 0.0, 0, 0), RunningMeans(0, 0.0, 0, 0))


def test_without_digits_the_accuracy_is_zero() -> None:
    means = RunningMeans()
    means.add(2, 3.0, 0, 0)
    assert means.accuracy == 0


def test_the_sums_of_a_batch_leave_examples_of_no_digit_out_of_the_accuracy() -> None:
    targets, probabilities = np.zeros((10, 4)), np.zeros((10, 4))
    targets[[3, 3, 7], [0, 1, 2]] = 1  # the last column is no digit
    probabilities[[3, 3, 1, 0], [0, 1, 2, 3]] = 0.9
    assert batch_sums(0.5, probabilities, targets) == pytest.approx((2.0, 3, 2))
