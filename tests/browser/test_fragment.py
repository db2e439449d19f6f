"""A drawing and its choices as the fragment of an address, and back: static/js/keep."""

import math
import random
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests import strokes as hands

Points = list[list[float]]
FIRST = {"tab": "answer", "model": "lenet"}
STEP = 1 / 512
RUN = """async ([strokes, changes]) => {
  const { encode, decode } = await import("/static/js/keep/fragment.js");
  const first = { tab: "answer", model: "lenet" };
  const kept = { strokes, mode: "one", ...first, ...changes };
  const fragment = encode(kept, first);
  return [fragment, fragment === null ? null : decode("#" + fragment)];
}"""
DIGITS = {name: getattr(hands, name) for name in ("ZERO", "ONE", "THREE", "FIVE", "SEVEN")}


@pytest.fixture(scope="module")
def blank(browser: Any, server: Any) -> Any:
    """A page in which modules are imported."""
    page = browser.new_page()
    page.goto(server.url)
    yield page
    page.close()


def dense(stroke: Any, scale: float = 0.01) -> Points:
    """A stroke of a pad of 100 × 100 as a fast mouse reports it, in heights of the pad."""
    points = [[x * scale, y * scale] for x, y in stroke]
    found = points[:1]
    for (x, y), (next_x, next_y) in pairwise(points):
        parts = max(1, math.ceil(math.hypot(next_x - x, next_y - y) / 0.0045))
        found += [
            [round(x + (next_x - x) * i / parts, 4), round(y + (next_y - y) * i / parts, 4)]
            for i in range(1, parts + 1)
        ]
    return found


def kept(page: Page, strokes: Any, **changes: str) -> Any:
    """The fragment of a drawing, and what is found in it."""
    return page.evaluate(RUN, [strokes, changes])


def decoded(page: Page, fragments: list[str]) -> Any:
    return page.evaluate(
        """async (fragments) => {
          const { decode } = await import("/static/js/keep/fragment.js");
          return fragments.map((fragment) => decode(fragment));
        }""",
        fragments,
    )


def gap(point: Any, line: Points) -> float:
    """The distance of a point from a line through points."""
    nearest = math.dist(point, line[0])
    for (x, y), (end_x, end_y) in pairwise(line):
        across, down = end_x - x, end_y - y
        squared = across**2 + down**2
        part = squared and ((point[0] - x) * across + (point[1] - y) * down) / squared
        part = min(max(part, 0), 1)
        nearest = min(nearest, math.dist(point, (x + part * across, y + part * down)))
    return nearest


@pytest.mark.parametrize("name", DIGITS)
def test_a_drawing_comes_back_within_a_step_or_two(blank: Page, name: str) -> None:
    strokes = [dense(stroke) for stroke in DIGITS[name]]
    _, found = kept(blank, strokes)
    assert found["fault"] is None
    assert len(found["kept"]["strokes"]) == len(strokes)
    for before, after in zip(strokes, found["kept"]["strokes"], strict=True):
        assert math.dist(before[0], after[0]) < STEP
        assert math.dist(before[-1], after[-1]) < STEP
        assert max(gap(point, after) for point in before) < 1.5 * STEP
        assert max(gap(point, before) for point in after) < STEP


@pytest.mark.parametrize("name", DIGITS)
def test_a_drawing_that_was_kept_is_read_as_before(blank: Page, name: str) -> None:
    strokes = [dense(stroke) for stroke in DIGITS[name]]
    _, found = kept(blank, strokes)
    before, after = blank.evaluate(
        """(drawings) => Promise.all(drawings.map(async (strokes) => {
          const headers = { "Content-Type": "application/json" };
          const body = JSON.stringify({ strokes });
          const answer = await fetch("/api/predict", { method: "POST", headers, body });
          return (await answer.json()).probabilities;
        }))""",
        [strokes, found["kept"]["strokes"]],
    )
    assert after == pytest.approx(before, abs=0.02)


@pytest.mark.parametrize("name", DIGITS)
def test_a_drawing_of_some_strokes_takes_fewer_than_400_characters(blank: Page, name: str) -> None:
    other = dense(DIGITS["ONE"][0], 0.005)
    fragment, _ = kept(blank, [*map(dense, DIGITS[name]), other], mode="many", tab="inside")
    assert len(fragment) < 400


