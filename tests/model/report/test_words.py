"""Numbers and settings in words."""

from dataclasses import replace

import pytest

from model.card import untrained
from model.frames import FRAMES
from model.recipes import OPTIMIZERS, RECIPES, SCHEDULES
from model.report.words import dataset_title, facts, percent, recipe_in_words, sureness

LENET = RECIPES["lenet"]


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.9937, "99.37"), (0, "0.00"), (1, "100.00"), (0.99999, "99.99"), (0.00001, "0.00")],
)
def test_a_share_has_two_decimals_and_only_all_is_a_hundred(share: float, told: str) -> None:
    assert percent(share) == f"{told}\u202f%"


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        *[(0.5, "50.0 %"), (0.9989, "99.9 %"), (0.9999, "> 99.9 %"), (1.0, "> 99.9 %")],
        *[(0.001, "0.1 %"), (0.0009, "< 0.1 %"), (0.0, "< 0.1 %")],
    ],
)
def test_no_network_is_certain(probability: float, told: str) -> None:
    assert sureness(probability) == told.replace(" ", "\u202f")


def test_a_recipe_is_a_sentence() -> None:
    recipe = replace(LENET, weight_decay=0.01, rate=0.002, batch_size=64, augment=True)
    assert recipe_in_words(recipe) == (
        "Adam, a step for 64 images; the rate rises to 0.002, then falls to zero along half a "
        "cosine; weight decay 0.01; every image distorted anew in every epoch"
    )
    assert recipe_in_words(RECIPES["lenet5-1998"]) == (
        "stochastic diagonal Levenberg–Marquardt, a step for each image; the rate begins at "
        "0.0005 and falls in the steps of 1998; no distortions"
    )


def test_every_optimizer_schedule_and_frame_has_its_words() -> None:
    told = {
        recipe_in_words(replace(LENET, optimizer=optimizer, schedule=schedule, weight_decay=0))
        for optimizer in OPTIMIZERS
        for schedule in SCHEDULES
    }
    assert len(told) == len(OPTIMIZERS) * len(SCHEDULES)
    places = {dict(facts(replace(untrained("lenet"), frame=f)))["Each digit"] for f in FRAMES}
    assert len(places) == len(FRAMES)


def test_a_data_set_of_ones_own_stands_for_itself() -> None:
    assert dataset_title("mnist") == "MNIST, 60,000 + 10,000"
    assert dataset_title("mine") == "mine"
