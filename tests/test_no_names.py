"""No person is named in what is committed: cards and histories hold counts, and no writers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model.array_file import load_arrays
from model.data.datasets import DATASETS
from model.frames import FRAMES
from model.recipes import OPTIMIZERS, SCHEDULES
from model.variants import VARIANTS
from model.weights import kind_of

WEIGHTS = sorted(Path("weights").glob("*.npz"))
HISTORIES = sorted(Path("weights").glob("*.json"))
SOURCES = {dataset.origin for dataset in DATASETS.values()} - {None}  # makers of published sets
KNOWN = {  # the texts that each entry of a card may have
    "model": {*VARIANTS},
    "kind": {"reader", "gate", "snapshots"},
    "frame": {*FRAMES},
    "dataset": {*DATASETS},
    "source": SOURCES,
    "optimizer": {*OPTIMIZERS},
    "schedule": {*SCHEDULES},
}
CHECKSUM = re.compile("[0-9a-f]{64}")
CHECKSUMS = {"sha256", "of"}  # entries with checksums of files and of weights


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in parsed JSON, with the name of the entry that it belongs to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, name)
    elif isinstance(value, str):
        yield name, value


def unknown(card: Any) -> list[tuple[str, str]]:
    """The texts of a card that are neither known words nor checksums."""
    return [
        (name, text)
        for name, text in texts(card)
        if not (text in KNOWN.get(name, ()) or (name in CHECKSUMS and CHECKSUM.fullmatch(text)))
    ]


@pytest.mark.parametrize("path", WEIGHTS, ids=lambda path: path.name)
def test_a_committed_card_has_no_text_but_known_words_and_checksums(path: Path) -> None:
    card = load_arrays(path)[1]
    assert unknown(card) == []
    assert kind_of(path) in KNOWN["kind"]


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.name)
def test_a_committed_history_has_numbers_alone(path: Path) -> None:
    assert list(texts(json.loads(path.read_text("utf-8")))) == []


def test_every_network_is_among_the_committed_files() -> None:
    assert {path.stem for path in WEIGHTS} >= VARIANTS.keys()


@pytest.mark.parametrize(
    "card",
    [
        {"ink": {"writers": ["Ann", "Bob"]}},
        {"ink": {"validation_writers": ["w17"]}},
        {"ink": {"sha256": ["Ann"]}},
        {"ink": {"files": ["digits.jsonl"]}},
        {"source": "Ann, by mail"},
        {"note": "lenet"},
    ],
)
def test_a_name_in_any_place_of_a_card_would_be_found(card: dict[str, Any]) -> None:
    assert unknown(card)
    assert not unknown({"model": "lenet", "ink": {"digits": 3, "sha256": ["0a" * 32]}})