def test_ink_does_not_change_however_often_it_is_kept(blank: Page) -> None:
    first, found = kept(blank, [dense(stroke) for stroke in hands.FIVE])
    again, _ = kept(blank, found["kept"]["strokes"])
    assert again == first
    more, _ = kept(blank, [*found["kept"]["strokes"], dense(hands.ONE[0])])
    assert more.split("ink=")[1].startswith(first.split("ink=")[1][:-2])


@pytest.mark.parametrize(
    ("strokes", "count"),
    [
        ([[[0.5, 0.5]]], 1),
        ([[[0, 0]], [[3.5, 1]]], 2),
        ([[[0.25, 0.75], [0.25, 0.25]], []], 1),
        ([[[-0.5, -0.125], [1, 1], [0, 0.5]]], 1),
    ],
)
def test_dots_and_places_beside_the_pad_come_back_exactly(
    blank: Page, strokes: Any, count: int
) -> None:
    _, found = kept(blank, strokes)
    assert found["kept"]["strokes"] == [stroke for stroke in strokes if stroke]
    assert len(found["kept"]["strokes"]) == count


def test_the_choices_come_back_and_the_first_ones_take_no_room(blank: Page) -> None:
    assert kept(blank, [])[0] == "v1"
    fragment, found = kept(blank, [[[0.5, 0.5]]], mode="many", tab="why", model="lenet-32")
    assert found["kept"] == {
        "strokes": [[[0.5, 0.5]]],
        "mode": "many",
        "tab": "why",
        "model": "lenet-32",
    }
    assert fragment.startswith("v1&mode=many&tab=why&model=lenet-32&ink=")
    odd = kept(blank, [], model="a&ink=Ä #%")[1]
    assert odd["kept"]["model"] == "a&ink=Ä #%"


def test_a_long_scribble_is_kept_too_but_more_coarsely(blank: Page) -> None:
    turns = [i / 60 for i in range(19_000)]
    line = [[0.5 + 0.4 * math.sin(t), 0.5 + 0.4 * math.sin(1.017 * t + 1)] for t in turns]
    fragment, found = kept(blank, [[[round(x, 4), round(y, 4)] for x, y in line]])
    assert len(fragment) < 8_100
    assert max(gap(point, found["kept"]["strokes"][0]) for point in line[::97]) < 0.02


def test_a_drawing_of_far_too_many_turns_is_not_kept(blank: Page) -> None:
    hand = random.Random(1)
    line = [[round(hand.random(), 4), round(hand.random(), 4)] for _ in range(5_000)]
    assert kept(blank, [line]) == [None, None]


def test_a_link_that_was_cut_off_or_changed_says_so_and_shows_nothing(blank: Page) -> None:
    fragment, _ = kept(blank, [dense(stroke) for stroke in hands.FIVE])
    start = fragment.index("ink=") + 4
    broken = [fragment[:end] for end in range(start, len(fragment))]
    for place in range(start, len(fragment)):
        for letter in "A9_é %&":
            if letter != fragment[place]:
                broken.append(fragment[:place] + letter + fragment[place + 1 :])
    found = decoded(blank, broken)
    wrong = [link for link, one in zip(broken, found, strict=True) if one["fault"] is None]
    assert len(wrong) <= len(broken) / 1000  # the check has 4,096 values
    assert {one["kept"] is None for one in found if one["fault"]} == {True}
    assert "damaged or was cut off" in found[0]["fault"]


@pytest.mark.parametrize("version", ["v2", "v2&ink=AAAA", "v17&what=ever", "v999999"])
def test_a_link_of_a_newer_version_says_so(blank: Page, version: str) -> None:
    (found,) = decoded(blank, [version])
    assert "newer version" in found["fault"]
    assert found["kept"] is None


@pytest.mark.parametrize("fragment", ["", "#", "paper", "v", "version", "v1x", "#ink=AAAA", "%E0"])
def test_another_fragment_is_none_of_ours(blank: Page, fragment: str) -> None:
    assert decoded(blank, [fragment]) == [{"kept": None, "fault": None}]


def test_no_fragment_throws(blank: Page) -> None:
    hand = random.Random(2)
    letters = "ABCxyz019-_&=%#+é\u0000\u2028"
    links = ["v1&ink=" + "".join(hand.choices(letters, k=hand.randrange(40))) for _ in range(2_000)]
    links += ["v1&ink=" + "_" * 100_000, "v1&ink=" + "A" * 100_000, "v1&mode=three&tab=&model="]
    found = decoded(blank, links)
    assert len(found) == len(links)
    assert found[-1] == {"kept": {"strokes": []}, "fault": None}
