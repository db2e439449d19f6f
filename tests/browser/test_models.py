"""The networks in numbers: all that their cards say is on the page, for eyes, ears and paper."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from model.variants import VARIANTS
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.server import Server
from tests.browser.test_layout import contrast, is_strict
from tests.made import complete_card

GAP = "–"


@pytest.fixture
def models(open_page: OpenPage, server: Server) -> Page:
    """The page of the networks on a desktop."""
    return open_page(f"{server.url}models")


@pytest.fixture
def cards(models: Page, server: Server) -> dict[str, Any]:
    """What the page must say, by network."""
    found = models.request.get(f"{server.url}api/models").json()["models"]
    return {card["model"]: card for card in found}


def test_the_first_table_sets_the_networks_side_by_side(models: Page, cards: Any) -> None:
    table = {row[0]: row[1:] for row in cells(models.locator(".overview"))}
    assert table["Network"] == list(cards)
    for i, (name, card) in enumerate(cards.items()):
        found = card.get("metrics") or {}
        wanted = {
            "Origin": VARIANTS[name].origin,
            "Numbers": f"{card['parameters']:,}",
            "Learned from": "MNIST, 60,000 + 10,000" if "dataset" in card else GAP,
            "Epochs": str(card.get("epochs", GAP)),
            "Read right": percent(found.get("accuracy")),
            "95 % interval": " to ".join(map(percent, found.get("interval", [None]))),
            "In the first three": percent(found.get("top3")),
            "Macro F1": four_places(found.get("macro_f1")),
            "Calibration error": percent(found.get("ece")),
        }
        assert {title: row[i] for title, row in table.items() if title != "Network"} == wanted


def test_the_second_table_has_the_f1_of_every_digit(models: Page, cards: Any) -> None:
    head, *rows = cells(models.locator(".by-digit"))
    measured = {name: card["metrics"] for name, card in cards.items() if "metrics" in card}
    assert head == ["Digit", *measured]
    assert [row[0] for row in rows] == list("0123456789")
    for column, metrics in enumerate(measured.values(), start=1):
        scores = [four_places(score) for score in metrics["per_digit"]]
        assert [row[column] for row in rows] == scores
        lowest = models.locator(f".by-digit td:nth-child({column + 1}).is-lowest")
        assert set(lowest.all_text_contents()) == {min(scores)}


def test_every_confusion_stands_in_its_field(models: Page, cards: Any) -> None:
    for name, card in cards.items():
        table = models.locator(f"[id={name}] .confusion")
        if "metrics" not in card:
            expect(table).to_have_count(0)
            continue
        head, *rows = cells(table)
        assert head[1:] == [row[0] for row in rows] == list("0123456789")
        assert [[int(n) for n in row[1:]] for row in rows] == card["metrics"]["confusion"]
        expect(table.locator(".is-right")).to_have_count(10)
        assert f"{card['metrics']['images']:,}" in table.locator("caption").inner_text()


def test_every_epoch_stands_in_a_table_and_has_its_dots(models: Page, cards: Any) -> None:
    for name, card in cards.items():
        section, history = models.locator(f"[id={name}]"), card.get("history", [])
        wanted = [
            [
                str(row["epoch"]),
                four_places(row["loss"]),
                percent(row["accuracy"]),
                percent(row["validation_accuracy"]),
            ]
            for row in history
        ]
        assert cells(section.locator(".epochs"))[1:] == wanted
        assert section.locator("svg .dot").count() == 2 * len(history)


def test_a_complete_card_is_told_completely(models: Page) -> None:
    card = complete_card()
    text = models.locator("[id=lenet-32] .facts").inner_text()
    wanted = [card["source"], f"{card['training_images']:,} images", "3 epochs", "4711", "1.375"]
    wanted += ["Adam", "64 images", "0.0015", "0.025", "distorted", "at most 20 of 28 pixels"]
    wanted += [percent(card["training_accuracy"]), percent(card["validation"]["accuracy"])]
    wanted += [" to ".join(map(percent, card["validation"]["interval"])), "2,000"]
    wanted += ["12.5\u202f%", "11.0\u202f%"]  # how surely it must be a digit, and stand out
    wanted += ["3,456 digits and 1,234 letters by 45 people", "91.4\u202f%"]
    wanted += [percent(card["ink_metrics"]["accuracy"])]
    assert [words for words in wanted if words not in text] == []


def test_how_grey_values_are_normalised_is_told_where_they_are(models: Page) -> None:
    told = {name: models.locator(f"[id={name}] .facts").inner_text() for name in VARIANTS}
    assert [name for name, text in told.items() if "0.1307" in text] == ["lenet-tanh"]


def test_the_layers_are_those_that_the_engine_prints(models: Page) -> None:
    (_, *rows) = cells(models.locator("[id=lenet5-1998] .layers"))
    assert ["c3", "Conv2D(16@5×5, table of connections)", "16 × 10 × 10", "1,516"] in rows
    assert sum(int(row[3].replace(",", "")) for row in rows if row[3]) == 60_000


def test_tables_and_curves_can_be_heard(models: Page) -> None:
    for table in models.locator("table").all():
        assert (table.locator("caption").text_content() or "").strip()
        for head in table.locator("thead th").all():
            assert head.get_attribute("scope") == "col"
        rows = table.locator("tbody tr")
        assert rows.locator("> :first-child").count() == rows.locator("> th[scope=row]").count()
    for curve in models.locator("svg").all():
        assert curve.get_attribute("role") == "img"
        assert "epoch" in (curve.get_attribute("aria-label") or "")
    levels = models.locator("h1, h2").evaluate_all("all => all.map((h) => h.tagName).join(' ')")
    assert levels == "H1" + " H2" * len(VARIANTS)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_it_is_no_wider_than_the_window(open_page: OpenPage, server: Server, width: int) -> None:
    page = open_page(f"{server.url}models", viewport={"width": width, "height": 700})
    page.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for table in page.locator("table").all():  # nor is anything cut off inside
        assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_on_every_field(
    open_page: OpenPage, server: Server, scheme: str
) -> None:
    page = open_page(f"{server.url}models", color_scheme=scheme)
    texts = ["caption", "figcaption", "thead a", ".overview td", ".facts dt", ".byline a"]
    texts += [".confusion td:not([class])", "summary"]
    assert {text: found for text in texts if (found := contrast(page, text)) < 4.5} == {}


def test_on_paper_nothing_stays_folded(models: Page) -> None:
    epochs = models.locator(".epochs").first
    expect(epochs).not_to_be_visible()
    models.emulate_media(media="print", color_scheme="dark")
    assert epochs.evaluate("table => table.getBoundingClientRect().height") > 100
    expect(models.locator("body")).to_have_css("color", "rgb(23, 25, 31)")  # ink on white paper


def test_it_keeps_the_strict_policy_and_is_small(models: Page) -> None:
    response = models.reload()
    assert response is not None
    assert is_strict(response)
    assert len(response.body()) < 120_000


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_there_and_back(open_page: OpenPage, server: Server, window: dict[str, Any]) -> None:
    page = open_page(**window)
    page.get_by_role("link", name="More about them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The networks in numbers")
    page.locator("[id=lenet-tanh]").get_by_role("link", name="Draw for it").click()
    expect(page.locator("input[value=lenet-tanh]")).to_be_checked()
    page.get_by_role("link", name="The networks in numbers").click()
    page.get_by_role("link", name="Draw a digit").first.click()
    assert page.url == server.url


def cells(table: Locator) -> list[list[str]]:
    """The texts of a table, row by row, its head first; of a table that is not there, none."""
    if table.count() == 0:
        return [[]]
    rows: list[list[str]] = table.evaluate(
        """(table) => [...table.rows].map((row) => [...row.cells].map((cell) =>
             cell.textContent.replace(/[ \\n]+/g, " ").trim()))"""
    )
    return rows


def percent(share: float | None) -> str:
    return GAP if share is None else f"{100 * share:.2f}\u202f%"


def four_places(number: float | None) -> str:
    return GAP if number is None else f"{number:.4f}"
