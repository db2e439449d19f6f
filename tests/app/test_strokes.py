"""POST /api/strokes: a picture in; strokes for the pad and the steps to them out."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from app.insight.strokes import LONGEST, SHOWN_SIDE_PX, STEPS
from app.uploads import ALIASES, PICTURES
from tests.app.test_openapi import faults
from tests.app.test_refusals import REQUESTS, assert_problem
from tests.drawn import drawn, encoded
from tests.strokes import FIVE, ONE, SEVEN, ZERO

ADDRESS = "/api/strokes"
DIGITS = {0: ZERO, 1: ONE, 5: FIVE, 7: SEVEN}
DIGIT = encoded(drawn(FIVE))
OF_PICTURES = [
    name
    for name, make in REQUESTS.items()
    if make().media_type.startswith(("image/", "multipart/")) and make().status != 415
]


def points(answer: Any) -> Any:
    return np.concatenate([np.array(stroke) for stroke in answer["strokes"]])


@pytest.mark.parametrize("digit", DIGITS)
def test_the_strokes_of_a_picture_are_read_as_the_picture_is(
    client: FlaskClient, digit: int
) -> None:
    body = encoded(drawn(DIGITS[digit], 400, size=0.5, place=(40, 10)))
    found = client.post(ADDRESS, data=body, content_type="image/png").get_json()
    of_strokes = client.post("/api/predict", json={"strokes": found["strokes"]}).get_json()
    of_picture = client.post("/api/predict", data=body, content_type="image/png").get_json()
    assert of_strokes["digit"] == of_picture["digit"] == digit
    assert of_strokes["probabilities"] == pytest.approx(of_picture["probabilities"], abs=0.02)
    redrawn = pixels_of(found["steps"]["redrawn"]["data"])
    assert abs(redrawn - pixels_of(of_picture["image"])).max() <= 1


@pytest.mark.parametrize(("size", "place"), [(0.2, (0, 0)), (0.5, (45, 30)), (0.9, (5, 5))])
def test_they_stand_in_the_middle_of_the_pad_in_the_size_of_a_hand(
    client: FlaskClient, size: float, place: tuple[float, float]
) -> None:
    body = encoded(drawn(SEVEN, 400, size=size, place=place))
    found = points(client.post(ADDRESS, data=body, content_type="image/png").get_json())
    low, high = found.min(axis=0), found.max(axis=0)
    assert (low + high) / 2 == pytest.approx([0.5, 0.5], abs=1e-3)
    assert (high - low).max() == pytest.approx(LONGEST, abs=1e-3)


def test_a_dot_stays_a_dot_in_the_middle(client: FlaskClient) -> None:
    body = encoded(drawn([[(50, 50)]], pen=12))
    answer = client.post(ADDRESS, data=body, content_type="image/png").get_json()
    assert answer["strokes"] == [[[0.5, 0.5]]]


@pytest.mark.parametrize(
    "request_of_a_client",
    [
        {"data": DIGIT, "content_type": "image/png"},
        {"data": encoded(Image.new("L", (90, 60), 200)), "content_type": "image/png"},
        {"data": {"image": (BytesIO(DIGIT), "7.png"), "model": "lenet"}},
    ],
    ids=["a picture", "no ink", "a form"],
)
def test_its_answers_are_as_described(client: FlaskClient, request_of_a_client: Any) -> None:
    document = client.get("/api/openapi.json").get_json()
    response = client.post(ADDRESS, **request_of_a_client)
    described = document["paths"][ADDRESS]["post"]["responses"]["200"]["content"]
    assert faults(response.json, described["application/json"]["schema"], document) == []


def test_each_step_is_shown_small_and_with_the_ink_high(client: FlaskClient) -> None:
    body = encoded(drawn(SEVEN, 900, ink=40, paper=230))
    steps = client.post(ADDRESS, data=body, content_type="image/png").get_json()["steps"]
    assert tuple(steps) == STEPS
    for name, step in steps.items():
        picture = pixels(step)
        assert max(picture.shape) <= SHOWN_SIDE_PX, name
        assert 0.01 < (picture > 127).mean() < 0.3, name
    assert pixels(steps["line"]).sum() < pixels(steps["ink"]).sum() / 2


def test_a_picture_without_ink_has_no_strokes_and_shows_the_paper(client: FlaskClient) -> None:
    body = encoded(Image.new("L", (300, 200), 255))
    answer = client.post(ADDRESS, data=body, content_type="image/png").get_json()
    assert answer["strokes"] == []
    assert list(answer["steps"]) == ["picture"]


@pytest.mark.parametrize("name", OF_PICTURES)
def test_pictures_are_refused_as_by_predict(client: FlaskClient, name: str) -> None:
    bad = REQUESTS[name]()
    address = bad.address.replace("/api/predict", ADDRESS)
    response = client.post(address, data=bad.body, content_type=bad.media_type)
    assert_problem(response, bad.status, bad.words)


def test_strokes_and_nothing_are_refused(client: FlaskClient) -> None:
    response = client.post(ADDRESS, json={"strokes": [[[1, 2]]]})
    assert_problem(response, 415, "found the media type 'application/json', wanted one of: image/p")
    response = client.post(ADDRESS, data=b"", content_type="image/png")
    assert_problem(response, 400, "found an empty body, wanted a picture")
    assert "strokes" not in response.text


def test_it_takes_the_media_types_that_predict_takes_for_pictures(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    content = document["paths"][ADDRESS]["post"]["requestBody"]["content"]
    assert content.keys() == {"multipart/form-data", *PICTURES, *ALIASES}


def pixels(array: Any) -> Any:
    """A displayed array as numbers from 0 to 255."""
    return pixels_of(array["data"]).reshape(array["shape"])


def pixels_of(data: str) -> Any:
    return np.frombuffer(b64decode(data), np.uint8).astype(int)
