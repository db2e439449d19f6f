"""How often answers of each confidence were right, as the page gets it from a card."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from app.reliability import reliability_of
from model import load
from model.card import untrained
from model.evaluation.metrics import compute_metrics
from model.variants import READERS


def test_each_bin_has_its_range_its_images_and_those_that_were_right() -> None:
    card = untrained("lenet")
    labels = np.array([3, 3, 3, 5])
    sure, unsure = np.full(10, 0.01), np.full(10, 0.05)
    sure[3], unsure[3] = 0.91, 0.55
    card.metrics = compute_metrics(np.array([sure, sure, unsure, unsure]), labels)
    assert reliability_of(card) == {
        "drawings": [],
        "digits": [(0.5333, 0.6, 2, 1), (0.8667, 0.9333, 2, 2)],
    }


@pytest.mark.parametrize("name", READERS)
def test_the_bins_of_the_committed_networks_hold_every_image(name: str) -> None:
    card = load(f"weights/{name}.npz").card
    assert card.metrics is not None
    assert card.ink_metrics is not None
    for bins, metrics in zip(
        reliability_of(card).values(), (card.ink_metrics, card.metrics), strict=True
    ):
        assert sum(images for _, _, images, _ in bins) == metrics["images"]
        right = sum(right for *_, right in bins)
        assert right == round(metrics["accuracy"] * metrics["images"])
        assert bins[-1][:2] == (0.9333, 1.0)


def test_the_page_has_the_bins_of_every_network(client: FlaskClient) -> None:
    (attribute,) = re.findall("data-reliability='([^']*)'", client.get("/").text)
    shown = json.loads(attribute)
    names = {path.stem for path in Path("weights").glob("lenet*.npz") if "." not in path.stem}
    assert shown.keys() == names
    assert shown["lenet"]["drawings"][-1][2] == 1837
