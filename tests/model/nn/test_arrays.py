"""Pictures get the axis order and the type that the layers take."""

import numpy as np

from model.nn.arrays import batch_last, floats

RNG = np.random.default_rng(1)


def test_the_batch_becomes_the_last_axis_and_bytes_become_floats() -> None:
    pictures = RNG.integers(0, 256, (3, 28, 28), np.uint8)
    x = batch_last(pictures)
    assert x.shape == (1, 28, 28, 3)
    assert x.dtype == np.float32
    assert x.flags.c_contiguous
    assert x[0, 4, 7, 2] == pictures[2, 4, 7] / np.float32(255)
    assert floats(np.array([0, 51, 255], np.uint8)).tolist() == [0, np.float32(0.2), 1]
    picture = np.full((28, 28), 0.5, np.float32)
    assert floats(picture) is picture
