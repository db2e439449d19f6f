"""Pictures must have the right shape, type and range."""

import numpy as np
import pytest

from model.network import checked
from model.types import Array

RNG = np.random.default_rng(1)
ONE = RNG.random((28, 28), np.float32)


def test_a_picture_or_many_become_a_batch_of_the_same_numbers() -> None:
    assert np.array_equal(checked(ONE), ONE[None])
    many = RNG.random((3, 28, 28), np.float32)
    assert checked(many) is not None
    assert np.array_equal(checked(many), many)
    assert checked(many[:0]).shape == (0, 28, 28)
    assert np.array_equal(checked(ONE.tolist()), ONE[None])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_become_float32_and_bytes_stay_bytes(dtype: type) -> None:
    assert checked(ONE.astype(dtype)).dtype == np.float32
    assert checked((ONE * 255).astype(np.uint8)).dtype == np.uint8


@pytest.mark.parametrize("low_and_high", [(0, 1), (-0.0, 1), (0, 0), (1, 1)])
def test_both_ends_of_the_range_are_pictures(low_and_high: tuple[float, float]) -> None:
    picture = np.full((28, 28), low_and_high[0], np.float32)
    picture[27, 27] = low_and_high[1]
    assert np.array_equal(checked(picture)[0], picture)
    assert np.array_equal(checked(picture[::-1])[0], picture[::-1])


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (
            np.zeros((2, 28, 27)),
            r"^found an array of shape \(2, 28, 27\), wanted \(N, 28, 28\) or \(28, 28\); "
            r"reshape flat pictures with \.reshape\(-1, 28, 28\)$",
        ),
        (np.zeros((1, 1, 28, 28)), r"shape \(1, 1, 28, 28\)"),
        (np.zeros(28), r"shape \(28,\)"),
        (np.zeros((28, 28), int), r"^found pictures of int64, wanted uint8 or floats in \[0, 1\]$"),
        (np.zeros((28, 28), complex), r"pictures of complex128"),
        (
            np.linspace(-0.25, 1.5, 784).reshape(28, 28),
            r"^found values from -0\.25 to 1\.5, wanted floats in \[0, 1\]; "
            r"divide by 255, or pass uint8$",
        ),
        (np.full((2, 28, 28), -0.5, np.float32), "from -0.5 to -0.5"),
        (np.full((28, 28), 1.5, np.float32), "from 1.5 to 1.5"),
    ],
)
def test_a_value_that_is_no_picture_is_refused_with_what_was_found_and_wanted(
    images: Array, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        checked(images)
