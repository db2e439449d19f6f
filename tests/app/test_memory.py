"""One worker stays under 200 MB, whatever is sent to it at once."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import create_app
from app.limits import LIMITS
from app.settings import SETTINGS
from app.uploads import MOST_DECODED_BYTES, PIXEL_BYTES
from benchmarks.drawing import body
from benchmarks.heavy_bodies import PICTURES, Body, bodies, grey, png
from benchmarks.served import serving
from benchmarks.server_memory import DEAREST, MIXED, asked, crowds, peak
from tests.drawn import encoded

MOST_MEGABYTES = 200
LIGHTER = ("PNG, grey", "PNG, palette and transparent", "JPEG", "JPEG, CMYK", "WebP, animated",
           "GIF", "PNG, animated", "BMP, black and white")  # fmt: skip


def made(names: tuple[str, ...]) -> list[Body]:
    makers = bodies()
    return [makers[name]() for name in names]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak")
def test_the_dearest_bodies_beside_clients_of_every_bad_sort_leave_a_worker_small() -> None:
    with serving(body()) as server:
        for one in made(LIGHTER):
            assert asked(server, [one], 1) == {200: 1}
        sent = made(DEAREST)
        with crowds(server, MIXED):
            counts = asked(server, sent, 2)
        counts += asked(server, sent, 1)
        assert set(counts) <= {200, 400, 503}
        assert peak(server) < MOST_MEGABYTES


def test_every_format_is_among_the_largest_pictures() -> None:
    formats = {name.split(",")[0].split(" ")[0].upper() for name in PICTURES}
    assert formats == {"PNG", "JPEG", "WEBP", "GIF", "BMP"}


def test_the_largest_number_of_pixels_that_may_be_set_can_be_decoded() -> None:
    most = int(LIMITS["MAX_PIXELS"].most)
    assert SETTINGS["MAX_PIXELS"].parse(str(most)) == most
    with pytest.raises(ValueError, match=str(most + 1)):
        SETTINGS["MAX_PIXELS"].parse(str(most + 1))
    assert most * PIXEL_BYTES <= MOST_DECODED_BYTES


def test_the_setting_of_most_pixels_is_the_limit_of_every_address_that_takes_a_picture() -> None:
    app = create_app({"MAX_PIXELS": 1_000})
    client = app.test_client()
    small, large = (encoded(Image.new("L", size, 255)) for size in ((40, 25), (41, 25)))
    for path in ("/api/predict", "/api/strokes"):
        assert client.post(path, data=small, content_type="image/png").status_code == 200
        refused = client.post(path, data=large, content_type="image/png")
        assert refused.status_code == 422
        detail = (refused.json or {})["detail"]
        assert "41 × 25 pixels" in detail
        assert "at most 1,000 pixels" in detail
    document = client.get("/api/openapi.json").text
    assert "a picture | 1,000 pixels | 422" in document
    assert "16,000,000" not in document


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_pngs_written_by_hand_are_what_pillow_reads(channels: int, interlaced: bool) -> None:
    pixels = grey(np.uint8, channels, 20)
    with Image.open(BytesIO(png(pixels, interlaced=interlaced))) as picture:
        assert np.array_equal(np.asarray(picture).reshape(pixels.shape), pixels)
