"""Valid requests, in every form that the contract allows."""

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import ExifTags, Image

from app.uploads import PICTURES
from model import load
from model.ink import render
from tests.drawn import drawn, encoded
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

DIGITS = {0: ZERO, 1: ONE, 3: THREE, 5: FIVE, 7: SEVEN}


def ask(client: FlaskClient, **body: Any) -> Any:
    response = client.post("/api/predict", json=body)
    assert response.status_code == 200, response.json
    return response.json


@pytest.mark.parametrize("digit", DIGITS)
def test_strokes_are_read(client: FlaskClient, digit: int) -> None:
    answer = ask(client, strokes=DIGITS[digit])
    assert answer["digit"] == digit
    assert answer["verdict"] == "digit"
    assert answer["model"] == "lenet"
    assert answer["confidence"] == max(answer["probabilities"]) == answer["probabilities"][digit]
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert answer["alternatives"] == []
    assert answer["milliseconds"] > 0
    assert "layers" not in answer


def test_an_unsure_answer_names_the_two_most_probable_digits(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reader.decide", lambda *_: "unsure")
    answer = ask(client, strokes=FIVE)
    first, second = answer["alternatives"]
    likeliest = sorted(answer["probabilities"], reverse=True)
    assert first == answer["digit"] == 5
    assert [answer["probabilities"][digit] for digit in (first, second)] == likeliest[:2]


@pytest.mark.parametrize("verdict", ["digit", "not-a-digit", "blank"])
def test_other_verdicts_have_no_alternatives(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, verdict: str
) -> None:
    monkeypatch.setattr("app.reader.decide", lambda *_: verdict)
    assert ask(client, strokes=FIVE)["alternatives"] == []


def test_the_answer_equals_the_engines_for_the_same_strokes(client: FlaskClient) -> None:
    answer, picture = ask(client, strokes=FIVE), render(FIVE)
    wanted = load("weights/lenet.npz").predict(picture)
    assert answer["probabilities"] == pytest.approx(wanted.tolist(), abs=1e-6)
    image = np.frombuffer(b64decode(answer["image"]), np.uint8).reshape(28, 28)
    assert np.abs(image / 255 - picture).max() <= 0.5 / 255 + 1e-6


def test_time_and_pressure_of_points_are_ignored(client: FlaskClient) -> None:
    plain = ask(client, strokes=THREE)
    timed: list[Any] = [[[x, y, 16.7 * i, 0.5] for i, (x, y) in enumerate(s)] for s in THREE]
    for length in (3, 4):
        some = [[point[:length] for point in stroke] for stroke in timed]
        assert ask(client, strokes=some)["probabilities"] == plain["probabilities"]
        some[0][0] = timed[0][0][:2]  # not every point need have them
        assert ask(client, strokes=some)["probabilities"] == plain["probabilities"]


@pytest.mark.parametrize("unit", [1e-3, 1, 1e6])
def test_strokes_may_be_in_any_unit(client: FlaskClient, unit: float) -> None:
    answer = ask(client, strokes=[[(x * unit, y * unit) for x, y in s] for s in FIVE])
    assert answer["probabilities"] == pytest.approx(
        ask(client, strokes=FIVE)["probabilities"], abs=1e-3
    )


@pytest.mark.parametrize(
    "strokes",
    [[[[5, 5]]], [[[0, 0], [1e-320, 0]]], [[[1e9, -1e9], [-1e9, 1e9]]], [[[1, 1]] * 20_000]],
    ids=["tap", "tiny", "huge", "many"],
)
def test_unusual_drawings_are_read_without_an_error(
    client: FlaskClient, strokes: list[Any]
) -> None:
    assert ask(client, strokes=strokes)["verdict"] != "blank"


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]])
def test_no_ink_is_blank(client: FlaskClient, strokes: list[Any]) -> None:
    answer = ask(client, strokes=strokes)
    assert answer["verdict"] == "blank"
    assert answer["digit"] is None
    assert answer["probabilities"] == [0.1] * 10
    assert answer["confidence"] == 0.1
    assert set(b64decode(answer["image"])) == {0}


