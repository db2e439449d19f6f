"""Numbers and the entries of a card in words."""

from dataclasses import replace
from typing import Any

import pytest

from model.card import Card, untrained
from model.frames import FRAMES
from model.recipes import OPTIMIZERS, RECIPES, SCHEDULES
from model.report.words import (
    dataset_title,
    facts,
    gate_in_words,
    percent,
    recipe_in_words,
    scores,
    sureness,
)
from tests.made import complete_card, measured

LENET = RECIPES["lenet"]
PLACE = "Size and place of a digit"


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.9937, "99.37"), (0, "0.00"), (1, "100.00"), (0.99999, "99.99"), (0.00001, "0.00")],
)
def test_a_fraction_has_two_decimals_and_only_1_is_100_percent(fraction: float, text: str) -> None:
    assert percent(fraction) == f"{text}\u202f%"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        *[(0.5, "50.0 %"), (0.9989, "99.9 %"), (0.9999, "> 99.9 %"), (1.0, "> 99.9 %")],
        *[(0.001, "0.1 %"), (0.0009, "< 0.1 %"), (0.0, "< 0.1 %")],
    ],
)
def test_no_confidence_is_shown_as_100_percent(probability: float, text: str) -> None:
    assert sureness(probability) == text.replace(" ", "\u202f")


def test_a_recipe_is_a_sentence() -> None:
    recipe = replace(LENET, weight_decay=0.01, rate=0.002, batch_size=64, augment=True)
    assert recipe_in_words(recipe) == (
        "Adam, a step for 64 images; the learning rate rises to 0.002, then falls to zero along "
        "half a cosine; weight decay 0.01; every image distorted anew in every epoch"
    )
    in_groups = recipe_in_words(replace(recipe, groups=True))
    assert in_groups.endswith("; every group of images distorted alike, anew in every epoch")
    assert recipe_in_words(replace(recipe, groups=True, augment=False)).endswith("no distortions")
    assert recipe_in_words(RECIPES["lenet5-1998"]) == (
        "stochastic diagonal Levenberg–Marquardt, a step for each image; the learning rate starts "
        "at 0.0005 and falls in the steps of 1998; no distortions"
    )


def test_every_optimizer_schedule_and_frame_has_its_words() -> None:
    recipes = {
        recipe_in_words(replace(LENET, optimizer=optimizer, schedule=schedule, weight_decay=0))
        for optimizer in OPTIMIZERS
        for schedule in SCHEDULES
    }
    assert len(recipes) == len(OPTIMIZERS) * len(SCHEDULES)
    places = {dict(facts(replace(untrained("lenet"), frame=f)))[PLACE] for f in FRAMES}
    assert len(places) == len(FRAMES)


def test_a_data_set_of_ones_own_stands_for_itself() -> None:
    assert dataset_title("mnist") == "MNIST"
    assert dataset_title("mine") == "mine"


def facts_of(changes: dict[str, Any]) -> dict[str, str]:
    """The facts of a complete card with these entries changed, with ordinary spaces."""
    card = Card.from_json({"model": "lenet-32"} | complete_card() | changes)
    return {name: text.replace("\u202f", " ") for name, text in facts(card)}


def measured_words(metrics: dict[str, Any]) -> str:
    accuracy, low, high = (100 * x for x in [metrics["accuracy"], *metrics["interval"]])
    return f"{accuracy:.2f} % of 2,000, 95 % interval {low:.2f} % to {high:.2f} %"


