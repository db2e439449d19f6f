"""Ruled lines are removed; strokes that cross them or look like them stay."""

import numpy as np
import pytest

from model.photo.ruling import without_lines
from model.types import Array


def lines(slope: float = 0.0, gap: int = 30) -> Array:
    y, x = np.indices((200, 240))
    return (np.round(y + slope * x) % gap) < 2


@pytest.mark.parametrize("slope", [0, 0.02, -0.08])
@pytest.mark.parametrize("turned", [False, True])
def test_lines_from_edge_to_edge_are_removed(slope: float, turned: bool) -> None:
    page = lines(slope).T if turned else lines(slope)
    # Short pieces are left where a line meets the corner of the page.
    assert without_lines(page).mean() < 0.05 * page.mean()


def test_squares_are_removed_and_strokes_across_them_stay() -> None:
    stroke = np.zeros((200, 240), bool)
    stroke[40:150, 100:109] = True
    y, x = np.indices(stroke.shape)
    squares = (y % 30 < 2) | (x % 30 < 2)
    left = without_lines(squares | stroke)
    assert left[stroke].mean() > 0.9
    assert (left & ~stroke).sum() < 0.1 * stroke.sum()


def test_a_bar_that_ends_on_the_page_is_drawn() -> None:
    page = np.zeros((200, 240), bool)
    page[80:82, 20:220] = True
    assert (without_lines(page) == page).all()


def test_the_bar_of_a_seven_cut_out_along_its_edges_is_drawn() -> None:
    seven = np.zeros((200, 120), bool)
    seven[:5] = True
    seven[:, 60:65] = True
    assert (without_lines(seven) == seven).all()


@pytest.mark.parametrize(
    ("first", "end", "goes"), [(2, 238, True), (3, 238, False), (2, 237, False), (0, 200, False)]
)
def test_a_ruled_line_begins_and_ends_within_three_pixels_of_the_edges(
    first: int, end: int, goes: bool
) -> None:
    page = np.zeros((200, 240), bool)
    page[80:82, first:end] = True
    assert without_lines(page).any() != goes


@pytest.mark.parametrize(("side", "goes"), [(24, True), (23, False)])
def test_a_picture_of_less_than_24_pixels_is_left_as_it_is(side: int, goes: bool) -> None:
    page = np.zeros((side, 100), bool)
    page[12] = True
    assert without_lines(page).any() != goes
    assert without_lines(page.T).any() != goes


@pytest.mark.parametrize(("height", "goes"), [(4, True), (5, False)])
def test_ink_on_a_line_is_removed_if_it_is_hardly_taller_than_the_line(
    height: int, goes: bool
) -> None:
    page = np.zeros((200, 240), bool)
    page[80:82] = True  # two pixels: half as much again and one more are four
    page[80 : 80 + height, 100] = True
    assert without_lines(page).any() != goes


@pytest.mark.parametrize(("thickness", "goes"), [(7, True), (8, False)])
def test_a_line_thicker_than_three_hundredths_of_the_page_is_drawn(
    thickness: int, goes: bool
) -> None:
    page = np.zeros((200, 240), bool)
    page[80 : 80 + thickness] = True
    assert without_lines(page).any() != goes


@pytest.mark.parametrize(("columns", "goes"), [(140, True), (139, False)])
def test_a_broken_line_is_one_if_it_shows_on_six_tenths_of_the_columns(
    columns: int, goes: bool
) -> None:
    page = np.zeros((200, 240), bool)
    page[80:82, :columns] = page[80:82, -5:] = True
    assert without_lines(page).any() != goes


@pytest.mark.parametrize(("slope", "goes"), [(0.09, True), (0.13, False)])
def test_a_line_with_a_slope_of_more_than_a_tenth_is_drawn(slope: float, goes: bool) -> None:
    y, x = np.indices((200, 240))
    page = np.abs(y - 100 - np.round(slope * (x - 120))) < 1
    assert (without_lines(page).mean() < 0.1 * page.mean()) == goes
