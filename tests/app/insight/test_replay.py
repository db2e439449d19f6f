"""POST /api/replay: what the network said at moments of the drawing's making."""

import json
from time import process_time
from typing import Any

import pytest
from flask.testing import FlaskClient

from benchmarks.dearest import ink
from tests.browser.hand import FOUR, between
from tests.strokes import SEVEN, ZERO

LONG = [list(between(stroke, 12)) for stroke in FOUR]  # 74 points


def moments(client: FlaskClient, strokes: Any, **fields: Any) -> list[dict[str, Any]]:
    response = client.post("/api/replay", json={"strokes": strokes, **fields})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = (response.json or {})["moments"]
    return found


@pytest.mark.parametrize("strokes", [SEVEN, ZERO, LONG], ids=["7", "0", "4"])
def test_a_moment_says_what_predict_says_about_those_points(
    client: FlaskClient, strokes: Any
) -> None:
    for moment in moments(client, strokes)[::5]:
        left, part = moment["points"], []
        for stroke in strokes:
            part.append(stroke[:left])
            left = max(0, left - len(stroke))
        said = client.post("/api/predict", json={"strokes": part}).json or {}
        assert (moment["verdict"], moment["digit"]) == (said["verdict"], said["digit"])
        assert moment["probabilities"] == pytest.approx(said["probabilities"], abs=1e-4)


def test_a_4_is_no_digit_before_it_is_one(client: FlaskClient) -> None:
    found = moments(client, LONG)
    assert len(found) == 40
    assert found[-1]["digit"] == 4
    refused = [moment for moment in found if moment["verdict"] == "not-a-digit"]
    assert refused
    assert {moment["digit"] for moment in refused} == {None}
    assert "1" in {str(moment["digit"]) for moment in found}  # its first line


def test_a_blank_drawing_has_no_moments(client: FlaskClient) -> None:
    assert moments(client, []) == moments(client, [[], []]) == []


def test_another_network_reads_if_it_is_named(five: FlaskClient) -> None:
    one, other = moments(five, SEVEN), moments(five, SEVEN, model="lenet-tanh")
    assert one[-1]["probabilities"] != other[-1]["probabilities"]


def test_the_answer_is_small(client: FlaskClient) -> None:
    assert len(json.dumps(moments(client, LONG))) < 8_000


@pytest.mark.parametrize("points", [200, 1_200, 20_000])
@pytest.mark.parametrize("shape", ["zigzag", "cloud", "walk"])
def test_a_replay_costs_less_than_a_second_whatever_is_sent(
    client: FlaskClient, shape: str, points: int
) -> None:
    """On an idle machine the dearest takes a quarter of a second; this one may be busy."""
    strokes = ink(shape, points, strokes=3, size=100.0, height=1.0, noise=0.01, seed=1)
    started = process_time()
    assert moments(client, strokes)[-1]["points"] == points
    assert process_time() - started < 1


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"strokes": [[[1, 2]]], "most": 3}, 400, "found the key 'most'"),
        ({"model": "lenet"}, 400, "found no strokes"),
        ({"strokes": [[[1, 2]]], "model": "nobody"}, 422, "wanted one of: lenet"),
        ({"strokes": [[[1, 2e9]]]}, 422, "wanted a finite number"),
    ],
)
def test_what_is_no_question_is_refused(
    client: FlaskClient, body: Any, status: int, words: str
) -> None:
    response = client.post("/api/replay", json=body)
    assert response.status_code == status
    assert words in (response.json or {})["detail"]
