"""The placement leads from the points of the strokes to the ink in the picture, and back."""

import numpy as np
import pytest

from model.frames import FRAMES
from model.ink import Placement, render, render_placed
from tests.strokes import FIVE, ONE, THREE, Stroke


def placed(strokes: object, frame: str) -> Placement:
    picture, placement = render_placed(strokes, frame)  # type: ignore[arg-type]
    assert np.array_equal(picture, render(strokes, frame))  # type: ignore[arg-type]
    assert placement is not None
    return placement


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("digit", [THREE, FIVE, ONE])
def test_the_points_of_the_strokes_lie_on_ink(frame: str, digit: list[Stroke]) -> None:
    picture, placement = render_placed(digit, frame)[0], placed(digit, frame)
    for x, y in (point for stroke in digit for point in stroke):
        column = placement.scale * x + placement.right
        row = placement.scale * y + placement.down
        assert picture[int(row), int(column)] > 0.4, (x, y)  # smoothing moves the ink a little


@pytest.mark.parametrize("frame", FRAMES)
def test_size_and_place_of_the_drawing_cancel(frame: str) -> None:
    moved = [np.array(stroke) * 7 + (-300, 50) for stroke in FIVE]
    one, other = placed(FIVE, frame), placed(moved, frame)
    for corner in [(0, 0), (28, 28), (-2, 9)]:
        x, y = one.back(*corner)
        assert np.allclose(other.back(*corner), (7 * x - 300, 7 * y + 50), atol=1e-6)


@pytest.mark.parametrize("strokes", [[], [[]], [[(3, 4)]], [[(3, 4), (3, 4)]]])
def test_a_blank_drawing_and_a_dot_have_no_placement(strokes: list[Stroke]) -> None:
    picture, placement = render_placed(strokes)
    assert placement is None
    assert np.array_equal(picture, render(strokes))
