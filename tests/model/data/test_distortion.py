"""Distortions change a digit as said, and only as far as said."""

import numpy as np
import pytest

from model.data.distortion import Distortion, distort, sample
from model.ink.redraw import centre_of_mass, render
from model.types import Array
from tests.strokes import SEVEN

STILL = {"rotation": 0.0, "shear": 0.0, "scale": 0.0, "shift": 0.0, "elastic": 0.0, "stroke": 0.0}
PICTURE = render(SEVEN)
SEVENS = np.repeat(PICTURE[None], 40, axis=0)


def distorted(**limits: float) -> Array:
    return distort(SEVENS, np.random.default_rng(1), Distortion(**(STILL | limits)))


def test_no_distortion_gives_the_picture_back() -> None:
    assert np.allclose(distorted(), SEVENS, atol=1e-3)


@pytest.mark.parametrize("which", STILL)
def test_each_distortion_changes_every_picture_its_own_way(which: str) -> None:
    pictures = distorted(**{which: getattr(Distortion(), which)})
    assert (np.abs(pictures - SEVENS).max(axis=(1, 2)) > 1e-4).all()
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_pictures_stay_pictures() -> None:
    pictures = distort(SEVENS, np.random.default_rng(1))
    assert pictures.shape == SEVENS.shape
    assert pictures.dtype == np.float32
    assert pictures.min() >= 0
    assert pictures.max() <= 1


def test_a_shift_moves_the_ink_no_farther_than_its_limit() -> None:
    moved = [centre_of_mass(picture) - centre_of_mass(PICTURE) for picture in distorted(shift=1.5)]
    farthest = np.abs(moved).max(axis=0)
    assert (farthest <= 1.51).all()
    assert (farthest > 1).all()


def test_strokes_become_thinner_and_thicker() -> None:
    ink = distorted(stroke=0.7).sum(axis=(1, 2)) / PICTURE.sum()
    assert ink.min() < 0.8
    assert ink.max() > 1.2


def test_the_same_generator_gives_the_same_pictures() -> None:
    a, b = (distort(SEVENS, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(a, b)


def test_sampling_between_pixels_is_in_proportion_and_zero_outside() -> None:
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 10, 10], image[0, 10, 11], image[0, 0, 0] = 1, 0.5, 1
    wanted = {(10, 10.5): 0.75, (10.25, 10): 0.75, (10, 10): 1, (0, -0.5): 0.5, (-0.25, 0): 0.75}
    wanted |= {(10, 50): 0, (-7, 10): 0, (99, 99): 0}
    rows, columns = np.full((2, 1, 28, 28), 20, np.float32)
    rows[0, 0, : len(wanted)], columns[0, 0, : len(wanted)] = np.array(list(wanted)).T
    read = sample(image, rows, columns)[0]
    assert read[0, : len(wanted)] == pytest.approx(list(wanted.values()), abs=1e-6)
    assert not read[1:].any()
