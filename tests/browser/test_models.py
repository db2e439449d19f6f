"""The page of the networks: screen, screen reader and print; its text: tests/model/report."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from model.variants import READERS
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.server import Server
from tests.browser.test_layout import contrast, is_strict
from tests.browser.watch import open_tab


@pytest.fixture
def models(open_page: OpenPage, server: Server) -> Page:
    """The page of the networks on a desktop."""
    return open_page(f"{server.url}models")


@pytest.fixture
def cards(models: Page, server: Server) -> dict[str, Any]:
    """By network: the card that the page shows."""
    found = models.request.get(f"{server.url}api/models").json()["models"]
    return {card["model"]: card for card in found}


def test_a_network_is_unfolded_by_its_name_in_the_address(
    open_page: OpenPage, server: Server
) -> None:
    page = open_page(f"{server.url}models#lenet-tanh")
    expect(page.locator("details.model[open]")).to_have_count(2)  # and the default one
    fold = page.locator("[id=lenet-tanh]")
    expect(fold.locator(".facts")).to_be_visible()
    expect(fold.locator("h2")).to_be_in_viewport()
    page.evaluate("location.hash = '#lenet-32'")
    expect(page.locator("[id=lenet-32] .facts")).to_be_visible()


def test_a_link_unfolds_its_network_each_time(models: Page) -> None:
    fold = models.locator("[id=lenet5-1998]")
    expect(fold.locator(".facts")).not_to_be_visible()
    for _ in range(2):
        models.locator(".overview").get_by_role("link", name="lenet5-1998").click()
        expect(fold.locator(".facts")).to_be_visible()
        expect(fold.locator("h2")).to_be_in_viewport()
        fold.locator("> summary").click()
        expect(fold.locator(".facts")).not_to_be_visible()


def test_an_address_that_names_no_network_unfolds_nothing(
    open_page: OpenPage, server: Server
) -> None:
    for name in ("nothing", "%", ""):
        page = open_page(f"{server.url}models#{name}")
        expect(page.locator("details.model[open]")).to_have_count(1)


def test_a_network_is_unfolded_by_the_keyboard(models: Page) -> None:
    fold = models.locator("[id=lenet-32]")
    fold.locator("> summary").focus()
    models.keyboard.press("Enter")
    expect(fold.locator(".facts")).to_be_visible()
    models.keyboard.press("Tab")
    expect(fold.get_by_role("link", name="Draw a digit for lenet-32")).to_be_focused()
    models.keyboard.press("Shift+Tab")
    models.keyboard.press("Space")
    expect(fold.locator(".facts")).not_to_be_visible()


def test_unfolding_a_network_does_not_move_its_heading(models: Page) -> None:
    summary = models.locator("[id=lenet-32] > summary")
    summary.scroll_into_view_if_needed()
    before = summary.bounding_box()
    summary.click()
    assert summary.bounding_box() == before


def test_every_field_of_a_confusion_matrix_stands_in_its_place(models: Page, cards: Any) -> None:
    for name, card in cards.items():
        table = models.locator(f"[id={name}] .confusion")
        if "metrics" not in card:
            expect(table).to_have_count(0)
            continue
        head, *rows = cells(table)
        assert head[1:] == [row[0] for row in rows] == list("0123456789")
        assert [[int(n) for n in row[1:]] for row in rows] == card["metrics"]["confusion"]
        assert f"{card['metrics']['images']:,}" in str(table.locator("caption").text_content())


def test_the_last_epoch_stands_in_a_table_and_every_one_has_its_dots(
    models: Page, cards: Any
) -> None:
    for name, card in cards.items():
        section, history = models.locator(f"[id={name}]"), card.get("history", [])
        if not history:
            assert section.locator("svg, .epochs").count() == 0
            continue
        last = history[-1]
        accuracies = [percent(last[key]) for key in ("accuracy", "validation_accuracy")]
        assert cells(section.locator(".epochs"))[-1] == [
            *(str(last["epoch"]), f"{last['loss']:.4f}", *accuracies)
        ]
        dots = section.locator("svg .dots").evaluate_all(
            "all => all.map((e) => e.getAttribute('d'))"
        )
        assert [d.count("h0") for d in dots] == [len(history)] * 2


def test_a_dot_is_drawn_though_its_line_has_no_length(models: Page) -> None:
    """Round ends draw the dot: its line has no length."""
    dots = models.locator("[id=lenet] svg .dots").first
    expect(dots).to_have_css("stroke-linecap", "round")
    expect(dots).to_have_css("stroke-width", "8px")


def test_only_lenet_tanh_has_the_fact_that_its_pixels_are_normalised(models: Page) -> None:
    facts = {n: models.locator(f"[id={n}] .facts").text_content() or "" for n in READERS}
    assert [name for name, text in facts.items() if "0.1307" in text] == ["lenet-tanh"]


def test_the_layers_are_those_that_the_engine_prints(models: Page) -> None:
    (_, *rows) = cells(models.locator("[id=lenet5-1998] .layers"))
    assert ["c3", "Conv2D(16@5×5, table of connections)", "16 × 10 × 10", "1,516"] in rows
    assert sum(int(row[3].replace(",", "")) for row in rows if row[3]) == 60_000


def test_tables_and_curves_have_text_for_screen_readers(models: Page) -> None:
    for table in models.locator("table").all():
        assert (table.locator("caption").text_content() or "").strip()
        for head in table.locator("thead th").all():
            assert head.get_attribute("scope") == "col"
        rows = table.locator("tbody tr")
        assert rows.locator("> :first-child").count() == rows.locator("> th[scope=row]").count()
    for curve in models.locator("svg").all():
        assert curve.get_attribute("role") == "img"
        assert "epoch" in (curve.get_attribute("aria-label") or "")
    assert models.get_by_role("heading", level=1).count() == 1
    names = models.get_by_role("heading", level=2).all_inner_texts()
    assert names == READERS  # even if their networks are folded


@pytest.mark.parametrize("width", [320, 390, 840, 1280])
def test_it_is_no_wider_than_the_window(open_page: OpenPage, server: Server, width: int) -> None:
    page = open_page(f"{server.url}models", viewport={"width": width, "height": 700})
    page.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for table in page.locator("table").all():  # and no table is cut off
        assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")
    overflowing = "all => all.filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    assert page.locator(".confusion td").evaluate_all(overflowing) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_on_every_field(
    open_page: OpenPage, server: Server, scheme: str
) -> None:
    page = open_page(f"{server.url}models", color_scheme=scheme)
    texts = ["caption", "figcaption", "thead a", ".overview td", ".facts dt", ".model a"]
    texts += [".confusion td:not([class])", "summary"]
    assert {text: found for text in texts if (found := contrast(page, text)) < 4.5} == {}


def test_on_paper_nothing_stays_folded(models: Page) -> None:
    folded = models.locator(".epochs, [id=lenet5-1998] .layers")
    assert [table.is_visible() for table in folded.all()] == [False] * folded.count()
    models.emulate_media(media="print", color_scheme="dark")
    heights = folded.evaluate_all("all => all.map((t) => t.getBoundingClientRect().height)")
    assert len(heights) == 4
    assert min(heights) > 40
    expect(models.locator("body")).to_have_css("color", "rgb(23, 25, 31)")  # ink on white paper


def test_it_keeps_the_strict_policy_and_is_small(models: Page) -> None:
    response = models.reload()
    assert response is not None
    assert is_strict(response)
    assert len(response.body()) < 60_000


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_links_lead_to_the_networks_page_and_back(
    open_page: OpenPage, server: Server, window: dict[str, Any]
) -> None:
    page = open_page(**window)
    open_tab(page, "compare")
    page.get_by_role("link", name="More about them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The networks in numbers")
    page.locator("[id=lenet-tanh] > summary").click()
    page.get_by_role("link", name="Draw a digit for lenet-tanh").click()
    expect(page.locator("input[value=lenet-tanh]")).to_be_checked()
    page.get_by_role("link", name="The networks in numbers").click()
    page.get_by_role("link", name="Draw a digit", exact=True).first.click()
    assert page.url == server.url


def cells(table: Locator) -> list[list[str]]:
    """The texts of a table, row by row, its head first; empty if there is no such table."""
    if table.count() == 0:
        return [[]]
    rows: list[list[str]] = table.evaluate(
        """(table) => [...table.rows].map((row) => [...row.cells].map((cell) =>
             cell.textContent.replace(/[ \\n]+/g, " ").trim()))"""
    )
    return rows


def percent(fraction: float) -> str:
    return f"{100 * fraction:.2f}\u202f%"
