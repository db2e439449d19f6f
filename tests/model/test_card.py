"""The card of trained weights is checked when it is read."""

import json
from typing import Any

import pytest

from model import load
from model.card import Card, untrained
from model.card_json import CardError
from model.recipes import RECIPES
from model.variants import VARIANTS
from tests.made import EPOCHS, MINIMAL_CARD, complete_card, measured

WHOLE = {"model": "lenet"} | complete_card()


def test_a_card_goes_into_json_and_comes_back_as_it_was() -> None:
    card = Card.from_json(WHOLE)
    assert Card.from_json(json.loads(json.dumps(card.to_json()))) == card
    assert card.recipe is not None
    assert (card.recipe.rate, card.recipe.seed, card.frame) == (0.0015, 4711, "mnist")
    assert card.history == EPOCHS


@pytest.mark.parametrize("name", VARIANTS)
def test_the_cards_of_the_committed_weights_come_back_too(name: str) -> None:
    card = load(f"weights/{name}.npz").card
    assert Card.from_json(json.loads(json.dumps(card.to_json()))) == card
    assert card.recipe is not None
    assert card.recipe.optimizer == RECIPES[name].optimizer


def test_unknown_values_are_left_out_of_the_json() -> None:
    assert untrained("lenet").to_json() == {
        "model": "lenet",
        "frame": "mnist",
        "kind": "reader",
        "temperature": 1.0,
    }
    assert (
        untrained("lenet-tanh", normalised=(0.25, 0.5)).to_json().items()
        >= {
            "mean": 0.25,
            "deviation": 0.5,
        }.items()
    )


def test_a_card_without_a_kind_is_that_of_a_reader() -> None:
    assert Card.from_json({"model": "lenet", "frame": "mnist"}).kind == "reader"
    gate = untrained("gate", kind="gate")
    gate.threshold = 0.25
    assert Card.from_json(gate.to_json()) == gate
    assert (gate.kind, gate.threshold, gate.temperature) == ("gate", 0.25, 1.0)


def test_an_entry_that_an_older_version_wrote_is_left_out() -> None:
    old = {"rubbish": 0.0, "thresholds": {"digit": 0.5, "unsure": 0.5}}
    ink = {"digits": 1, "no_digits": 2, "writers": 3, "held_out_writers": ["Ann"], "files": ["a"]}
    card = Card.from_json(WHOLE | old | {"ink": ink})
    assert card.ink == {"digits": 1, "no_digits": 2, "writers": 3}
    assert not old.keys() & card.to_json().keys()


def test_null_means_not_known_and_a_whole_number_may_stand_for_any() -> None:
    card = Card.from_json(WHOLE | {"metrics": None, "temperature": 2, "history": []})
    assert card.metrics is None
    assert (card.temperature, type(card.temperature)) == (2.0, float)


