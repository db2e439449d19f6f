"""Each stage of the normalisation, on and off."""

import numpy as np
import pytest

from model.frames import FRAMES
from model.ink.pen import centre_of_mass
from model.ink.redraw import Canvas, Normalise, render
from model.ink.stages import stages
from model.types import Array
from tests.drawn import drawn
from tests.strokes import FIVE, SEVEN, THREE, Stroke

PAD = Canvas(100, 100, brush=7)
OFF = Normalise(smooth=False, size=False, pen=False, centre=False)
NAMES = ["drawn", "smoothed", "cropped", "redrawn", "centred", "picture"]
SWITCHES = {"smooth": "smoothed", "size": "cropped", "pen": "redrawn", "centre": "centred"}


def small(strokes: list[Stroke]) -> list[Stroke]:
    """In a corner of the pad."""
    return [[(x / 3 + 5, y / 3 + 60) for x, y in stroke] for stroke in strokes]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("strokes", [THREE, [], [[(5, 5)]]], ids=["three", "nothing", "tap"])
def test_the_stages_are_in_order_and_the_last_one_is_the_networks_input(
    strokes: list[Stroke], frame: str
) -> None:
    pictures = stages(strokes, frame, canvas=PAD)
    assert list(pictures) == NAMES
    assert np.allclose(pictures["picture"], render(strokes, frame), atol=1 / 255)
    for picture in pictures.values():
        assert picture.dtype == np.float32
        assert picture.shape[0] == picture.shape[1] <= 140
        assert (picture >= 0).all()
        assert (picture <= 1).all()
        assert picture.any() == bool(strokes)


@pytest.mark.parametrize("off", SWITCHES)
@pytest.mark.parametrize("canvas", [PAD, None], ids=["pad", "no canvas"])
def test_a_step_that_is_switched_off_changes_nothing(off: str, canvas: Canvas | None) -> None:
    normalise = Normalise(**{off: False})
    pictures = stages(small(THREE), normalise=normalise, canvas=canvas)
    assert np.array_equal(
        pictures["picture"], render(small(THREE), normalise=normalise, canvas=canvas)
    )
    name = SWITCHES[off]
    if off != "size":  # without scaling the middle differs
        assert np.array_equal(pictures[name], pictures[NAMES[NAMES.index(name) - 1]])
    assert not np.allclose(pictures["picture"], render(small(THREE)), atol=0.2)


def test_without_any_normalisation_the_picture_is_the_canvas_shrunk() -> None:
    """Compared with Pillow's drawing, shrunk by area; its edges are a little different."""
    for strokes in (THREE, small(SEVEN), FIVE):
        canvas = np.asarray(drawn(strokes, 280, pen=PAD.brush, ink=255, paper=0), np.float32)
        wanted = canvas.reshape(28, 10, 28, 10).mean(axis=(1, 3)) / 255
        picture = render(strokes, normalise=OFF, canvas=PAD)
        assert np.abs(picture - wanted).mean() < 0.01
        assert np.abs(picture - wanted).max() < 0.25


def test_a_wide_canvas_keeps_its_ratio() -> None:
    wide = render([[(0, 50), (400, 50)]], normalise=OFF, canvas=Canvas(400, 100, 40))
    assert np.flatnonzero(wide.any(axis=1)).tolist() == [12, 13, 14, 15]
    assert wide.any(axis=0).all()


def test_without_a_canvas_no_ink_is_cut_off() -> None:
    for strokes in (THREE, [[(-30.0, 5.0), (-80.0, 70.0)]], [[(-5.0, -5.0)]]):
        picture = render(strokes, normalise=OFF)
        assert picture.any()
        assert render(strokes, normalise=Normalise(size=False)).any()


def test_an_unknown_canvas_is_the_smallest_square_with_the_origin_and_the_ink() -> None:
    right_and_below = render([[(20, 30), (70, 97)]], normalise=OFF)
    wanted = render([[(20, 30), (70, 97)]], normalise=OFF, canvas=Canvas(100, 100, 6))
    np.testing.assert_allclose(right_and_below, wanted, atol=1e-5)
    left = render([[(-80, 30), (-30, 97)]], normalise=OFF)
    moved = render([[(0, 30), (50, 97)]], normalise=OFF, canvas=Canvas(100, 100, 6))
    np.testing.assert_allclose(left, moved, atol=1e-5)
    above = render([[(30, -97), (97, 0)]], normalise=OFF)
    moved = render([[(30, 0), (97, 97)]], normalise=OFF, canvas=Canvas(100, 100, 6))
    np.testing.assert_allclose(above, moved, atol=1e-5)


@pytest.mark.parametrize("frame", FRAMES)
def test_scaling_alone_does_not_move_the_digit(frame: str) -> None:
    stay = render([[(40, 40), (60, 60)]], frame, None, Normalise(centre=False), PAD)
    assert centre_of_mass(stay) == pytest.approx([14, 14], abs=0.1)
    off = render([[(70, 40), (90, 60)]], frame, None, Normalise(centre=False), PAD)
    assert centre_of_mass(off)[0] > 18


def ink_width(picture: Array) -> float:
    return float(picture[14].sum())


def test_without_pen_normalisation_the_users_brush_is_scaled_with_the_digit() -> None:
    bar: list[Stroke] = [[(50, 25), (50, 75)]]
    kept = render(bar, normalise=Normalise(pen=False), canvas=Canvas(100, 100, 10))
    assert ink_width(kept) == pytest.approx(20 * 10 / 60, abs=0.1)
    assert ink_width(render(bar)) == pytest.approx(FRAMES["mnist"].pen, abs=0.05)


def test_ink_far_beyond_the_canvas_is_cut_off() -> None:
    beyond = render([[(50, 50), (1e12, 50)]], normalise=OFF, canvas=PAD)
    assert np.abs(beyond - render([[(50, 50), (130, 50)]], normalise=OFF, canvas=PAD)).max() < 0.01


def test_a_scribble_is_shown_with_large_pixels() -> None:
    scribble = np.random.default_rng(0).random((2_000, 2)) * 100
    pictures = stages([scribble], normalise=OFF, canvas=PAD)
    assert pictures["drawn"].shape == (112, 112)
    assert np.array_equal(pictures["drawn"][::4, ::4], pictures["picture"])


def test_a_brush_is_at_most_a_quarter_of_the_canvas() -> None:
    bar: list[Stroke] = [[(50, 25), (50, 75)]]
    widest, wider = (stages(bar, canvas=Canvas(100, 80, brush)) for brush in (25, 1e9))
    assert all(np.array_equal(picture, wider[name]) for name, picture in widest.items())
    thinner = stages(bar, canvas=Canvas(100, 80, 24))
    assert thinner["drawn"].sum() < widest["drawn"].sum()
