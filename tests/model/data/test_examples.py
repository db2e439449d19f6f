"""Sources of examples; the generator alone decides what they draw."""

import numpy as np
import pytest

from model.data.distortion import Distortion, distort, distort_in_groups
from model.data.examples import ConcatExamples, Hands, Images, Ink, Outliers
from model.data.ink_files import Sample
from model.data.outliers import LOOK_ALIKES
from model.data.stroke_augmentation import (
    StrokeAugmentation,
    augment,
    random_pen_widths,
)
from model.frames import FRAMES
from model.ink.redraw import Normalise, render, smoothed
from model.ink.trace import joined
from model.types import Array
from tests.strokes import FIVE, SEVEN, THREE, Stroke

IMAGES = np.random.default_rng(5).integers(0, 256, (7, 28, 28), np.uint8)
LABELS = np.arange(7)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def sample(label: str, strokes: list[Stroke]) -> Sample:
    return Sample(label, "", [np.array(stroke, np.float32) for stroke in strokes])


INK = [sample("5", FIVE), sample("3", THREE), sample("7", SEVEN)]


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


def test_images_are_distorted_in_groups_where_this_is_asked_for() -> None:
    pictures, _ = Images(IMAGES, LABELS, augment=True, groups=True).draw(LABELS, rng())
    assert (pictures == distort_in_groups(IMAGES, rng())).all()
    plain, _ = Images(IMAGES, LABELS, augment=False, groups=True).draw(LABELS, rng())
    assert (plain == IMAGES).all()


def test_concatenated_sources_are_numbered_one_after_the_other() -> None:
    slices = (slice(0, 3), slice(3, 4), slice(4, 7))
    whole = ConcatExamples([Images(IMAGES[part], LABELS[part], False) for part in slices])
    chosen = np.array([6, 2, 3, 0, 4])
    pictures, targets = whole.draw(chosen, rng())
    assert len(whole) == 7
    assert digits(targets) == [6, 2, 3, 0, 4]
    assert pictures == pytest.approx(IMAGES[chosen] / 255)


def test_ink_is_augmented_anew_for_each_repeat() -> None:
    ink = Ink(INK, "mnist", repeats=2)
    assert len(ink) == 6
    pictures, targets = ink.draw(np.array([0, 3, 4, 0]), rng())
    assert digits(targets) == [5, 5, 3, 5]
    assert targets.sum(axis=0).tolist() == [1, 1, 1, 1]
    assert pictures.dtype == np.float32
    assert 0 <= pictures.min() < pictures.max() <= 1
    assert len({picture.tobytes() for picture in pictures}) == 4


def test_rendered_strokes_are_distorted_half_as_far_as_images() -> None:
    ink = Ink(INK, "emnist")
    found, _ = ink.draw(np.arange(3), rng())
    again, limits = rng(), StrokeAugmentation()
    drawings, _ = ink.drawings(np.arange(3), again)
    changed = augment(joined(drawings), again, limits)
    pens = random_pen_widths(FRAMES["emnist"].pen, len(drawings), again, limits)
    lines = np.split(np.stack([changed.points.real, changed.points.imag], 1), changed.firsts[1:])
    strokes = [
        np.split(line, np.flatnonzero(drawing.begins)[1:])
        for line, drawing in zip(lines, drawings, strict=True)
    ]
    sharp = [
        render(some, "emnist", pen, Normalise(smooth=False))
        for some, pen in zip(strokes, pens, strict=True)
    ]
    half = Distortion(rotation=4, shear=0.125, scale=0.05, shift=0.25, elastic=0.3, stroke=0.25)
    np.testing.assert_allclose(found, distort(np.array(sharp), again, half), atol=1e-6)
    assert np.abs(found - np.array(sharp)).max() > 0.1


def test_a_letter_has_as_many_indices_as_its_repeats() -> None:
    letters = [sample("A", FIVE), sample("x", SEVEN)]
    outliers = Outliers(letters, INK, "mnist", repeats=3, made=0)
    assert len(outliers) == 6
    first = outliers.draw(np.array([1]), rng())[0]
    for number, same in ((3, True), (5, True), (2, False)):
        assert np.array_equal(first, outliers.draw(np.array([number]), rng())[0]) == same


def test_the_generator_alone_decides_how_ink_and_outliers_are_drawn() -> None:
    for source in (Ink(INK, "emnist"), Outliers(INK, INK, "mnist", repeats=1, made=20)):
        some = np.arange(len(source))
        once, again, otherwise = (source.draw(some, rng(seed))[0] for seed in (1, 1, 2))
        assert (once == again).all()
        assert not (once == otherwise).all()


def test_outliers_are_letters_and_made_drawings_with_zeros_for_a_target() -> None:
    letters = [sample(label, FIVE) for label in ("A", "O", "x", *LOOK_ALIKES)]
    outliers = Outliers(letters, INK, "mnist", repeats=2, made=5)
    assert len(outliers) == 2 * 2 + 5  # A, x
    pictures, targets = outliers.draw(np.arange(9), rng())
    assert pictures.shape == (9, 28, 28)
    assert pictures.any(axis=(1, 2)).all()
    assert targets.shape == (10, 9)
    assert not targets.any()


def test_hands_are_made_anew_whenever_they_are_drawn() -> None:
    hands = Hands("mnist", count=40)
    assert len(hands) == 40
    pictures, targets = hands.draw(np.zeros(40, int), rng())
    assert pictures.shape == (40, 28, 28)
    assert pictures.dtype == np.float32
    assert len({picture.tobytes() for picture in pictures}) == 40
    assert targets.sum(axis=0).tolist() == [1] * 40
    assert len(set(digits(targets))) > 5
    again, _ = hands.draw(np.zeros(40, int), rng())
    np.testing.assert_array_equal(pictures, again)


def test_a_source_returns_empty_arrays_for_no_indices() -> None:
    for source in (Ink(INK, "mnist"), Hands("mnist", count=5)):
        pictures, targets = source.draw(np.empty(0, int), rng())
        assert (pictures.shape, targets.shape) == ((0, 28, 28), (10, 0))


def test_smoothed_strokes_are_rendered_like_strokes_that_render_smooths() -> None:
    coarse = [FIVE[0][::2], FIVE[1]]
    before = render(smoothed(coarse), "mnist", None, Normalise(smooth=False))
    np.testing.assert_allclose(before, render(coarse), atol=0.02)
