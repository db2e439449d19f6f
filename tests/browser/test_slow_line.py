"""What is pressed while the page is still arriving is not lost."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import SEVEN, Mouse, draw
from tests.browser.watch import settle, wait_for_parts


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_a_tab_pressed_before_its_module_arrived_is_opened(
    open_page: OpenPage, window: dict[str, Any]
) -> None:
    held: list[Route] = []
    page = open_page(**window)
    page.route("**/page/parts.js", lambda route: held.append(route))
    with page.expect_request("**/page/parts.js"):
        page.reload()
    draw(Mouse(page), SEVEN)
    settle(page)  # it reads already
    expect(page.locator(".reading-figure")).to_have_text("7")
    page.locator("#tab-inside").click()
    held[-1].continue_()  # the page was loaded twice
    wait_for_parts(page)
    expect(page.locator("#panel-inside [data-layer=c1] canvas").first).to_be_visible()
    expect(page.locator("#tab-inside")).to_have_attribute("aria-selected", "true")
