"""Recipes hold the settings of each network's training, and refuse impossible ones."""

import math
from dataclasses import replace

import pytest

from model import load
from model.recipes import OPTIMIZERS, QUICK, RECIPES, SCHEDULES, Recipe, RecipeError
from model.training import schedules
from model.training.optimizers import optimizer_named
from model.variants import VARIANTS

GOOD = Recipe(10, 64, "adam", "warm-cosine", 0.002)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_network_has_the_recipe_that_the_committed_weights_were_trained_by(name: str) -> None:
    assert load(f"weights/{name}.npz").card.recipe == RECIPES[name]


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_recipe_is_for_a_network_and_distorts_in_groups(name: str) -> None:
    assert name in VARIANTS
    assert QUICK[name].epochs < RECIPES[name].epochs / 5
    assert QUICK[name].groups


def test_every_name_allowed_in_a_recipe_exists() -> None:
    assert tuple(schedules.SCHEDULES) == SCHEDULES
    assert len({repr(vars(optimizer_named(name))) for name in OPTIMIZERS}) == len(OPTIMIZERS)


@pytest.mark.parametrize("key", ["optimizer", "schedule"])
def test_an_unknown_name_in_a_recipe_is_refused(key: str) -> None:
    known = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES}[key]
    with pytest.raises(RecipeError) as caught:
        replace(GOOD, **{key: "lion"})  # type: ignore[arg-type]
    assert str(caught.value) == f"found {key} 'lion', wanted one of {', '.join(known)}"


@pytest.mark.parametrize(
    ("name", "least"),
    [
        *(("epochs", 1), ("batch_size", 1), ("seed", 0), ("weight_decay", 0)),
        *(("ink_repeats", 1), ("letter_repeats", 1), ("made_digits", 0), ("made_outliers", 0)),
    ],
)
def test_a_number_below_its_minimum_or_infinite_is_refused(name: str, least: int) -> None:
    assert getattr(replace(GOOD, **{name: least}), name) == least  # type: ignore[arg-type]
    for value in (least - 1, math.inf, math.nan):
        with pytest.raises(RecipeError) as caught:
            replace(GOOD, **{name: value})  # type: ignore[arg-type]
        assert str(caught.value) == f"found {name} {value}, wanted {least} or more"


@pytest.mark.parametrize("rate", [0, -0.1, math.inf, math.nan])
def test_a_rate_that_is_not_positive_or_infinite_is_refused(rate: float) -> None:
    with pytest.raises(RecipeError) as caught:
        replace(GOOD, rate=rate)
    assert str(caught.value) == f"found rate {rate}, wanted more than 0"


def test_sdlm_has_no_weight_decay() -> None:
    with pytest.raises(RecipeError) as caught:
        replace(GOOD, optimizer="sdlm", weight_decay=0.01)
    assert str(caught.value) == "found weight_decay 0.01 with sdlm, which has none; wanted 0"
    assert replace(GOOD, optimizer="sdlm").optimizer == "sdlm"
