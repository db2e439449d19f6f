"""POST /api/unit writes a unit out with numbers that add up, for every layer of all networks."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from model import load
from model.ink import render
from model.insight import LAYERS, shapes_of, shown_in
from model.variants import READERS
from tests.app.test_openapi import faults
from tests.strokes import FIVE, SEVEN

TOLERANCE = 1e-4
FUNCTIONS: dict[str, Callable[[float], float]] = {  # as docs/api.md gives them
    "none": lambda x: x,
    "relu": lambda x: max(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "scaled-tanh": lambda x: 1.7159 * np.tanh(2 / 3 * x),
}


def ask(client: FlaskClient, **body: Any) -> Any:
    response = client.post("/api/unit", json={"strokes": SEVEN, **body})
    assert response.status_code == 200, response.json
    return response.json


def index_of(name: str, layer: str) -> list[int]:
    return [n // 2 for n in shapes_of(load(f"weights/{name}.npz"))[layer]]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_written_out_adds_up_to_what_the_maps_show(
    client: FlaskClient, name: str, layer: str
) -> None:
    unit = ask(client, model=name, layer=layer, index=index_of(name, layer))
    for part in unit["inputs"]:
        products = np.array(part["patch"]) * np.array(part["kernel"])
        assert np.allclose(products, part["products"], atol=1e-5)
        assert abs(np.sum(part["products"]) - part["sum"]) < TOLERANCE
    for term in unit["terms"]:
        pair = term["weight"], term["input"]
        product = (pair[0] - pair[1]) ** 2 if unit["operation"] == "distance" else np.prod(pair)
        assert product == pytest.approx(term["product"], abs=1e-5)
    added = sum(part["sum"] for part in unit["inputs"])
    added += sum(term["product"] for term in unit["terms"]) + unit["bias"]
    assert abs(added - unit["sum"]) < TOLERANCE
    value = FUNCTIONS[unit["activation"]](unit["sum"]) * unit["factor"]
    assert abs(value - unit["value"]) < TOLERANCE
    assert unit["value"] == pytest.approx(shown(name, layer, unit["index"]), abs=TOLERANCE)


def shown(name: str, layer: str, index: list[int]) -> float:
    """The value of a unit in the maps that the page shows."""
    network = load(f"weights/{name}.npz")
    image = render(SEVEN, network.card.frame)
    if layer == "output":
        return float(network.logits(image)[index[0], 0])
    output = network.trace(image)[1][shown_in(network)[layer]]
    return float(output[tuple((*index, 0, 0)[: output.ndim])])


@pytest.mark.parametrize("name", ["lenet", "lenet5-1998"])
@pytest.mark.parametrize("layer", LAYERS)
def test_an_answer_is_as_the_description_says(
    app: Flask, client: FlaskClient, name: str, layer: str
) -> None:
    document = app.extensions["openapi"]
    unit = ask(client, model=name, layer=layer, index=index_of(name, layer))
    assert faults(unit, document["components"]["schemas"]["UnitAnswer"], document) == []


def test_the_strongest_terms_come_first(client: FlaskClient) -> None:
    terms = ask(client, layer="output", index=[7])["terms"]
    strengths = [abs(term["product"]) for term in terms]
    assert strengths == sorted(strengths, reverse=True)
    assert sorted(term["index"] for term in terms) == list(range(84))


@pytest.mark.parametrize("name", READERS)
def test_the_scores_become_the_probability_of_the_answer(client: FlaskClient, name: str) -> None:
    softmax = ask(client, model=name, layer="output", index=[7])["softmax"]
    powers = np.exp((np.array(softmax["scores"]) - max(softmax["scores"])) / softmax["temperature"])
    answer: Any = client.post("/api/predict", json={"strokes": SEVEN, "model": name}).json
    wanted = pytest.approx(answer["probabilities"][7], abs=1e-5)
    assert powers[7] / powers.sum() == wanted
    assert softmax["probability"] == wanted


def test_the_field_on_the_pad_holds_the_ink_that_the_unit_sees(client: FlaskClient) -> None:
    whole = ask(client, layer="output", index=[7])
    assert whole["field"] == [0, 0, 28, 28]
    left, top, right, bottom = whole["pad_field"]
    points = np.array(SEVEN[0])
    assert np.all(points.min(axis=0) > (left, top))
    assert np.all(points.max(axis=0) < (right, bottom))
    part = ask(client, layer="c1", index=[0, 12, 10])
    assert part["field"] == [10, 12, 15, 17]
    side = (right - left) / 28
    wanted = [left + 10 * side, top + 12 * side, left + 15 * side, top + 17 * side]
    assert part["pad_field"] == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("strokes", [[], [[[5, 5]]]])
def test_without_ink_or_for_a_dot_there_is_no_field_on_the_pad(
    client: FlaskClient, strokes: Any
) -> None:
    unit = ask(client, strokes=strokes, layer="c1", index=[0, 3, 3])
    assert unit["pad_field"] is None
    assert unit["field"] == [3, 3, 8, 8]


@pytest.mark.parametrize(
    ("name", "scaling"),
    [
        ("lenet", {"border": 0, "paper": 0, "ink": 1}),
        ("lenet-32", {"border": 2, "paper": 0, "ink": 1}),
        ("lenet5-1998", {"border": 2, "paper": -0.1, "ink": 1.175}),
    ],
)
def test_c1_says_what_was_done_to_the_picture(
    client: FlaskClient, name: str, scaling: dict[str, float]
) -> None:
    assert ask(client, model=name, layer="c1", index=[0, 9, 9])["scaling"] == scaling
    assert ask(client, model=name, layer="c3", index=[0, 0, 0])["scaling"] is None


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"layer": "c2"}, 422, "layer is 'c2', wanted one of: c1, s2"),
        ({"layer": None}, 400, "layer is null"),
        ({"index": [6, 0, 0]}, 422, "wanted a unit of c1 of lenet, which is 6 × 24 × 24"),
        ({"index": [0]}, 422, "index is [0], wanted a unit of c1"),
        ({"index": []}, 422, "index is a list of 0, wanted a list like [0, 12, 12]"),
        ({"index": [0, 1, 2, 3]}, 422, "index is a list of 4"),
        ({"index": [0, 1.5, 2]}, 422, "index[1] is 1.5, wanted a whole number from 0 to"),
        ({"index": [0, -1, 2]}, 422, "index[1] is -1"),
        ({"index": 4}, 400, "index is a number"),
        ({"model": "lenot"}, 422, "model is 'lenot'"),
        ({"strokes": 7}, 400, "strokes is a number"),
        ({"lines": []}, 400, "found the key 'lines'"),
    ],
)
def test_a_bad_question_is_refused_with_words(
    client: FlaskClient, changes: dict[str, Any], status: int, words: str
) -> None:
    body = {"strokes": FIVE, "layer": "c1", "index": [0, 0, 0], **changes}
    response = client.post("/api/unit", json=body)
    assert response.status_code == status
    assert words in (response.json or {})["detail"]


@pytest.mark.parametrize("missing", ["layer", "index"])
def test_layer_and_index_must_be_there(client: FlaskClient, missing: str) -> None:
    body = {"strokes": FIVE, "layer": "c1", "index": [0, 0, 0]}
    del body[missing]
    response = client.post("/api/unit", json=body)
    assert response.status_code == 400
    assert f"found no {missing}" in (response.json or {})["detail"]