def test_an_empty_stroke_among_others_is_ignored(client: FlaskClient) -> None:
    assert (
        ask(client, strokes=[[], *FIVE, []])["probabilities"]
        == (ask(client, strokes=FIVE)["probabilities"])
    )


def test_layers_are_what_the_pass_produced(client: FlaskClient) -> None:
    layers = ask(client, strokes=FIVE, layers=True)["layers"]
    _, wanted = load("weights/lenet.npz").trace(render(FIVE))
    assert list(layers) == list(wanted)
    for name, layer in layers.items():
        data = np.frombuffer(b64decode(layer["data"]), np.uint8).reshape(layer["shape"])
        values = layer["low"] + data / 255 * (layer["high"] - layer["low"])
        step = (layer["high"] - layer["low"]) / 255
        assert np.abs(values - wanted[name]).max() <= 0.51 * step + 1e-6, name


@pytest.mark.parametrize("media_type", PICTURES)
def test_a_picture_is_read_from_the_body(client: FlaskClient, media_type: str) -> None:
    body = encoded(drawn(SEVEN), PICTURES[media_type])
    response = client.post("/api/predict", data=body, content_type=media_type)
    assert response.status_code == 200, response.json
    assert (response.json or {})["digit"] == 7


def test_a_picture_is_read_from_a_form(client: FlaskClient) -> None:
    form = {"image": (BytesIO(encoded(drawn(THREE))), "three.png")}
    answer = client.post("/api/predict?model=lenet", data=form).json or {}
    assert (answer["digit"], answer["model"]) == (3, "lenet")


def test_the_format_of_a_picture_is_recognised_by_its_content(client: FlaskClient) -> None:
    body = encoded(drawn(SEVEN), "JPEG")
    answer = client.post("/api/predict", data=body, content_type="image/png").json or {}
    assert answer["digit"] == 7


def test_a_photograph_is_rotated_by_its_exif_orientation(client: FlaskClient) -> None:
    lying, exif = drawn(SEVEN).transpose(Image.Transpose.ROTATE_90), Image.Exif()
    body = encoded(lying, "JPEG", quality=95)
    assert _brought(client, body) != _brought(client, encoded(drawn(SEVEN), "JPEG", quality=95))
    exif[ExifTags.Base.Orientation] = 6  # to be rotated clockwise
    body = encoded(lying, "JPEG", exif=exif, quality=95)
    assert _brought(client, body) == _brought(client, encoded(drawn(SEVEN), "JPEG", quality=95))


def _brought(client: FlaskClient, body: bytes) -> Any:
    """Whether each pixel has ink in the 28 × 28 picture made from a photograph."""
    answer = client.post("/api/predict", data=body, content_type="image/jpeg").json or {}
    return [level > 127 for level in b64decode(answer["image"])]


def test_the_first_frame_of_an_animation_is_read(client: FlaskClient) -> None:
    body = encoded(drawn(SEVEN), "GIF", save_all=True, append_images=[drawn(THREE)])
    answer = client.post("/api/predict", data=body, content_type="image/gif").json or {}
    assert answer["digit"] == 7


def test_an_empty_page_is_blank(client: FlaskClient) -> None:
    body = encoded(drawn([]))
    answer = client.post("/api/predict", data=body, content_type="image/png").json or {}
    assert answer["verdict"] == "blank"


def test_the_network_may_be_named_in_the_address_or_in_the_body(five: FlaskClient) -> None:
    by_address = five.post("/api/predict?model=lenet-32", json={"strokes": ONE})
    assert (by_address.json or {})["model"] == "lenet-32"
    by_body = five.post("/api/predict?model=lenet-32", json={"strokes": ONE, "model": "lenet"})
    assert (by_body.json or {})["model"] == "lenet"


def test_concurrent_requests_get_the_same_answers_as_single_ones(app: Flask) -> None:
    def read(strokes: list[Stroke]) -> Any:
        return ask(app.test_client(), strokes=strokes)["probabilities"]

    drawings = [*DIGITS.values()] * 20
    alone = [read(drawing) for drawing in drawings]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(read, drawings))
    assert together == alone
