"""The stage on every sort of screen, without scripts, with forced colours, and on paper."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import SEVEN, Mouse, draw
from tests.browser.numbers import NUMBER, choose_pad
from tests.browser.server import Server
from tests.browser.states import TABS
from tests.browser.watch import open_tab, rest, settle, wait_for_parts

TABLET, LANDSCAPE = (768, 1024), (844, 390)


def window(width: int, height: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": height}}


def box_of(part: Locator) -> dict[str, float]:
    box = part.bounding_box()
    assert box is not None
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    return {"x": x, "y": y, "width": width, "right": x + width, "bottom": y + height}


def test_on_a_low_desktop_the_pad_takes_the_height_that_there_is(open_page: OpenPage) -> None:
    page = open_page(**window(1366, 650))
    wait_for_parts(page)
    left = 650 - box_of(page.locator(".replay"))["bottom"]
    assert 0 <= left < 28 + 24  # less than one more pixel in each of the 28 squares, and a margin


def test_a_wall_of_a_screen_is_filled(open_page: OpenPage) -> None:
    page = open_page(**window(3840, 2160))
    stage = box_of(page.locator(".instrument"))
    assert stage["width"] > 0.5 * 3840
    assert box_of(page.locator(".replay"))["bottom"] > 0.6 * 2160


@pytest.mark.parametrize(("size", "most"), [((390, 844), 0.48), (TABLET, 0.48)])
@pytest.mark.parametrize("mode", ["One digit", "A whole number"])
def test_what_stays_in_view_beside_a_tab_leaves_room_for_it(
    open_page: OpenPage, size: tuple[int, int], most: float, mode: str
) -> None:
    page = open_page(**window(*size), has_touch=True)
    wait_for_parts(page)
    choose_pad(page, mode)
    open_tab(page, "inside")
    for stroke in [SEVEN] if mode == "One digit" else NUMBER:
        draw(Mouse(page), stroke)
    rest(page)
    page.mouse.wheel(0, 600)
    settle(page)
    parts = page.locator(".mode, .pad-paper, .tools, .tabs, .picture-pixels, .probabilities .bars")
    boxes = [box_of(part) for part in parts.all() if part.is_visible()]
    assert min(box["y"] for box in boxes) >= 0  # nothing is cut at the top
    assert max(box["bottom"] for box in boxes) <= most * size[1]
    assert max(box["right"] for box in boxes) <= size[0]


@pytest.mark.parametrize(
    "size", [LANDSCAPE, TABLET, (390, 844), (1280, 800), (800, 600), (320, 640)], ids=str
)
def test_the_panel_of_a_tab_begins_below_the_tabs_however_far_the_page_was_scrolled(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(**window(*size))
    for name in TABS:
        page.mouse.wheel(0, -9000)
        page.mouse.wheel(0, 300)
        open_tab(page, name)
        tabs, strip, panel = (
            box_of(page.locator(part)) for part in (".tabs", ".strip", f"#panel-{name}")
        )
        above = max(tabs["bottom"], strip["bottom"])
        assert tabs["y"] >= 0, name
        assert above <= panel["y"] + 1 < above + 32, name


@pytest.mark.parametrize("size", [LANDSCAPE, TABLET, (1366, 650), (320, 640)], ids=str)
def test_a_number_and_its_answer_fit_the_screen(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(**window(*size))
    wait_for_parts(page)
    choose_pad(page, "A whole number")
    for stroke in NUMBER:
        draw(Mouse(page), stroke)
    settle(page)
    for part in (".pad-ink", ".tools", ".reading", ".picture-pixels", ".probabilities .bars"):
        box = box_of(page.locator(part))
        assert 0 <= box["x"] < box["right"] <= size[0], part
        assert 0 <= box["y"] < box["bottom"] <= size[1], part
    for button in page.locator(".number-digit button").all():
        assert box_of(button)["bottom"] <= box_of(page.locator(".tools"))["y"]


def test_the_mode_control_does_not_move_with_the_mode(page: Page) -> None:
    wait_for_parts(page)
    mode = page.locator(".mode")
    before = box_of(mode)
    choose_pad(page, "A whole number")
    after = box_of(mode)
    assert (after["x"], after["y"]) == (before["x"], before["y"])


@pytest.mark.parametrize("width", [320, 360])
def test_per_cents_do_not_collide_on_a_narrow_page(open_page: OpenPage, width: int) -> None:
    page = open_page(**window(width, 640))
    draw(Mouse(page), SEVEN)
    settle(page)
    labels = [box_of(label) for label in page.locator(".probabilities .bars-share").all()]
    assert all(left["right"] < right["x"] for left, right in pairwise(labels))
    mode = box_of(page.locator(".mode"))
    for label in page.locator(".mode label span").all():
        assert mode["x"] <= box_of(label)["x"]
        assert box_of(label)["right"] <= mode["right"]
        assert label.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_everything_that_is_pressed_is_as_large_as_a_finger(
    open_page: OpenPage, device: dict[str, Any]
) -> None:
    page = open_page(**device)
    wait_for_parts(page)
    draw(Mouse(page), SEVEN)
    rest(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, label, footer a, select")]
            .filter((element) => element.checkVisibility({ visibilityProperty: true }))
            .filter((element) => !element.closest(".unseen"))
            .map((element) => [element.textContent.trim(), element.getBoundingClientRect()])
            .filter(([, { height }]) => height > 0 && height < 39.5)
            .map(([text, { width, height }]) => `${text}: ${width} × ${height}`)"""
    )
    assert small == []


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_the_sentence_stands_in_its_place_from_the_first_paint(
    open_page: OpenPage, device: dict[str, Any], server: Server, browser: Browser
) -> None:
    page = open_page(**device)
    wait_for_parts(page)
    settled = box_of(page.locator(".reading-sentence"))
    context = browser.new_context(**{**window(1280, 800), **device})
    first = context.new_page()
    first.route("**/*.js", lambda route: route.abort())  # as it is before the scripts have come
    first.goto(server.url)
    assert box_of(first.locator(".reading-sentence")) == settled
    context.close()


