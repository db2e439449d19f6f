"""The modules of Inside that touch no page: places of units, colours, words and numbers."""

from typing import Any

import pytest
from playwright.sync_api import Page


@pytest.fixture(scope="module")
def blank(browser: Any, server: Any) -> Any:
    """A page in which modules are imported."""
    page = browser.new_page()
    page.goto(server.url)
    yield page
    page.close()


def call(page: Page, module: str, code: str, *values: Any) -> Any:
    """The result of code that uses `module` and `values`."""
    return page.evaluate(
        f"""async (values) => {{
          const module = await import("/static/js/lens/inside/{module}.js");
          {code}
        }}""",
        list(values),
    )


@pytest.mark.parametrize(
    ("shape", "across"), [([6, 24, 24], 3), ([16, 4, 4], 8), ([120], 20), ([84], 21), ([10], 10)]
)
def test_every_unit_is_found_at_its_own_place(blank: Page, shape: list[int], across: int) -> None:
    wrong = call(
        blank,
        "grid",
        """
        const [shape, across] = values;
        const grid = module.gridOf(shape, across);
        const [count, height = 1, width = 1] = shape;
        const wrong = [];
        for (let map = 0; map < count; map += 1) {
          for (let row = 0; row < height; row += 1) {
            for (let column = 0; column < width; column += 1) {
              const { left, top } = module.placeOf(grid, [map, row, column]);
              const found = module.unitAt(grid, left + 0.5, top + 0.5);
              if (found.join() !== [map, row, column].join()) wrong.push([map, row, column]);
              if (left >= grid.columns || top >= grid.rows) wrong.push([left, top]);
            }
          }
        }
        return wrong;
        """,
        shape,
        across,
    )
    assert wrong == []


def test_places_outside_the_maps_belong_to_the_nearest_unit(blank: Page) -> None:
    found = call(
        blank,
        "grid",
        """
        const grid = module.gridOf([6, 4, 4], 3); // 14 × 9 units
        return [[-5, -5], [99, 99], [4.5, 0], [0, 4.5]].map(([x, y]) =>
          module.unitAt(grid, x, y));
        """,
    )
    assert found == [[0, 0, 0], [5, 3, 3], [0, 0, 3], [0, 3, 0]]


@pytest.mark.parametrize(
    ("start", "key", "wanted"),
    [
        ([0, 0, 3], "ArrowRight", [1, 0, 0]),
        ([1, 0, 0], "ArrowLeft", [0, 0, 3]),
        ([0, 3, 2], "ArrowDown", [3, 0, 2]),
        ([2, 1, 3], "ArrowRight", [2, 1, 3]),  # the right edge
        ([4, 3, 1], "ArrowDown", [4, 3, 1]),  # the lower edge
        ([2, 3, 1], "ArrowDown", [2, 3, 1]),  # there are only five maps
        ([4, 1, 1], "PageDown", [4, 1, 1]),
        ([4, 1, 1], "PageUp", [3, 1, 1]),
        ([4, 1, 1], "Home", [0, 0, 0]),
        ([1, 1, 1], "End", [4, 3, 3]),
        ([1, 1, 1], "a", None),
    ],
)
def test_arrow_keys_go_on_in_the_next_map(
    blank: Page, start: list[int], key: str, wanted: list[int] | None
) -> None:
    code = "return module.moved(module.gridOf([5, 4, 4], 3), values[0], values[1]);"
    assert call(blank, "grid", code, start, key) == wanted


def test_maps_go_below_each_other_where_their_units_would_be_small(blank: Page) -> None:
    code = "return values.map((room) => module.fittingGrid([6, 24, 24], [6, 3, 2], room).across);"
    assert call(blank, "grid", code, 900, 447, 446, 222, 100) == [6, 6, 3, 3, 2]


def test_a_unit_has_a_whole_number_of_pixels_of_the_screen(blank: Page) -> None:
    code = """
      const grid = module.gridOf([6, 24, 24], 3); // 74 units
      return values.map((ratio) => module.unitSide(grid, 300, 6, ratio) * ratio);
    """
    assert call(blank, "grid", code, 1, 1.5, 2, 3) == [4, 6, 8, 12]


