"""POST /api/why and POST /api/robustness: their answers, as described, and their refusals."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from app.insight.why import INSIGHT
from benchmarks.dearest import ink
from model import load
from model.ink import pieces_of, render
from model.insight import SLANTS, TURNS, WIDTHS
from model.insight.maps import gradient, occlusion
from tests.app.test_openapi import faults
from tests.strokes import FIVE, SEVEN, ZERO

STROKES: dict[str, list[Any]] = {
    "five": FIVE,
    "seven": SEVEN,
    "dot": [[[5, 5]]],
    "blank": [],
    "an empty stroke": [[], *ZERO],
    "scribble": ink("cloud", 3_000, 1, 100.0, 1.0, 0.0, 0),
    "many strokes": ink("walk", 300, 100, 100.0, 1.0, 0.0, 0),
}


def asked(client: FlaskClient, name: str, strokes: list[Any], **fields: Any) -> Any:
    response = client.post(f"/api/{name}", json={"strokes": strokes, **fields})
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize("strokes", STROKES)
@pytest.mark.parametrize(("name", "fields"), [("why", {"digits": [7, 1]}), ("robustness", {})])
def test_answers_are_as_described(
    client: FlaskClient, name: str, fields: dict[str, Any], strokes: str
) -> None:
    document: Any = client.get("/api/openapi.json").json
    post = document["paths"][f"/api/{name}"]["post"]
    schema = post["responses"]["200"]["content"]["application/json"]["schema"]
    answer = asked(client, name, STROKES[strokes], **fields)
    assert faults(answer, schema, document) == []
    assert (answer["pieces" if name == "why" else "map"] != []) == (
        strokes not in {"blank", "many strokes"}
        if name == "why"
        else strokes in {"five", "seven", "an empty stroke"}
    )


@pytest.mark.parametrize("model", ["lenet", "lenet5-1998"])
def test_why_gives_the_pieces_with_their_places_and_both_maps(
    client: FlaskClient, model: str
) -> None:
    answer = asked(client, "why", SEVEN, digits=[7, 1], model=model)
    wanted = [[p.stroke, round(p.start, 4), round(p.end, 4)] for p in pieces_of(SEVEN)]
    assert [[p["stroke"], p["from"], p["to"]] for p in answer["pieces"]] == wanted
    network, picture = load(f"weights/{model}.npz"), render(SEVEN)
    for name, wanted_map in (("gradient", gradient), ("occlusion", occlusion)):
        array = answer[name]
        levels = np.frombuffer(b64decode(array["data"]), np.uint8).reshape(array["shape"])
        values = array["low"] + levels / 255 * (array["high"] - array["low"])
        step = (array["high"] - array["low"]) / 255
        assert np.allclose(values, wanted_map(network, picture, (7, 1)), atol=step)


def test_the_erased_strokes_can_be_read_and_give_the_answer_that_is_said(
    client: FlaskClient,
) -> None:
    erasure = asked(client, "why", SEVEN, digits=[7, 1])["erasure"]
    reading = asked(client, "predict", erasure["strokes"])
    assert reading["digit"] == erasure["redrawn"]["digit"] == erasure["digit"] == 1
    assert reading["verdict"] == erasure["redrawn"]["verdict"]
    assert reading["confidence"] == pytest.approx(erasure["redrawn"]["confidence"], abs=1e-3)


@pytest.mark.parametrize(
    ("digits", "status", "words"),
    [
        ([7, 7], 422, "two different digits"),
        ([7, 10], 422, "a whole number from 0 to 9"),
        ([7, 1.5], 422, "a whole number from 0 to 9"),
        ([7], 422, "a list like [7, 1]"),
        ([7, 1, 2], 422, "a list like [7, 1]"),
        ("71", 400, "a list like [7, 1]"),
        ([7, "1"], 400, "a whole number"),
        (None, 400, "a list"),
    ],
)
def test_bad_digits_are_refused(client: FlaskClient, digits: Any, status: int, words: str) -> None:
    response = client.post("/api/why", json={"strokes": SEVEN, "digits": digits})
    assert response.status_code == status
    assert words in response.text.replace("\\", "")


def test_the_digits_must_be_there_and_nothing_unknown(client: FlaskClient) -> None:
    without = client.post("/api/why", json={"strokes": SEVEN})
    more = client.post("/api/robustness", json={"strokes": SEVEN, "digits": [7, 1]})
    assert (without.status_code, more.status_code) == (400, 400)
    assert "found no digits" in without.text
    assert "found the key 'digits'" in more.text


def test_robustness_has_a_cell_for_each_turn_and_slant_and_width(client: FlaskClient) -> None:
    answer = asked(client, "robustness", SEVEN)
    assert (answer["turns"], answer["slants"]) == (list(TURNS), list(SLANTS))
    assert answer["widths"] == list(WIDTHS)
    assert [len(row["digits"]) for row in answer["map"]] == [len(TURNS)] * len(SLANTS)
    upright = answer["map"][SLANTS.index(0)]["digits"][TURNS.index(0)]
    assert upright == answer["digit"] == 7
    assert 15 < answer["survives"]["turn"][0] < 45


def test_of_no_digit_nothing_survives(client: FlaskClient) -> None:
    answer = asked(client, "robustness", [[[5, 5]]])
    assert (answer["verdict"], answer["digit"]) == ("not-a-digit", None)
    assert answer["survives"] is None


def test_the_example_of_the_description_is_answered(client: FlaskClient) -> None:
    assert client.post("/api/why", json=INSIGHT.example).status_code == 200
