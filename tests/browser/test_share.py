"""Share a drawing: a link that holds it, and files of three kinds."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import ONE, SEVEN, Mouse, draw
from tests.browser.server import Server
from tests.browser.watch import asked, figure, ink, settle, wait_for_parts


def open_menu(page: Page) -> None:
    wait_for_parts(page)
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#share-list")).to_be_visible()


def saved(page: Page, name: str) -> tuple[str, bytes]:
    """The name and the content of the file that a command saves."""
    open_menu(page)
    with page.expect_download() as download:
        page.locator(f"[data-share={name}]").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def predicted(page: Page, data: bytes, media: str) -> Any:
    headers = {"Content-Type": media}
    url = page.url.split("#")[0] + "api/predict"
    return page.request.post(url, data=data, headers=headers).json()


def test_the_link_that_is_copied_shows_the_drawing_elsewhere(
    open_page: OpenPage, server: Server
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    draw(Mouse(page), SEVEN)
    settle(page)
    open_menu(page)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".share [role=status]")).to_contain_text("Copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.locator(".share input").input_value()
    assert link.startswith(f"{server.url}#v1&ink=")
    assert len(link) < 400
    other = open_page(link)
    expect(other.locator(".reading-figure")).to_have_text("7")
    assert ink(other) == pytest.approx(ink(page), rel=0.03)


def test_where_the_browser_does_not_copy_the_link_can_be_copied_by_hand(
    page: Page, mouse: Mouse
) -> None:
    page.evaluate(
        """() => {
          Object.defineProperty(navigator, "clipboard", { value: undefined });
          document.execCommand = () => false;
        }"""
    )
    draw(mouse, SEVEN)
    open_menu(page)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".share [role=status]")).to_have_text("Copy the link from the field above.")
    assert page.evaluate("String(getSelection())").startswith("http")


def test_the_link_is_there_before_the_menu_opens(page: Page, mouse: Mouse) -> None:
    def slow(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/keep/fragment.*", slow)
    draw(mouse, SEVEN)
    open_menu(page)
    assert "#v1&ink=" in page.locator(".share input").input_value()


def test_no_menu_opens_without_what_makes_links(page: Page, mouse: Mouse) -> None:
    page.route("**/keep/fragment.*", lambda route: route.abort())
    draw(mouse, SEVEN)
    wait_for_parts(page)
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".notice")).to_contain_text("The server cannot be reached.")
    expect(page.locator("#share-list")).to_be_hidden()
    page.unroute("**/keep/fragment.*")
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#share-list")).to_be_visible()


def test_the_link_names_the_network_that_was_chosen_by_the_address(
    open_page: OpenPage, server: Server
) -> None:
    page = open_page(f"{server.url}?model=lenet-32")
    draw(Mouse(page), SEVEN)
    open_menu(page)
    link = re.compile("^" + re.escape(f"{server.url}#v1&model=lenet-32&ink="))
    expect(page.locator(".share input")).to_have_value(link)


def test_the_saved_question_is_one_that_the_server_answers(page: Page, mouse: Mouse) -> None:
    draw(mouse, SEVEN)
    settle(page)
    name, data = saved(page, "json")
    assert name == "drawing.json"
    question = json.loads(data)
    assert question == {"strokes": asked(page)[-1]["strokes"], "model": "lenet"}
    assert predicted(page, data, "application/json")["digit"] == 7
    expect(page.locator("#share-list")).to_be_hidden()


def test_the_saved_picture_is_read_as_the_drawing(page: Page, mouse: Mouse) -> None:
    draw(mouse, SEVEN)
    settle(page)
    name, data = saved(page, "png")
    assert name == "drawing.png"
    assert data.startswith(b"\x89PNG")
    assert predicted(page, data, "image/png")["digit"] == 7


def test_the_saved_line_drawing_shows_the_same_ink(page: Page, mouse: Mouse) -> None:
    draw(mouse, SEVEN)
    draw(mouse, [(0.9, 0.9)])
    settle(page)
    name, data = saved(page, "svg")
    assert name == "drawing.svg"
    text = data.decode()
    assert re.search(r'viewBox="0 0 1000 1000"', text)
    assert text.count("M") == 3  # paper, the line, the dot
    covered = page.evaluate(
        """async (text) => {
          const image = new Image();
          image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
          image.width = image.height = 400;
          await image.decode();
          const context = new OffscreenCanvas(400, 400).getContext("2d");
          context.drawImage(image, 0, 0, 400, 400);
          const { data } = context.getImageData(0, 0, 400, 400);
          return data.filter((value, i) => i % 4 === 0 && value < 128).length / 160000;
        }""",
        text,
    )
    assert covered == pytest.approx(ink(page), rel=0.05)


def test_a_number_is_saved_as_a_number(page: Page, mouse: Mouse) -> None:
    page.locator("input[value=many]").click(force=True)
    draw(mouse, [(x / 3 + 0.05, y) for x, y in SEVEN])
    draw(mouse, [(x / 3 + 0.55, y) for x, y in ONE])
    settle(page)
    _, data = saved(page, "json")
    assert json.loads(data)["many"] is True
    assert predicted(page, data, "application/json")["number"] == "71"


def test_a_blank_pad_has_a_link_but_no_file(page: Page) -> None:
    open_menu(page)
    for name in ("png", "svg", "json"):
        button = page.locator(f"[data-share={name}]")
        expect(button).to_have_attribute("aria-disabled", "true")
        button.click(force=True)
    expect(page.locator("[data-share=link]")).to_have_attribute("aria-disabled", "false")
    expect(page.locator("#share-list")).to_be_visible()


def test_the_device_sends_the_link_where_it_can(phone: Page) -> None:
    wait_for_parts(phone)
    phone.evaluate("""navigator.share = async (what) => { window.shared = what; }""")
    phone.get_by_role("button", name="Share").tap()
    phone.get_by_role("button", name="Send the link …").tap()
    assert phone.evaluate("window.shared.url") == phone.url + "#v1"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_keys_open_and_close_the_menu_and_do_not_clear_the_pad(page: Page, mouse: Mouse) -> None:
    draw(mouse, SEVEN)
    settle(page)
    wait_for_parts(page)
    button = page.get_by_role("button", name="Share")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy the link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    settle(page)
    assert figure(page) == "7"


def test_the_menu_closes_when_the_pen_draws_beside_it(page: Page, mouse: Mouse) -> None:
    open_menu(page)
    draw(mouse, [(0.1, 0.1), (0.2, 0.1)])
    expect(page.locator("#share-list")).to_be_hidden()
    assert ink(page) > 0


@pytest.mark.parametrize("width", [390, 1280])
def test_every_command_is_large_enough_for_a_finger(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844}, has_touch=width < 500)
    open_menu(page)
    for button in page.locator("#share-list button:visible, #share-list input").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 40
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
