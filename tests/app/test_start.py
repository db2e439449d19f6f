"""Weights are loaded at the start, or the server does not start; and /health."""

from pathlib import Path
from shutil import copy

import pytest
from flask.testing import FlaskClient

from app import CannotStartError, create_app
from app.version import VERSION
from model import load
from model.array_file import load_arrays, save_arrays
from model.variants import VARIANTS
from model.weights import save
from tests.strokes import ONE

WEIGHTS = Path("weights/lenet.npz")


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def start(folder: Path) -> FlaskClient:
    return create_app({"WEIGHTS": folder}).test_client()


def test_weights_are_read_at_the_start_and_never_again(tmp_path: Path) -> None:
    client = start(Path(copy(WEIGHTS, tmp_path)).parent)
    (tmp_path / WEIGHTS.name).unlink()
    assert client.post("/api/predict", json={"strokes": ONE}).status_code == 200


def test_the_settings_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"DEFAULT_NETWORK": "lenet-32", "MAX_PIXELS": "784"}.items():
        monkeypatch.setenv(name, text)
    client = create_app().test_client()
    assert (client.get("/health").json or {})["model"] == "lenet-32"
    answer = client.post(
        "/api/predict", data=Path("docs/digit.png").read_bytes(), content_type="image/png"
    )
    assert answer.status_code == 422
    assert "wanted at most 784 pixels" in (answer.json or {})["detail"]


def test_a_default_network_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_NETWORK", "lenet-2")
    with pytest.raises(CannotStartError, match=r"lenet-2\.npz: no such file"):
        create_app()


def test_without_weights_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(
        CannotStartError, match=r"lenet\.npz: no such file; train one with"
    ) as error:
        start(tmp_path)
    assert "\n" not in str(error.value)


def test_with_damaged_weights_it_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "lenet.npz").write_bytes(WEIGHTS.read_bytes()[:-1000])
    with pytest.raises(CannotStartError, match="damaged or foreign file"):
        start(tmp_path)


def test_a_bad_weight_file_beside_a_good_one_is_an_error(tmp_path: Path) -> None:
    copy(WEIGHTS, tmp_path)
    (tmp_path / "other.npz").write_bytes(b"weights")
    with pytest.raises(CannotStartError, match=r"other\.npz: found a damaged"):
        start(tmp_path)


def test_two_trainings_of_one_variant_have_the_names_of_their_files(tmp_path: Path) -> None:
    copy("weights/lenet-32.npz", tmp_path)
    copy(WEIGHTS, tmp_path)
    other = load(WEIGHTS)
    other.head.temperature = other.card.temperature = 50.0  # to be distinguishable from the first
    save(other, tmp_path / "lenet-images-only.npz")
    client = start(tmp_path)
    cards = (client.get("/api/models").json or {})["models"]
    assert [(card["model"], card["variant"]) for card in cards] == [
        ("lenet", "lenet"),
        ("lenet-32", "lenet-32"),
        ("lenet-images-only", "lenet"),
    ]
    body = {"strokes": ONE, "model": "lenet-images-only"}
    answer = client.post("/api/predict", json=body).json or {}
    assert answer["model"] == "lenet-images-only"
    assert answer["confidence"] < 0.5
    for page in (client.get("/"), client.get("/models")):
        assert page.status_code == 200
        assert "lenet-images-only" in page.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"frame": "usps"}, "frame is 'usps', wanted one of mnist, emnist"),
        ({"temperature": 0}, r"card.temperature is 0, wanted a number from 0\.001 to 1000"),
    ],
)
def test_a_card_with_an_unknown_frame_or_no_temperature_is_refused(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    arrays, card = load_arrays(WEIGHTS)
    save_arrays(tmp_path / "lenet.npz", arrays, card | change)
    with pytest.raises(CannotStartError, match=rf"lenet.npz: {words}; retrain"):
        start(tmp_path)


@pytest.mark.parametrize("address", ["/health", "/healthz"])
def test_health_is_ok_with_the_committed_weights(address: str) -> None:
    response = create_app({"COMMIT": COMMIT}).test_client().get(address)
    assert response.status_code == 200
    found = {"status": "ok", "model": "lenet", "version": VERSION, "commit": COMMIT}
    assert response.json == found


def test_a_network_that_cannot_read_is_not_healthy(tmp_path: Path) -> None:
    network = load(WEIGHTS)
    for array in network.parameters.values():
        array[...] = 0
    save(network, tmp_path / "lenet.npz")
    client = start(tmp_path)
    live = client.get("/live")
    assert (live.status_code, (live.json or {})["status"]) == (200, "ok")
    response = client.get("/health")
    assert response.status_code == 503
    assert response.content_type == "application/problem+json"
    assert "lenet read a drawn 1 as " in (response.json or {})["detail"]


def test_api_models_returns_the_cards(client: FlaskClient) -> None:
    answer = client.get("/api/models").json or {}
    assert answer["default"] == answer["models"][0]["model"] == "lenet"
    variant, card = VARIANTS["lenet"], load(WEIGHTS).card.to_json()
    own = {
        "title": variant.title,
        "origin": variant.origin,
        "parameters": 44_426,
        "snapshots": True,
    }
    assert answer["models"][0] == {**card, "variant": "lenet", **own}
