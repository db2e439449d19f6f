"""POST /api/snapshots: the drawing read by the network as it was while it was trained."""

import base64
from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from app import create_app
from model import load
from model.array_file import load_arrays, save_arrays
from model.insight import stages_of
from tests.strokes import SEVEN

FILE = Path("weights/lenet.snapshots.npz")
Client = Callable[[Path | None], FlaskClient]


def snapshots(client: FlaskClient, strokes: Any) -> list[dict[str, Any]]:
    response = client.post("/api/snapshots", json={"strokes": strokes})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = (response.json or {})["snapshots"]
    return found


def served(folder: Path) -> FlaskClient:
    """A client of an app with lenet and what else is in the folder."""
    copy("weights/lenet.npz", folder)
    return create_app({"WEIGHTS": folder}).test_client()


def refusal(client: FlaskClient, **fields: Any) -> str:
    """The detail of a refusal with 422."""
    response = client.post("/api/snapshots", json={"strokes": SEVEN, **fields})
    assert response.status_code == 422
    detail: str = (response.json or {})["detail"]
    return detail


def has_snapshots(client: FlaskClient) -> dict[str, bool]:
    cards = (client.get("/api/models").json or {})["models"]
    return {card["model"]: card["snapshots"] for card in cards}


def test_the_first_guesses_and_the_last_says_what_predict_says(client: FlaskClient) -> None:
    found = snapshots(client, SEVEN)
    said = client.post("/api/predict", json={"strokes": SEVEN}).json or {}
    assert found[-1]["digit"] == said["digit"] == 7
    assert found[-1]["probabilities"] == pytest.approx(said["probabilities"], abs=0.01)
    assert max(found[0]["probabilities"]) < 0.5
    assert [s["epoch"] for s in found][:4] == [0, 0.125, 0.25, 0.5]
    for one in found:
        assert sum(one["probabilities"]) == pytest.approx(1, abs=1e-3)
        assert one["digit"] == int(np.argmax(one["probabilities"]))


def test_loss_accuracy_and_kernels_are_those_of_the_file(client: FlaskClient) -> None:
    stages = stages_of(FILE, load("weights/lenet.npz"))
    for one, stage in zip(snapshots(client, SEVEN), stages, strict=True):
        measured = (one["epoch"], one["loss"], one["accuracy"])
        assert measured == (stage.epoch, stage.loss, stage.accuracy)
        shown = one["kernels"]
        assert shown["shape"] == [6, 5, 5]
        steps = np.frombuffer(base64.b64decode(shown["data"]), np.uint8) / 255
        values = shown["low"] + steps * (shown["high"] - shown["low"])
        step = (shown["high"] - shown["low"]) / 255
        assert values == pytest.approx(stage.kernels.ravel(), abs=step)


def test_a_blank_drawing_gets_no_digit(client: FlaskClient) -> None:
    for one in snapshots(client, []):
        assert (one["digit"], one["probabilities"]) == (None, [0.1] * 10)


def test_the_answer_has_less_than_10_kilobytes(client: FlaskClient) -> None:
    response = client.post("/api/snapshots", json={"strokes": SEVEN})
    assert len(response.data) < 10_000


def test_the_cards_say_which_networks_have_snapshots(
    client: FlaskClient, five: FlaskClient, tmp_path: Path
) -> None:
    assert has_snapshots(client)["lenet"]
    assert not has_snapshots(five)["lenet-tanh"]
    assert has_snapshots(served(tmp_path)) == {"lenet": False}


def test_a_network_without_snapshots_is_refused_with_a_cure(tmp_path: Path) -> None:
    client = served(tmp_path)
    detail = refusal(client)
    assert detail.startswith("found no snapshots of the training of lenet, wanted a network")
    assert "python train.py --model lenet --snapshots --replace" in detail


def damage(kind: str, path: Path) -> None:
    arrays, card = load_arrays(FILE)
    rows = card["snapshots"]
    if kind == "other weights":
        card["of"] = "0" * 64
    elif kind == "too few parameters":
        arrays["parameters"] = arrays["parameters"][:, :-1]
    elif kind == "no rows":
        card["snapshots"] = arrays["parameters"] = np.zeros((0, 44_426), np.float16)
        card["snapshots"] = []
    elif kind == "too many rows":
        card["snapshots"] = rows * 100
    elif kind == "rows without a loss":
        card["snapshots"] = [{"epoch": row["epoch"]} for row in rows]
    elif kind == "a loss in words":
        card["snapshots"] = [row | {"loss": "little"} for row in rows]
    elif kind == "a loss that is not finite":
        card["snapshots"] = [row | {"loss": float("nan")} for row in rows]
    save_arrays(path, arrays, card)


@pytest.mark.parametrize(
    "kind",
    [
        "other weights",
        "too few parameters",
        "no rows",
        "too many rows",
        "rows without a loss",
        "a loss in words",
        "a loss that is not finite",
    ],
)
def test_a_file_that_does_not_fit_is_named_and_does_not_stop_the_server(
    tmp_path: Path, kind: str
) -> None:
    damage(kind, tmp_path / "lenet.snapshots.npz")
    client = served(tmp_path)
    assert has_snapshots(client) == {"lenet": False}
    detail = refusal(client)
    assert detail.startswith("lenet.snapshots.npz: found ")  # without the folder's place
    assert detail.endswith("train again with --snapshots, or delete the file")
    reading = client.post("/api/predict", json={"strokes": SEVEN}).json or {}
    assert reading["digit"] == 7
