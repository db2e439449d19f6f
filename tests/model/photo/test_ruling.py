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
def test_lines_from_edge_to_edge_go(slope: float, turned: bool) -> None:
    page = lines(slope).T if turned else lines(slope)
    # Short remains are left where a line meets the page's corner.
    assert without_lines(page).mean() < 0.05 * page.mean()


def test_squares_go_and_what_crosses_them_stays() -> None:
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
