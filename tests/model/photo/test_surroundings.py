"""What is dark beside the digit is not read: a desk, a thumb, holes, a drawn box."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model import load
from model.photo import render_picture, strokes_in
from model.photo.surroundings import without_surroundings
from model.types import Array
from tests.drawn import drawn
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

DIGITS = {0: ZERO, 1: ONE, 3: THREE, 5: FIVE, 7: SEVEN}
FOUR: list[Stroke] = [[(35, 15), (25, 55), (70, 55)], [(62, 30), (58, 90)]]
Pencil = ImageDraw.ImageDraw


def bars(pencil: Pencil, gap: int = 0) -> None:
    for near, far in ((40, 240), (240, 40)):
        pencil.line((40 + gap, near, 240 - gap, near), 0, 5)
        pencil.line((far, 40 + gap, far, 240 - gap), 0, 5)


def grid(pencil: Pencil) -> None:
    for at in (30, 250):
        pencil.line((0, at, 280, at), 0, 12)
        pencil.line((at, 0, at, 280), 0, 12)


def holes(pencil: Pencil, x: int) -> None:
    for y in range(20, 280, 35):
        pencil.ellipse((x - 7, y - 7, x + 7, y + 7), 0)


def letterbox(pencil: Pencil) -> None:
    pencil.rectangle((0, 0, 280, 45), 0)
    pencil.rectangle((0, 235, 280, 280), 0)


def two_thumbs(pencil: Pencil) -> None:
    for x in (20, 200):
        pencil.ellipse((x, 225, x + 50, 340), 90)


def circle_in_a_box(pencil: Pencil) -> None:
    pencil.ellipse((30, 30, 250, 250), None, 0, 5)
    pencil.rectangle((10, 10, 270, 270), None, 0, 5)


THINGS: dict[str, Callable[[Pencil], object]] = {
    "a corner of the desk": lambda p: p.polygon([(0, 0), (110, 0), (0, 130)], 40),
    "a side of the desk": lambda p: p.polygon([(225, 0), (280, 0), (280, 280), (245, 280)], 60),
    "a thumb": lambda p: p.ellipse((200, 215, 260, 340), 90),
    "two thumbs": two_thumbs,
    "black bars above and below": letterbox,
    "holes at the side": lambda p: holes(p, 14),
    "holes cut by the edge": lambda p: holes(p, 0),
    "a margin line": lambda p: p.line((40, 0, 44, 280), 90, 3),
    "the edge of a sheet": lambda p: p.line((0, 90, 90, 0), 90, 4),
    "the border of a window": lambda p: p.rectangle((0, 0, 279, 279), None, 60, 6),
    "a title bar": lambda p: p.rectangle((0, 0, 280, 28), 60),
    "a thin box": lambda p: p.rectangle((40, 35, 235, 245), None, 0, 3),
    "a broad box": lambda p: p.rectangle((30, 25, 245, 255), None, 0, 12),
    "a round box": lambda p: p.rounded_rectangle((40, 35, 235, 245), 40, None, 0, 6),
    "a circle": lambda p: p.ellipse((25, 25, 255, 255), None, 0, 6),
    "a circle in a box": circle_in_a_box,
    "bars without corners": lambda p: bars(p, gap=7),
    "a cell of a table": grid,
}


def beside(strokes: list[Stroke], thing: Callable[[Pencil], object], pen: float = 6) -> Image.Image:
    """A digit in the middle, and a thing around it or beside it."""
    picture = drawn(strokes, pen=pen, size=0.5, place=(25, 25))
    thing(ImageDraw.Draw(picture))
    return picture


@pytest.fixture(scope="module")
def read() -> Callable[[Image.Image], int]:
    network = load("weights/lenet.npz")
    return lambda picture: int(network.predict(render_picture(picture)).argmax())


@pytest.mark.parametrize("thing", THINGS)
def test_what_is_dark_beside_the_digit_is_not_read(
    thing: str, read: Callable[[Image.Image], int]
) -> None:
    found = {digit: read(beside(strokes, THINGS[thing])) for digit, strokes in DIGITS.items()}
    assert found == {digit: digit for digit in DIGITS}


def test_it_is_dropped_from_light_ink_on_a_dark_page_too(
    read: Callable[[Image.Image], int],
) -> None:
    for thing in ("a corner of the desk", "a circle", "a thin box"):
        picture = beside(SEVEN, THINGS[thing]).point(lambda level: 255 - level)
        assert read(picture) == 7, thing


@pytest.mark.parametrize("side", [28, 280])
def test_a_digit_may_touch_any_edge(side: int, read: Callable[[Image.Image], int]) -> None:
    for digit, strokes in DIGITS.items():
        whole = drawn(strokes, side, pen=9)
        left, top, right, bottom = whole.point(lambda level: 255 - level).getbbox() or (0, 0, 0, 0)
        for box in (
            (left, 0, side, side),
            (0, top, side, side),
            (0, 0, right, side),
            (0, 0, side, bottom),
            (left, top, right, bottom),
        ):
            assert read(whole.crop(box)) == digit, box


def test_a_part_of_the_digit_that_touches_the_edge_stays() -> None:
    whole = drawn([[(5, 20), (5, 60), (60, 60)], [(75, 30), (70, 90)]])
    assert len(strokes_in(whole.crop((7, 0, 280, 280)))) == 2


def ring_and(*inside: Stroke) -> Array:
    ring = [(50 + 28 * np.cos(a), 50 + 40 * np.sin(a)) for a in np.linspace(0, 6.4, 60)]
    return np.asarray(drawn([ring, *inside], pen=5)) < 128


@pytest.mark.parametrize(
    "inside", [[(50, 50), (50, 51)], [(40, 68), (60, 32)]], ids=["dotted", "slashed"]
)
def test_a_dotted_or_slashed_0_is_no_circle_around_a_digit(inside: Stroke) -> None:
    mask = ring_and(inside)
    assert (without_surroundings(mask) == mask).all()


def test_the_parts_of_a_digit_in_a_circle_stay_together() -> None:
    inside = ring_and([(40, 30), (38, 50), (60, 50)], [(54, 40), (52, 66)])
    alone = without_surroundings(inside)
    assert (alone == inside & ~ring_and()).all()


def test_a_mask_without_ink_has_no_surroundings() -> None:
    assert not without_surroundings(np.zeros((30, 20), bool)).any()
