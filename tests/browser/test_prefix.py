"""The page behind a proxy that removes a prefix from addresses, and says nothing about it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import SEVEN, Mouse, draw
from tests.browser.server import Server
from tests.browser.states import TABS
from tests.browser.test_open import FILE, expect_seven
from tests.browser.test_share import open_menu
from tests.browser.watch import figure, open_tab, settle, wait_for_parts
from tests.proxy import Proxy, proxied

PREFIX = "/digits/of/ours"


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """A silent proxy; at the end, no request has left the prefix, and none has failed."""
    with proxied(server.port, PREFIX) as proxy:
        yield proxy
    foreign = [path for _, path, _ in proxy.asked if not path.startswith(f"{PREFIX}/")]
    assert foreign == []
    assert [asked for asked in proxy.asked if asked[2] >= 400 and "no/such" not in asked[1]] == []
    assert len(proxy.asked) > 5


@pytest.fixture
def behind(open_page: OpenPage, proxy: Proxy) -> Page:
    return open_page(proxy.url)


def test_it_reads_and_opens_every_tab(behind: Page) -> None:
    draw(Mouse(behind), SEVEN)
    for tab in TABS:
        open_tab(behind, tab)
        settle(behind)
    assert figure(behind) == "7"


def test_the_networks_and_the_way_back_stay_within_the_prefix(behind: Page, proxy: Proxy) -> None:
    behind.get_by_role("link", name="The networks in numbers").click()
    expect(behind).to_have_url(f"{proxy.url}models")
    behind.locator(".abstract").get_by_role("link", name="Draw a digit").click()
    expect(behind).to_have_url(proxy.url)
    wait_for_parts(behind)
    behind.goto(f"{proxy.url}models#lenet-32")
    behind.locator("[id=lenet-32]").get_by_role("link", name="Draw a digit for").click()
    expect(behind).to_have_url(f"{proxy.url}?model=lenet-32")


def test_a_picture_is_opened_and_the_link_that_is_shared_shows_it(
    behind: Page, open_page: OpenPage, proxy: Proxy
) -> None:
    wait_for_parts(behind)
    with behind.expect_file_chooser() as chooser:
        behind.get_by_role("button", name="Open picture").click()
    chooser.value.set_files(FILE)
    expect_seven(behind)
    open_menu(behind)
    link = behind.locator(".share input").input_value()
    assert link.startswith(f"{proxy.url}#v1&ink=")
    expect(open_page(link).locator(".reading-figure")).to_have_text("7")


@pytest.mark.parametrize("path", ["no/such", "no/such/page/", "no/such//page"])
def test_a_wrong_address_at_any_depth_has_the_style_and_a_way_back(
    open_page: OpenPage, proxy: Proxy, path: str
) -> None:
    page = open_page(proxy.url + path)
    expect(page.locator("h1")).to_have_text("There is no such page")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 10
    page.get_by_role("link", name="Draw a digit").click()
    expect(page).to_have_url(proxy.url)
    wait_for_parts(page)


def test_the_page_for_a_frame_and_its_link_stay_within_the_prefix(
    open_page: OpenPage, proxy: Proxy
) -> None:
    page = open_page(f"{proxy.url}embed")
    expect(page).to_have_url(f"{proxy.url}?embed=1")
    draw(Mouse(page), SEVEN)
    expect(page).to_have_url(re.compile("#v1&ink="))  # the pen has rested
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the whole page").click()
    expect(opened.value.locator(".paper")).to_have_count(1)
    expect(opened.value).to_have_url(re.compile(f"^{re.escape(proxy.url)}#v1&ink="))