def test_unknown_entries_of_a_card_are_ignored() -> None:
    card = Card.from_json(WHOLE | {"title": "LeNet", "parameters": 44_426})
    assert card == Card.from_json(WHOLE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": 7}, "card.model is 7, wanted text"),
        ({"frame": "usps"}, "frame is 'usps', wanted one of mnist, emnist"),
        ({"frame": None}, "card.frame is None, wanted text"),
        ({"temperature": 0}, "card.temperature is 0, wanted a number from 0.001 to 1000"),
        ({"temperature": "warm"}, "card.temperature is 'warm', wanted a finite number"),
        ({"temperature": float("nan")}, "card.temperature is nan, wanted a finite number"),
        ({"temperature": True}, "card.temperature is True, wanted a finite number"),
        ({"kind": "writer"}, "kind is 'writer', wanted one of reader, gate, snapshots"),
        ({"kind": []}, r"card.kind is \[\], wanted text"),
        ({"threshold": {"digit": 1}}, "card.threshold is {'digit': 1}, wanted a finite number"),
        ({"epochs": 2.5}, "card.epochs is 2.5, wanted a whole number"),
        ({"epochs": 0}, "card.epochs is 0, wanted a number from 1 to"),
        ({"training_images": -1}, "card.training_images is -1, wanted a number from 1 to"),
        ({"history": {}}, "card.history is {}, wanted a list"),
        ({"history": [*EPOCHS, {"epoch": 4}]}, r"card.history\[3\] lacks accuracy, loss, valid"),
        ({"recipe": "as always"}, "card.recipe is 'as always', wanted an object"),
        ({"recipe": {"optimizer": "adam"}}, "card.recipe lacks batch_size, epochs, rate, sched"),
        ({"recipe": WHOLE["recipe"] | {"rate": "fast"}}, "card.recipe.rate is 'fast', wanted a f"),
        (
            {"recipe": WHOLE["recipe"] | {"schedule": "x"}},
            "card.recipe: found schedule 'x'",
        ),
        ({"recipe": WHOLE["recipe"] | {"rate": -1}}, "card.recipe: found rate -1.0, wanted more"),
        ({"metrics": {"accuracy": 0.5}}, "card.metrics lacks confusion, ece, images, interval"),
        (
            {"metrics": {**measured(0), "accuracy": 1.5}},
            "card.metrics.accuracy is 1.5, wanted a",
        ),
        ({"metrics": {**measured(0), "per_digit": [1.0]}}, "metrics has per_digit or confusion of"),
        ({"metrics": {**measured(0), "confusion": [[1]] * 10}}, "metrics has per_digit or conf"),
        (
            {"metrics": {**measured(0), "interval": [0.5]}},
            "metrics.interval is .0.5., wanted its",
        ),
        (
            {"ink_metrics": {"images": 5, "accepted": -1}},
            "card.ink_metrics.accepted is -1, wanted",
        ),
        ({"metrics": {**measured(0), "interval": [0.9, 0.1]}}, "metrics.interval is .0.9, 0.1.,"),
        ({"threshold": 5}, "card.threshold is 5, wanted a number from 0 to 1"),
        ({"ink": {"digits": 1, "no_digits": -1, "writers": 1}}, "card.ink.no_digits is -1, wanted"),
        (
            {"ink": {"digits": 1, "no_digits": 1, "writers": 1, "validation_writers": ["ann"]}},
            r"card.ink.validation_writers is .'ann'., wanted a whole number",
        ),
        (
            {"metrics": {**measured(0), "reliability": [{"images": 3}]}},
            r"card.metrics.reliability.0. lacks accuracy, confidence, wanted",
        ),
        ({"ink_metrics": {"auroc": 1.5}}, "card.ink_metrics.auroc is 1.5, wanted a number"),
        ({"history": [EPOCHS[0] | {"epoch": 0}]}, r"card.history.0..epoch is 0, wanted a number"),
        ({"history": [EPOCHS[0] | {"accuracy": 2}]}, r"card.history.0..accuracy is 2, wanted a n"),
        ({"metrics": {**measured(0), "per_digit": [7] * 10}}, r"card.metrics.per_digit.0. is 7"),
        ({"metrics": {**measured(0), "images": -5}}, "card.metrics.images is -5, wanted a number"),
        ({"temperature": 10**400}, "card.temperature is 1000.*, wanted a finite number"),
        ({"seed": -1}, "card.seed is -1, wanted a number from 0"),
        ({"ink": {"digits": "many"}}, "card.ink lacks no_digits, writers, wanted digits, no_dig"),
    ],
)
def test_a_card_of_the_wrong_form_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(CardError, match=words):
        Card.from_json(WHOLE | change)


@pytest.mark.parametrize("value", [None, [], "card", 7])
def test_a_card_that_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(CardError, match=r"card is .*, wanted an object"):
        Card.from_json(value)


def test_a_long_value_is_not_given_back_whole() -> None:
    with pytest.raises(CardError) as caught:
        Card.from_json({"model": "lenet"} | MINIMAL_CARD | {"frame": "x" * 1_000})
    assert len(str(caught.value)) < 120
