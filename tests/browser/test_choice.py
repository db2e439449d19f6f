"""The choice of a network: the page asks it, and text and layers are about it."""

from playwright.sync_api import Page, expect

from model.variants import VARIANTS
from tests.browser.conftest import OpenPage
from tests.browser.hand import OVER, SEVEN, Mouse, draw
from tests.browser.networks import choose
from tests.browser.watch import asked, bar_lengths, ink, settle


def test_each_network_shows_what_it_is(page: Page) -> None:
    cards = page.request.get(f"{page.url}api/models").json()["models"]
    for card in cards:
        text = page.locator(f".network[data-network={card['model']}] label").inner_text()
        assert VARIANTS[card["model"]].origin in text
        assert f"{card['parameters']:,} numbers" in text
        accuracy = card.get("metrics", {}).get("accuracy")
        wanted = "not yet measured" if accuracy is None else f"{100 * accuracy:.2f}\u202f% right"
        assert wanted in text


def test_the_chosen_network_is_asked_and_the_address_keeps_it(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    first = bar_lengths(page)
    choose(page, "lenet-tanh")
    settle(page)
    assert asked(page)[-1]["model"] == "lenet-tanh"
    assert bar_lengths(page) != first
    assert page.url.split("#")[0].endswith("/?model=lenet-tanh")

    page.reload()
    page.evaluate("scrollTo(0, 0)")  # choosing has scrolled the page; show the pad again
    expect(page.locator("input[value=lenet-tanh]")).to_be_checked()
    draw(mouse, OVER)
    settle(page)
    assert {question["model"] for question in asked(page)} == {"lenet-tanh"}


def test_an_unknown_network_in_the_address_is_no_choice(open_page: OpenPage, page: Page) -> None:
    page = open_page(f"{page.url}?model=alexnet")
    expect(page.locator("input[value=lenet]")).to_be_checked()


def test_the_keyboard_chooses(mouse: Mouse, page: Page) -> None:
    draw(mouse, OVER)
    group = page.get_by_role("group", name="Who reads")
    group.get_by_role("radio", name="lenet LeNet, modern").focus()
    page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="lenet-32")).to_be_checked()
    settle(page)
    assert asked(page)[-1]["model"] == "lenet-32"


def test_undo_works_right_after_a_choice(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    choose(page, "lenet-32")
    expect(page.locator("input[value=lenet-32]")).to_be_focused()
    page.keyboard.press("Backspace")
    assert ink(page) == 0


def test_the_text_follows_the_choice(page: Page) -> None:
    text, figure_3 = page.locator(".columns"), page.locator(".probabilities figcaption")
    assert "44,426 numbers" in text.inner_text()
    assert "99." in text.inner_text()
    assert figure_3.inner_text().endswith("says lenet.")
    choose(page, "lenet5-1998")
    assert "60,000 numbers were nudged" in text.inner_text()
    assert "44,426" not in text.inner_text()
    assert "as printed" in text.inner_text()
    assert "it reads" not in text.inner_text()  # this one has no metrics
    assert figure_3.inner_text().endswith("says lenet5-1998.")
