"""Layers asked for by name, and large answers compressed."""

import base64
import gzip
import json
from math import sin
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from app.compression import SMALLEST_BYTES
from model import load
from model.ink import render
from model.insight import shown_in
from model.variants import READERS
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

MOST_BYTES = 10_000  # of an answer with all maps that the page shows
SCRIBBLE = [[(50 + 45 * sin(0.73 * i), 50 + 45 * sin(0.91 * i)) for i in range(100)]]
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def question(**fields: Any) -> dict[str, Any]:
    return {"strokes": FIVE, **fields}


def test_only_the_layers_that_are_named_are_shown_in_their_order(client: FlaskClient) -> None:
    every: Any = client.post("/api/predict", json=question(layers=True)).json
    some: Any = client.post("/api/predict", json=question(layers=["s2", "c1", "output"])).json
    assert list(some["layers"]) == ["s2", "c1", "output"]
    for name, layer in some["layers"].items():
        assert layer == every["layers"][name]


def test_the_output_of_1998_is_its_ten_scores(client: FlaskClient) -> None:
    body = question(layers=["output"], model="lenet5-1998")
    answer: Any = client.post("/api/predict", json=body).json
    network = load("weights/lenet5-1998.npz")
    scores = network.logits(render(FIVE, network.card.frame))[:, 0]
    layer = answer["layers"]["output"]
    assert layer["shape"] == [10]
    assert [layer["low"], layer["high"]] == pytest.approx([scores.min(), scores.max()], abs=1e-5)
    every: Any = client.post("/api/predict", json=body | {"layers": True}).json
    assert "output" not in every["layers"]


@pytest.mark.parametrize(
    ("layers", "status", "words"),
    [
        (["c2"], 422, "layers[0] is 'c2', wanted one of: c1, relu1"),
        (["c1", "squash1"], 422, "layers has 'squash1', wanted those of lenet: c1, relu1"),
        ([], 422, "layers is a list of 0, wanted"),
        (["c1"] * 99, 422, "layers is a list of 99"),
        ([True], 400, "layers[0] is true or false, wanted one of: c1"),
        ("c1", 400, 'layers is a string, wanted true or false or a list like ["relu1", "s2"]'),
        (1, 400, "layers is a number"),
    ],
)
def test_other_layers_are_refused(
    client: FlaskClient, layers: Any, status: int, words: str
) -> None:
    response = client.post("/api/predict", json=question(layers=layers))
    assert response.status_code == status
    assert words in (response.json or {})["detail"]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("strokes", [ZERO, ONE, THREE, FIVE, SEVEN])
def test_all_maps_of_the_page_travel_in_ten_kilobytes(
    client: FlaskClient, name: str, strokes: Any
) -> None:
    shown = [*shown_in(load(f"weights/{name}.npz")).values()]
    body = question(strokes=strokes, model=name, layers=shown)
    response = client.post("/api/predict", json=body, headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.content_length == len(response.data) <= MOST_BYTES
    found = json.loads(gzip.decompress(response.data))
    assert list(found["layers"]) == shown


def test_compressed_and_plain_answers_say_the_same(client: FlaskClient) -> None:
    plain = client.post("/api/predict", json=question(layers=True))
    packed = client.post("/api/predict", json=question(layers=True), headers=GZIP)
    for response in (plain, packed):
        assert response.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain.headers
    ours, theirs = plain.get_json(), json.loads(gzip.decompress(packed.data))
    assert {**ours, "milliseconds": 0} == {**theirs, "milliseconds": 0}


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "*;q=0"])
def test_a_client_that_does_not_accept_gzip_gets_none(client: FlaskClient, accepted: str) -> None:
    headers = {"Accept-Encoding": accepted}
    response = client.post("/api/predict", json=question(layers=True), headers=headers)
    assert "Content-Encoding" not in response.headers
    assert np.isfinite(response.get_json()["confidence"])


@pytest.mark.parametrize("drawing", [ONE, FIVE, SEVEN, ZERO, SCRIBBLE])
@pytest.mark.parametrize("model", READERS)
def test_a_plain_answer_is_at_most_700_bytes(
    client: FlaskClient, model: str, drawing: list[Stroke]
) -> None:
    body = {"strokes": drawing, "model": model}
    response = client.post("/api/predict", json=body, headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) <= 700
    found = json.loads(gzip.decompress(response.data))
    assert sum(found["probabilities"]) == pytest.approx(1, abs=1e-6)
    assert len(base64.b64decode(found["image"])) == 28 * 28


def test_small_answers_stay_as_they_are(client: FlaskClient) -> None:
    response = client.get("/live", headers=GZIP)
    assert len(response.data) < SMALLEST_BYTES
    assert "Content-Encoding" not in response.headers
    assert "Vary" not in response.headers
