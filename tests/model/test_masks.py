"""Masks: parts found, pens measured, shapes peeled without a break."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from model.masks import depths, named_parts, peel, pen_radius
from model.types import Array
from tests.drawn import drawn
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke


def mask_of(text: str) -> Array:
    return np.array([[letter == "#" for letter in row] for row in text.split()])


def ink(strokes: list[Stroke], pen: float) -> Array:
    return np.asarray(drawn(strokes, 100, pen=pen)) < 128


def parts(mask: Array) -> int:
    return len(np.unique(named_parts(mask))) - (not mask.all())


def holes(mask: Array) -> int:
    """Parts of the paper that are cut off from its border, even by a line of pixels at corners."""
    closed = Image.fromarray(np.kron(np.pad(mask, 1), np.ones((3, 3), bool)).astype(np.uint8))
    return parts(np.asarray(closed.filter(ImageFilter.MaxFilter(3))) == 0) - 1


def test_parts_are_named_apart_and_corners_connect() -> None:
    names = named_parts(mask_of("##..#  ....#  ..#.. .#...".replace("  ", " ")))
    assert len({names[0, 0], names[0, 4], names[2, 2]}) == 3
    assert names[0, 0] == names[0, 1]
    assert names[0, 4] == names[1, 4]
    assert names[2, 2] == names[3, 1]
    assert not names[0, 2:4].any()


def test_a_long_winding_line_is_one_part() -> None:
    snake = np.zeros((101, 101), bool)
    snake[::2] = True
    snake[1::4, -1] = snake[3::4, 0] = True  # joins the rows at alternate ends
    assert parts(snake) == 1
    snake[50, 50] = False
    assert parts(snake) == 2


@pytest.mark.parametrize("mask", [np.zeros((3, 4), bool), np.ones((1, 1), bool)])
def test_nothing_and_one_pixel(mask: Array) -> None:
    assert parts(mask) == mask.sum()
    assert pen_radius(depths(mask)) == 0 or mask.all()
    assert (peel(mask, 3) == mask).all()


def test_depth_is_counted_from_the_edge() -> None:
    assert depths(mask_of("##### ##### #####")).tolist() == [[1] * 5, [1, 2, 2, 2, 1], [1] * 5]
    assert depths(mask_of(".... .##.")).tolist() == [[0] * 4, [0, 1, 1, 0]]


@pytest.mark.parametrize("pen", [4, 8, 12, 16])
@pytest.mark.parametrize("digit", [ONE, SEVEN, FIVE, THREE], ids=["1", "7", "5", "3"])
def test_the_pen_is_measured(digit: list[Stroke], pen: int) -> None:
    assert pen_radius(depths(ink(digit, pen))) == pytest.approx(pen / 2, abs=1.5)


def test_a_blob_does_not_make_the_pen_wider() -> None:
    line: list[Stroke] = [[(50, 5), (50, 95)]]
    with_blob = ink(line, 8) | ink([[(50, 80)]], 34)
    assert pen_radius(depths(with_blob)) == pytest.approx(4, abs=1)


@pytest.mark.parametrize("pen", [3, 8, 14, 20])
@pytest.mark.parametrize("digit", [ZERO, ONE, THREE, FIVE, SEVEN], ids=["0", "1", "3", "5", "7"])
def test_peeling_breaks_nothing_and_opens_nothing(digit: list[Stroke], pen: int) -> None:
    mask = ink(digit, pen)
    thin = peel(mask, 30)
    assert thin.sum() < mask.sum()
    assert not (thin & ~mask).any()
    assert parts(thin) == parts(mask)
    assert holes(thin) == holes(mask)


def test_a_peeled_stroke_is_the_line_in_its_middle() -> None:
    bar = np.zeros((21, 41), bool)
    bar[6:15, 4:37] = True  # 9 × 33
    thin = peel(bar, 5)
    rows, columns = np.nonzero(thin)
    assert np.abs(rows - 10).max() <= 1
    assert columns.max() - columns.min() >= 33 - 9 - 1
    assert thin.sum(axis=0).max() == 1


def test_a_layer_is_a_pixel_on_each_side() -> None:
    square = np.zeros((20, 20), bool)
    square[4:16, 4:16] = True
    left = peel(square, 2)
    assert (np.ptp(np.flatnonzero(left.any(axis=1))) + 1) == 12 - 4
    assert (np.ptp(np.flatnonzero(left.any(axis=0))) + 1) == 12 - 4
