"""The address keeps drawing, pad, tab and network; links bring them back, or say why not."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import ONE, OVER, SEVEN, UNDER, Mouse, Pen, draw
from tests.browser.networks import choose
from tests.browser.server import Server
from tests.browser.watch import asked, figure, ink, open_tab, settle

KEPT = re.compile(r"#v1&.*ink=[\w-]{6,}$")
CLEAN = re.compile(r"^[^#]*$")


def wait_until_kept(page: Page) -> str:
    """Wait until the pen has rested and the address has the drawing; returns its fragment."""
    expect(page).to_have_url(KEPT)
    return page.url.split("#")[1]


def strokes(page: Page) -> Any:
    """The strokes of the last question."""
    settle(page)
    return asked(page)[-1]["strokes"]


def far_apart(some: Any, others: Any) -> float:
    """The largest distance between the ends of the strokes of two drawings."""
    assert len(some) == len(others)
    ends = [(a[i], b[i]) for a, b in zip(some, others, strict=True) for i in (0, -1)]
    return max(abs(p[axis] - q[axis]) for p, q in ends for axis in (0, 1))


def test_reload_keeps_the_drawing(any_pen: Pen) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    draw(any_pen, SEVEN)
    before = strokes(page)
    covered = ink(page)
    wait_until_kept(page)
    page.reload()
    expect(page.locator(".reading-figure")).to_have_text("7")
    assert far_apart(strokes(page), before) < 0.002
    assert ink(page) == pytest.approx(covered, rel=0.02)


def test_reload_keeps_pad_tab_and_network(page: Page, mouse: Mouse) -> None:
    page.locator("input[value=many]").click(force=True)
    draw(mouse, [(x / 3 + 0.05, y) for x, y in SEVEN])
    draw(mouse, [(x / 3 + 0.55, y) for x, y in ONE])
    open_tab(page, "compare")
    choose(page, "lenet-32")
    expect(page).to_have_url(re.compile(r"mode=many&tab=compare&ink="))
    before = strokes(page)
    page.reload()
    expect(page.locator("#tab-compare")).to_have_attribute("aria-selected", "true")
    expect(page.locator("input[value=many]")).to_be_checked()
    expect(page.locator("input[value=lenet-32]")).to_be_checked()
    expect(page.locator("#panel-compare")).to_be_visible()
    assert far_apart(strokes(page), before) < 0.002


def test_back_from_another_page_keeps_the_drawing(page: Page, mouse: Mouse) -> None:
    draw(mouse, SEVEN)
    wait_until_kept(page)
    page.locator(".notes a[href$='models']").click()
    expect(page).to_have_url(re.compile("/models"))
    page.go_back()
    expect(page.locator(".reading-figure")).to_have_text("7")


def test_drawing_adds_nothing_to_the_history(page: Page, mouse: Mouse) -> None:
    before = page.evaluate("history.length")
    seen = set()
    for stroke in (OVER, UNDER, ONE):
        draw(mouse, stroke)
        page.wait_for_timeout(1_000)
        seen.add(wait_until_kept(page))
    assert len(seen) > 1
    assert page.evaluate("history.length") == before


def test_while_the_pen_moves_the_address_is_not_written(page: Page, mouse: Mouse) -> None:
    page.evaluate(
        """() => {
          window.writes = 0;
          const original = history.replaceState.bind(history);
          history.replaceState = (...given) => { window.writes += 1; original(...given); };
        }"""
    )
    for _ in range(5):
        draw(mouse, OVER)
    wait_until_kept(page)
    assert page.evaluate("window.writes") <= 2


def test_the_address_of_a_blank_page_is_clean(page: Page, mouse: Mouse) -> None:
    settle(page)
    expect(page).to_have_url(CLEAN)
    draw(mouse, OVER)
    wait_until_kept(page)
    page.keyboard.press("Escape")
    expect(page).to_have_url(CLEAN)


def test_the_drawing_in_the_address_is_never_sent(
    browser: Browser, server: Server, page: Page, mouse: Mouse
) -> None:
    draw(mouse, SEVEN)
    fragment = wait_until_kept(page)
    other = browser.new_page()
    sent: list[str] = []
    other.on("request", lambda request: sent.append(f"{request.url} {request.headers}"))
    other.goto(f"{server.url}#{fragment}")
    expect(other.locator(".reading-figure")).to_have_text("7")
    other.close()
    code = fragment.split("ink=")[1]
    assert len(sent) > 5
    # Playwright reports the address of the page with its fragment; browsers do not send it.
    assert [line for line in sent[1:] if code in line] == []


def test_a_link_that_was_cut_off_says_so_and_the_pad_is_empty(
    open_page: OpenPage, server: Server, page: Page, mouse: Mouse
) -> None:
    draw(mouse, SEVEN)
    fragment = wait_until_kept(page)
    broken = open_page(f"{server.url}#{fragment[:-9]}")
    expect(broken.locator(".notice")).to_contain_text("damaged or was cut off")
    assert ink(broken) == 0
    draw(Mouse(broken), ONE)
    expect(broken.locator(".notice-line")).to_be_hidden()
    settle(broken)
    assert figure(broken) == "1"


def test_a_link_of_a_newer_version_says_so_on_a_phone_too(
    open_page: OpenPage, server: Server
) -> None:
    phone = open_page(f"{server.url}#v2&ink=abc", viewport={"width": 390, "height": 844})
    notice = phone.locator(".notice-line")
    expect(notice).to_contain_text("newer version of this page")
    box = notice.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    button = notice.get_by_role("button", name="Close")
    size = button.bounding_box()
    assert size is not None
    assert size["height"] >= 40
    button.click()
    expect(notice).to_be_hidden()


def test_a_link_about_a_network_that_is_not_here_says_so_and_shows_the_drawing(
    open_page: OpenPage, server: Server, page: Page, mouse: Mouse
) -> None:
    draw(mouse, SEVEN)
    fragment = wait_until_kept(page).replace("v1&", "v1&model=alexnet&")
    other = open_page(f"{server.url}#{fragment}")
    expect(other.locator(".notice")).to_contain_text("“alexnet”, which is not served here")
    expect(other.locator(".reading-figure")).to_have_text("7")


def test_a_link_put_into_the_same_page_shows_its_drawing_and_undo_brings_the_old_one(
    page: Page, mouse: Mouse
) -> None:
    draw(mouse, SEVEN)
    fragment = wait_until_kept(page)
    page.keyboard.press("Escape")
    expect(page).to_have_url(CLEAN)
    draw(mouse, ONE)
    settle(page)
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
    expect(page.locator(".reading-figure")).to_have_text("7")
    page.keyboard.press("Backspace")
    expect(page.locator(".reading-figure")).to_have_text("1")


def test_a_fragment_of_another_kind_is_left_alone(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}#paper")
    settle(page)
    page.wait_for_timeout(500)
    assert page.url.endswith("#paper")
    expect(page.locator(".notice-line")).to_be_hidden()
