"""The validation part: runs of neighbouring images, the same for every seed, with every digit."""

import numpy as np
import pytest

from model.data.datasets import RUNS, DataError, split_validation
from model.types import Array


def runs_of(kept: Array) -> list[Array]:
    """Indices, cut where one does not follow the other."""
    return np.split(kept, np.flatnonzero(np.diff(kept) != 1) + 1)


def test_a_split_takes_every_image_once_and_the_same_ones_each_time() -> None:
    labels = np.random.default_rng(1).integers(0, 10, 6000).astype(np.uint8)
    train, validation = split_validation(labels, 500)
    assert (len(train), len(validation)) == (5500, 500)
    assert sorted([*train, *validation]) == list(range(6000))
    np.testing.assert_array_equal(validation, split_validation(labels, 500)[1])


def test_five_runs_of_neighbours_lie_in_the_middle_of_the_fifths_of_a_mixed_set() -> None:
    labels = np.random.default_rng(1).integers(0, 10, 60_000).astype(np.uint8)
    runs = runs_of(split_validation(labels, 5000)[1])
    assert [(run[0], len(run)) for run in runs] == [
        (12_000 * fifth + 5500, 1000) for fifth in range(RUNS)
    ]


@pytest.mark.parametrize("sizes", [[700] * 10, [5923, 6742, 300, 6131, 5842, 90, 59, 6265, 5, 99]])
def test_a_set_that_is_sorted_by_digit_has_every_digit_in_its_validation_part(
    sizes: list[int],
) -> None:
    labels = np.repeat(np.arange(10, dtype=np.uint8), sizes)
    kept = split_validation(labels, len(labels) // 12)[1]
    shares = np.bincount(labels[kept], minlength=10) / np.array(sizes)
    assert shares.min() >= 0.5 / 12
    assert len(np.unique(kept)) == len(kept) == len(labels) // 12


def test_a_set_that_is_sorted_unevenly_gets_no_more_runs_than_it_needs() -> None:
    sizes = [300, 900] * 5
    labels = np.repeat(np.arange(10, dtype=np.uint8), sizes)
    assert len(runs_of(split_validation(labels, 500)[1])) == 2 * RUNS


def test_a_split_may_hold_out_none_or_all_but_one() -> None:
    labels = np.arange(10, dtype=np.uint8)
    assert [len(part) for part in split_validation(labels, 0)] == [10, 0]
    assert [len(part) for part in split_validation(labels, 9)] == [1, 9]


@pytest.mark.parametrize("count", [-1, 10, 11])
def test_a_split_must_leave_something_to_train_on(count: int) -> None:
    with pytest.raises(DataError) as caught:
        split_validation(np.arange(10, dtype=np.uint8), count)
    assert str(caught.value) == f"{count} images for validation, wanted 0 to 9 of the 10"
