"""The row of tools: one row, within reach of a finger, on every screen and at any size."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.watch import open_tab, wait_for_parts

NAMES = ["Undo", "Redo", "Clear", "Try one", "Open picture", "Share", "Keys, and drawing by taps"]
BOXES = """() => [...document.querySelectorAll(".tools button")]
  .map((button) => button.getBoundingClientRect())
  .filter(({ width }) => width > 0)
  .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""


def tools(page: Page) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every tool that is in view."""
    return [tuple(box) for box in page.evaluate(BOXES)]


@pytest.mark.parametrize("tab", ["answer", "inside"])
@pytest.mark.parametrize(
    "window",
    [{}, PHONE, PHONE | {"viewport": {"width": 360, "height": 640}}],
    ids=["desktop", "phone", "small phone"],
)
def test_the_tools_are_one_row_and_large_enough_for_a_finger(
    open_page: OpenPage, window: dict[str, object], tab: str
) -> None:
    page = open_page(**window)
    wait_for_parts(page)
    if tab != "answer":
        open_tab(page, tab)
    boxes = tools(page)
    assert len(boxes) == len(NAMES)
    assert len({round(top) for _, top, _, _ in boxes}) == 1
    assert min(right - left for left, _, right, _ in boxes) >= 40
    assert min(bottom - top for _, top, _, bottom in boxes) >= 40


@pytest.mark.parametrize("tab", ["answer", "inside"])
@pytest.mark.parametrize(
    ("width", "height", "text"),
    [(320, 640, 1), (390, 844, 2), (1280, 800, 2), (844, 390, 1)],
    ids=["320 px", "phone with large text", "desktop with large text", "landscape"],
)
def test_no_tool_overlaps_another_or_leaves_the_window(
    open_page: OpenPage, width: int, height: int, text: float, tab: str
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    wait_for_parts(page)
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{text}00%")
    if tab != "answer":
        open_tab(page, tab)
    page.evaluate("document.querySelector('.tools-lift').hidden = false")
    cut = page.evaluate("""() => [...document.querySelectorAll(".tools > *")]
        .filter((tool) => tool.scrollWidth > tool.clientWidth + 2)
        .map((tool) => tool.textContent.trim())""")
    assert cut == []
    boxes = tools(page)
    assert len(boxes) == len(NAMES) + 1
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= width
        for other_left, other_top, other_right, other_bottom in boxes[:i]:
            assert (
                left >= other_right - 0.5
                or right <= other_left + 0.5
                or top >= other_bottom - 0.5
                or bottom <= other_top + 0.5
            )


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_every_tool_has_its_name_with_and_without_words(
    open_page: OpenPage, window: dict[str, object]
) -> None:
    page = open_page(**window)
    row = page.get_by_role("group", name="Drawing")
    for name in NAMES:
        expect(row.get_by_role("button", name=re.compile(f"^{name}"))).to_have_count(1)


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("tab", ["answer", "inside"])
def test_the_list_of_samples_opens_within_the_window_and_moves_nothing(
    open_page: OpenPage, window: dict[str, object], tab: str
) -> None:
    page = open_page(**window)
    wait_for_parts(page)
    if tab != "answer":
        open_tab(page, tab)
    before = tools(page)
    page.get_by_role("button", name="Try one").click()
    items = page.locator("#samples-list button")
    expect(items).to_have_count(11)
    width = page.evaluate("innerWidth")
    for item in items.all():
        box = item.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert min(box["width"], box["height"]) >= 40
        item.click(trial=True)  # nothing lies over it
    assert tools(page)[:4] == before[:4]
