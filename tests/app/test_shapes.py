"""Strokes as other programs write them: refused by their shape, never read as points."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.test_refusals import assert_problem

# How other programs write strokes, and what a refusal calls it.
OTHER_SHAPES: dict[str, tuple[Any, str]] = {
    "all x and all y": ([[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]], "strokes[0] is 2 lists of 5, as of"),
    "all x, all y, all times": ([[[1.5] * 5] * 3], "strokes[0] is 3 lists of 5, as of all x"),
    "all x and all y, after a short stroke": (
        [[[1, 2], [3, 4]], [[0] * 9, [1] * 9]],
        "strokes[1] is 2 lists of 9, as of all x and all y, wanted a list of points [x, y]; pair",
    ),
    "a stroke as one flat list in a list": (
        [[[1, 2, 3, 4, 5, 6]]],
        "[0][0] is a list of 6, wanted",
    ),
    "five numbers": (
        [[[1, 2]], [[1, 2, 3, 4, 5]]],
        "[1][0] is a list of 5, wanted a point: [x, y]",
    ),
    "points without numbers": ([[[]]], "strokes[0][0] is a list of 0, wanted a point"),
    "points as objects": ([[{"x": 1, "y": 2}]], "[0][0] is an object with the keys 'x, y', wanted"),
    "strokes as objects": (
        [{"points": []}],
        "[0] is an object with the keys 'points', wanted a lis",
    ),
    "an object of strokes": ({"a": []}, "strokes is an object with the keys 'a', wanted a list"),
    "points as text": ([["1,2"]], "strokes[0][0] is a string, wanted a point"),
    "a stroke as a flat list": ([[1, 2, 3, 4]], "strokes[0][0] is a number, wanted a point"),
    "one flat list": ([1, 2, 3, 4], "strokes[0] is a number, wanted a list of points"),
    "text as a time": ([[[1, 2, "3"]]], "time of strokes[0][0] is a string, wanted a number"),
    "no pressure": ([[[1, 2, 3, None]]], "pressure of strokes[0][0] is null, wanted a number"),
    "points in a list more": (
        [[[[1, 2], [3, 4]]]],
        "x of strokes[0][0] is a list, wanted a number",
    ),
    "a drawing in an object of long keys": ([{"k" * 999: []}], "with the keys 'kkk"),
}


@pytest.mark.parametrize("name", OTHER_SHAPES)
def test_other_shapes_are_never_read_as_points(client: FlaskClient, name: str) -> None:
    drawing, words = OTHER_SHAPES[name]
    assert_problem(client.post("/api/predict", json={"strokes": drawing}), 400, words)


def test_the_cure_for_all_x_and_all_y_is_python_that_mends_it(client: FlaskClient) -> None:
    stroke = [[24, 50, 76, 62, 46], [16, 15, 16, 48, 88]]
    refusal = client.post("/api/predict", json={"strokes": [stroke]})
    cure = json.loads(refusal.text)["detail"].split("in Python ")[1]
    mended = eval(cure, {"stroke": stroke})
    assert (client.post("/api/predict", json={"strokes": [mended]}).json or {})["digit"] == 7
