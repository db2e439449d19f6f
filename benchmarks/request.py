"""Question 3: the time from strokes to answer inside the backend, in total and by its parts."""

import json
from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter

import numpy as np
from flask import Flask, request
from flask.ctx import RequestContext

from app import create_app
from app.question import question_from
from benchmarks.common import ROOT, Row, Spread, command, exactly, race, ratios, spread
from benchmarks.drawing import POINTS, body
from model import Network, load
from model.evaluation import Gate, decide
from model.evaluation.measure import gate_beside
from model.ink import render
from model.types import Array

PARTS = ("parse", "redraw", "read", "ask the gate", "decide")


def measure(quick: bool) -> list[Row]:
    app, weights = create_app(), ROOT / "weights"
    network, gate = load(weights / "lenet.npz"), gate_beside(weights / "lenet.npz", weights)
    rounds = 200 if quick else 2000
    whole, parts = [], []
    for _ in range(rounds):
        whole.append(answer_once(app))
        parts.append(step_by_step(app, network, gate))
    rows = [Row(3, f"{POINTS} points, strokes to answer", _milliseconds(whole), "ms", at_most=0.5)]
    for name, times in zip(PARTS, zip(*parts, strict=True), strict=True):
        rows.append(Row(3, f"of that: {name}", _milliseconds(times), "ms"))
    rest = rows[0].found - sum(row.found for row in rows[1:])
    rows.append(Row(3, "of that: encode, and what is between", exactly(rest), "ms"))
    return [*rows, redrawing(rounds)]


def redrawing(rounds: int) -> Row:
    """Redrawing over the distances of all pixels to all lines of the drawing, in plain NumPy.

    The peer does not smooth, place or centre; it makes the row comparable between machines.
    """
    strokes = json.loads(body())["strokes"]
    lines = np.array(strokes[0], np.float32) @ np.array([1, 1j], np.complex64) * (20 / 360)
    y, x = np.indices((28, 28)) + 0.5
    pixels = (x + 1j * y).astype(np.complex64).reshape(-1, 1)

    def all_distances() -> Array:
        chords = np.diff(lines)
        along = ((pixels - lines[:-1]) * chords.conj()).real / np.abs(chords) ** 2
        return np.abs(pixels - lines[:-1] - along.clip(0, 1) * chords).min(axis=1)

    seconds = race({"ours": lambda: render(strokes), "distances": all_distances}, rounds // 4)
    found = ratios(seconds["ours"], seconds["distances"])
    return Row(3, "redrawing over the distances of all pixels to all lines", found, "×")


def arrived(app: Flask) -> RequestContext:
    """A request that has just arrived."""
    return app.test_request_context(
        "/api/predict", method="POST", data=body(), content_type="application/json"
    )


def answer_once(app: Flask) -> float:
    """Seconds that the view takes."""
    with arrived(app):
        started = perf_counter()
        response = app.view_functions["api.predict"]()
        elapsed = perf_counter() - started
        assert app.make_response(response).status_code == 200  # type: ignore[arg-type]
    return elapsed


def step_by_step(app: Flask, network: Network, gate: Gate) -> list[float]:
    """Seconds of each part; a part gets the result of the one before."""
    schema = app.extensions["openapi"]["components"]["schemas"]["Question"]
    with arrived(app):
        clock = [perf_counter()]
        drawing = question_from(request, app.config, schema).drawing
        clock.append(perf_counter())
        assert isinstance(drawing, list)
        picture = render(drawing, network.card.frame)
        clock.append(perf_counter())
        probabilities = network.predict(picture)
        clock.append(perf_counter())
        is_digit = gate.digit_probability(
            picture, network.card.frame, lambda frame: render(drawing, frame)
        )
        clock.append(perf_counter())
        decide(picture, probabilities, float(is_digit), gate.threshold)
        clock.append(perf_counter())
    return [b - a for a, b in pairwise(clock)]


def _milliseconds(seconds: Sequence[float]) -> Spread:
    return spread([s * 1e3 for s in seconds])


if __name__ == "__main__":
    command(measure)
