"""Masks: labelled components, measured pen widths, thinning."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from model.photo.masks import distances, label_components, pen_radius, pruned, thin
from model.types import Array
from tests.drawn import drawn
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

NOTHING = np.zeros_like


def thinned(mask: Array) -> Array:
    return thin(mask, NOTHING(mask))


def mask_of(text: str) -> Array:
    return np.array([[letter == "#" for letter in row] for row in text.split()])


def ink(strokes: list[Stroke], pen: float) -> Array:
    return np.asarray(drawn(strokes, 100, pen=pen)) < 128


def parts(mask: Array) -> int:
    return len(np.unique(label_components(mask))) - (not mask.all())


def holes(mask: Array) -> int:
    """The number of paper regions that are separated from the border by 8-connected ink."""
    closed = Image.fromarray(np.kron(np.pad(mask, 1), np.ones((3, 3), bool)).astype(np.uint8))
    return parts(np.asarray(closed.filter(ImageFilter.MaxFilter(3))) == 0) - 1


def test_components_get_different_labels_and_corners_connect() -> None:
    names = label_components(mask_of("##..#  ....#  ..#.. .#...".replace("  ", " ")))
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
def test_a_mask_of_nothing_and_of_one_pixel(mask: Array) -> None:
    assert parts(mask) == mask.sum()
    assert pen_radius(distances(mask)) == mask.sum() / 2
    assert (thinned(mask) == mask).all()
    assert (pruned(mask, NOTHING(mask), 3) == mask).all()


def test_distance_is_counted_from_the_edge_in_every_direction() -> None:
    assert distances(mask_of(".... .##.")).tolist() == [[0] * 4, [0, 0.5, 0.5, 0]]
    y, x = np.indices((41, 41)) - 20
    disc = np.hypot(x, y) <= 15.5
    assert np.abs(distances(disc) - (15.5 - np.hypot(x, y)))[disc].max() < 0.8


@pytest.mark.parametrize("pen", [4, 8, 12, 16])
@pytest.mark.parametrize("digit", [ONE, SEVEN, FIVE, THREE], ids=["1", "7", "5", "3"])
def test_the_pen_is_measured(digit: list[Stroke], pen: int) -> None:
    assert pen_radius(distances(ink(digit, pen))) == pytest.approx(pen / 2, abs=1)


def test_a_blob_does_not_make_the_pen_wider() -> None:
    line: list[Stroke] = [[(50, 5), (50, 95)]]
    with_blob = ink(line, 8) | ink([[(50, 80)]], 34)
    assert pen_radius(distances(with_blob)) == pytest.approx(4, abs=1)


@pytest.mark.parametrize("pen", [3, 8, 14, 20])
@pytest.mark.parametrize("digit", [ZERO, ONE, THREE, FIVE, SEVEN], ids=["0", "1", "3", "5", "7"])
def test_thinning_keeps_the_number_of_parts_and_holes(digit: list[Stroke], pen: int) -> None:
    mask = ink(digit, pen)
    for thin_lines in (thinned(mask), pruned(thinned(mask), NOTHING(mask), pen // 3)):
        assert thin_lines.sum() < mask.sum()
        assert not (thin_lines & ~mask).any()
        assert parts(thin_lines) == parts(mask)
        assert holes(thin_lines) == holes(mask)


def test_a_thinned_stroke_is_the_line_in_its_middle() -> None:
    bar = np.zeros((21, 41), bool)
    bar[6:15, 4:37] = True  # 9 × 33
    rows, columns = np.nonzero(thinned(bar))
    assert np.abs(rows - 10).max() <= 1
    assert columns.max() - columns.min() >= 33 - 9 - 1
    assert thinned(bar).sum(axis=0).max() == 1


def test_protected_pixels_are_not_thinned() -> None:
    square = np.zeros((20, 20), bool)
    square[4:16, 4:16] = True
    kept = square & (distances(square) > 3)
    assert kept.sum() == 36
    assert (thin(square, kept) & kept == kept).all()


def test_short_branches_are_pruned_and_long_lines_keep_their_ends() -> None:
    lines = np.zeros((40, 40), bool)
    lines[20, 2:38] = True
    whole = lines.copy()
    lines[15:20, 19] = True  # a spur of five pixels
    assert (pruned(lines, NOTHING(lines), 5) ^ whole).sum() <= 1  # where it stood
    assert (pruned(lines, NOTHING(lines), 2) == lines).all()
    assert (pruned(lines, lines, 4) == lines).all()
