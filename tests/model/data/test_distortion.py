"""Distortions change a digit as far as their limits, and no farther."""

import numpy as np
import pytest
from PIL import Image

from model.data.distortion import (
    _BASIS,
    GROUP,
    Distortion,
    _by_row,
    distort,
    distort_in_groups,
    sample_bilinear,
)
from model.ink.pen import centre_of_mass
from model.ink.redraw import render
from model.types import Array
from tests.strokes import SEVEN

NONE = {"rotation": 0.0, "shear": 0.0, "scale": 0.0, "shift": 0.0, "elastic": 0.0, "stroke": 0.0}
# Half the size of a digit, because Pillow treats ink at the edge of a picture differently.
PICTURE = np.pad(
    np.asarray(Image.fromarray(render(SEVEN)).resize((16, 16), Image.Resampling.BOX)), 6
)
SEVENS = np.repeat(PICTURE[None], 40, axis=0)


def distorted(**limits: float) -> Array:
    return distort(SEVENS, np.random.default_rng(1), Distortion(**(NONE | limits)))


def values_drawn(**limits: float) -> dict[str, Array]:
    """The random values of `distorted`, drawn once more in the order that it draws them."""
    rng, bounds = np.random.default_rng(1), NONE | limits
    values = {name: rng.uniform(-bounds[name], bounds[name], 40) for name in ("rotation", "shear")}
    for name, first, second in (("scale", "height", "width"), ("shift", "down", "right")):
        values[first], values[second] = rng.uniform(-bounds[name], bounds[name], (2, 40))
    rng.standard_normal((2, 40, 7, 7), np.float32)  # elastic displacements
    return values | {"stroke": rng.uniform(-bounds["stroke"], bounds["stroke"], 40)}


def by_pillow(forward: Array, shift: Array) -> Array:
    """The picture moved by x → forward·x + shift about its middle, (x, y) with y down."""
    inverse = np.linalg.inv(forward)
    offset = 14 - inverse @ (14 + shift)
    coefficients = np.column_stack([inverse, offset]).reshape(-1).tolist()
    picture = Image.fromarray(PICTURE)
    return np.asarray(
        picture.transform((28, 28), Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
    )


def test_no_distortion_gives_the_picture_back() -> None:
    assert np.allclose(distorted(), SEVENS, atol=1e-3)


@pytest.mark.parametrize("which", NONE)
def test_each_distortion_changes_every_picture_its_own_way(which: str) -> None:
    pictures = distorted(**{which: getattr(Distortion(), which)})
    assert (np.abs(pictures - SEVENS).max(axis=(1, 2)) > 1e-4).all()
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_a_rotation_is_counter_clockwise_by_degrees_up_to_its_limit() -> None:
    angles = values_drawn(rotation=30)["rotation"]
    assert 25 < np.abs(angles).max() <= 30
    for picture, degrees in zip(distorted(rotation=30), angles, strict=True):
        wanted = Image.fromarray(PICTURE).rotate(degrees, Image.Resampling.BILINEAR)
        np.testing.assert_allclose(picture, np.asarray(wanted), atol=1e-4)


def test_a_shear_moves_the_top_to_the_right_and_the_bottom_to_the_left() -> None:
    for picture, shear in zip(distorted(shear=0.3), values_drawn(shear=0.3)["shear"], strict=True):
        wanted = by_pillow(np.array([[1, -shear], [0, 1]]), np.zeros(2))
        np.testing.assert_allclose(picture, wanted, atol=1e-4)


def test_a_scale_is_the_logarithm_of_width_and_of_height() -> None:
    values = values_drawn(scale=0.2)
    pairs = zip(values["width"], values["height"], strict=True)
    for picture, sizes in zip(distorted(scale=0.2), pairs, strict=True):
        wanted = by_pillow(np.diag(np.exp(sizes)), np.zeros(2))
        np.testing.assert_allclose(picture, wanted, atol=1e-4)


def test_a_shift_moves_right_and_down_by_pixels() -> None:
    values = values_drawn(shift=1.5)
    pairs = zip(values["right"], values["down"], strict=True)
    for picture, shift in zip(distorted(shift=1.5), pairs, strict=True):
        np.testing.assert_allclose(picture, by_pillow(np.eye(2), np.array(shift)), atol=1e-4)


def test_together_a_digit_is_shifted_scaled_sheared_and_rotated_in_this_order() -> None:
    limits = {"rotation": 20.0, "shear": 0.3, "scale": 0.2, "shift": 1.5}
    values = values_drawn(**limits)
    for i, picture in enumerate(distorted(**limits)):
        a = np.radians(values["rotation"][i])
        rotation = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        shear = np.array([[1, -values["shear"][i]], [0, 1]])
        scale = np.diag(np.exp([values["width"][i], values["height"][i]]))
        forward = rotation @ shear @ scale
        wanted = by_pillow(forward, forward @ [values["right"][i], values["down"][i]])
        np.testing.assert_allclose(picture, wanted, atol=1e-3)


def test_a_shift_moves_the_ink_no_farther_than_its_limit() -> None:
    moved = [centre_of_mass(picture) - centre_of_mass(PICTURE) for picture in distorted(shift=1.5)]
    farthest = np.abs(moved).max(axis=0)
    assert (farthest <= 1.51).all()
    assert (farthest > 1).all()


def in_groups(pictures: Array, **limits: float) -> Array:
    return distort_in_groups(pictures, np.random.default_rng(1), Distortion(**(NONE | limits)))


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_pictures_of_a_group_are_distorted_alike_and_those_of_the_next_otherwise(
    dtype: type,
) -> None:
    pictures: Array = (255 * np.repeat(PICTURE[None], GROUP + 5, axis=0)).astype(dtype)
    distorted = distort_in_groups(pictures, np.random.default_rng(1))
    first, second = distorted[:GROUP], distorted[GROUP:]
    assert distorted.dtype == dtype
    assert (first == first[0]).all()
    assert (second == second[0]).all()
    assert not (first[0] == second[0]).all()
    assert not (first[0] == pictures[0]).all()


def test_no_distortion_of_a_group_gives_the_pictures_back() -> None:
    pictures: Array = np.random.default_rng(0).random((GROUP + 3, 28, 28), np.float32)
    assert (in_groups(pictures) == pictures).all()
    assert in_groups(pictures[:0]).shape == (0, 28, 28)


def test_a_new_pixel_of_a_group_has_the_value_of_the_nearest_old_one() -> None:
    found = in_groups(SEVENS[:1], rotation=8.0, shear=0.2, scale=0.1, shift=3.0)
    limits = Distortion(rotation=8.0, shear=0.2, scale=0.1, shift=3.0, elastic=0, stroke=0)
    places = _BASIS @ _by_row(1, np.random.default_rng(1), limits)
    rows, columns = np.rint(places[:, 0]).astype(int)
    framed = np.pad(SEVENS[0], 30)
    assert (found[0] == framed[rows + 30, columns + 30]).all()


def test_what_leaves_the_picture_of_a_group_is_lost_and_paper_comes_in() -> None:
    ink = np.ones((40 * GROUP, 28, 28), np.uint8)
    moved = in_groups(ink, shift=3.0)[::GROUP]
    assert set(moved.ravel().tolist()) == {0, 1}
    kept = moved[:, 14, :].sum(axis=1)
    assert set(kept.tolist()) == {25, 26, 27, 28}


def test_strokes_are_eroded_and_dilated_by_a_fraction_of_one_pixel() -> None:
    wide = np.pad(PICTURE, 1, mode="edge")
    neighbours = np.stack(
        [PICTURE, wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]]
    )
    thin, thick = neighbours.min(axis=0), neighbours.max(axis=0)
    amounts = values_drawn(stroke=0.7)["stroke"]
    assert amounts.min() < -0.6 < 0.6 < amounts.max()
    for picture, amount in zip(distorted(stroke=0.7), amounts, strict=True):
        end = thick if amount > 0 else thin
        wanted = PICTURE + abs(amount) * (end - PICTURE)
        np.testing.assert_allclose(picture, wanted, atol=1e-3)


