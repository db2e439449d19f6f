"""The page for a frame: without title and text, and shown only where the server is told so."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import SEVEN, Mouse, draw
from tests.browser.school import ISOLATED
from tests.browser.server import Server


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory, school: str) -> Iterator[Server]:
    """A server that lets the school show its page in a frame."""
    log = tmp_path_factory.mktemp("telling") / "output.txt"
    with Server(log, FRAME_ANCESTORS=school) as server:
        yield server


def framed(browser: Browser, school: str, address: str, path: str = "/") -> Page:
    """A page of the school with this address in a frame."""
    page = browser.new_page()
    page.goto(f"{school}{path}?{address}")
    return page


def test_without_title_and_text_it_still_reads(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}?embed=1")
    expect(page.locator(".paper, .notes")).to_have_count(0)
    box = page.locator(".masthead").bounding_box()
    assert box is not None
    assert box["height"] <= 1  # the title is there for screen readers
    link = page.get_by_role("link", name="Open the whole page")
    expect(link).to_have_attribute("href", "./")
    assert page.evaluate("document.querySelector('base').target") == "_blank"
    draw(Mouse(page), SEVEN)
    expect(page.locator(".reading-figure")).to_have_text("7")
    expect(page).to_have_url(re.compile("#v1&ink="))  # the pen has rested
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value.locator(".paper")).to_have_count(1)
    expect(opened.value.locator(".reading-figure")).to_have_text("7")


def test_the_page_itself_has_title_and_text(page: Page) -> None:
    expect(page.locator(".paper")).to_have_count(1)
    expect(page.locator("base, .whole")).to_have_count(0)


@pytest.mark.parametrize("address", ["?embed=1", "embed"])
def test_a_frame_shows_it_where_the_server_is_told_so(
    browser: Browser, school: str, telling: Server, address: str
) -> None:
    page = framed(browser, school, telling.url + address)
    frame = page.frame_locator("iframe")
    expect(frame.locator("#panel-answer[aria-busy=false]")).to_be_attached()
    frame.get_by_role("button", name="Share").click()
    expect(frame.locator(".share input")).to_have_value(f"{telling.url}#v1")
    page.close()


def test_a_page_that_isolates_itself_may_frame_it_too(
    browser: Browser, school: str, telling: Server
) -> None:
    page = framed(browser, school, f"{telling.url}?embed=1", ISOLATED)
    frame = page.frame_locator("iframe")
    expect(frame.locator("#panel-answer[aria-busy=false]")).to_be_attached()
    page.close()


@pytest.mark.parametrize("address", ["", "models", "?embed=2"])
def test_a_frame_shows_no_other_page(
    browser: Browser, school: str, telling: Server, address: str
) -> None:
    assert_nothing_shown(framed(browser, school, telling.url + address))


def test_a_frame_of_another_website_shows_nothing(
    browser: Browser, school: str, telling: Server
) -> None:
    other = school.replace("127.0.0.1", "localhost")
    assert_nothing_shown(framed(browser, other, f"{telling.url}?embed=1"))


def test_by_default_no_frame_shows_it(browser: Browser, school: str, server: Server) -> None:
    assert_nothing_shown(framed(browser, school, f"{server.url}?embed=1"))


def assert_nothing_shown(page: Page) -> None:
    expect(page.locator("iframe")).to_be_attached()
    (frame,) = page.frames[1:]
    assert frame.url == "chrome-error://chromewebdata/"
    page.close()
