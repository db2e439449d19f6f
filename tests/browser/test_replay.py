"""Replay: a slider under the pad shows ink, bars and lens of each moment of the drawing."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from model.insight.replay import moments_of
from tests.browser.hand import FOUR, OVER, SEVEN, UNDER, Finger, Mouse, Pen, draw
from tests.browser.numbers import NUMBER, choose_pad
from tests.browser.watch import address, asked, bar_lengths, figure, ink, ink_in, settle

CAPTION = ".replay .timeline-caption"
AT_THE_END = "Slide back"


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of your drawing")


def watch_replays(page: Page) -> list[Any]:
    """Every question for a replay from now on."""
    bodies: list[Any] = []
    page.on(
        "request",
        lambda request: (
            bodies.append(request.post_data_json) if request.url.endswith("/api/replay") else None
        ),
    )
    return bodies


def replayed(page: Page) -> list[dict[str, Any]]:
    """The moments of the drawing, after the pen has rested and they are on the page."""
    expect(page.locator(CAPTION)).to_contain_text(AT_THE_END, timeout=10_000)
    body = {"strokes": asked(page)[-1]["strokes"], "model": asked(page)[-1]["model"]}
    moments: list[dict[str, Any]] = page.request.post(
        address(page, "/api/replay"), data=body
    ).json()["moments"]
    return moments


def go_to(page: Page, index: int) -> None:
    """Move the slider to a moment by its keys."""
    slider(page).focus()
    page.keyboard.press("Home")
    for _ in range(index):
        page.keyboard.press("ArrowRight")
    settle(page)


def draw_four(pen: Pen) -> None:
    for stroke in FOUR:
        draw(pen, stroke)


def test_its_place_is_kept_while_nothing_is_drawn(any_pen: Any) -> None:
    page = any_pen.page
    expect(slider(page)).to_be_hidden()
    before = page.locator(".replay").bounding_box()
    draw(any_pen, SEVEN)
    replayed(page)
    expect(slider(page)).to_be_visible()
    assert page.locator(".replay").bounding_box() == before
    page.keyboard.press("Escape")
    settle(page)
    expect(slider(page)).to_be_hidden()
    assert page.locator(".replay").bounding_box() == before


def test_a_moment_shows_its_ink_and_its_bars(mouse: Mouse, page: Page) -> None:
    draw_four(mouse)
    moments = replayed(page)
    whole = ink(page)
    for index in (3, len(moments) // 2, len(moments) - 2):
        go_to(page, index)
        question = asked(page)[-1]
        points = sum(len(stroke) for stroke in question["strokes"])
        assert points == moments[index]["points"]
        said = moments[index]
        if said["verdict"] != "not-a-digit":
            assert bar_lengths(page) == pytest.approx(said["probabilities"], abs=2e-4)
            assert figure(page) == str(said["digit"])
        assert ink(page) < whole
    page.keyboard.press("End")
    settle(page)
    assert ink(page) == whole
    assert figure(page) == "4"


def test_the_caption_says_what_it_believed_and_where_it_saw_no_digit(
    mouse: Mouse, page: Page
) -> None:
    draw_four(mouse)
    moments = replayed(page)
    believed = [moment["digit"] for moment in moments]
    assert believed[-1] == 4
    go_to(page, believed.index(1))
    expect(page.locator(CAPTION)).to_have_text("Here it still believed 1.")
    assert slider(page).get_attribute("aria-valuetext") == "Here it still believed 1."
    refused = [moment["verdict"] for moment in moments].index("not-a-digit")
    go_to(page, refused)
    expect(page.locator(CAPTION)).to_have_text("Here it saw no digit.")


def test_the_curves_are_drawn_when_the_pen_has_rested_and_go_with_the_drawing(
    mouse: Mouse, page: Page
) -> None:
    draw_four(mouse)
    assert curve_ink(page) == 0
    replayed(page)
    assert curve_ink(page) > 100
    draw(mouse, OVER)
    settle(page)
    assert curve_ink(page) == 0


def curve_ink(page: Page) -> float:
    return ink_in(page, ".replay .timeline-curves")[0]


def test_a_new_stroke_is_added_to_the_whole_drawing_and_ends_the_replay(
    mouse: Mouse, page: Page
) -> None:
    draw(mouse, OVER)
    replayed(page)
    go_to(page, 2)
    draw(mouse, UNDER)
    settle(page)
    assert [len(stroke) > 1 for stroke in asked(page)[-1]["strokes"]] == [True, True]
    assert slider(page).input_value() == slider(page).get_attribute("max")


def test_undo_in_a_replay_takes_back_the_last_stroke_of_the_whole_drawing(
    mouse: Mouse, page: Page
) -> None:
    draw_four(mouse)
    replayed(page)
    go_to(page, 2)
    page.keyboard.press("Control+z")
    settle(page)
    whole = [len(stroke) for stroke in asked(page)[-1]["strokes"]]
    assert len(whole) == 1
    assert slider(page).input_value() == slider(page).get_attribute("max")


def test_it_is_asked_for_once_and_not_while_the_slider_moves(mouse: Mouse, page: Page) -> None:
    bodies = watch_replays(page)
    draw_four(mouse)
    replayed(page)
    go_to(page, 5)
    go_to(page, 9)
    page.wait_for_timeout(1_000)
    assert len(bodies) == 1
    assert bodies[0].keys() == {"strokes", "model"}


def values_while_it_plays(page: Page, timeline: str, pause_at: int = -1) -> list[int]:
    """The values of a slider from the press of its button until it stands still."""
    values: list[int] = page.evaluate(
        """async ([selector, pauseAt]) => {
          const timeline = document.querySelector(selector);
          const button = timeline.querySelector("button");
          const slider = timeline.querySelector("input");
          const seen = [];
          button.click();
          do {
            const value = Number(slider.value);
            if (seen.at(-1) !== value) seen.push(value);
            if (value === pauseAt) button.click();
            await new Promise((done) => setTimeout(done, 5));
          } while (timeline.classList.contains("is-playing"));
          return seen;
        }""",
        [timeline, pause_at],
    )
    return values


def test_the_button_plays_to_the_end(mouse: Mouse, page: Page) -> None:
    draw_four(mouse)
    replayed(page)
    last = int(slider(page).get_attribute("max") or "")
    assert values_while_it_plays(page, ".replay") == list(range(last + 1))
    settle(page)
    assert figure(page) == "4"


def test_the_button_pauses_and_goes_on(mouse: Mouse, page: Page) -> None:
    draw_four(mouse)
    replayed(page)
    button = page.locator(".replay button")
    assert button.get_attribute("aria-label") == "Play how you drew it"
    assert values_while_it_plays(page, ".replay", pause_at=0) == [0]
    expect(slider(page)).to_have_value("0")
    go_to(page, 7)
    assert values_while_it_plays(page, ".replay")[0] == 7
    page.evaluate("document.dispatchEvent(new CustomEvent('replay'))")
    expect(button).to_have_attribute("aria-label", "Pause")


def test_a_finger_moves_the_slider(finger: Finger, phone: Page) -> None:
    draw_four(finger)
    replayed(phone)
    box = slider(phone).bounding_box()
    assert box
    assert box["height"] >= 44
    slider(phone).scroll_into_view_if_needed()
    box = slider(phone).bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settle(phone)
    last = int(slider(phone).get_attribute("max") or "")
    assert last / 4 < int(slider(phone).input_value()) < last * 3 / 4


def test_a_whole_number_is_replayed_without_curves(mouse: Mouse, page: Page) -> None:
    bodies = watch_replays(page)
    choose_pad(page, "A whole number")
    for stroke in NUMBER:
        draw(mouse, stroke)
    settle(page)
    go_to(page, 20)
    question = asked(page)[-1]
    assert question["many"]
    assert len(question["strokes"]) < len(NUMBER)
    said = page.request.post(address(page, "/api/predict"), data=question).json()["number"]
    expect(page.locator(CAPTION)).to_have_text(f"Here it read {said}.")
    page.wait_for_timeout(1_200)
    assert bodies == []
    assert curve_ink(page) == 0


# --- modules --------------------------------------------------------------------------------------

MODULE = "const replay = await import('/static/js/pad/replay.js');"


def test_moments_are_those_of_the_server(page: Page) -> None:
    counts = [1, 7, 39, 40, 41, 333, 1_200]
    found = page.evaluate(
        f"""async (counts) => {{ {MODULE}
          const stroke = (n) => Array(n).fill([0, 0]);
          return counts.map((n) => replay.momentsOf([stroke(n - 1), [], stroke(1)]));
        }}""",
        counts,
    )
    # Python rounds halves to even numbers, JavaScript up.
    for points, moments in zip(counts, found, strict=True):
        wanted = moments_of(points)
        assert len(moments) == len(wanted)
        assert all(abs(a - b) <= 1 for a, b in zip(moments, wanted, strict=True))
        assert moments[-1] == points


def moment(digit: int | None, verdict: str = "digit") -> dict[str, Any]:
    probabilities = [0.02] * 10
    if digit is not None:
        probabilities[digit], probabilities[(digit + 5) % 10] = 0.5, 0.34
    return {"points": 1, "verdict": verdict, "digit": digit, "probabilities": probabilities}


NONE = moment(None, "not-a-digit")


@pytest.mark.parametrize(
    ("moments", "sentence"),
    [
        ([moment(1), moment(7)], "Here it still believed 1."),
        ([NONE, moment(7)], "Here it saw no digit."),
        ([moment(4, "unsure"), moment(4)], "Here it was unsure: 4 or 9."),
        ([moment(7), moment(7), moment(7)], "From here on it believed 7."),
        ([moment(7), NONE, moment(7)], "Here it believed 7 for a moment."),
        ([moment(7), NONE], "Here it believed 7."),
        ([moment(7)], "Slide back to see what it believed before."),
    ],
)
def test_a_belief_is_put_into_words(
    page: Page, moments: list[dict[str, Any]], sentence: str
) -> None:
    said = page.evaluate(
        f"async (moments) => {{ {MODULE} return replay.belief(moments, 0); }}", moments
    )
    assert said == sentence


def test_what_it_already_believed_is_said_so(page: Page) -> None:
    moments = [moment(1), moment(7), moment(7), moment(7)]
    said = page.evaluate(
        f"""async (moments) => {{ {MODULE}
          return [0, 1, 2].map((i) => replay.belief(moments, i));
        }}""",
        moments,
    )
    assert said == [
        "Here it still believed 1.",
        "From here on it believed 7.",
        "Here it already believed 7.",
    ]


def test_a_curve_has_a_gap_where_no_digit_was_seen(page: Page) -> None:
    curves = page.evaluate(
        f"async (moments) => {{ {MODULE} return replay.curvesOf(moments); }}",
        [moment(1), NONE, moment(7)],
    )
    assert len(curves) == 10
    assert [curve["values"][1] for curve in curves] == [None] * 10
    assert [curve.get("label") for curve in curves if curve.get("label")] == ["1", "7"]
    assert [curve["strong"] for curve in curves] == [False] * 9 + [True]
    parts = page.evaluate(
        "async (list) => (await import('/static/js/page/curves.js')).partsOf(list)",
        [None, 1, 2, None, None, 3, None],
    )
    assert parts == [[1, 2], [3]]
