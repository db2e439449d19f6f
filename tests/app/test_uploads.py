"""A picture is decoded with bounded memory; an animation is read from its first frame with ink."""

from collections.abc import Callable
from struct import pack

import numpy as np
import pytest
from PIL import Image
from werkzeug.exceptions import UnprocessableEntity

from app.memory import release
from app.reduction import reduced
from app.uploads import MOST_SCANS, picture_from
from tests.attack.files import palette_end, png_chunk, rle_bmp, with_parts
from tests.drawn import drawn, encoded
from tests.strokes import SEVEN

MOST = 16_000_000


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
@pytest.mark.parametrize("empty", [1, 3])
def test_an_animation_is_read_from_its_first_frame_with_ink(kind: str, empty: int) -> None:
    ink = drawn(SEVEN, 60)
    frames = [Image.new("L", ink.size, 255 - number) for number in range(empty)]
    options = {"lossless": True} if kind == "WEBP" else {}
    body = encoded(
        frames[0], kind, save_all=True, append_images=[*frames[1:], ink, frames[0]], **options
    )
    found = np.asarray(picture_from(body, MOST).convert("L"), int)
    assert np.abs(found - np.asarray(ink, int)).max() < 12


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "JPEG", "BMP"])
def test_a_picture_without_ink_is_no_reason_to_fail(kind: str) -> None:
    body = encoded(Image.new("L", (30, 20), 255), kind)
    assert picture_from(body, MOST).size == (30, 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_large_picture_is_reduced_to_about_a_megapixel_or_more(mode: str) -> None:
    picture = Image.new("L", (2400, 2100), 255)
    picture.paste(0, (600, 600, 1200, 1200))
    whole = Image.fromarray(np.asarray(picture, np.uint16) * 257) if mode == "I;16" else None
    small = reduced(whole or picture.convert(mode)).convert("L")
    assert small.size == (1200, 1050)
    assert np.asarray(small)[350:550, 350:550].max() < 60


def test_a_jpeg_with_very_many_scans_is_refused() -> None:
    body = encoded(drawn(SEVEN, 60).convert("RGB"), "JPEG", progressive=True)
    last = body.rindex(b"\xff\xda")
    with pytest.raises(UnprocessableEntity, match="scans"):
        picture_from(body[:-2] + body[last:-2] * MOST_SCANS + body[-2:], MOST)


def test_a_webp_that_takes_too_much_memory_is_refused() -> None:
    body = encoded(Image.new("L", (3000, 2200), 255), "WEBP")
    with pytest.raises(UnprocessableEntity, match="as WEBP, 106 MB to decode"):
        picture_from(body, MOST)


PNG, GIF, JPEG = (encoded(drawn(SEVEN, 40), kind) for kind in ("PNG", "GIF", "JPEG"))
RUNS = b"\1\0" * 400 + b"\0\0"  # a line of 400 runs
PARTS: dict[str, Callable[[int], bytes]] = {  # files of that many bytes in very many parts
    "chunks of a PNG": lambda size: with_parts(PNG, 33, png_chunk(b"aaAa"), size),
    "empty pieces of a PNG": lambda size: with_parts(PNG, 33, png_chunk(b"IDAT"), size),
    "chunks after a PNG's pixels": lambda size: with_parts(PNG, -12, png_chunk(b"aaAa"), size),
    "comments of a GIF": lambda size: with_parts(GIF, palette_end(GIF), b"!\xfe\1x\0", size),
    "markers of a JPEG": lambda size: with_parts(JPEG, 2, b"\xff\xe5\0\2", size),
    "filling of a JPEG": lambda size: with_parts(JPEG, 2, b"\xff", size),
    "runs of a BMP": lambda size: rle_bmp(400, size // len(RUNS), RUNS),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_file_of_very_many_parts_is_refused_and_of_many_read(name: str) -> None:
    picture_from(PARTS[name](20_000), MOST)
    with pytest.raises(UnprocessableEntity, match="of very many comments, chunks or runs"):
        picture_from(PARTS[name](1_000_000), MOST)


def test_a_large_bmp_in_run_length_code_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(UnprocessableEntity, match="2,100 × 2,000 pixels"):
        picture_from(rle_bmp(2_100, 2_000, b"\1\0\0\0"), MOST)
    assert picture_from(rle_bmp(300, 200, b"\1\0\0\0"), MOST).size == (300, 200)


def test_a_frame_that_makes_an_animation_larger_is_not_decoded() -> None:
    frames = [Image.new("L", (40, 40), shade) for shade in (255, 0)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    second = data.rindex(b"," + bytes(4) + pack("<HH", 40, 40))  # the head of the last frame
    size = slice(second + 5, second + 9)
    larger = data[: size.start] + pack("<HH", 9_000, 9_000) + data[size.stop :]
    found = picture_from(larger, MOST)
    assert (found.size, found.convert("L").getextrema()) == ((40, 40), (255, 255))


@pytest.mark.parametrize(("size", "count"), [((1_000, 1_000), 0), ((2_000, 1_500), 1)])
def test_memory_is_given_back_before_a_large_picture_is_decoded(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], count: int
) -> None:
    released: list[int] = []
    monkeypatch.setattr("app.uploads.release", lambda: released.append(1))
    picture_from(encoded(Image.new("L", size, 255), "PNG"), MOST)
    assert len(released) == count
    release()  # on every system