@pytest.mark.parametrize(
    ("largest", "limit"),
    [(0, 1), (1, 1), (1.01, 1.5), (0.34, 0.5), (7.2, 10), (42, 50), (120, 150)],
)
def test_a_scale_ends_at_a_round_number(blank: Page, largest: float, limit: float) -> None:
    assert call(blank, "tint", "return module.limitFor(values[0]);", largest) == limit


COLOURS = """
  const [plus, minus, paper, text] = [[0, 0, 200], [200, 100, 0], [255, 255, 255], [0, 0, 0]];
  const colours = { plus, minus, paper, text };
  const rgb = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
"""


def test_zero_is_paper_and_the_limit_has_the_full_colour(blank: Page) -> None:
    code = f"{COLOURS} return values.map((value) => rgb(module.tint(value, 2, colours)));"
    found = call(blank, "tint", code, 0, 2, -2, 9, 1)
    assert found[:4] == [[255, 255, 255], [0, 0, 200], [200, 100, 0], [0, 0, 200]]
    assert found[4] == [128, 128, 228]


def test_the_byte_nearest_to_zero_is_paper(blank: Page) -> None:
    code = f"""{COLOURS}
      const pixels = module.palette({{ low: -0.7, high: 1.3 }}, 2, colours);
      return [...pixels].map(rgb).flatMap((colour, byte) =>
        colour.join() === "255,255,255" ? [byte] : []);
    """
    assert call(blank, "tint", code) == [89]  # 0.7 / 2 × 255 = 89.25


def test_glyphs_have_colour_only_where_the_figure_differs(blank: Page) -> None:
    code = f"""{COLOURS}
      return [...module.glyphPixels(["#.", ".#"], [1, -1], colours)].map(rgb);
    """
    grey = [179, 179, 179]
    assert call(blank, "tint", code) == [grey, [255] * 3, [200, 100, 0], [200, 100, 0]]


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (0, "0.0000", "+0.0000"),
        (-0.00004, "0.0000", "+0.0000"),
        (1.5, "1.5000", "+1.5000"),
        (-12.34567, "−12.3457", "−12.3457"),
    ],
)
def test_numbers_have_a_real_minus_and_no_negative_zero(
    blank: Page, value: float, plain: str, signed: str
) -> None:
    code = "return [module.plain(values[0]), module.signed(values[0])];"
    assert call(blank, "numbers", code, value) == [plain, signed]


@pytest.mark.parametrize(
    ("share", "text"),
    [(1, "over 99.9\u2009%"), (0, "under 0.1\u2009%"), (0.9712, "97.1\u2009%")],
)
def test_no_probability_is_certain(blank: Page, share: float, text: str) -> None:
    assert call(blank, "numbers", "return module.percent(values[0]);", share) == text


@pytest.mark.parametrize(
    ("layer", "index", "text"),
    [
        ("c3", [4, 3, 6], "C3, map 5, row 4, column 7"),
        ("c5", [56], "C5, unit 57"),
        ("output", [7], "Output, digit 7"),
    ],
)
def test_units_are_counted_from_one_and_digits_are_named(
    blank: Page, layer: str, index: list[int], text: str
) -> None:
    assert call(blank, "words", "return module.nameOf(...values);", layer, index) == text


@pytest.mark.parametrize(
    ("field", "reads", "text"),
    [
        ([0, 0, 28, 28], "s4", "It sees the whole picture"),
        ([-2, -2, 30, 30], "f6", "It sees the whole picture"),
        ([3, 4, 8, 9], "picture", "It sees the 5 × 5 pixels in the frame"),
        (
            [-2, 4, 3, 9],
            "picture",
            "It sees the 5 × 5 pixels in the frame, partly beyond the edge",
        ),
        ([3, 4, 9, 10], "c1", "It sees the 6 × 6 pixels in the frame, through the layers above"),
    ],
)
def test_what_a_unit_sees_is_put_into_words(
    blank: Page, field: list[int], reads: str, text: str
) -> None:
    unit = {"field": field, "reads": reads}
    assert call(blank, "words", "return module.sightOf(values[0]);", unit) == text
