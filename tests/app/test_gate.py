"""The gate: asked before every reader, in its own frame, and never offered as a reader."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL.Image import Image

import app.reader
from app import CannotStartError, create_app
from model import Network, load
from model.array_file import load_arrays, save_arrays
from model.ink import render
from model.photo import strokes_in
from model.types import Array
from model.variants import build
from model.weights import save
from tests.drawn import drawn, encoded
from tests.strokes import ONE, SEVEN

BESIDE_IT = [[(x + 90, y) for x, y in stroke] for stroke in ONE]
Seen = dict[str, list[Array]]
Client = Callable[..., FlaskClient]


def add_gate(folder: Path, logit: float, **card: Any) -> None:
    """Write a gate that gives every picture this logit."""
    gate = build("gate")
    gate.parameters["output.bias"][...] = logit
    gate.card = replace(gate.card, threshold=0.5, **card)
    save(gate, folder / "gate.npz")


@pytest.fixture
def start(tmp_path: Path) -> Client:
    """Starts the app with lenet in this frame, and with a gate of this logit, if any."""

    def start(logit: float | None = None, reads: str = "mnist", **card: Any) -> FlaskClient:
        network = load("weights/lenet.npz")
        network.card = replace(network.card, frame=reads)
        save(network, tmp_path / "lenet.npz")
        if logit is not None:
            add_gate(tmp_path, logit, **card)
        return create_app({"WEIGHTS": tmp_path}).test_client()

    return start


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """By network: the pictures that it was asked about, the newest last."""
    pictures: Seen = {"lenet": [], "gate": []}
    predict = Network.predict

    def watched(self: Network, images: Array) -> Array:
        pictures[self.name].append(images)
        return predict(self, images)

    monkeypatch.setattr(Network, "predict", watched)
    return pictures


def ask(client: FlaskClient, kind: str) -> dict[str, Any]:
    """The answer about a 7: as strokes, as a picture, or as the first digit of a number."""
    if kind == "picture":
        picture = encoded(drawn(SEVEN), "PNG")
        response = client.post("/api/predict", data=picture, content_type="image/png")
    elif kind == "number":
        body = {"strokes": SEVEN + BESIDE_IT, "many": True}
        response = client.post("/api/predict", json=body)
    else:
        response = client.post("/api/predict", json={"strokes": SEVEN})
    answer: dict[str, Any] = response.json or {}
    return answer


@pytest.mark.parametrize("kind", ["strokes", "picture", "number"])
@pytest.mark.parametrize(("logit", "verdict"), [(9, "digit"), (-9, "not-a-digit")])
def test_a_drawing_is_a_digit_only_if_the_gate_says_so(
    start: Client, kind: str, logit: float, verdict: str
) -> None:
    answer = ask(start(logit), kind)
    assert answer["verdict"] == verdict
    assert {digit["verdict"] for digit in answer.get("digits", [])} <= {verdict}


@pytest.mark.parametrize("kind", ["strokes", "picture", "number"])
@pytest.mark.parametrize("frames", [("emnist", "mnist"), ("mnist", "emnist")])
def test_the_gate_reads_in_its_own_frame_beside_a_reader_in_another(
    start: Client, seen: Seen, kind: str, frames: tuple[str, str]
) -> None:
    of_reader, of_gate = frames
    client = start(9, reads=of_reader, frame=of_gate)
    answer = ask(client, kind)
    strokes = strokes_in(drawn(SEVEN)) if kind == "picture" else SEVEN
    wanted = {"lenet": render(strokes, of_reader), "gate": render(strokes, of_gate)}
    for name, picture in wanted.items():
        found = seen[name][-1].reshape(-1, 28, 28)
        assert any(np.allclose(one, picture, atol=1e-6) for one in found), name
    shown = answer["digits"][0] if kind == "number" else answer
    pixels = np.frombuffer(base64.b64decode(shown["image"]), np.uint8).reshape(28, 28)
    assert pixels / 255 == pytest.approx(wanted["lenet"], abs=1 / 255)


def test_a_picture_is_brought_to_strokes_once_for_both_frames(
    start: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Image] = []

    def watched(picture: Image) -> list[Array]:
        looked.append(picture)
        return strokes_in(picture)

    monkeypatch.setattr(app.reader, "strokes_in", watched)
    assert ask(start(9, reads="emnist"), "picture")["digit"] == 7
    assert len(looked) == 1


def test_without_a_gate_every_drawing_is_a_digit(start: Client) -> None:
    client = start()
    heart = [[(50, 30), (30, 10), (10, 30), (50, 90), (90, 30), (70, 10), (50, 30)]]
    answer = client.post("/api/predict", json={"strokes": heart}).json or {}
    assert answer["verdict"] in ("digit", "unsure")
    for address in ("/", "/models"):
        assert "the gate, is asked first" not in client.get(address).text
        assert "is this a digit at all?" not in client.get(address).text


def test_the_pages_say_what_the_gate_does(start: Client) -> None:
    others = {"drawings": 321, "rejected": 0.914}
    client = start(9, ink_metrics={"images": 1_234, "accepted": 0.9876, "no_digits": others})
    page = client.get("/models").text
    assert page.count("is this a digit at all?") == 1
    assert "turned away 91.4\u202f% of 321 letters" in page
    assert "let 98.8\u202f% of 1,234 digits through" in page
    home = " ".join(client.get("/").text.split())
    assert "the gate, is asked first" in home
    assert "whether this is a digit at all" in home


def test_a_gate_is_neither_listed_nor_accepted_as_a_reader(start: Client) -> None:
    client = start(9)
    listed = (client.get("/api/models").json or {})["models"]
    assert [(card["model"], card["kind"]) for card in listed] == [("lenet", "reader")]
    assert 'value="gate"' not in client.get("/").text
    assert 'id="gate"' not in client.get("/models").text
    body, picture = {"strokes": SEVEN}, encoded(drawn(SEVEN), "PNG")
    for response in (
        client.post("/api/predict?model=gate", json=body),
        client.post("/api/predict", json=body | {"model": "gate"}),
        client.post("/api/predict?model=gate", data=picture, content_type="image/png"),
    ):
        assert response.status_code == 422
        assert "'gate'" in (response.json or {})["detail"]


def test_a_file_of_snapshots_is_not_served(start: Client, tmp_path: Path) -> None:
    card = {"kind": "snapshots", "model": "lenet"}
    save_arrays(tmp_path / "lenet.snapshots.npz", {"parameters": np.zeros((2, 3))}, card)
    client = start()
    assert len((client.get("/api/models").json or {})["models"]) == 1
    assert ask(client, "strokes")["digit"] == 7


def test_a_gate_cannot_be_the_default_network(tmp_path: Path) -> None:
    copy("weights/lenet.npz", tmp_path)
    add_gate(tmp_path, 9)
    with pytest.raises(CannotStartError, match=r"gate\.npz: found a file of kind gate; train one"):
        create_app({"WEIGHTS": tmp_path, "DEFAULT_NETWORK": "gate"})


def test_a_file_of_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    arrays, card = load_arrays(Path("weights/lenet.npz"))
    save_arrays(tmp_path / "lenet.npz", arrays, card | {"kind": "poet"})
    with pytest.raises(CannotStartError, match=r"lenet\.npz: kind is 'poet', wanted one of reader"):
        create_app({"WEIGHTS": tmp_path})
