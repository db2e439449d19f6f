"""Every state of the page that a visitor can meet, as a table: for tests that look at all of them.

A new tab, menu or dialog gets a line here; test_states.py then looks at it too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.files import drop
from tests.browser.hand import FOUR, SEVEN, Mouse, draw, on_screen
from tests.browser.numbers import NUMBER, choose_pad, count_strokes
from tests.browser.test_reader import answer
from tests.browser.watch import open_tab, rest, sentence, settle, wait_for_parts
from tests.drawn import drawn as pictured
from tests.drawn import encoded
from tests.strokes import SEVEN as SEVEN_STROKES

TABS = ("steps", "inside", "why", "compare", "training")  # besides the answer


@dataclass(frozen=True)
class State:
    """A page, and what is done on it.

    path:    of the page, without its first slash
    prepare: brings the page into the state, and waits until it is there
    """

    name: str
    prepare: Callable[[Page], None]
    path: str = ""


def blank(page: Page) -> None:
    """The page as it opens."""


def drawn(page: Page) -> None:
    draw(Mouse(page), SEVEN)
    settle(page)
    assert sentence(page).startswith("A 7")


def says(*words: str, **changes: Any) -> Callable[[Page], None]:
    """A drawing about which the server says something else than "a 4"; words: of the sentence."""

    def prepare(page: Page) -> None:
        page.route("**/api/predict", lambda route: route.fulfill(json=answer(4) | changes))
        for stroke in FOUR:
            draw(Mouse(page), stroke)
        for word in words:
            expect(page.locator(".reading-sentence")).to_contain_text(word)

    return prepare


def refused(page: Page) -> None:
    problem = {"status": 422, "title": "Not a drawing", "detail": "Found 9 points, wanted fewer."}
    page.route("**/api/predict", lambda route: route.fulfill(status=422, json=problem))
    draw(Mouse(page), SEVEN)
    expect(page.locator(".reading-sentence")).to_contain_text("wanted fewer")


def away(page: Page) -> None:
    page.route("**/api/predict", lambda route: route.abort())
    draw(Mouse(page), SEVEN)
    expect(page.locator(".reading-sentence")).to_contain_text("cannot be reached")


def blank_number(page: Page) -> None:
    choose_pad(page, "A whole number")
    settle(page)


def number(page: Page) -> None:
    blank_number(page)
    for stroke in NUMBER:
        draw(Mouse(page), stroke)
    settle(page)
    assert sentence(page).startswith("1737")


def strange_number(page: Page) -> None:
    blank_number(page)
    count_strokes(page, answer(1), answer(4) | {"verdict": "not-a-digit", "digit": None})
    for stroke in NUMBER[:3]:
        draw(Mouse(page), stroke)
    expect(page.locator(".reading-sentence")).to_contain_text("does not look like a digit")


def opened(tab: str, prepare: Callable[[Page], None]) -> Callable[[Page], None]:
    """A tab of the lens is opened after the drawing, and shows all that it has asked for."""

    def prepare_and_open(page: Page) -> None:
        prepare(page)
        open_tab(page, tab)
        rest(page)

    return prepare_and_open


def share_menu(page: Page) -> None:
    drawn(page)
    wait_for_parts(page)
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#share-list")).to_be_visible()


def samples_menu(page: Page) -> None:
    wait_for_parts(page)
    page.get_by_role("button", name="Try one").click()
    expect(page.locator("#samples-list")).to_be_visible()


def list_of_keys(page: Page) -> None:
    drawn(page)
    wait_for_parts(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Other ways to draw")).to_be_visible()


def drawn_by_taps(page: Page) -> None:
    """A line that is not finished."""
    list_of_keys(page)
    page.get_by_role("checkbox", name="Draw by taps").check()
    page.keyboard.press("Escape")
    for point in SEVEN[:2]:
        page.mouse.click(*on_screen(page, point))
    expect(page.locator(".pad-cursor")).to_be_visible()


def picture_opened(page: Page) -> None:
    drop(page, SEVEN_PICTURE)
    expect(page.locator(".opened")).to_be_visible()
    expect(page.locator(".reading-figure")).to_have_text("7")


def broken_link(page: Page) -> None:
    wait_for_parts(page)
    expect(page.locator(".notice-line")).to_be_visible()


def challenges(page: Page) -> None:
    wait_for_parts(page)
    page.locator(".challenges summary").click()
    expect(page.get_by_role("link", name="The smallest 8")).to_be_visible()
    page.wait_for_function("[...document.styleSheets].some(({ href }) => /lessons/.test(href))")


def drawn_below(page: Page) -> None:
    """On a low window the pad is below what stands above it."""
    page.locator(".pad-ink").evaluate("(pad) => pad.scrollIntoView({ block: 'center' })")
    drawn(page)


def challenge(page: Page) -> None:
    page.wait_for_selector(".lesson-voice:not(:empty)", state="attached")
    drawn_below(page)
    expect(page.locator(".lesson-progress")).to_contain_text("It reads 7")


def labels(page: Page) -> None:
    """The dialog about the drawing, with two of them in the gallery."""
    drawn(page)
    page.get_by_role("button", name="Not right?").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    line = b'{"label": "A", "strokes": [[[1, 2], [30, 40]]]}'
    page.locator(".teach-file").set_input_files(
        {"name": "mine.jsonl", "mimeType": "text/plain", "buffer": line}
    )
    expect(page.locator(".teach-item")).to_have_count(1)
    page.get_by_role("dialog").get_by_role("button", name="1", exact=True).click()
    expect(page.locator(".teach-item")).to_have_count(2)


def output(page: Page) -> None:
    """Inside, and the last layer is written out."""
    draw(Mouse(page), SEVEN)
    opened("inside", settle)(page)
    layer = page.locator("[data-layer=output] .inside-maps")
    layer.press("Home")
    expect(page.locator(".unit-name")).to_have_text("Output, digit 0")
    page.evaluate("scrollTo(0, 0)")


def pressed(selector: str, prepare: Callable[[Page], None]) -> Callable[[Page], None]:
    """A menu, a dialog or a fold is opened after the drawing, by what a selector finds."""

    def prepare_and_press(page: Page) -> None:
        prepare(page)
        wait_for_parts(page)
        page.locator(selector).click()
        settle(page)

    return prepare_and_press


def replayed(page: Page) -> None:
    drawn(page)
    rest(page)
    slider = page.locator(".replay input")
    slider.evaluate("(slider) => { slider.value = Math.floor(slider.max / 2); }")
    slider.dispatch_event("input")
    settle(page)


def two_networks(page: Page) -> None:
    """The first network and the one of the paper unfolded; all five take axe half a minute."""
    page.locator("[id=lenet5-1998] > summary").click()
    page.locator("[id=lenet5-1998] .facts").wait_for()
    page.locator("[id=lenet5-1998] details > summary").evaluate_all(
        "all => all.forEach((summary) => summary.click())"
    )


SEVEN_PICTURE = encoded(pictured(SEVEN_STROKES))
UNSURE = {"verdict": "unsure", "alternatives": [4, 9]}
NO_DIGIT = {"verdict": "not-a-digit", "digit": None}

STATES = [
    State("blank", blank),
    State("drawn", drawn),
    State("unsure", says("A 4 or a 9?", **UNSURE)),
    State("not a digit", says("does not look like a digit", **NO_DIGIT)),
    State("refused", refused),
    State("away", away),
    State("blank number", blank_number),
    State("number", number),
    State("number with a letter", strange_number),
    *(State(f"{tab} of nothing", opened(tab, blank)) for tab in TABS),
    *(State(tab, opened(tab, drawn)) for tab in TABS),
    State("output", output),
    State("glyphs of 1998", output, "?model=lenet5-1998"),
    State("steps of a number", opened("steps", number)),
    State("share menu", share_menu),
    State("samples", samples_menu),
    State("keys", list_of_keys),
    State("drawn by taps", drawn_by_taps),
    State("picture opened", picture_opened),
    State("broken link", broken_link, "#v1&ink=zG2T6E"),
    State("for a frame", drawn, "?embed=1"),
    State("list of challenges", challenges),
    State("challenge", challenge, "?lesson=four-nine"),
    State("caption", drawn_below, "?caption=Draw%20your%20age&hide=tabs,essay"),
    State("unknown challenge", blank, "?lesson=nine-nine"),
    State("labels", labels),
    State("meaning", pressed(".meaning summary", drawn)),
    State("replay", replayed),
    State("models", two_networks, "models"),
    State("no such page", blank, "nothing"),
]