def test_without_scripts_the_page_says_so_and_shows_no_dead_pad(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    words = page.locator(".pad-paper noscript p")
    expect(words).to_contain_text("your browser needs JavaScript")
    expect(words).to_be_visible()
    for dead in (".pad-ink", ".pad-invitation", ".tools", ".mode", ".tabs", ".strip", ".replay"):
        expect(page.locator(dead)).to_be_hidden()
    expect(page.locator(".columns")).to_be_visible()
    context.close()


def test_with_scripts_nothing_is_said_about_them(page: Page) -> None:
    expect(page.locator(".pad-paper noscript")).to_be_hidden()
    expect(page.locator(".pad-ink")).to_be_visible()


def test_with_forced_colours_only_what_is_chosen_has_a_line(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    wait_for_parts(page)
    choose_pad(page, "A whole number")
    for stroke in NUMBER:
        draw(Mouse(page), stroke)
    settle(page)
    width = "all => all.map((e) => Number.parseFloat(getComputedStyle(e).borderBottomWidth))"
    tabs = page.locator(".tabs button")
    assert tabs.evaluate_all(width) == [3, *[0] * (tabs.count() - 1)]
    digits = page.locator(".number-digit button").evaluate_all(width)
    assert sorted(digits) == [0, 0, 0, 2]


def test_from_a_dark_screen_ink_is_dark_on_white_paper(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    draw(Mouse(page), SEVEN)
    settle(page)
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".pad-ink", ".picture-pixels"):
        shot = page.locator(part).screenshot()
        with Image.open(BytesIO(shot)) as picture:
            grey = np.array(picture.convert("L"))
        assert np.percentile(grey, 1) < 80, part  # the ink
        assert np.median(grey) > 200, part  # the paper
    bar = page.locator(".is-leading .bars-fill").first
    expect(bar).to_have_css("print-color-adjust", "exact")
