"""The six challenges on the page: links, captions, hidden parts, progress, next and leave."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from app.lessons import CHALLENGES, HIDEABLE, Challenge
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import FOUR, THREE, Finger, Mouse, Pen, Stroke, draw
from tests.browser.server import Server
from tests.browser.solutions import SOLUTIONS
from tests.browser.watch import ink, settle

DONE = "Done. "


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the committed networks."""
    with Server(tmp_path_factory.mktemp("trained") / "output.txt") as server:
        yield server


def link(server: Server, **parameters: str) -> str:
    return f"{server.url}?{urlencode(parameters)}"


def write(pen: Pen, strokes: list[Stroke]) -> None:
    """Draw as a visitor does, who looks at each answer."""
    page: Page = pen.page  # type: ignore[attr-defined]
    for stroke in strokes:
        draw(pen, stroke)
        settle(page)


def progress(page: Page) -> str:
    return page.locator(".lesson-progress").inner_text()


def is_ready(page: Page) -> None:
    """The modules of the challenges are loaded."""
    page.wait_for_selector(".challenges[aria-busy=false]", state="attached")


def open_list(page: Page) -> None:
    page.locator(".challenges summary").click()
    is_ready(page)


@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_challenge_is_met_at_the_pad(
    open_page: OpenPage, trained: Server, name: str, device: str
) -> None:
    page = open_page(link(trained, lesson=name), **(PHONE if device == "phone" else {}))
    is_ready(page)
    pen = Finger(page) if device == "phone" else Mouse(page)
    write(pen, SOLUTIONS[name])
    expect(page.locator(".lesson.is-done .lesson-progress")).to_contain_text(DONE)
    expect(page.locator(".lesson-hint")).to_be_empty()
    expect(page.locator(".lesson-voice")).to_contain_text(DONE)


def test_what_was_met_is_known_after_a_reload(open_page: OpenPage, trained: Server) -> None:
    page = open_page(link(trained, lesson="four-nine"))
    is_ready(page)
    write(Mouse(page), SOLUTIONS["four-nine"])
    expect(page.locator(".lesson.is-done")).to_be_visible()
    page.reload()
    open_list(page)
    marks = page.locator(".challenge-done")
    expect(marks).to_have_text(["Done.", "", "", "", "", ""])


@pytest.mark.parametrize("challenge", CHALLENGES, ids=lambda challenge: str(challenge.name))
def test_a_link_opens_its_challenge(
    open_page: OpenPage, server: Server, challenge: Challenge
) -> None:
    page = open_page(link(server, lesson=challenge.name), java_script_enabled=False)
    expect(page.locator(".lesson-title")).to_have_text(challenge.title)
    expect(page.locator(".lesson-caption")).to_have_text(challenge.task)


def test_how_far_it_is_and_a_hint_stand_above_the_pad(open_page: OpenPage, server: Server) -> None:
    page = open_page(link(server, lesson="four-nine"))
    is_ready(page)
    place = page.locator(".pad-ink").bounding_box()
    write(Mouse(page), FOUR)
    expect(page.locator(".lesson-progress")).to_have_text("Its shape is that of a 4. It reads 4.")
    expect(page.locator(".lesson-hint")).to_contain_text("Close the top of the 4")
    assert page.locator(".pad-ink").bounding_box() == place  # nothing jumped
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".lesson-progress")).to_be_empty()


def test_a_caption_is_shown_as_plain_text(open_page: OpenPage, server: Server) -> None:
    caption = "<b>Group 3</b>: draw & wait"
    page = open_page(link(server, lesson="letter", caption=caption))
    expect(page.locator(".lesson-caption")).to_have_text(caption)
    assert page.locator(".lesson-caption *").count() == 0


def test_a_caption_needs_no_challenge(open_page: OpenPage, server: Server) -> None:
    page = open_page(link(server, caption="Draw your age."))
    expect(page.locator(".lesson-caption")).to_have_text("Draw your age.")
    is_ready(page)
    expect(page.get_by_role("button", name="Next")).to_be_hidden()
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".lesson")).to_be_hidden()


def test_a_challenge_that_does_not_exist_is_told(open_page: OpenPage, server: Server) -> None:
    page = open_page(link(server, lesson="seven<i>"))
    expect(page.locator(".lesson-caption")).to_have_text(
        "There is no challenge “seven<i>”. The six challenges stand below."
    )
    expect(page.locator(".challenge-title")).to_have_count(6)
    expect(page.locator(".challenge-title").first).to_be_visible()