def test_elastic_displacements_are_smooth_and_have_the_deviation_asked_for() -> None:
    ramp = np.tile(np.linspace(0, 1, 28, dtype=np.float32), (400, 1, 1)).repeat(28, axis=1)
    warped = distort(ramp, np.random.default_rng(1), Distortion(**(NONE | {"elastic": 0.6})))
    moved = (warped - ramp)[:, 4:-4, 4:-4] * 27  # in pixels: the ramp rises by 1/27 each
    assert moved.std() == pytest.approx(0.6, rel=0.05)
    assert moved.mean() == pytest.approx(0, abs=0.03)
    assert np.diff(moved, axis=1).std() < 0.2 < np.diff(moved[:, ::8], axis=1).std()


def test_scaled_multiplies_every_limit() -> None:
    limits = Distortion(rotation=8, shear=0.25, scale=0.1, shift=0.5, elastic=0.6, stroke=0.5)
    assert limits == Distortion()
    half = Distortion(rotation=4, shear=0.125, scale=0.05, shift=0.25, elastic=0.3, stroke=0.25)
    assert limits.scaled(0.5) == half


def test_distorted_pictures_keep_their_shape_type_and_range() -> None:
    pictures = distort(SEVENS, np.random.default_rng(1))
    assert pictures.shape == SEVENS.shape
    assert pictures.dtype == np.float32
    assert pictures.min() >= 0
    assert pictures.max() <= 1


def test_the_same_generator_gives_the_same_pictures() -> None:
    a, b = (distort(SEVENS, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(a, b)


def test_sampling_between_pixels_is_bilinear_and_zero_outside() -> None:
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 10, 10], image[0, 10, 11], image[0, 0, 0], image[0, 27, 27] = 1, 0.5, 1, 1
    wanted = {(10, 10.5): 0.75, (10.25, 10): 0.75, (10, 10): 1, (0, -0.5): 0.5, (-0.25, 0): 0.75}
    wanted |= {(10, 50): 0, (-7, 10): 0, (99, 99): 0, (27, 27.75): 0.25, (27.5, 27): 0.5}
    places = np.full((2, 1, 28, 28), 20, np.float32)
    places[:, 0, 0, : len(wanted)] = np.array(list(wanted)).T
    read = sample_bilinear(image, places)[0]
    assert read.dtype == np.float32
    assert read[0, : len(wanted)] == pytest.approx(list(wanted.values()), abs=1e-6)
    assert not read[1:].any()
