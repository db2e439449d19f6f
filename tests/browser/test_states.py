"""In every state of the page nothing is cut off or covered, and axe finds no fault.

Each state is made once on a phone with large text, and once on a desktop that is zoomed to 400 %.
There the layout is checked. Then text and zoom become normal, and axe looks at the same page, in
light and in dark: that costs a third less than four pages for each state.

Text of 200 % (WCAG 2.2, 1.4.4) is set as phones do it, by the size of the root's type. A window of
1,280 × 1,024 that is zoomed to 400 % has 320 × 256 CSS pixels (1.4.10).

axe checks by rules what can be checked so: names, roles, contrast, headings, landmarks. It comes
from npm, by `make check`: https://github.com/dequelabs/axe-core.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.layout import layout_faults
from tests.browser.server import ROOT, Server
from tests.browser.states import STATES, State
from tests.browser.watch import settle

AXE = ROOT / "tests/js/node_modules/axe-core/axe.min.js"
COLOURS = ["color-contrast", "link-in-text-block"]
ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
NOT_ZOOMED = {"width": 1280, "height": 1024, "deviceScaleFactor": 1, "mobile": False}

every_state = pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe."""
    if not AXE.exists():
        pytest.fail(f"{AXE.relative_to(ROOT)} is missing; make check installs it", pytrace=False)
    return Path(AXE).read_text(encoding="utf-8")


@every_state
def test_nothing_is_wrong_on_a_phone_nor_with_large_text(
    open_page: OpenPage, server: Server, axe: str, state: State
) -> None:
    page = open_page(server.url + state.path, reduced_motion="reduce", **PHONE)
    set_text_size(page, "200%")
    state.prepare(page)
    found = layout_faults(page)
    set_text_size(page, "")
    assert found | axe_faults(page, axe) == NOTHING


@every_state
def test_nothing_is_wrong_on_a_desktop_nor_with_zoom(
    open_page: OpenPage, server: Server, axe: str, state: State
) -> None:
    page = open_page(server.url + state.path, reduced_motion="reduce", **ZOOMED)
    state.prepare(page)
    found = layout_faults(page)
    zoom_out(page)
    assert found | axe_faults(page, axe) == NOTHING


NOTHING: dict[str, list[str]] = {
    "wide": [],
    "colliding": [],
    "covered": [],
    "axe in light": [],
    "axe in dark": [],
}


def set_text_size(page: Page, size: str) -> None:
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)


def zoom_out(page: Page) -> None:
    """To 100 %, as a browser does it: with more CSS pixels, each of fewer pixels of the screen."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setDeviceMetricsOverride", NOT_ZOOMED)
    page.wait_for_function("innerWidth === 1280 && devicePixelRatio === 1")


def axe_faults(page: Page, axe: str) -> dict[str, list[str]]:
    """What axe finds on the page in light and in dark."""
    settle(page)
    page.evaluate(axe)
    light = faults(page)
    page.emulate_media(color_scheme="dark")
    return {"axe in light": light, "axe in dark": faults(page, COLOURS)}


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Each rule that is broken, with the elements that break it; rules: only these.

    In the dark only rules about colours can find something else.
    """
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