HIDDEN = {
    "after": ".after",
    "bars": ".probabilities",
    "challenges": ".challenges",
    "essay": ".paper",
    "mast": ".masthead",
    "modes": ".mode",
    "picture": ".picture",
    "replay": ".replay",
    "tabs": ".tabs",
    "tools": ".tools",
}


@pytest.mark.parametrize("name", HIDEABLE)
def test_a_link_leaves_out_one_part_of_the_page(
    open_page: OpenPage, server: Server, name: str
) -> None:
    page = open_page(link(server, hide=name))
    shown = {
        part
        for part, selector in HIDDEN.items()
        if page.locator(selector).evaluate("(part) => getComputedStyle(part).display") != "none"
    }
    assert shown == set(HIDEABLE) - {name}


def test_a_challenge_begins_from_the_list_and_keeps_the_drawing(page: Page, mouse: Mouse) -> None:
    write(mouse, [THREE])
    before = ink(page)
    open_list(page)
    page.get_by_role("link", name="Between 3 and 5").click()
    expect(page.locator(".lesson-title")).to_have_text("Between 3 and 5")
    assert page.url.endswith("?lesson=three-five") or "?lesson=three-five#" in page.url
    assert ink(page) == pytest.approx(before, rel=0.2)  # the pad may be smaller now
    expect(page.locator(".lesson-progress")).to_contain_text("3: ")  # it is about this drawing


def test_next_goes_on_with_a_blank_pad_and_undo_brings_the_drawing_back(
    open_page: OpenPage, server: Server
) -> None:
    page = open_page(link(server, lesson="one-dot", caption="First", hide="essay"))
    is_ready(page)
    write(Mouse(page), [THREE])
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".lesson-title")).to_have_text("A 4 it reads as 9")  # after the last one
    assert "caption" not in page.url
    assert "hide=essay" in page.url
    assert ink(page) == 0
    page.get_by_role("button", name="Undo").click()
    assert ink(page) > 0


def test_leave_brings_the_whole_page_back(open_page: OpenPage, server: Server) -> None:
    page = open_page(link(server, lesson="letter", caption="Hi", hide="essay,tools", model="lenet"))
    is_ready(page)
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".lesson")).to_be_hidden()
    expect(page.locator(".tools")).to_be_visible()
    assert page.url == f"{server.url}?model=lenet"
    assert page.evaluate("document.activeElement.name") == "mode"


def test_a_challenge_is_about_one_digit(open_page: OpenPage, server: Server) -> None:
    page = open_page()
    page.get_by_role("radio", name="A whole number").check(force=True)
    open_list(page)
    page.get_by_role("link", name="Between 3 and 5").click()
    expect(page.get_by_role("radio", name="One digit")).to_be_checked()


def test_only_the_challenge_that_needs_them_asks_all_networks(
    open_page: OpenPage, server: Server
) -> None:
    asked = {}
    for name in ("three-five", "five-answers"):
        page = open_page(link(server, lesson=name))
        is_ready(page)
        write(Mouse(page), [THREE])
        asked[name] = page.evaluate("new Set(watch.asked.map(({ model }) => model)).size")
    assert asked == {"three-five": 1, "five-answers": 5}


def test_the_challenges_are_used_by_keyboard(page: Page) -> None:
    page.locator(".challenges summary").focus()
    page.keyboard.press("Enter")
    is_ready(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="A 4 it reads as 9")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".lesson")).to_be_hidden()


@pytest.mark.parametrize(("width", "size"), [(320, 16), (390, 32)])
def test_a_challenge_fits_a_narrow_page_and_large_text(
    open_page: OpenPage, server: Server, width: int, size: int
) -> None:
    page = open_page(
        link(server, lesson="letter", caption="x" * 300), viewport={"width": width, "height": 844}
    )
    page.evaluate(f"document.documentElement.style.fontSize = '{size}px'")
    is_ready(page)
    open_list(page)
    wide = page.evaluate(
        """[...document.querySelectorAll(".lesson, .lesson *, .challenges, .challenges *")]
          .filter((part) => !part.closest(".unseen"))
          .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
          .map((part) => part.className)"""
    )
    assert wide == []


def test_what_is_pressed_is_as_high_as_a_finger(open_page: OpenPage, server: Server) -> None:
    page = open_page(link(server, lesson="letter"), **PHONE)
    is_ready(page)
    open_list(page)
    low = page.locator(".lesson button, .challenge-title, .challenges summary").evaluate_all(
        "parts => parts.map((part) => part.getBoundingClientRect().height).filter((h) => h < 40)"
    )
    assert low == []
