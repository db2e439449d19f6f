"""Forms, addresses and media types: what is meant well is read, and a refusal names the cause."""

import os
import subprocess
import sys
import warnings
from codecs import BOM_UTF8
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import ExifTags, Image, ImageOps

from app.readings import opinion
from app.uploads import ALIASES, PICTURES, picture_from
from tests.app.test_refusals import Bad, assert_problem, strokes
from tests.browser.server import ROOT
from tests.drawn import drawn, encoded
from tests.strokes import SEVEN

PICTURE = encoded(drawn(SEVEN))
FORM = "multipart/form-data; boundary=x"
LENET = "/api/predict?model=lenet"


def part(name: str, content: bytes, filename: str = "") -> bytes:
    file = f'; filename="{filename}"' if filename else ""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


IMAGE = part("image", PICTURE, "7.png")
END = b"--x--\r\n"


def form(*parts: bytes, words: str, status: int = 400, media_type: str = FORM) -> Bad:
    return Bad(b"".join(parts), status, words, media_type)


def address(query: str, words: str, status: int = 400) -> Bad:
    return Bad(strokes("[]"), status, words, address=f"/api/predict?{query}")


CAUSES: dict[str, Callable[[], Bad]] = {
    "a form whose type has no boundary": lambda: form(
        IMAGE, END, words="found no boundary in the Content-Type", media_type="multipart/form-data"
    ),
    "a form with an empty boundary": lambda: form(
        IMAGE, END, words="found no boundary", media_type='multipart/form-data; boundary=""'
    ),
    "a form with another boundary": lambda: form(
        IMAGE, END, words="another boundary", media_type="multipart/form-data; boundary=y"
    ),
    "a form with a boundary that is not ASCII": lambda: form(
        IMAGE, END, words="found no boundary", media_type="multipart/form-data; boundary=é"
    ),
    "a form cut short": lambda: form(IMAGE[:-9], words="found a form cut short, or one with"),
    "a form without its end": lambda: form(IMAGE, words="found a form cut short"),
    "1,001 fields": lambda: form(
        *(part(f"f{i}", b"1") for i in range(1_001)), END, words="found more than 10 fields in the"
    ),
    "an unknown field": lambda: form(
        IMAGE, part("many", b"true"), END, words="found 'many' in the form, wanted only: image, mo"
    ),
    "an unknown file": lambda: form(
        IMAGE, part("img", PICTURE, "7.png"), END, words="found 'img' in the form, wanted only"
    ),
    "a long unknown field": lambda: form(IMAGE, part("k" * 999, b"1"), END, words="kkk…' in"),
    "a field without a name": lambda: form(
        IMAGE, b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n", END, words="found '' in the"
    ),
    "a picture as text": lambda: form(
        part("image", b"7" * 600_000), END, words="found text in the form field image, wanted one"
    ),
    "a picture and a text of one name": lambda: form(
        IMAGE, part("image", b"7"), END, words="found text in the form field image"
    ),
    "a network as a file": lambda: form(
        IMAGE, part("model", b"lenet", "m"), END, words="found a file in the form field model"
    ),
    "two networks in a form": lambda: form(
        IMAGE, part("model", b"lenet") * 2, END, words="found model 2 times in the form, wanted"
    ),
    "an unknown network in a form": lambda: form(
        IMAGE, part("model", b"vgg"), END, words="model is 'vgg', wanted one of: lenet", status=422
    ),
    "an empty file": lambda: form(part("image", b"", "7.png"), END, words="found an empty"),
    "an unknown parameter": lambda: address("many=true", "found 'many' in the address, after ?"),
    "an unknown parameter beside a known": lambda: address("model=lenet&steps", "wanted only: mo"),
    "two networks in the address": lambda: address(
        "model=lenet&model=lenet", "found model 2 times"
    ),
    "no network in the address": lambda: address("model=", "model is '', wanted one of", 422),
    "an unknown network in the address and a known one in the body": lambda: Bad(
        b'{"strokes": [], "model": "lenet"}', 422, "'vgg', wanted", address="/api/predict?model=vgg"
    ),
    "an unknown parameter with a picture": lambda: Bad(
        PICTURE, 400, "found 'layers' in the address", "image/png", "/api/predict?layers=true"
    ),
    "only a mark of the byte order": lambda: Bad(BOM_UTF8, 400, "found an empty body"),
}


@pytest.mark.parametrize("name", CAUSES)
def test_a_refusal_names_the_cause(client: FlaskClient, name: str) -> None:
    bad = CAUSES[name]()
    response = client.post(bad.address, data=bad.body, content_type=bad.media_type)
    assert_problem(response, bad.status, bad.words)


def test_json_may_begin_with_a_mark_of_the_byte_order(client: FlaskClient) -> None:
    body = BOM_UTF8 + str({"strokes": [[list(p) for p in s] for s in SEVEN]}).encode()
    body = body.replace(b"'", b'"')
    answer = client.post("/api/predict", data=body, content_type="application/json").json or {}
    assert answer["digit"] == 7


@pytest.mark.parametrize("media_type", ALIASES)
def test_a_picture_may_go_by_another_name_of_its_type(client: FlaskClient, media_type: str) -> None:
    for kind in (ALIASES[media_type], "GIF"):  # the content decides
        body = encoded(drawn(SEVEN), kind)
        answer = client.post("/api/predict", data=body, content_type=media_type).json or {}
        assert answer["digit"] == 7
    assert ALIASES[media_type] in PICTURES.values()


def test_a_form_may_name_the_network_and_goes_before_the_address(five: FlaskClient) -> None:
    for url in ("/api/predict", LENET):
        data = {"image": (BytesIO(PICTURE), "7.png"), "model": "lenet-32"}
        assert (five.post(url, data=data).json or {})["model"] == "lenet-32"


def test_no_probability_is_below_0_or_above_1() -> None:
    shares = np.zeros(10, np.float32)
    shares[3], shares[5] = 0.6, 0.40000012
    for verdict in ("not-a-digit", "digit"):
        found = opinion(np.zeros((28, 28), np.float32), shares, 0.99, verdict).probabilities
        assert 0 <= min(found) <= max(found) <= 1


def broken_exif() -> bytes:
    """A picture whose EXIF says that it holds more than it does."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "seven" * 9
    return encoded(drawn(SEVEN, 60), "JPEG", exif=exif.tobytes()[:-30])


def test_broken_exif_is_no_reason_to_refuse_a_picture_or_to_write_a_line() -> None:
    with pytest.warns(UserWarning, match="Tag data"), Image.open(BytesIO(broken_exif())) as picture:
        picture.getexif()
    code = (
        "import sys; from app import create_app; client = create_app().test_client();"
        "body = sys.stdin.buffer.read();"
        "response = client.post('/api/predict', data=body, content_type='image/jpeg');"
        "assert response.status_code == 200"
    )
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        input=broken_exif(),
        capture_output=True,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


@pytest.mark.parametrize("orientation", range(10))
def test_a_picture_is_turned_as_its_exif_says(orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    body = encoded(drawn(SEVEN, 60), "PNG", exif=exif)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = ImageOps.exif_transpose(Image.open(BytesIO(body)))
    assert picture_from(body, 10_000).tobytes() == wanted.tobytes()
