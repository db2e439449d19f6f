"""The tab Why: two digits compared, pieces of the ink, an erasure, maps, and robustness."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import OVER, SEVEN, THREE, UNDER, Finger, Mouse, Pen, draw
from tests.browser.numbers import choose_pad
from tests.browser.watch import figure, ink_in, open_tab, settle


def requests_to(page: Page, path: str) -> list[Any]:
    """The bodies of all questions to an address, from now on."""
    bodies: list[Any] = []

    def note(request: Request) -> None:
        if request.url.endswith(path):
            bodies.append(request.post_data_json)

    page.on("request", note)
    return bodies


def ask_why(pen: Pen, page: Page) -> None:
    """Draw a 7, open the tab, and wait for its answer."""
    draw(pen, SEVEN)
    settle(page)
    open_tab(page, "why")
    expect(page.locator(".why-lead")).to_contain_text("leads")


def title(page: Page) -> Any:
    return page.locator(".why-title")


def bar(page: Page, digit: int) -> Any:
    return page.locator(f".why-bar[data-digit='{digit}']")


def test_the_leader_and_the_runner_up_are_compared_at_first(any_pen: Pen) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    ask_why(any_pen, page)
    expect(title(page)).to_have_text("Why 7 and not 1?")
    expect(page.locator(".why-lead")).to_have_text(re.compile(r"7 leads 1 by \d"))
    pressed = page.locator(".why-bar[aria-pressed=true]")
    assert [one.get_attribute("data-digit") for one in pressed.all()] == ["1", "7"]
    expect(page.get_by_role("button", name=re.compile("^7, 99.9.%, for$"))).to_be_visible()


def test_another_bar_is_compared_and_one_of_the_two_swaps_them(mouse: Mouse, page: Page) -> None:
    ask_why(mouse, page)
    asked = requests_to(page, "api/why")
    bar(page, 9).click()
    expect(title(page)).to_have_text("Why 7 and not 9?")
    bar(page, 7).focus()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Why 9 and not 7?")
    expect(page.locator(".why-lead")).to_contain_text("7 leads 9")
    assert [body["digits"] for body in asked] == [[7, 9], [9, 7]]
    draw(mouse, [(0.3, 0.55), (0.75, 0.5)])
    settle(page)
    expect(title(page)).to_have_text(re.compile(r"Why 7 and not \d\?"))  # of the new drawing


def test_nothing_is_asked_before_the_tab_is_open_and_the_map_only_in_view(
    finger: Finger, phone: Page
) -> None:
    why, robust = requests_to(phone, "api/why"), requests_to(phone, "api/robustness")
    draw(finger, SEVEN)
    settle(phone)
    phone.wait_for_timeout(1000)
    assert why == []
    open_tab(phone, "why")
    expect(phone.locator(".why-lead")).to_contain_text("leads")
    assert len(why) == 1
    assert robust == []
    phone.locator(".robustness").scroll_into_view_if_needed()
    expect(phone.locator(".robustness-words")).to_contain_text("Your 7 survives a turn of")
    assert len(robust) == 1
    phone.locator(".why-title").scroll_into_view_if_needed()
    settle(phone)
    assert (len(why), len(robust)) == (1, 1)


def colour_on_pad(page: Page, x: float, y: float) -> list[int]:
    """Red, green, blue and opacity of the paint over the ink, at a place in widths of the pad."""
    found: list[int] = page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector(".pad-marks");
          const { width, height } = canvas;
          const copy = new OffscreenCanvas(width, height).getContext("2d");
          copy.drawImage(canvas, 0, 0);
          return [...copy.getImageData(x * width, y * height, 1, 1).data];
        }""",
        [x, y],
    )
    return found


def test_the_pieces_are_painted_over_the_ink_while_the_tab_is_open(any_pen: Pen) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    ask_why(any_pen, page)
    settle(page)
    red, _, blue, opacity = colour_on_pad(page, 0.28, 0.215)  # the roof of the 7, beside its dashes
    assert blue > red + 50
    assert opacity > 200
    draw(any_pen, UNDER)
    assert ink_in(page, ".pad-marks") == [0]  # they would be about another drawing
    open_tab(page, "answer")
    settle(page)
    assert ink_in(page, ".pad-marks") == [0]
    open_tab(page, "why")
    expect(page.locator(".why-lead")).to_contain_text("leads")
    settle(page)
    assert ink_in(page, ".pad-marks")[0] > 0


