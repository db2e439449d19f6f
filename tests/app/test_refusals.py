"""Bad requests: each gets its status and a helpful detail."""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from gzip import compress
from io import BytesIO
from struct import pack
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from app.uploads import PICTURES
from tests.drawn import drawn, encoded
from tests.strokes import ONE

JSON = "application/json"
# Bytes after the last pixel: most of two check sums and the chunk IEND; a block end and a trailer.
AFTER_PIXELS = {"PNG": 3 + 4 + 12, "GIF": 2}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5 5 90"/></svg>'


@dataclass(frozen=True)
class Bad:
    """A bad request, and the status and the words of its refusal."""

    body: bytes
    status: int
    words: str
    media_type: str = JSON
    address: str = "/api/predict"


def strokes(text: str) -> bytes:
    return f'{{"strokes": {text}}}'.encode()


def asking(options: str, status: int, words: str) -> Bad:
    return Bad(f'{{"strokes": [[[1, 2]]], {options}}}'.encode(), status, words)


def canvas(brush: str, status: int, words: str) -> Bad:
    return asking(f'"canvas": {{"width": 9, "height": 9, "brush": {brush}}}', status, words)


def bomb(side: int, rows: int) -> bytes:
    """A black-and-white PNG whose header says side × side pixels; it has this many rows."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    header = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    picture = zlib.compress(bytes((side // 8 + 1) * rows), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", picture), chunk(b"IEND", b"")]
    )


REQUESTS: dict[str, Callable[[], Bad]] = {
    "empty body": lambda: Bad(b"", 400, "empty body"),
    "empty body of no type": lambda: Bad(b"", 400, "empty body", media_type=""),
    "empty picture": lambda: Bad(b"", 400, "empty body", media_type="image/png"),
    "broken JSON": lambda: Bad(b'{"strokes": [', 400, "line 1, column 14"),
    "text after the JSON": lambda: Bad(strokes("[]") + b"]", 400, "broken JSON (Extra data"),
    "not UTF-8": lambda: Bad(b'{"strokes": "\xff"}', 400, "not UTF-8 (byte 0xff at 13)"),
    "UTF-16": lambda: Bad('{"strokes": []}'.encode("utf-16"), 400, "not UTF-8"),
    "compressed": lambda: Bad(compress(strokes("[]")), 400, "not compressed"),
    "nested too deep": lambda: Bad(b"[" * 100_000, 400, "nested too deep"),
    "a list": lambda: Bad(b"[[[1, 2]]]", 400, "the body is a list, wanted an object"),
    "null": lambda: Bad(b"null", 400, "the body is null"),
    "no strokes": lambda: Bad(b'{"model": "lenet"}', 400, "found no strokes"),
    "unknown key": lambda: Bad(b'{"stroke": []}', 400, "'stroke', wanted only: strokes, model"),
    "long unknown key": lambda: Bad(json.dumps({"k" * 9999: 1}).encode(), 400, "kkk…', wanted"),
    "strokes are text": lambda: Bad(strokes('"7"'), 400, "strokes is a string, wanted a list"),
    "strokes are null": lambda: Bad(strokes("null"), 400, "strokes is null"),
    "a stroke is a number": lambda: Bad(strokes("[[], 3]"), 400, "strokes[1] is a number"),
    "a point is a number": lambda: Bad(strokes("[[1, 2]]"), 400, "strokes[0][0] is a number"),
    "a point with x alone": lambda: Bad(strokes("[[[1, 2], [3]]]"), 400, "[0][1] is a list of 1"),
    "x is text": lambda: Bad(strokes('[[["1", 2]]]'), 400, "x of strokes[0][0] is a string"),
    "y is null": lambda: Bad(strokes("[[[1, null]]]"), 400, "y of strokes[0][0] is null"),
    "x is true": lambda: Bad(strokes("[[[true, 2]]]"), 400, "is true or false, wanted a number"),
    "x is a list": lambda: Bad(strokes("[[[[1], 2]]]"), 400, "x of strokes[0][0] is a list"),
    "NaN": lambda: Bad(strokes("[[[1, 2], [3, NaN]]]"), 422, "y of strokes[0][1] is nan, wanted"),
    "infinity": lambda: Bad(strokes("[[[-Infinity, 2]]]"), 422, "is -inf, wanted a finite number"),
    "1e400": lambda: Bad(strokes("[[[1e400, 2]]]"), 422, "is inf, wanted a finite number"),
    "400 digits": lambda: Bad(strokes(f"[[[1{'0' * 400}, 2]]]"), 422, "is inf"),
    "9,000 digits": lambda: Bad(strokes(f"[[[1{'0' * 9000}, 2]]]"), 422, "is inf"),
    "too far away": lambda: Bad(strokes("[[[2e9, 2]]]"), 422, "is 2e+09, wanted a finite number"),
    "20,001 points": lambda: Bad(
        strokes(f"[[{'[1,2],' * 20_000}[1,2]]]"), 422, "found 20,001 points, wanted at most 20,000"
    ),
    "200,000 strokes": lambda: Bad(
        strokes(f"[{'[],' * 200_000}[]]"), 422, "found 400,003 commas and brackets in the JSON"
    ),
    "1,001 strokes": lambda: Bad(
        strokes(f"[{'[],' * 1_000}[]]"), 422, "found 1,001 strokes, wanted at most 1,000"
    ),
    "a million points": lambda: Bad(
        strokes(f"[[{'[1,2],' * 999_999}[1,2]]]"), 413, "wanted at most 4,194,304 bytes"
    ),
    "model is a number": lambda: Bad(b'{"strokes": [], "model": 5}', 400, "model is a number"),
    "layers is text": lambda: Bad(b'{"strokes": [], "layers": "no"}', 400, "layers is a string"),
    "steps is a number": lambda: asking('"steps": 1', 400, "steps is a number, wanted true or f"),
    "many is null": lambda: asking('"many": null', 400, "many is null, wanted true or false"),
    "normalise is true": lambda: asking('"normalise": true', 400, "normalise is true or false"),
    "unknown step": lambda: asking(
        '"normalise": {"rotate": false}', 400, "'rotate' in normalise, wanted only: smooth, size"
    ),
    "a step is text": lambda: asking(
        '"normalise": {"size": "off"}', 400, "normalise.size is a string, wanted true or false"
    ),
    "canvas is a number": lambda: asking('"canvas": 280', 400, "canvas is a number, wanted an obj"),
    "canvas without a brush": lambda: asking(
        '"canvas": {"width": 9, "height": 9}', 400, "found no brush in canvas, wanted an object"
    ),
    "canvas with a colour": lambda: asking(
        '"canvas": {"colour": 9}', 400, "'colour' in canvas, wanted only: width, height, brush"
    ),
    "a brush is text": lambda: canvas('"thin"', 400, "canvas.brush is a string, wanted a number"),
    "a brush is true": lambda: canvas("true", 400, "canvas.brush is true or false"),
    "a brush of nothing": lambda: canvas("0", 422, "canvas.brush is 0, wanted a number from 1e-09"),
    "a brush below nothing": lambda: canvas("-2", 422, "canvas.brush is -2"),
    "a brush without end": lambda: canvas("1e999", 422, "canvas.brush is inf"),
    "a brush that is none": lambda: canvas("NaN", 422, "canvas.brush is nan"),
    "a number with a step left out": lambda: asking(
        '"many": true, "normalise": {"pen": false}', 400, "found many and a step of normalise swi"
    ),
    "41 strokes of a number": lambda: Bad(
        f'{{"strokes": [{"[]," * 40}[[1, 2]]], "many": true}}'.encode(),
        422,
        "found 41 strokes, wanted at most 40 where many is true",
    ),
    "unknown network": lambda: Bad(
        b'{"strokes": [], "model": "alexnet"}', 422, "'alexnet', wanted one of: lenet"
    ),
    "network of half a character": lambda: Bad(
        rb'{"strokes": [], "model": "\ud800"}', 422, r"model is '\ud800', wanted"
    ),
    "unknown network for a picture": lambda: Bad(
        encoded(drawn(ONE)), 422, "'vgg', wanted one", "image/png", "/api/predict?model=vgg"
    ),
    "100 megapixels": lambda: Bad(
        bomb(10_000, 10_000), 422, "at most 16,000,000 pixels, ", "image/png"
    ),
    "4 gigapixels": lambda: Bad(bomb(65_536, 1), 422, "too large a picture", "image/png"),
    "25 megapixels": lambda: Bad(
        encoded(Image.new("1", (5_000, 5_000))), 422, "(5,000 × 5,000 pixels)", "image/png"
    ),
    "truncated JPEG": lambda: Bad(
        encoded(drawn(ONE), "JPEG")[:-900], 422, "will not decode (", "image/jpeg"
    ),
    "truncated PNG": lambda: Bad(encoded(drawn(ONE))[:-90], 422, "will not decode (", "image/png"),
    "text as PNG": lambda: Bad(b"seven", 422, "it has no format that we know", "image/png"),
    "SVG as PNG": lambda: Bad(SVG, 422, "wanted a whole file of one of: PNG", "image/png"),
    "TIFF as PNG": lambda: Bad(encoded(drawn(ONE), "TIFF"), 422, "will not decode", "image/png"),
    "SVG": lambda: Bad(SVG, 415, "'image/svg+xml', wanted one of: application/", "image/svg+xml"),
    "plain text": lambda: Bad(b"7", 415, "found the media type 'text/plain'", "text/plain"),
    "no type": lambda: Bad(strokes("[]"), 415, "found no media type", media_type=""),
    "form without a picture": lambda: Bad(
        b"--x--\r\n", 400, "found 0 files", "multipart/form-data; boundary=x"
    ),
    "no such address": lambda: Bad(b"{}", 404, "nothing at /api/guess", address="/api/guess"),
}


def assert_problem(response: Any, status: int, words: str) -> None:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.text)
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert problem["title"]
    assert words in problem["detail"]
    assert len(problem["detail"]) < 400  # a refusal does not repeat the request


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize("name", REQUESTS)
def test_a_bad_request_gets_its_status_and_a_helpful_detail(client: FlaskClient, name: str) -> None:
    bad = REQUESTS[name]()
    response = client.post(bad.address, data=bad.body, content_type=bad.media_type)
    assert_problem(response, bad.status, bad.words)


@pytest.mark.parametrize("kind", PICTURES.values())
def test_a_picture_cut_short_in_its_pixels_is_refused(client: FlaskClient, kind: str) -> None:
    body = encoded(drawn(ONE, 60), kind)
    last = len(body) - AFTER_PIXELS.get(kind, 0)
    for end in {*range(1, last, max(1, last // 40)), last - 1}:
        response = client.post("/api/predict", data=body[:end], content_type="image/png")
        assert_problem(response, 422, "found a picture that will not decode")


@pytest.mark.parametrize("kind", AFTER_PIXELS)
def test_a_picture_that_lacks_only_bytes_after_its_pixels_is_read_as_the_whole(
    client: FlaskClient, kind: str
) -> None:
    body = encoded(drawn(ONE, 60), kind)
    whole, cut = (
        client.post("/api/predict", data=data, content_type="image/png").get_json()
        for data in (body, body[: -AFTER_PIXELS[kind]])
    )
    assert cut["image"] == whole["image"]


def test_two_pictures_in_a_form_are_one_too_many(client: FlaskClient) -> None:
    files = [(BytesIO(encoded(drawn(ONE))), f"{i}.png") for i in range(2)]
    assert_problem(client.post("/api/predict", data={"image": files}), 400, "found 2 files")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_told_the_right_one(client: FlaskClient, method: str) -> None:
    response = client.open("/api/predict", method=method)
    assert_problem(response, 405, f"found the method {method}, wanted one of: OPTIONS, POST")
    assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize("address", ["/nothing", "/api/", "/static/none.js", "/static/../app"])
def test_a_404_is_a_problem_document(client: FlaskClient, address: str) -> None:
    assert_problem(client.get(address), 404, f"nothing at {address}")


def test_an_internal_error_is_a_problem_document_without_internals() -> None:
    app: Flask = create_app()
    app.logger.disabled = True

    def broken() -> str:
        raise KeyError("secret")

    app.add_url_rule("/broken", view_func=broken)
    response = app.test_client().get("/broken")
    app.logger.disabled = False
    assert_problem(response, 500, "something broke on our side")
    assert "secret" not in response.text


def test_a_hundred_megapixels_fit_into_20_kilobytes() -> None:
    assert len(bomb(10_000, 10_000)) < 20_000  # the picture must be small


def test_head_and_options_are_answered(client: FlaskClient) -> None:
    assert client.head("/api/models").status_code == 200
    assert client.head("/api/models").data == b""
    allowed = client.options("/api/predict").headers["Allow"]
    assert set(allowed.split(", ")) == {"OPTIONS", "POST"}
