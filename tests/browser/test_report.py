"""The report of a training in a real browser: its width on a phone, its filter, its colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from model.report import write_report
from tests.model.report.made_page import counting_network, made_dataset
from tests.model.report.test_report import HISTORY

DATASET = made_dataset((0, 0, 255), (1, 1, 255), (2, 3, 51), (1, 7, 255), (4, 4, 255))


@pytest.fixture(params=[360, 1280])
def report(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    path = write_report(counting_network(), DATASET, tmp_path, HISTORY)
    page = browser.new_page(viewport={"width": request.param, "height": 800})
    page.goto(path.as_uri())
    yield page
    page.close()


def test_it_is_no_wider_than_the_window(report: Page) -> None:
    width, window = report.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width == window


def test_only_mistakes_leaves_the_mistakes(report: Page) -> None:
    ordinary = report.locator("#only-mistakes ~ .gallery figure:visible figcaption")
    assert ordinary.count() == 5
    report.get_by_label("only mistakes").check()
    assert ordinary.all_inner_texts() == ["2, read as 3\nno. 2", "1, read as 7\nno. 3"]
    report.get_by_label("only mistakes").uncheck()
    assert ordinary.count() == 5


def test_ink_is_dark_on_light_paper_and_light_on_dark(report: Page) -> None:
    def filtered() -> str:
        return str(report.locator(".pixels").first.evaluate("e => getComputedStyle(e).filter"))

    assert filtered() == "none"
    report.emulate_media(color_scheme="dark")
    assert "invert" in filtered()
    report.emulate_media(media="print", color_scheme="dark")
    assert filtered() == "none"
