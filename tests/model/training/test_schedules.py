"""Learning-rate schedules compared with their formulas."""

import math

import pytest

from model import recipes
from model.training.schedules import SCHEDULES, constant, lecun_1998, warm_cosine


def test_the_warm_cosine_rises_in_a_line_over_the_first_three_percent() -> None:
    assert warm_cosine(0, 200) == 0
    assert warm_cosine(1.5, 200) == pytest.approx(0.25)
    assert warm_cosine(3, 200) == pytest.approx(0.5)
    assert warm_cosine(6, 200) == 1


def test_the_warm_cosine_then_falls_by_half_a_cosine_to_zero() -> None:
    for part, angle in ((0.25, math.pi / 4), (0.5, math.pi / 2), (0.75, 3 * math.pi / 4)):
        assert warm_cosine(6 + 194 * part, 200) == pytest.approx((1 + math.cos(angle)) / 2)
    assert warm_cosine(200, 200) == pytest.approx(0)


def test_the_constant_schedule_is_one_at_any_moment() -> None:
    assert [constant(done, 20) for done in (0, 7.5, 20)] == [1, 1, 1]


def test_the_schedule_of_1998_has_the_papers_rates_by_pass() -> None:
    rates = [0.0005 * lecun_1998(done, 20) for done in range(20)]
    paper = [0.0005] * 2 + [0.0002] * 3 + [0.0001] * 3 + [0.00005] * 4 + [0.00001] * 8
    assert rates == pytest.approx(paper)
    assert lecun_1998(1.99, 20) == 1


def test_a_recipe_may_name_every_schedule_and_no_other() -> None:
    assert tuple(SCHEDULES) == recipes.SCHEDULES
