"""The page: its layout on every screen, its security policy, its size and its accessibility."""

import re

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import OVER, SEVEN, Mouse, draw
from tests.browser.states import TABS
from tests.browser.watch import ink, open_tab, settle, wait_for_parts

SIZES = [(390, 844), (360, 640), (390, 664), (844, 390), (640, 400), (1280, 800), (1920, 1080)]


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda pixels: str(pixels))
def test_pad_reading_and_bars_are_all_on_the_screen(
    open_page: OpenPage, width: int, height: int
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    for part in (".pad-ink", ".reading", ".picture-pixels", ".tools", ".probabilities .bars"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0, part
        assert box["y"] >= 0, part
        assert box["x"] + box["width"] <= width, part
        assert box["y"] + box["height"] <= height, part


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1024, 1440])
def test_nothing_makes_the_page_scroll_sideways(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 700})
    draw(Mouse(page), OVER)
    for mode in ("one", "many"):
        page.locator(f"input[value={mode}]").check()
        for tab in ("answer", *TABS):
            open_tab(page, tab)
            assert page.evaluate("document.documentElement.scrollWidth") == width, (mode, tab)


def test_the_pad_is_square_and_large(phone: Page) -> None:
    box = phone.locator(".pad-ink").bounding_box()
    assert box is not None
    assert box["width"] == box["height"]
    assert box["width"] > 0.9 * 390


def test_nothing_moves_when_an_answer_comes(page: Page) -> None:
    places = """() => [...document.querySelectorAll(".instrument *")]
        .filter((element) => element.checkVisibility())
        .filter((element) => element.matches(".bars-digit, .bars-track, canvas, .tools button"))
        .map((element) => JSON.stringify(element.getBoundingClientRect()))"""
    before = page.evaluate(places)
    draw(Mouse(page), SEVEN)
    settle(page)
    assert page.evaluate(places) == before


def test_the_page_is_small_and_waits_for_nothing_but_style_sheets(open_page: OpenPage) -> None:
    page = open_page()
    loaded = page.evaluate(
        """() => [...performance.getEntriesByType("navigation"),
                  ...performance.getEntriesByType("resource")]
             .map((entry) => [entry.name, entry.encodedBodySize, entry.renderBlockingStatus])"""
    )
    assert sum(size for _, size, _ in loaded) < 200_000
    blocking = [name for name, _, status in loaded if status == "blocking"]
    assert len(blocking) > 0
    assert [name for name in blocking if not name.endswith(".css")] == []


def test_the_page_keeps_its_strict_policy(page: Page) -> None:
    response = page.reload()
    assert response is not None
    assert is_strict(response)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_in_light_and_in_dark(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    draw(Mouse(page), SEVEN)
    settle(page)
    texts = [".abstract", ".reading-sentence", ".bars-share", ".is-leading .bars-share"]
    texts += [".pad-invitation", ".columns p", ".notes", ".tools button", ".after button"]
    texts += [".mode span", ".step p", ".step h3", ".panel-words", ".tabs button"]
    texts += [".network-facts", ".network-name", ".network-sentence", ".answer-reader"]
    poor = {text: found for text in texts if (found := contrast(page, text)) < 4.5}
    assert poor == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ink_follows_the_colours_of_the_system(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    draw(Mouse(page), OVER)
    settle(page)
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    settle(page)
    x, y = 0.5, OVER[0][1]
    drawn = page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector(".pad-ink");
          const { data } = canvas.getContext("2d")
            .getImageData(x * canvas.width, y * canvas.height, 1, 1);
          return [`rgb(${[...data].slice(0, 3).join(", ")})`, getComputedStyle(canvas).color];
        }""",
        [x, y],
    )
    assert drawn[0] == drawn[1]


def test_reduced_motion_is_honoured(open_page: OpenPage) -> None:
    still = open_page(reduced_motion="reduce").locator(".bars-fill").first
    expect(still).to_have_css("transition-duration", "0s")
    moving = open_page(reduced_motion="no-preference").locator(".bars-fill").first
    expect(moving).not_to_have_css("transition-duration", "0s")


def test_everything_has_a_name_and_can_be_reached_by_keyboard(page: Page) -> None:
    draw(Mouse(page), OVER)
    page.locator(".pad-ink").focus()
    for name in ("Undo", "Redo", "Clear"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    settle(page)
    assert ink(page) == 0
    expect(page.get_by_role("button", name="Clear")).to_be_focused()
    expect(page.get_by_role("list", name="Probability of each digit")).to_be_visible()
    expect(page.get_by_role("application", name="Pad to draw a digit on")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_buttons_without_effect_are_marked_as_disabled(page: Page) -> None:
    buttons = [page.get_by_role("button", name=name) for name in ("Undo", "Redo", "Clear")]

    def are_off() -> list[bool]:
        return [button.get_attribute("aria-disabled") == "true" for button in buttons]

    wait_for_parts(page)
    assert are_off() == [True, True, True]
    draw(Mouse(page), OVER)
    assert are_off() == [False, True, False]
    page.keyboard.press("Backspace")
    assert are_off() == [True, False, True]


def is_strict(response: Response) -> bool:
    """Whether a page forbids inline scripts and styles, and has none."""
    policy = response.headers["content-security-policy"]
    inline = re.search(r"<script>|<style|\sstyle=|\son\w+=", response.text())
    return "default-src 'none'" in policy and "unsafe" not in policy and inline is None


def contrast(page: Page, selector: str) -> float:
    """The contrast of a text with the page behind it, by WCAG 2's formula: 1 … 21."""
    colours = page.evaluate(
        """(selector) => [document.querySelector(selector), document.body].map((element, i) => {
             const canvas = new OffscreenCanvas(1, 1).getContext("2d");
             const style = getComputedStyle(element);
             canvas.fillStyle = i === 0 ? style.color : style.backgroundColor;
             canvas.fillRect(0, 0, 1, 1);
             return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
           })""",
        selector,
    )
    text, paper = (luminance(colour) for colour in colours)
    return (max(text, paper) + 0.05) / (min(text, paper) + 0.05)


def luminance(colour: list[int]) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
