"""The choice of a network: the page asks it, and text and layers are about it."""

from playwright.sync_api import Page, expect

from model.variants import VARIANTS
from tests.browser.conftest import OpenPage
from tests.browser.hand import OVER, SEVEN, Mouse, draw
from tests.browser.networks import choose
from tests.browser.watch import asked, bar_lengths, ink, open_tab, settle, wait_for_parts


def test_each_network_shows_what_it_is(page: Page) -> None:
    cards = page.request.get(f"{page.url}api/models").json()["models"]
    for card in cards:
        text = page.locator(f".network[data-network={card['model']}] label").inner_text()
        assert VARIANTS[card["model"]].origin in text
        assert f"{card['parameters']:,} learned weights" in text
        accuracy = card.get("metrics", {}).get("accuracy")
        wanted = "not yet measured" if accuracy is None else f"{100 * accuracy:.2f}\u202f% right"
        assert wanted in text


def test_the_chosen_network_is_asked_and_the_address_keeps_it(mouse: Mouse, page: Page) -> None:
    wait_for_parts(page)
    draw(mouse, SEVEN)
    settle(page)
    first = bar_lengths(page)
    choose(page, "lenet-tanh")
    settle(page)
    assert asked(page)[-1]["model"] == "lenet-tanh"
    assert bar_lengths(page) != first
    assert page.url.split("#")[0].endswith("/?model=lenet-tanh")

    page.reload()
    expect(page.locator("input[value=lenet-tanh]")).to_be_checked()
    draw(mouse, OVER)
    settle(page)
    assert {question["model"] for question in asked(page)} == {"lenet-tanh"}


def test_an_unknown_network_in_the_address_is_no_choice(open_page: OpenPage, page: Page) -> None:
    page = open_page(f"{page.url}?model=alexnet")
    expect(page.locator("input[value=lenet]")).to_be_checked()


def test_the_keyboard_chooses(mouse: Mouse, page: Page) -> None:
    draw(mouse, OVER)
    open_tab(page, "compare")
    group = page.get_by_role("group", name="Who reads")
    group.get_by_role("radio", name="lenet LeNet, modern").focus()
    page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="lenet-32")).to_be_checked()
    settle(page)
    assert asked(page)[-1]["model"] == "lenet-32"


def test_undo_works_right_after_a_choice(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    open_tab(page, "compare")
    choose(page, "lenet-32")
    expect(page.locator("input[value=lenet-32]")).to_be_focused()
    page.keyboard.press("Backspace")
    assert ink(page) == 0


def test_the_text_follows_the_choice(page: Page) -> None:
    text, reader = page.locator(".columns"), page.locator(".answer-reader")
    assert "44,426 weights were changed" in text.inner_text()
    assert "99." in text.inner_text()
    assert "Read by lenet (LeNet, modern). It has 44,426 learned weights" in reader.inner_text()
    wait_for_parts(page)
    choose(page, "lenet5-1998")
    assert "60,000 weights were changed" in text.inner_text()
    assert "44,426" not in text.inner_text()
    assert "as printed" in text.inner_text()
    assert "it reads" not in text.inner_text()  # this one has no metrics
    assert reader.inner_text().startswith("Read by lenet5-1998 (")
    assert "unseen" not in reader.inner_text()


def test_the_answer_leads_to_the_choice(page: Page) -> None:
    wait_for_parts(page)
    page.get_by_role("button", name="Choose another network").click()
    tab = page.get_by_role("tab", name="Compare")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(tab).to_be_focused()
    expect(page.get_by_role("radio", name="lenet-32")).to_be_visible()
