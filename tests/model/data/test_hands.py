"""Made digits in rare hands: they vary, keep their proportions and come at the counted rates."""

from collections import Counter

import numpy as np
import pytest

from model.data.hands import HANDS, LARGEST_SHARE, LEAST_SHARE, random_hand
from model.types import Array


def many(name: str, count: int = 200) -> list[list[Array]]:
    rng = np.random.default_rng(0)
    return [HANDS[name].draw(rng) for _ in range(count)]


@pytest.mark.parametrize("name", HANDS)
def test_each_hand_is_written_differently_every_time(name: str) -> None:
    drawings = many(name, 50)
    assert len({np.concatenate(strokes).tobytes() for strokes in drawings}) == 50
    assert name[0] == str(HANDS[name].digit)
    for strokes in drawings:
        assert all(line.ndim == 2 and len(line) >= 2 for line in strokes)
        assert 0.8 < np.ptp(np.concatenate(strokes)[:, 1]) < 1.3


@pytest.mark.parametrize("name", HANDS)
def test_the_generator_alone_decides_how_a_hand_is_written(name: str) -> None:
    for once, again in zip(many(name, 5), many(name, 5), strict=True):
        for line, same in zip(once, again, strict=True):
            np.testing.assert_array_equal(line, same)


def test_a_flag_is_short_and_steep_so_that_a_one_is_no_seven() -> None:
    for strokes in many("1 with a flag", 500):
        (line,) = strokes
        flag, stem = line[0] - line[1], line[-1] - line[1]
        assert flag[1] < 0.6 * stem[1]
        cosine = flag @ stem / (np.hypot(*flag) * np.hypot(*stem))
        assert np.degrees(np.arccos(cosine)) < 60


def test_a_distant_roof_does_not_touch_the_body() -> None:
    for body, roof in many("5 with a distant roof", 500):
        assert np.hypot(*(body[0] - roof[0])) > 0.03


def test_a_short_stem_begins_far_below_the_top() -> None:
    for left, stem in many("4 open, with a short stem", 500):
        assert stem[:, 1].min() > left[:, 1].min() + 0.1


def test_hands_come_at_their_counted_rates_within_two_limits() -> None:
    rng = np.random.default_rng(0)
    found = Counter(random_hand(rng)[0] for _ in range(4000))
    wanted = dict.fromkeys(range(10), 0.0)
    for hand in HANDS.values():
        wanted[hand.digit] += min(max(hand.share, LEAST_SHARE), LARGEST_SHARE)
    for digit, share in wanted.items():
        expected = share / sum(wanted.values())
        assert found[digit] / 4000 == pytest.approx(expected, abs=0.025), digit
