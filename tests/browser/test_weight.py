"""What the page weighs: files and bytes, counted instead of timed."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.hand import SEVEN, Mouse, draw
from tests.browser.server import ROOT
from tests.browser.states import TABS
from tests.browser.watch import open_tab, settle

LOADED = """() => [...performance.getEntriesByType("navigation"),
                   ...performance.getEntriesByType("resource")]
  .filter(({ initiatorType }) => initiatorType !== "fetch")
  .map(({ name, decodedBodySize }) => [new URL(name).pathname, decodedBodySize])"""


def loaded(page: Page) -> dict[str, int]:
    """Path → bytes before compression of everything that was loaded, besides answers."""
    return dict(page.evaluate(LOADED))


def test_the_first_screen_is_the_page_and_at_most_nine_files_that_its_head_names(
    page: Page,
) -> None:
    named = page.locator("link[rel=stylesheet], link[rel=modulepreload], script[src]")
    assert 2 <= named.count() <= 9
    in_head = page.locator("head").locator(named)
    assert in_head.count() == named.count()


def test_the_modules_that_are_named_are_all_that_the_first_screen_imports(page: Page) -> None:
    named = page.locator("link[rel=modulepreload]").evaluate_all(
        "links => links.map((link) => new URL(link.href).pathname)"
    )
    main = page.locator("script[src]").evaluate("(script) => new URL(script.src).pathname")
    found, waiting = set[str](), [main]
    while waiting:
        address = waiting.pop()
        found.add(address)
        imports = page.evaluate(
            """async (address) => [...(await (await fetch(address)).text())
                 .matchAll(/^(?:import|export) [^;]*?from "([^"]+)";/gm)]
                 .map(([, name]) => new URL(name, new URL(address, location)).pathname)""",
            address,
        )
        waiting += [name for name in imports if name not in found]
    assert found - {main} == set(named)


def test_a_tab_is_loaded_when_it_is_first_opened(page: Page) -> None:
    open_tab(page, "answer")
    for tab in TABS:
        assert not [path for path in loaded(page) if f"/lens/{tab}" in path]
        open_tab(page, tab)
        kinds = {path.rsplit(".", 1)[1] for path in loaded(page) if f"/lens/{tab}" in path}
        assert kinds == {"js", "css"}, tab


def test_the_page_as_it_opens_is_at_most_200_kb(page: Page) -> None:
    open_tab(page, "answer")
    page.wait_for_load_state("networkidle")
    sizes = loaded(page)
    assert sum(sizes.values()) <= 200_000, heaviest(sizes)


def test_an_answer_with_the_layers_is_at_most_10_kb(page: Page) -> None:
    open_tab(page, "inside")
    draw(Mouse(page), SEVEN)
    settle(page)
    answers: list[Any] = page.evaluate(
        """performance.getEntriesByType("resource")
             .filter(({ name }) => name.endsWith("api/predict"))
             .map(({ encodedBodySize }) => encodedBodySize)"""
    )
    assert len(answers) > 0
    assert max(answers) <= 10_000


def test_every_module_is_short() -> None:
    files = sorted((ROOT / "static" / "js").rglob("*.js"))
    lines = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    assert {name: count for name, count in lines.items() if count > 250} == {}


def heaviest(sizes: dict[str, int]) -> str:
    """The files and their bytes, the heaviest first."""
    ordered = sorted(sizes.items(), key=lambda item: -item[1])
    return ", ".join(f"{path} {size}" for path, size in ordered)
