"""Options of a question: the steps to the picture, and a whole number."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from model.ink import Canvas, Normalise, render, stages
from tests.drawn import drawn, encoded
from tests.strokes import FIVE, ONE, SEVEN, THREE, Stroke

PAD = {"width": 100, "height": 100, "brush": 8}


def beside(*digits: list[Stroke]) -> list[Stroke]:
    """Digits from pads of 100 × 100, moved side by side."""
    return [
        [(60 * place + x, y) for x, y in stroke]
        for place, digit in enumerate(digits)
        for stroke in digit
    ]


def ask(client: FlaskClient, strokes: Any, **options: Any) -> Any:
    response = client.post("/api/predict", json={"strokes": strokes, **options})
    assert response.status_code == 200, response.json
    return response.json


def picture(answer: dict[str, Any]) -> Any:
    return np.frombuffer(b64decode(answer["image"]), np.uint8).reshape(28, 28)


def test_each_step_to_the_picture_is_shown(client: FlaskClient) -> None:
    steps = ask(client, FIVE, steps=True)["steps"]
    wanted = stages(FIVE)
    assert list(steps) == list(wanted)
    for name, step in steps.items():
        data = np.frombuffer(b64decode(step["data"]), np.uint8).reshape(step["shape"])
        values = step["low"] + data / 255 * (step["high"] - step["low"])
        assert np.abs(values - wanted[name]).max() <= 0.51 / 255 + 1e-6, name


def test_the_last_step_is_the_picture_that_the_network_read(client: FlaskClient) -> None:
    answer = ask(client, FIVE, steps=True, normalise={"centre": False}, canvas=PAD)
    step = answer["steps"]["picture"]
    data = np.frombuffer(b64decode(step["data"]), np.uint8).reshape(28, 28)
    shown = 255 * step["low"] + data * (step["high"] - step["low"])
    assert np.abs(shown - picture(answer)).max() <= 1


@pytest.mark.parametrize("step", ["smooth", "size", "pen", "centre"])
def test_a_step_can_be_left_out(client: FlaskClient, step: str) -> None:
    answer = ask(client, FIVE, normalise={step: False}, canvas=PAD)
    wanted = render(FIVE, normalise=Normalise(**{step: False}), canvas=Canvas(**PAD))
    assert np.abs(picture(answer) - 255 * wanted).max() <= 0.51
    assert np.abs(255 * wanted - picture(ask(client, FIVE))).max() > 20


def test_without_the_size_the_place_on_the_canvas_matters(client: FlaskClient) -> None:
    left_out = {"normalise": {"size": False, "centre": False}, "canvas": {**PAD, "width": 300}}
    aside = [[(x + 200, y) for x, y in stroke] for stroke in FIVE]
    assert picture(ask(client, FIVE, **left_out))[:, :10].any()
    assert not picture(ask(client, aside, **left_out))[:, :10].any()


def test_steps_are_on_by_default(client: FlaskClient) -> None:
    plain = ask(client, FIVE)
    assert "steps" not in plain
    assert "number" not in plain
    others: list[dict[str, Any]] = [
        {"normalise": {}},
        {"normalise": {"size": True}},
        {"canvas": PAD},
    ]
    for same in others:
        assert ask(client, FIVE, **same)["probabilities"] == plain["probabilities"]


def test_a_number_is_read_from_left_to_right(client: FlaskClient) -> None:
    answer = ask(client, beside(SEVEN, FIVE, ONE), many=True)
    assert answer["number"] == "751"
    assert [digit["digit"] for digit in answer["digits"]] == [7, 5, 1]
    assert [digit["strokes"] for digit in answer["digits"]] == [[0], [1, 2], [3]]
    assert answer["digits"][1]["box"] == [88, 17, 128, 84]
    for digit in answer["digits"]:
        assert digit["confidence"] == max(digit["probabilities"])
        assert digit["verdict"] == "digit"
        assert len(b64decode(digit["image"])) == 784


def test_a_number_has_the_confidence_of_its_least_certain_digit(client: FlaskClient) -> None:
    answer = ask(client, beside(SEVEN, FIVE), many=True)
    assert answer["verdict"] == "digit"
    assert answer["digit"] is None
    assert answer["confidence"] == min(digit["confidence"] for digit in answer["digits"])
    assert answer["probabilities"] == [0.1] * 10


def test_a_piece_that_is_no_digit_is_a_question_mark_in_the_number(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = iter(["digit", "not-a-digit", "unsure"])
    monkeypatch.setattr("model.number.read.decide", lambda *_: next(verdicts))
    answer = ask(client, beside(SEVEN, THREE, ONE), many=True)
    assert answer["number"] == "7?1"
    assert answer["verdict"] == "not-a-digit"
    assert [len(digit["alternatives"]) for digit in answer["digits"]] == [0, 0, 2]


def test_a_single_digit_is_a_number_too(client: FlaskClient) -> None:
    number, alone = ask(client, FIVE, many=True), ask(client, FIVE)
    assert number["number"] == "5"
    assert number["digits"][0]["strokes"] == [0, 1]
    for name in ("verdict", "digit", "image", "alternatives"):
        assert number[name] == alone[name], name
    assert number["probabilities"] == pytest.approx(alone["probabilities"], abs=1e-5)


def test_empty_strokes_are_counted_in_the_indices_of_strokes(client: FlaskClient) -> None:
    (digit,) = ask(client, [[], *FIVE], many=True)["digits"]
    assert digit["strokes"] == [1, 2]


def test_a_blank_drawing_is_a_number_without_digits(client: FlaskClient) -> None:
    answer = ask(client, [[], []], many=True)
    assert (answer["number"], answer["digits"], answer["verdict"]) == ("", [], "blank")
    assert answer["confidence"] == 0.1


def test_a_picture_is_read_as_one_digit(client: FlaskClient) -> None:
    body = encoded(drawn(SEVEN))
    answer = client.post("/api/predict", data=body, content_type="image/png").json or {}
    assert not {"steps", "number", "digits"} & answer.keys()
