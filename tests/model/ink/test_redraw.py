"""The picture depends only on the strokes' shape; the digit has its frame's size and place."""

import numpy as np
import pytest

from model.frames import FRAMES
from model.ink.pen import centre_of_mass
from model.ink.redraw import render
from model.types import Array
from tests.strokes import FIVE, ONE, THREE, Stroke

GREY = 2 / 255  # an invisible difference


def grown(strokes: list[Stroke], scale: float, x: float, y: float) -> list[Array]:
    return [np.array(stroke) * scale + (x, y) for stroke in strokes]


def dense(stroke: Stroke, times: int) -> Array:
    line = np.array(stroke, float)
    places = np.linspace(0, len(line) - 1, (len(line) - 1) * times + 1)
    return np.stack([np.interp(places, range(len(line)), line[:, k]) for k in (0, 1)], axis=1)


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("digit", [THREE, FIVE, ONE])
def test_the_digit_sits_in_its_frame(name: str, digit: list[Stroke]) -> None:
    frame, picture = FRAMES[name], render(digit, name)
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    sides = [rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1]
    assert frame.longest <= max(sides) <= frame.longest + frame.edge + 1  # soft edges reach out
    if frame.centre == "mass":
        assert np.allclose(centre_of_mass(picture), frame.middle, atol=0.05)
    else:
        middles = [(rows[0] + rows[-1] + 1) / 2, (columns[0] + columns[-1] + 1) / 2]
        assert np.allclose(middles, frame.middle, atol=0.51)


@pytest.mark.parametrize("scale", [0.2, 1, 20])
@pytest.mark.parametrize(("x", "y"), [(0, 0), (-500, 800)])
def test_size_and_place_do_not_matter(scale: float, x: float, y: float) -> None:
    assert np.abs(render(grown(FIVE, scale, x, y)) - render(FIVE)).max() < GREY


def test_order_direction_and_repeated_points_do_not_matter() -> None:
    turned = [stroke[::-1] for stroke in reversed(FIVE)]
    assert np.abs(render(turned) - render(FIVE)).max() < GREY
    repeated = [[point for point in stroke for _ in range(5)] for stroke in FIVE]
    assert np.abs(render(repeated) - render(FIVE)).max() < GREY


@pytest.mark.parametrize("times", [3, 200])
def test_many_points_along_the_same_line_do_not_matter(times: int) -> None:
    many = [dense(stroke, times) for stroke in THREE]
    assert np.abs(render(many) - render(THREE)).max() < GREY


def test_further_numbers_of_a_point_do_not_matter() -> None:
    timed = [[(x, y, 17 * i, 0.5) for i, (x, y) in enumerate(stroke)] for stroke in FIVE]
    assert np.array_equal(render(timed), render(FIVE))


def test_a_tap_is_a_dot_in_the_middle() -> None:
    picture = render([[(700, 3)]])
    assert centre_of_mass(picture) == pytest.approx([14.5, 14.5], abs=0.01)
    assert 4 < picture.sum() < 7  # the area of a disc 2.6 wide is 5.3
    assert np.array_equal(render([[(700, 3), (700, 3)]]), picture)
    assert np.allclose(render([[(0, 0), (1e-320, 0)]]), picture, atol=GREY)


@pytest.mark.parametrize(
    ("size", "gap", "stays"), [(4, 60, False), (6, 60, True), (4, 40, True), (4, 51, False)]
)
def test_a_small_stroke_far_from_the_others_is_left_out(
    size: float, gap: float, stays: bool
) -> None:
    square: Stroke = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    speck: Stroke = [(100 + gap, 50), (100 + gap, 50 + size)]
    same = np.array_equal(render([square, speck]), render([square]))
    assert same == (not stays)
    below = [[(y, x) for x, y in stroke] for stroke in (square, speck)]
    assert np.array_equal(render(below), render(below[:1])) == same


def test_a_small_stroke_is_measured_by_the_box_of_the_large_ones() -> None:
    left: Stroke = [(0, 0), (0, 100)]
    right: Stroke = [(60, 0), (60, 100)]
    speck: Stroke = [(-30, 130), (-29, 131)]  # 30 to the left and 30 below: 42 away
    assert not np.array_equal(render([left, right, speck]), render([left, right]))
    farther: Stroke = [(-40, 140), (-39, 141)]  # 57 away
    assert np.array_equal(render([left, right, farther]), render([left, right]))


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]])
def test_a_drawing_without_points_is_a_blank_picture(strokes: list[Stroke]) -> None:
    picture = render(strokes)
    assert picture.shape == (28, 28)
    assert not picture.any()


def test_empty_strokes_among_others_are_ignored() -> None:
    assert np.array_equal(render([[], *FIVE, []]), render(FIVE))


@pytest.mark.parametrize(
    "strokes", [[[(0, float("nan"))]], [[(float("inf"), 0), (1, 1)]], [[1, 2, 3]], [[[1], [2]]]]
)
def test_points_that_are_no_pairs_of_numbers_are_refused(strokes: list[Array]) -> None:
    with pytest.raises(ValueError, match="wanted points"):
        render(strokes)


def test_an_unknown_frame_is_refused_with_the_right_names() -> None:
    with pytest.raises(ValueError, match=r"svhn.*mnist, emnist"):
        render(THREE, "svhn")