def test_a_complete_card_is_told_completely() -> None:
    card = complete_card()
    assert facts_of({}) == {
        "Origin": "PyTorch tutorials",
        "Learned from": "MNIST; drawn by <Anna> & Bert",
        "Also learned from": "3,456 drawings of digits, by 45 people",
        "Size and place of a digit": (
            "at most 20 of 28 pixels high and wide, its centre of mass in the middle"
        ),
        "Training": "3 epochs of 45,678 images",
        "Recipe": (
            "Adam, a step for 64 images; the learning rate rises to 0.0015, then falls to zero "
            "along half a cosine; weight decay 0.025; every image distorted anew in every epoch"
        ),
        "Seed of the random numbers": "4711",
        "Accuracy on its training images": "98.15 %",
        "Accuracy on validation images": measured_words(card["validation"]),
        "Accuracy on drawings by other people": measured_words(card["ink_metrics"]),
        "Temperature, by which its scores are divided": "0.015",
    }


@pytest.mark.parametrize(
    ("changes", "name", "text"),
    [
        ({"epochs": 1}, "Training", "1 epoch of 45,678 images"),
        ({"training_images": None}, "Training", "3 epochs"),
        ({"epochs": None}, "Training", None),
        ({"dataset": None}, "Learned from", "drawn by <Anna> & Bert"),
        ({"dataset": "mine", "source": None}, "Learned from", "mine"),
        ({"dataset": None, "source": None}, "Learned from", None),
        ({"seed": 0}, "Seed of the random numbers", "0"),
        ({"seed": None}, "Seed of the random numbers", None),
        ({"training_accuracy": 0.0}, "Accuracy on its training images", "0.00 %"),
        ({"training_accuracy": None}, "Accuracy on its training images", None),
        ({"validation": None}, "Accuracy on validation images", None),
        ({"mean": 0.1307}, "Pixels", None),
        (
            {"mean": 0.1307, "deviation": 0.3081},
            "Pixels",
            "minus their mean 0.1307, divided by their standard deviation 0.3081",
        ),
        ({"ink_metrics": {"images": 0}}, "Accuracy on drawings by other people", None),
    ],
)
def test_missing_entries_of_a_card_are_left_out_of_the_table(
    changes: dict[str, Any], name: str, text: str | None
) -> None:
    assert facts_of(changes).get(name) == text


def gate_card(ink_metrics: dict[str, Any]) -> Card:
    """The card of a gate with these metrics."""
    return Card.from_json({**untrained("gate", "gate").to_json(), "ink_metrics": ink_metrics})


def test_the_gate_is_told_with_what_it_turns_away_and_lets_through() -> None:
    others = {"drawings": 321, "rejected": 0.914}
    card = gate_card({"images": 1_234, "accepted": 0.9876, "no_digits": others})
    assert gate_in_words(card).replace("\u202f", " ") == (
        "Before a network reads, another one, the gate, asks: is this a digit at all? Of drawings "
        "by people from whom it learned nothing, it turned away 91.4 % of 321 letters that "
        "resemble no digit, and let 98.8 % of 1,234 digits through."
    )


@pytest.mark.parametrize("others", [{}, {"no_digits": {"drawings": 0, "rejected": None}}])
def test_a_gate_that_was_not_measured_on_letters_is_told_without_numbers(
    others: dict[str, Any],
) -> None:
    words = gate_in_words(gate_card({"images": 1_234, "accepted": 0.9876, **others}))
    assert words == gate_in_words(untrained("gate", "gate"))
    assert words.endswith("is this a digit at all?")


def test_scores_are_those_of_the_metrics() -> None:
    metrics = measured(1)
    right = sum(metrics["confusion"][digit][digit] for digit in range(10))
    low, high = metrics["interval"]
    assert dict([words.replace("\u202f", " ") for words in pair] for pair in scores(metrics)) == {
        "Accuracy": f"{right / 20:.2f} %",  # of 2,000
        "95 % interval": f"{100 * low:.2f} % to {100 * high:.2f} %",
        "Mistakes": f"{2_000 - right:,} of 2,000",
        "Top-3 accuracy": f"{100 * metrics['top3']:.2f} %",
        "Macro F1": f"{metrics['macro_f1']:.4f}",
        "Calibration error": f"{100 * metrics['ece']:.2f} %",
    }
