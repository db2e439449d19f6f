"""Inside: any unit of any layer can be chosen, and its numbers are written out while one draws."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from model.insight import LAYERS
from model.variants import READERS
from tests.browser.conftest import OpenPage
from tests.browser.hand import SEVEN, THREE, UNDER, Finger, Mouse, draw, trace
from tests.browser.inside import (
    click,
    index_in,
    name,
    number,
    open_inside,
    painted,
    place_in,
    settle_units,
    sum_rows,
    tables,
    units_asked,
    value,
)
from tests.browser.networks import choose
from tests.browser.numbers import NUMBER, choose_pad
from tests.browser.watch import asked, ink_in, open_tab, settle

ROUNDING = 6e-5  # of a number with four places
MOST_BYTES = 10_000


@pytest.fixture
def drawn(page: Page, mouse: Mouse) -> Page:
    """A seven, and the tab open."""
    open_inside(page)
    draw(mouse, SEVEN)
    settle_units(page)
    return page


def opened(open_page: OpenPage, url: str, **window: Any) -> Page:
    page = open_page(url, **window)
    open_inside(page)
    page.locator(".pad-ink").evaluate("(pad) => pad.scrollIntoView({ block: 'nearest' })")
    draw(Mouse(page), SEVEN)
    settle_units(page)
    return page


def test_only_the_maps_that_are_shown_travel(drawn: Page) -> None:
    layers = asked(drawn)[-1]["layers"]
    assert sorted(layers) == sorted(["relu1", "s2", "relu3", "s4", "relu5", "relu6", "output"])
    sizes = drawn.evaluate(
        """performance.getEntriesByType("resource").filter(({ name }) =>
          name.endsWith("api/predict")).map(({ encodedBodySize }) => encodedBodySize)"""
    )
    assert 0 < max(sizes) <= MOST_BYTES


def test_the_layers_are_asked_for_only_while_they_are_shown(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    assert not any(question.get("layers") for question in asked(page))
    open_inside(page)
    settle_units(page)
    assert asked(page)[-1]["layers"]
    open_tab(page, "answer")
    draw(mouse, UNDER)
    settle(page)
    assert not asked(page)[-1].get("layers")


def test_the_maps_follow_the_choice_of_the_network(drawn: Page) -> None:
    def width() -> Any:
        return drawn.locator("[data-layer=c1] canvas").evaluate("canvas => canvas.width")

    assert (width() + 1) % 25 == 0  # maps of 24, and a gap
    open_tab(drawn, "compare")
    choose(drawn, "lenet5-1998")
    open_tab(drawn, "inside")
    settle_units(drawn)
    assert (width() + 1) % 29 == 0
    assert units_asked(drawn)[-1]["model"] == "lenet5-1998"
    assert "three, four or all six" in drawn.locator("[data-layer=c3]").inner_text()


@pytest.mark.parametrize("network", READERS)
def test_every_layer_of_every_network_is_written_out(
    open_page: OpenPage, server: Any, network: str
) -> None:
    page = opened(open_page, f"{server.url}/?model={network}")
    for layer in LAYERS:
        click(page, layer, 0.62, 0.41)
        question = units_asked(page)[-1]
        assert (question["layer"], question["model"]) == (layer, network)
        offset = 0 if layer == "output" else 1  # digits are named, all others counted from 1
        assert index_in(name(page)) == [i + offset for i in question["index"]]
        rows = sum_rows(page)
        assert rows[-1][2] == value(page)
        total = 0.0
        for _, adds, so_far in rows:
            total += number(adds) if adds else 0
            if adds:
                assert abs(number(so_far) - total) < len(rows) * ROUNDING


def test_the_tables_multiply_and_add_up(drawn: Page) -> None:
    click(drawn, "c1")
    patch, kernel, products = tables(drawn)
    assert len(patch) == 25
    for read, weight, product in zip(patch, kernel, products, strict=True):
        assert abs(read * weight - product) < 3 * ROUNDING
    rows = sum_rows(drawn)
    assert [row[0] for row in rows[-2:]] == ["Bias", "Below 0 becomes 0 (ReLU)"]
    total = sum(products) + number(rows[-2][1])
    assert abs(total - number(rows[-2][2])) < 30 * ROUNDING
    assert number(value(drawn)) == max(number(rows[-2][2]), 0)


def test_the_map_whose_numbers_are_shown_can_be_chosen(drawn: Page) -> None:
    click(drawn, "c3")
    select = drawn.locator(".unit-which select")
    assert len(select.locator("option").all()) == 6
    for map_ in range(6):
        select.select_option(str(map_))
        row = sum_rows(drawn)[map_]
        assert row[0] == f"S2, map {map_ + 1}"
        assert abs(sum(tables(drawn)[2]) - number(row[1])) < 26 * ROUNDING


def test_the_field_is_framed_on_pad_and_picture_and_goes_with_the_tab(drawn: Page) -> None:
    click(drawn, "c1", 0.12, 0.2)
    frame = drawn.locator(".picture-outline")
    expect(frame).to_be_visible()
    assert ink_in(drawn, ".pad-marks")[0] > 0
    small = frame.bounding_box()
    click(drawn, "c3", 0.1, 0.2)
    large = frame.bounding_box()
    assert small is not None
    assert large is not None
    assert large["width"] > 2 * small["width"]
    before = len(units_asked(drawn))
    open_tab(drawn, "answer")
    expect(frame).to_be_hidden()
    assert ink_in(drawn, ".pad-marks") == [0]
    draw(Mouse(drawn), UNDER)
    settle(drawn)
    assert len(units_asked(drawn)) == before


def test_the_mouse_chooses_by_pointing_until_a_square_is_kept(drawn: Page) -> None:
    drawn.mouse.move(*place_in(drawn, "c1", 0.1, 0.1))
    settle_units(drawn)
    assert index_in(name(drawn))[0] == 1
    drawn.mouse.move(*place_in(drawn, "c1", 0.9, 0.1))
    settle_units(drawn)
    first = name(drawn)
    assert index_in(first)[0] == 3
    keep = drawn.get_by_role("button", name="Keep")
    expect(keep).to_have_attribute("aria-pressed", "false")

    x, y = place_in(drawn, "c1", 0.9, 0.1)
    drawn.mouse.click(x, y)
    expect(keep).to_have_attribute("aria-pressed", "true")
    drawn.mouse.move(*place_in(drawn, "c1", 0.1, 0.1))
    settle_units(drawn)
    assert name(drawn) == first

    keep.click()
    drawn.mouse.move(*place_in(drawn, "c1", 0.5, 0.1))
    settle_units(drawn)
    assert index_in(name(drawn))[0] == 2


def test_a_kept_square_follows_the_drawing_one_question_at_a_time(drawn: Page) -> None:
    click(drawn, "output", 0.75, 0.5)
    assert name(drawn) == "Output, digit 7"
    before, questions = value(drawn), len(units_asked(drawn))
    trace(Mouse(drawn), THREE)
    settle_units(drawn)
    during = value(drawn)
    assert during != before
    drawn.mouse.up()
    settle_units(drawn)
    assert name(drawn) == "Output, digit 7"
    assert drawn.evaluate("watch.units.most") == 1
    assert len(units_asked(drawn)) > questions + 1
    newest = units_asked(drawn)[-1]["strokes"]
    assert newest == asked(drawn)[-1]["strokes"]


def test_each_layer_is_one_tab_stop_with_arrow_keys(drawn: Page) -> None:
    stops = drawn.locator(".inside-layers [tabindex='0'], .inside-layers button")
    assert len(stops.all()) == len(LAYERS)
    click(drawn, "c1", 0.12, 0.2)
    map_, row, column = index_in(name(drawn))
    for key, wanted in [
        ("ArrowRight", [map_, row, column + 1]),
        ("ArrowDown", [map_, row + 1, column + 1]),
        ("ArrowLeft", [map_, row + 1, column]),
        ("ArrowUp", [map_, row, column]),
        ("PageDown", [map_ + 1, row, column]),
        ("Home", [1, 1, 1]),
        ("ArrowUp", [1, 1, 1]),
        ("End", [6, 24, 24]),
    ]:
        drawn.keyboard.press(key)
        settle_units(drawn)
        assert index_in(name(drawn)) == wanted, key
    drawn.keyboard.press("Tab")
    settle_units(drawn)
    assert name(drawn).startswith("S2, map")
    keep = drawn.get_by_role("button", name="Keep")
    drawn.keyboard.press("Enter")
    kept = keep.get_attribute("aria-pressed")
    drawn.keyboard.press("Enter")
    assert {kept, keep.get_attribute("aria-pressed")} == {"true", "false"}


def test_a_choice_is_said_once_and_drawing_says_nothing(drawn: Page) -> None:
    voice = drawn.locator(".inside-voice")
    click(drawn, "s4", 0.1, 0.2)
    assert voice.inner_text() == (
        f"{name(drawn)}: {value(drawn)}. {drawn.locator('.unit-sight').inner_text()}"
    )
    drawn.evaluate(
        """() => {
          watch.said = 0;
          new MutationObserver(() => (watch.said += 1)).observe(
            document.querySelector(".inside-voice"),
            { childList: true, characterData: true, subtree: true });
        }"""
    )
    draw(Mouse(drawn), UNDER)
    settle_units(drawn)
    assert drawn.evaluate("watch.said") == 0
    drawn.locator("[data-layer=s4] .inside-maps").press("ArrowRight")
    settle_units(drawn)
    assert drawn.evaluate("watch.said") == 1


def test_a_term_leads_to_the_unit_that_it_comes_from(drawn: Page) -> None:
    click(drawn, "output", 0.75, 0.5)
    term = drawn.locator(".unit-plus button").first
    unit, product = term.locator(".cell").all_inner_texts()[:2]
    factors = term.locator(".cell").nth(2).inner_text().split(" × ")
    assert abs(number(factors[0]) * number(factors[1]) - number(product)) < 1e-2
    term.click()
    settle_units(drawn)
    assert name(drawn) == unit
    assert value(drawn) == factors[0]


def test_the_terms_are_the_strongest_for_and_against(drawn: Page) -> None:
    click(drawn, "f6", 0.3, 0.5)
    for side, sign in [("plus", 1), ("minus", -1)]:
        products = [
            number(term.locator(".cell").nth(1).inner_text())
            for term in drawn.locator(f".unit-{side} button").all()
        ]
        assert len(products) == 4
        assert all(sign * product > 0 for product in products)
        assert products == sorted(products, key=lambda product: -abs(product))


def test_the_scores_become_the_bars(drawn: Page) -> None:
    click(drawn, "output", 0.75, 0.5)
    digits = drawn.locator(".unit-scores tr .cell:first-child").all_inner_texts()
    assert digits == [str(digit) for digit in range(10)]
    chosen = drawn.locator(".unit-scores .is-chosen .cell")
    assert chosen.first.inner_text() == "7"
    assert abs(number(chosen.nth(2).inner_text()) - number(value(drawn))) < 6e-3


def test_1998_compares_84_numbers_with_ten_glyphs(open_page: OpenPage, server: Any) -> None:
    page = opened(open_page, f"{server.url}/?model=lenet5-1998")
    click(page, "output", 0.35, 0.5)
    assert name(page) == "Output, digit 3"
    drawn, glyph, squares = tables(page)
    assert len(drawn) == len(glyph) == len(squares) == 84
    assert set(glyph) == {-1, 1}
    for x, code, square in zip(drawn, glyph, squares, strict=True):
        assert abs((x - code) ** 2 - square) < 0.03
    rows = sum_rows(page)
    assert rows[0][0] == "84 differences squared"
    assert abs(sum(squares) - number(rows[0][1])) < 0.5
    assert abs(number(rows[0][1]) / -32 - number(value(page))) < ROUNDING
    distances = page.locator(".unit-scores tr .cell:nth-child(2)").all_inner_texts()
    assert len(distances) == 10
    assert abs(number(distances[3]) - number(rows[0][1])) < 6e-3
    box = page.locator("[data-layer=f6] .inside-maps").bounding_box()
    assert box is not None
    assert box["height"] / box["width"] == pytest.approx(12 / 7, abs=0.01)


def test_arrow_keys_go_from_glyph_to_glyph(open_page: OpenPage, server: Any) -> None:
    page = opened(open_page, f"{server.url}/?model=lenet5-1998")
    glyphs = page.locator("[data-layer=output] .inside-maps")
    for key, digit in [("Home", 0), ("ArrowRight", 1), ("End", 9), ("ArrowLeft", 8)]:
        glyphs.press(key)
        expect(page.locator(".unit-name")).to_have_text(f"Output, digit {digit}")


def test_of_a_whole_number_the_chosen_digit_is_shown(page: Page, mouse: Mouse) -> None:
    choose_pad(page, "A whole number")
    open_inside(page)
    for stroke in NUMBER[:2]:
        draw(mouse, stroke)
    expect(page.locator(".unit-value")).to_be_visible()
    page.locator("[data-layer=c1] .inside-low:not(:empty)").wait_for()
    settle_units(page)
    assert painted(page)["c1"]
    assert units_asked(page)[-1]["strokes"] == asked(page)[-1]["strokes"] != []
    assert len(units_asked(page)[-1]["strokes"]) == 1
    assert ink_in(page, ".pad-marks")[0] > 0


def test_only_what_is_in_view_is_painted(drawn: Page) -> None:
    drawn.evaluate("scrollTo(0, 0)")
    drawn.set_viewport_size({"width": 1280, "height": 600})
    settle_units(drawn)
    seen = painted(drawn)
    assert seen["c1"]
    assert not seen["output"]
    drawn.locator("[data-layer=output]").scroll_into_view_if_needed()
    settle(drawn)
    assert painted(drawn)["output"]


def test_nothing_is_written_where_nothing_changed(drawn: Page) -> None:
    drawn.evaluate(
        """() => {
          watch.written = 0;
          new MutationObserver((records) => (watch.written += records.length)).observe(
            document.querySelector("#panel-inside"),
            { childList: true, characterData: true, attributes: true, subtree: true });
        }"""
    )
    for _ in range(3):
        drawn.evaluate("dispatchEvent(new Event('resize'))")
        drawn.mouse.move(5, 5)
        settle(drawn)
    assert drawn.evaluate("watch.written") == 0


def test_a_blank_pad_has_an_invitation_and_no_frame(drawn: Page) -> None:
    expect(drawn.locator(".unit-invitation")).to_be_hidden()
    drawn.get_by_role("button", name="Clear").click()
    settle(drawn)
    expect(drawn.locator(".unit-invitation")).to_be_visible()
    expect(drawn.locator(".picture-outline")).to_be_hidden()
    assert ink_in(drawn, ".pad-marks") == [0]
    assert not any(painted(drawn).values())


def test_a_finger_taps_a_square_beside_the_pad(phone: Page, finger: Finger) -> None:
    open_inside(phone)
    draw(finger, SEVEN)
    settle_units(phone)
    x, y = place_in(phone, "c3", 0.3, 0.2)
    phone.touchscreen.tap(x, y)
    settle_units(phone)
    assert name(phone).startswith("C3, map")
    assert ink_in(phone, ".pad-marks")[0] > 0
    expect(phone.locator(".pad-paper")).to_be_in_viewport()
    expect(phone.locator(".unit-value")).to_be_in_viewport()
    expect(phone.locator("[data-layer=c3] .inside-maps")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plus_and_minus_have_two_colours_and_zero_is_paper(
    open_page: OpenPage, server: Any, scheme: str
) -> None:
    page = opened(open_page, f"{server.url}/?model=lenet-tanh", color_scheme=scheme)
    settle_units(page)
    colours = page.evaluate(
        """async () => {
          const { rgbFrom, tint } = await import("/static/js/lens/inside/tint.js");
          const of = (name) => rgbFrom(getComputedStyle(document.querySelector(name)).color);
          const colours = { plus: of(".inside-plus"), minus: of(".inside-minus"),
            paper: of(".inside-paper"), text: of(".inside-text") };
          const canvas = document.querySelector("[data-layer=c1] canvas");
          const { width, height } = canvas;
          const copy = new OffscreenCanvas(width, height).getContext("2d");
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(0, 0, width, height);
          const shades = new Set(Array.from({ length: 201 }, (_, i) =>
            tint((i - 100) / 100, 1, colours)));
          const seen = [...new Set(new Uint32Array(data.buffer))].filter(Boolean);
          return { ...colours, seen: seen.length };
        }"""
    )
    assert len({tuple(colours[name]) for name in ("plus", "minus", "paper")}) == 3
    red, _, blue = colours["plus"]
    assert blue > red
    red, _, blue = colours["minus"]
    assert red > blue
    assert colours["seen"] > 20


def test_at_400_percent_nothing_covers_the_numbers(open_page: OpenPage, server: Any) -> None:
    page = opened(open_page, server.url, viewport={"width": 320, "height": 256})
    unit = page.locator(".unit")
    unit.scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert unit.evaluate("element => getComputedStyle(element).position") == "static"
