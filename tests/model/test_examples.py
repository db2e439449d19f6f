"""Sources of examples: what they draw, and that only the generator decides."""

import numpy as np
import pytest

from model.examples import Images, Mixture
from model.types import Array

IMAGES = np.random.default_rng(5).integers(0, 256, (7, 28, 28), np.uint8)
LABELS = np.arange(7)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def digits(targets: Array) -> list[int]:
    return targets.argmax(axis=0).tolist()


def test_images_come_as_they_are_in_the_order_that_was_asked_for() -> None:
    pictures, targets = Images(IMAGES, LABELS, augment=False).draw(np.array([4, 0, 4]), rng())
    assert (pictures == IMAGES[[4, 0, 4]]).all()
    assert digits(targets) == [4, 0, 4]
    assert targets.sum(axis=0).tolist() == [1, 1, 1]


def test_the_generator_alone_decides_how_an_image_is_distorted() -> None:
    images = Images(IMAGES, LABELS, augment=True)
    some = np.array([1, 2])
    once, again, otherwise = (images.draw(some, rng(seed))[0] for seed in (1, 1, 2))
    assert (once == again).all()
    assert not (once == otherwise).all()


def test_a_mixture_numbers_its_sources_one_after_the_other() -> None:
    first, second = Images(IMAGES[:3], LABELS[:3], False), Images(IMAGES[3:], LABELS[3:], False)
    mixture = Mixture([first, second])
    chosen = np.array([6, 2, 3, 0])
    pictures, targets = mixture.draw(chosen, rng())
    assert len(mixture) == 7
    assert digits(targets) == [6, 2, 3, 0]
    assert pictures == pytest.approx(IMAGES[chosen] / 255)
