"""Open a picture: by button, camera, drop and paste; its strokes land on the pad."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from tests import strokes as hands
from tests.browser.files import DROP, drop
from tests.browser.hand import ONE, Mouse, draw
from tests.browser.watch import asked, figure, ink, ink_in, settle, wait_for_parts
from tests.drawn import drawn, encoded

SEVEN = encoded(drawn(hands.SEVEN, 300, size=0.4, place=(50, 10)))
SLOW = 20_000  # milliseconds; a photograph takes its time on a machine that is busy
FILE: FilePayload = {"name": "seven.png", "mimeType": "image/png", "buffer": SEVEN}


def expect_seven(page: Page) -> None:
    expect(page.locator(".reading-figure")).to_have_text("7", timeout=SLOW)
    settle(page)
    points = np.concatenate([np.array(stroke) for stroke in asked(page)[-1]["strokes"]])
    low, high = points.min(axis=0), points.max(axis=0)
    assert (low + high) / 2 == pytest.approx([0.5, 0.5], abs=0.002)
    assert (high - low).max() == pytest.approx(0.7, abs=0.002)


def test_the_button_opens_a_file_and_shows_the_steps(page: Page) -> None:
    wait_for_parts(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open picture").click()
    chooser.value.set_files(FILE)
    expect_seven(page)
    steps = page.locator(".opened")
    expect(steps).to_be_visible()
    for title in ("Your picture", "Paper", "Ink", "Line", "Redrawn"):
        expect(steps).to_contain_text(title)
    assert min(ink_in(page, ".opened canvas")) > 10
    assert page.evaluate("document.querySelector('.opened img').naturalWidth") == 300
    steps.get_by_role("button", name="Close").click()
    expect(steps).to_be_hidden()


def test_on_a_phone_the_camera_is_offered(phone: Page) -> None:
    wait_for_parts(phone)
    button = phone.get_by_role("button", name="Open picture")
    button.tap()
    expect(button).to_have_attribute("aria-expanded", "true")
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="Take a photo").tap()
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files(FILE)
    expect_seven(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("at", ["body", ".masthead", ".pad-ink", ".tabs", "#tab-why"])
def test_a_picture_dropped_anywhere_lands_on_the_pad(page: Page, at: str) -> None:
    before = page.url
    assert drop(page, SEVEN, at=at)
    expect_seven(page)
    assert page.url.split("#")[0] == before


def test_a_pasted_picture_lands_on_the_pad(page: Page) -> None:
    assert drop(page, SEVEN, "paste", at="body")
    expect_seven(page)


def test_undo_brings_back_what_was_drawn_before(page: Page, mouse: Mouse) -> None:
    draw(mouse, ONE)
    settle(page)
    drop(page, SEVEN)
    expect_seven(page)
    page.keyboard.press("Backspace")
    expect(page.locator(".reading-figure")).to_have_text("1")


def test_dropped_text_does_not_replace_the_page(page: Page) -> None:
    before = page.url
    wait_for_parts(page)
    assert page.evaluate(DROP, ["body", "drop", None, "", "https://example.org/"])
    expect(page.locator(".notice")).to_contain_text("That is no file. Wanted: a picture")
    assert page.url == before


@pytest.mark.parametrize("media", ["application/pdf", "text/plain", "text/html", ""])
def test_a_file_that_is_no_picture_is_not_sent(page: Page, media: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    assert drop(page, b"<script>alert(1)</script>", name="notes<b>.txt", type=media)
    expect(page.locator(".notice-words")).to_have_text(
        "“notes<b>.txt” is no picture. Wanted: a picture: PNG, JPEG, WebP, GIF or BMP."
    )
    assert [url for url in sent if "api/strokes" in url] == []


def test_a_refusal_of_the_server_is_shown_as_it_is(page: Page, mouse: Mouse) -> None:
    draw(mouse, ONE)
    settle(page)
    before = ink(page)
    with page.expect_response("**/api/strokes**") as response:
        drop(page, b"seven")
    detail = response.value.json()["detail"]
    expect(page.locator(".notice-words")).to_have_text(detail[0].upper() + detail[1:] + ".")
    assert ink(page) == before
    assert figure(page) == "1"


def test_a_picture_without_ink_says_so_and_shows_its_paper(page: Page) -> None:
    drop(page, encoded(Image.new("L", (200, 100), 255)))
    expect(page.locator(".notice")).to_contain_text("No ink was found in this picture.")
    expect(page.locator(".opened [data-step=picture]")).to_be_visible()
    expect(page.locator(".opened [data-step=ink]")).to_be_hidden()
    assert ink(page) == 0


def test_while_the_server_is_away_it_says_so(page: Page) -> None:
    def away(route: Route) -> None:
        route.abort()

    page.route("**/api/strokes**", away)
    drop(page, SEVEN)
    expect(page.locator(".notice")).to_contain_text("The server cannot be reached, or is busy.")


def test_a_large_photograph_is_made_smaller_before_it_is_sent(page: Page) -> None:
    noise = np.random.default_rng(0).integers(215, 255, (2600, 3000), np.uint8)
    photo = Image.fromarray(noise)
    photo.paste(drawn(hands.SEVEN, 1400, paper=235, ink=30), (700, 500))
    data = encoded(photo, "JPEG", quality=99)
    assert len(data) > 4 * 1024 * 1024
    with page.expect_request("**/api/strokes**") as sent:
        drop(page, data, name="photo.jpg", type="image/jpeg")
    expect_seven(page)
    assert sent.value.headers["content-type"] == "image/jpeg"
    assert len(sent.value.post_data_buffer or b"") < 3_000_000


def test_an_svg_is_opened_as_the_picture_that_it_shows(page: Page) -> None:
    data = b"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200">
      <path fill="none" stroke="black" stroke-width="14" d="M50 40H150L95 170"/></svg>"""
    drop(page, data, name="seven.svg", type="image/svg+xml")
    expect_seven(page)


def test_in_a_number_the_picture_lands_in_the_middle_of_the_wide_pad(page: Page) -> None:
    page.locator("input[value=many]").click(force=True)
    settle(page)
    box = page.locator(".pad-ink").bounding_box()
    assert box is not None
    drop(page, SEVEN)
    expect(page.locator(".reading-figure")).to_have_text("7")
    settle(page)
    points = np.concatenate([np.array(stroke) for stroke in asked(page)[-1]["strokes"]])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    assert middle == pytest.approx([box["width"] / box["height"] / 2, 0.5], abs=0.005)


def test_while_a_file_is_over_the_page_the_pad_shows_where_it_lands(page: Page) -> None:
    wait_for_parts(page)
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["x"], "seven.png", { type: "image/png" }));
          const options = { bubbles: true, cancelable: true, dataTransfer };
          document.body.dispatchEvent(new DragEvent("dragover", options));
        }"""
    )
    style = "getComputedStyle(document.querySelector('.pad-paper')).outlineStyle"
    assert page.evaluate(style) == "dashed"
    expect(page.locator("body")).not_to_have_class("is-dropping")
    page.wait_for_timeout(600)
    assert page.evaluate(style) == "none"
