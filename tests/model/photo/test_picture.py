"""Pictures of digits are read: different light, pens, papers and file formats."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter

from model import load
from model.frames import FRAMES
from model.ink.pen import centre_of_mass
from model.ink.redraw import render
from model.photo.background import otsu_split, paper_brightness
from model.photo.picture import grey_levels, render_picture, retrace
from model.types import Array
from tests.drawn import drawn, encoded
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

DIGITS = {0: ZERO, 1: ONE, 3: THREE, 5: FIVE, 7: SEVEN}
INK = {"ink": (20, 40, 120), "paper": (240, 235, 220)}
Change = Callable[[Image.Image], Image.Image]


def coloured(picture: Image.Image, ink: tuple[int, ...], paper: tuple[int, ...]) -> Image.Image:
    mode = "RGB" if len(ink) == 3 else "RGBA"
    return Image.composite(
        Image.new(mode, picture.size, paper), Image.new(mode, picture.size, ink), picture
    )


def lit(picture: Image.Image, light: Callable[[Array, Array], Array]) -> Image.Image:
    """The picture under a light that is a function of x and y from -1 to 1."""
    y, x = np.mgrid[-1 : 1 : picture.height * 1j, -1 : 1 : picture.width * 1j]
    return Image.fromarray((np.asarray(picture) * light(x, y)).clip(0, 255).astype(np.uint8))


def noisy(picture: Image.Image, deviation: float) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, deviation, (picture.height, picture.width))
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))


def to_16_bits(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture).astype(np.uint16) * 256)


def speckled(picture: Image.Image) -> Image.Image:
    dirty = np.array(picture)
    for y, x in np.random.default_rng(0).integers(0, 270, (12, 2)):
        dirty[y : y + 9, x : x + 9] = 0
    return Image.fromarray(dirty)


def cropped(picture: Image.Image) -> Image.Image:
    return picture.crop(picture.point(lambda level: 255 - level).getbbox())


CHANGES: dict[str, Change] = {
    "as it is": lambda p: p,
    "light on dark": lambda p: p.point(lambda level: 255 - level),
    "faint": lambda p: p.point(lambda level: 170 + level // 4),
    "light from one side": lambda p: lit(p, lambda x, y: 0.55 + 0.4 * x - 0.05 * y),
    "dark corners": lambda p: lit(p, lambda x, y: 1 - 0.45 * (x * x + y * y)),
    "noise": lambda p: noisy(p, 12),
    "dirt": speckled,
    "out of focus": lambda p: p.filter(ImageFilter.GaussianBlur(4)),
    "no margin": cropped,
    "small": lambda p: p.resize((40, 40), Image.Resampling.BOX),
    "large": lambda p: p.resize((1500, 1500), Image.Resampling.BICUBIC),
    "wide": lambda p: _beside(p),
    "blue on cream": lambda p: coloured(p, **INK),
    "yellow on white": lambda p: coloured(p, (255, 240, 0), (255, 255, 255)),
    "red on green of the same brightness": lambda p: coloured(p, (160, 0, 0), (0, 82, 0)),
    "black on transparent": lambda p: coloured(p, (0, 0, 0, 255), (0, 0, 0, 0)),
    "white on transparent": lambda p: coloured(p, (255, 255, 255, 255), (255, 255, 255, 0)),
    "a card with transparent corners": lambda p: _with_round_corners(p),
    "black and white": lambda p: p.convert("1"),
    "palette": lambda p: coloured(p, **INK).quantize(16),
    "grey and alpha": lambda p: p.convert("LA"),
    "CMYK": lambda p: coloured(p, **INK).convert("CMYK"),
    "16 bits": to_16_bits,
    "a ruled line": lambda p: on_lines(p, gap=170),
    "ruled paper": lambda p: on_lines(p, gap=34),
    "squared paper": lambda p: on_squares(p),
    "paper on a dark desk": lambda p: on_a_desk(p, 40),
    "a board on a bright wall": lambda p: on_a_desk(p.point(lambda level: 255 - level), 230),
    "the edge of a shadow": lambda p: lit(p, lambda x, y: 1 - 0.4 / (1 + np.exp(-30 * (x - y)))),
    "JPEG": lambda p: Image.open(BytesIO(encoded(p, "JPEG", quality=8))),
}


def on_lines(picture: Image.Image, gap: int) -> Image.Image:
    """Paper with printed lines, slightly rotated, that are nearly as dark as the ink."""
    y, x = np.indices((picture.height, picture.width))
    away = np.abs((y + 0.03 * x + 20) % gap - gap / 2)
    lines = np.where(away < 1, 110, 255).astype(np.uint8)
    return Image.fromarray(np.minimum(np.asarray(picture), lines))


def on_squares(picture: Image.Image) -> Image.Image:
    turn = Image.Transpose.TRANSPOSE
    return on_lines(on_lines(picture, gap=40).transpose(turn), gap=40).transpose(turn)


def on_a_desk(picture: Image.Image, desk: int) -> Image.Image:
    whole = Image.new("L", (400, 400), desk)
    sheet = Image.new("L", picture.size, 255).rotate(7, expand=True)
    whole.paste(picture.rotate(7, expand=True), (25, 60), sheet)
    return whole


def _beside(picture: Image.Image) -> Image.Image:
    wide = Image.new("L", (900, 280), 255)
    wide.paste(picture, (560, 0))
    return wide


def _with_round_corners(picture: Image.Image) -> Image.Image:
    y, x = np.mgrid[-1 : 1 : picture.height * 1j, -1 : 1 : picture.width * 1j]
    inside = Image.fromarray(np.where(x**2 + y**2 < 1.2, 255, 0).astype(np.uint8))
    card = picture.convert("RGBA")
    card.putalpha(inside)
    return Image.composite(card, Image.new("RGBA", picture.size), inside)


@pytest.fixture(scope="module")
def read() -> Callable[[Array], int]:
    network = load("weights/lenet.npz")
    return lambda picture: int(network.predict(picture).argmax())


@pytest.mark.parametrize("name", CHANGES)
def test_a_digit_is_read_whatever_the_picture(name: str, read: Callable[[Array], int]) -> None:
    pictures = {
        digit: render_picture(CHANGES[name](drawn(strokes))) for digit, strokes in DIGITS.items()
    }
    assert {digit: read(picture) for digit, picture in pictures.items()} == {d: d for d in DIGITS}


@pytest.mark.parametrize("pen", [2, 5, 10, 16, 20])
@pytest.mark.parametrize("place", [(0, 0), (40, 10), (5, 60)], ids=str)
def test_pen_width_place_and_size_do_not_matter(
    place: tuple[float, float], pen: int, read: Callable[[Array], int]
) -> None:
    size = 1.0 if place == (0, 0) else 0.4
    for digit, strokes in DIGITS.items():
        picture = render_picture(drawn(strokes, pen=pen * size, size=size, place=place))
        assert read(picture) == digit


@pytest.mark.parametrize("pen", [8, 14, 20, 24])
def test_a_digit_may_fill_the_picture(pen: int, read: Callable[[Array], int]) -> None:
    pictures = {d: render_picture(cropped(drawn(digit, pen=pen))) for d, digit in DIGITS.items()}
    assert {digit: read(picture) for digit, picture in pictures.items()} == {d: d for d in DIGITS}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("digit", DIGITS)
def test_a_picture_of_strokes_is_drawn_like_the_strokes(digit: int, frame: str) -> None:
    from_strokes = render(DIGITS[digit], frame)
    from_picture = render_picture(drawn(DIGITS[digit], 400), frame)
    overlap = np.minimum(from_strokes, from_picture).sum()
    assert overlap / np.maximum(from_strokes, from_picture).sum() > 0.75
    assert np.abs(centre_of_mass(from_strokes) - centre_of_mass(from_picture)).max() < 0.5
    assert from_picture.sum() == pytest.approx(from_strokes.sum(), rel=0.1)


def test_a_loop_that_a_broad_pen_has_filled_stays_a_blob() -> None:
    loop = [(50 + 14 * np.cos(a), 40 + 16 * np.sin(a)) for a in np.linspace(0, 6.4, 40)]
    picture = drawn([loop, [(50, 56), (50, 110)]], pen=20, size=0.7, place=(10, 5))
    brought = render_picture(picture) > 0.5
    assert brought[:14].sum(axis=1).max() >= 2 * brought[18:24].sum(axis=1).max()


@pytest.mark.parametrize(("name", "pen"), [("a thin pencil", 0.7), ("a fat marker", 18)])
def test_a_photograph_of_any_pen_is_read(
    name: str, pen: float, read: Callable[[Array], int]
) -> None:
    for digit, strokes in DIGITS.items():
        small = drawn(strokes, 600, pen=pen)
        page = Image.new("L", (2400, 1800), 230)
        page.paste(small.point(lambda level: 60 + level * 2 // 3), (1500, 300))
        assert read(render_picture(page)) == digit, name


@pytest.mark.parametrize("size", [(280, 280), (28, 28), (900, 600), (1, 1), (1, 300), (5000, 2)])
@pytest.mark.parametrize("deviation", [0, 3, 12, 40])
def test_a_page_without_ink_is_blank(size: tuple[int, int], deviation: float) -> None:
    page = noisy(Image.new("L", size, 190), deviation) if deviation else Image.new("L", size, 190)
    if min(size) > 1:  # on a single line of pixels noise may look like anything
        assert not render_picture(page).any()
        assert not render_picture(lit(page, lambda x, y: 0.8 + 0.2 * x)).any()
    assert render_picture(page).shape == (28, 28)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA", "P", "CMYK", "I;16"])
def test_an_empty_picture_of_any_mode_is_blank(mode: str) -> None:
    assert not render_picture(Image.new(mode, (50, 40))).any()


def test_a_large_round_blob_is_drawn_as_a_dot() -> None:
    blot = drawn([[(50, 50), (50, 50.1)]], pen=30)
    assert (render_picture(blot) > 0).sum() < 60


def test_the_picture_is_left_as_it_was() -> None:
    picture = drawn(FIVE)
    before = picture.tobytes()
    render_picture(picture)
    assert (picture.size, picture.tobytes()) == ((280, 280), before)


def test_an_unknown_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="no frame 'usps'; there are: mnist, emnist"):
        render_picture(drawn(ONE), "usps")


def test_brightness_is_of_bounded_size() -> None:
    assert grey_levels(Image.new("RGB", (3000, 2000))).shape == (171, 256)


def test_the_paper_is_found_under_the_ink() -> None:
    y, x = np.indices((100, 100), np.float32) / 100
    paper = 0.5 + 0.3 * x - 0.2 * y + 0.1 * x * y
    written = paper.copy()
    written[20:80, 40:60] -= 0.4
    assert np.abs(paper_brightness(written) - paper).max() < 0.02


def test_two_levels_are_split_between_them() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0.1, 0.02, 9_000), rng.normal(0.7, 0.02, 1_000)])
    split = otsu_split(values)
    assert split.level == pytest.approx(0.4, abs=0.01)
    assert split.contrast == pytest.approx(0.6, abs=0.01)
    assert split.noise == pytest.approx(0.02, abs=0.005)
    assert split.clearness > 0.98


def test_retraced_strokes_visit_every_ink_pixel_and_never_cross_paper() -> None:
    mask = np.asarray(drawn(FIVE, 60, pen=3)) < 128
    strokes: list[Array] = retrace(mask)
    passed = {(x, y) for stroke in strokes for x, y in stroke.astype(int).tolist()}
    assert passed == {(x, y) for y, x in zip(*np.nonzero(mask), strict=True)}
    assert max(np.abs(np.diff(stroke, axis=0)).max() for stroke in strokes) == 1


def test_parts_that_do_not_touch_are_strokes_of_their_own() -> None:
    two: list[Stroke] = [[(20, 20), (20, 80)], [(70, 20), (70, 80)]]
    assert len(retrace(np.asarray(drawn(two, 60, pen=3)) < 128)) == 2
