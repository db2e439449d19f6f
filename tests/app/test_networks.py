"""The networks on the pages, with complete and incomplete cards."""

import re
from pathlib import Path
from shutil import copy

import pytest
from flask.testing import FlaskClient

from app import create_app
from model import load
from model.card import Card
from model.report import network_parts, write_report
from model.variants import READERS, VARIANTS, build
from model.weights import save
from tests.made import complete_card
from tests.model.report.made_page import made_dataset
from tests.strokes import SEVEN


def test_each_network_can_be_chosen(five: FlaskClient) -> None:
    page = five.get("/").text
    for name in READERS:
        assert f'value="{name}"' in page
        assert VARIANTS[name].origin in page
        assert f"{build(name).size:,} learned weights" in page
    choices = re.findall(r'<input type="radio" name="model".*?>', page, re.DOTALL)
    assert len(choices) == len(READERS)
    assert [" checked" in choice for choice in choices] == [True, *[False] * (len(READERS) - 1)]


def test_with_one_network_the_page_has_no_choice(tmp_path: Path) -> None:
    client = create_app({"WEIGHTS": Path(copy("weights/lenet.npz", tmp_path)).parent}).test_client()
    page = client.get("/").text
    assert 'id="tab-inside"' in page
    assert 'id="tab-compare"' not in page
    assert "Choose another network" not in page
    assert client.get("/models").status_code == 200


@pytest.mark.parametrize("name", READERS)
def test_each_network_answers(five: FlaskClient, name: str) -> None:
    answer = five.post("/api/predict", json={"strokes": SEVEN, "model": name}).json or {}
    assert answer["model"] == name
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_each_network_has_its_part_of_the_page(five: FlaskClient) -> None:
    parts = parts_of(five.get("/models").text)
    assert list(parts) == READERS
    for name, part in parts.items():
        assert f"<summary><h2>{name}</h2> {VARIANTS[name].title}</summary>" in part
        assert f'<a href="./?model={name}">' in part


def test_the_default_network_is_unfolded_and_the_others_are_folded(five: FlaskClient) -> None:
    heads = re.findall(r'<details class="model" id="([^"]+)"( open)?>', five.get("/models").text)
    assert [name for name, is_open in heads if is_open] == ["lenet"]
    assert [name for name, _ in heads] == READERS


def test_a_page_shows_the_parts_that_a_report_shows(five: FlaskClient, tmp_path: Path) -> None:
    reader = five.application.extensions["reader"]
    parts = parts_of(five.get("/models").text)
    for name, network in reader.networks():
        for part in network_parts(network).values():
            assert part in parts[name]
    network = dict(reader.networks())["lenet-32"]
    report = write_report(network, made_dataset((1, 1, 255)), tmp_path, None).read_text("utf-8")
    for kind in ("facts", "layers", "curves"):
        assert network_parts(network)[kind] in report


def test_a_card_without_metrics_says_so(five: FlaskClient) -> None:
    parts = parts_of(five.get("/models").text)
    says_so = [name for name, part in parts.items() if "has not been measured" in part]
    assert says_so == ["lenet-tanh", "lenet5-1998"]
    assert [name for name, part in parts.items() if 'class="confusion"' not in part] == says_so


def test_a_card_without_a_history_says_so(five: FlaskClient) -> None:
    parts = parts_of(five.get("/models").text)
    says_so = [name for name, part in parts.items() if "no record of its training" in part]
    assert says_so == ["lenet-sigmoid", "lenet5-1998"]
    assert [name for name, part in parts.items() if "<svg" not in part] == says_so


@pytest.mark.parametrize(
    "card",
    [
        {"metrics": None, "history": []},
        {"validation": None, "recipe": None, "epochs": None},
        {"dataset": "my own digits", "training_images": None},
    ],
)
def test_the_pages_work_when_any_entry_of_a_card_is_missing(
    tmp_path: Path, card: dict[str, object]
) -> None:
    network = load("weights/lenet.npz")
    network.card = Card.from_json({"model": "lenet"} | complete_card() | card)
    save(network, tmp_path / "lenet.npz")
    client = create_app({"WEIGHTS": tmp_path}).test_client()
    assert client.get("/").status_code == 200
    response = client.get("/models")
    assert response.status_code == 200
    assert "None" not in response.text


def test_text_of_a_card_is_escaped(five: FlaskClient) -> None:
    page = five.get("/models").text
    assert "drawn by &lt;Anna&gt; &amp; Bert" in page
    assert "<Anna>" not in page


@pytest.mark.parametrize("address", ["/", "/models"])
def test_pages_are_cached_and_revalidated(five: FlaskClient, address: str) -> None:
    assert five.get(address).headers["Cache-Control"] == "no-cache"


def parts_of(page: str) -> dict[str, str]:
    """By the name of each network: its part of the page."""
    parts = page.split('<details class="model" id="')[1:]
    return {part.split('"')[0]: part for part in parts}
