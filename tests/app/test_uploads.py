"""A picture is decoded with bounded memory; an animation is read from its first frame with ink."""

import numpy as np
import pytest
from PIL import Image
from werkzeug.exceptions import UnprocessableEntity

from app.reduction import reduced
from app.uploads import MOST_SCANS, picture_from
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