def test_the_slider_looks_at_one_piece_by_keys_and_by_touch(any_pen: Pen) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    ask_why(any_pen, page)
    slider = page.get_by_role("slider", name="One piece")
    slider.focus()
    page.keyboard.press("ArrowRight")
    words = page.locator(".why-piece")
    expect(words).to_have_text(
        re.compile(r"Piece 1 of \d+ speaks for 7\. Without it, 7 leads 1 by \d\.\d\.")
    )
    assert slider.get_attribute("aria-valuetext") == words.inner_text()
    expect(page.locator(".why-effects span.is-chosen")).to_have_count(1)
    one = ink_in(page, ".pad-marks")
    page.keyboard.press("End")
    expect(words).to_have_text(re.compile(r"Piece (\d+) of \1 "))
    assert one[0] > 0
    box = slider.bounding_box()
    assert box is not None
    assert box["height"] >= 40


def test_an_erasure_is_applied_and_put_back(any_pen: Pen) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    ask_why(any_pen, page)
    words, button = page.locator(".why-erasure-words"), page.locator(".why-erasure button")
    expect(words).to_have_text(
        re.compile(
            r"Without the \d dashed pieces, .* it reads 1\. As a new drawing .* 1 to it, too"
        )
    )
    before = ink_in(page, ".pad-ink")[0]
    button.scroll_into_view_if_needed()
    if any_pen.__class__ is Finger:
        button.tap()
    else:
        button.focus()
        page.keyboard.press("Enter")
    expect(page.locator(".reading-figure")).to_have_text("1")
    settle(page)
    assert ink_in(page, ".pad-ink")[0] < 0.9 * before
    expect(button).to_have_text("Put it back")
    button.click()
    settle(page)
    assert figure(page) == "7"
    expect(button).to_have_text("Erase it")
    expect(button).to_have_attribute("aria-disabled", "false")


def test_undo_puts_an_erasure_back_too(mouse: Mouse, page: Page) -> None:
    ask_why(mouse, page)
    page.locator(".why-erasure button").click()
    expect(page.locator(".reading-figure")).to_have_text("1")
    page.locator("[data-command=undo]").click()
    expect(page.locator(".reading-figure")).to_have_text("7")
    expect(page.locator(".why-erasure button")).to_have_text("Erase it")


def test_the_maps_have_values_and_a_printed_scale(page: Page, mouse: Mouse) -> None:
    ask_why(mouse, page)
    settle(page)
    assert min(ink_in(page, ".why-values")) > 3
    assert min(ink_in(page, ".why-paper")) > 20
    scales = page.locator(".why-scale").all_inner_texts()
    assert len(scales) == 2
    for scale in scales:
        least, zero, most = scale.split()
        assert zero == "0"
        assert re.fullmatch(r"−\d+(\.\d)?", least)
        assert most == least.replace("−", "+")
    expect(page.get_by_role("img", name="Gradient: a map of 28 × 28 pixels")).to_be_visible()
    expect(page.locator(".why h3").nth(2)).to_have_text("Influence here, not a reason")


def test_the_map_of_robustness_has_an_answer_in_every_cell(page: Page, mouse: Mouse) -> None:
    ask_why(mouse, page)
    page.locator(".robustness").scroll_into_view_if_needed()
    expect(page.locator(".robustness-words")).to_have_text(
        re.compile(r"Your 7 survives a turn of \d+°: it stays 7 when it is turned by up to")
    )
    turned, lines = page.locator(".robustness tbody").all()
    cells = turned.locator("td").all_inner_texts()
    assert len(cells) == 9 * 13
    assert set(cells) <= {"·", *"0123456789"}
    assert cells[len(cells) // 2] == "7"  # neither turned nor slanted
    same = turned.locator("td.is-same").all_inner_texts()
    assert set(same) == {"7"}
    assert len(same) == cells.count("7")
    assert lines.locator("td").all_inner_texts()[4] == "7"
    heads = page.locator(".robustness thead").first.locator("th").all_inner_texts()
    assert heads[0] == "−60"
    assert heads[6] == "0"


def test_what_is_no_digit_has_its_own_words(page: Page, mouse: Mouse) -> None:
    draw(mouse, OVER)
    draw(mouse, UNDER)
    settle(page)
    open_tab(page, "why")
    expect(page.locator(".why-lead")).to_contain_text("This is no digit to it; among the ten,")
    page.locator(".robustness").scroll_into_view_if_needed()
    expect(page.locator(".robustness-words")).to_contain_text("Only a digit can be tried")
    assert set(page.locator(".robustness tbody td").all_inner_texts()) == {""}


def test_a_blank_pad_has_an_invitation(page: Page) -> None:
    open_tab(page, "why")
    expect(page.locator(".why-invitation")).to_be_visible()
    expect(page.locator(".why")).to_be_hidden()


def test_a_refusal_of_the_server_is_shown(page: Page, mouse: Mouse) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=422, json={"detail": "found nothing, wanted more"})

    page.route("**/api/why", refuse)
    draw(mouse, SEVEN)
    settle(page)
    open_tab(page, "why")
    expect(page.locator(".why-lead")).to_have_text("found nothing, wanted more")
    expect(page.locator(".why-erasure button")).to_have_attribute("aria-disabled", "true")


