"""axe finds no fault in any state of the page, on a desktop and a phone, in light and in dark.

axe checks by rules what can be checked so: names, roles, contrast, headings, landmarks. It comes
from npm, by `make check`: https://github.com/dequelabs/axe-core.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.server import ROOT, Server
from tests.browser.states import STATES, State

AXE = ROOT / "tests/js/node_modules/axe-core/axe.min.js"
COLOURS = ["color-contrast", "link-in-text-block"]
WINDOWS: dict[str, Any] = {"desktop": {}, "phone": PHONE}


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe."""
    if not AXE.exists():
        pytest.fail(f"{AXE.relative_to(ROOT)} is missing; make check installs it", pytrace=False)
    return Path(AXE).read_text(encoding="utf-8")


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_axe_finds_no_fault(
    open_page: OpenPage, server: Server, axe: str, state: State, window: str
) -> None:
    page = open_page(server.url + state.path, reduced_motion="reduce", **WINDOWS[window])
    state.prepare(page)
    page.evaluate(axe)
    found = {"light": faults(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = faults(page, COLOURS)  # the other rules do not look at colours
    assert found == {"light": [], "dark": []}


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Each rule that is broken, with the elements that break it; rules: only these."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found: list[str] = page.evaluate(
        """async (options) => {
          await new Promise(requestAnimationFrame);
          const { violations } = await axe.run(document, options);
          return violations.map(({ id, help, nodes }) =>
            `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
        }""",
        options,
    )
    return found