def test_of_a_whole_number_the_chosen_digit_is_asked_about(page: Page, mouse: Mouse) -> None:
    choose_pad(page, "A whole number")
    draw(mouse, [(0.1 + x * 0.3, 0.1 + y * 0.8) for x, y in SEVEN])
    draw(mouse, [(0.6 + x * 0.3, 0.1 + y * 0.8) for x, y in THREE])
    settle(page)
    asked = requests_to(page, "api/why")
    open_tab(page, "why")
    page.locator(".number button").first.click()
    expect(page.locator(".why-lead")).to_contain_text("7 leads")
    assert len(asked[-1]["strokes"]) == 1
    expect(page.locator(".why-erasure button")).to_have_attribute("aria-disabled", "false")
    page.locator(".why-erasure button").click()
    expect(page.locator(".reading-figure")).to_have_text(re.compile("^[^7]3$"))


@pytest.mark.parametrize(
    "window",
    [{}, PHONE, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}],
    ids=["desktop", "phone", "dark", "narrow"],
)
def test_all_of_it_fits_and_can_be_pressed(open_page: OpenPage, window: dict[str, Any]) -> None:
    page = open_page(**window)
    ask_why(Mouse(page), page)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    sizes = page.evaluate(
        """[...document.querySelectorAll("#panel-why :is(button, input)")].map((element) => {
             const { width, height } = element.getBoundingClientRect();
             return [width, height];
           })"""
    )
    assert len(sizes) == 12
    assert min(min(size) for size in sizes) >= 40
    small = page.evaluate(
        """[...document.querySelectorAll("#panel-why *")].filter((element) =>
             element.checkVisibility() && element.childElementCount === 0 && element.textContent &&
             parseFloat(getComputedStyle(element).fontSize) < 13).length"""
    )
    assert small == 0


def test_for_and_against_keep_two_colours_where_colours_are_forced(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    ask_why(Mouse(page), page)
    colours = page.evaluate(
        """[".why-for", ".why-against"].map((name) =>
             getComputedStyle(document.querySelector(name)).color)"""
    )
    assert colours[0] != colours[1]
    red, _, blue, _ = colour_on_pad(page, 0.28, 0.215)
    assert blue > red + 50


def test_nothing_below_moves_when_the_answers_come(mouse: Mouse, page: Page) -> None:
    def places() -> Any:
        return page.evaluate(
            """[...document.querySelectorAll(".why h3, .robustness table")].map((element) =>
                 element.getBoundingClientRect().top + scrollY)"""
        )

    def delay(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/api/why", delay)
    draw(mouse, SEVEN)
    settle(page)
    open_tab(page, "why")
    expect(title(page)).to_have_text("Why 7 and not 1?")
    before = places()
    expect(page.locator(".why-lead")).to_contain_text("leads")
    settle(page)
    assert places() == before


def test_what_a_percentage_means_stands_with_the_answer(any_pen: Pen) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    summary = page.locator(".meaning summary")
    expect(summary).to_have_text("What do the per cents mean?")
    draw(any_pen, SEVEN)
    settle(page)
    expect(summary).to_have_text(re.compile(r"What does \d\d.% mean\?"))
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".meaning-words")).to_have_text(
        re.compile(
            r"Of 1,837 drawings by other people that it read this surely \(93 to 100.%\), "
            r"1,82\d were right: 99\.\d of 100\."
        )
    )


def test_a_screen_reader_hears_the_result_and_not_the_waiting(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    settle(page)
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(([{ target }]) => said.push(target.textContent)).observe(
            document.querySelector(".why-voice"), { childList: true });
        }"""
    )
    open_tab(page, "why")
    expect(page.locator(".why-voice")).to_contain_text("7 leads 1")
    said = page.evaluate("said")
    assert said == [page.locator(".why-lead").inner_text()]


def test_nothing_is_written_while_nothing_changes(mouse: Mouse, page: Page) -> None:
    ask_why(mouse, page)
    page.locator(".robustness").scroll_into_view_if_needed()
    expect(page.locator(".robustness-words")).to_contain_text("Your 7 survives")
    page.evaluate(
        """() => {
          window.written = 0;
          new MutationObserver((changes) => { written += changes.length; }).observe(
            document.querySelector("#panel-why"),
            { childList: true, subtree: true, attributes: true, characterData: true });
        }"""
    )
    page.evaluate("dispatchEvent(new Event('resize'))")
    draw(mouse, UNDER)  # while it is drawn, only the bars change
    page.locator("[data-command=undo]").click()
    expect(page.locator(".why-lead")).to_contain_text("leads")
    assert page.evaluate("written") < 600
