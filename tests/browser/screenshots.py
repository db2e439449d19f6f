"""Pictures of every state of the page, on a desktop and a phone, in light and in dark.

python -m tests.browser.screenshots FOLDER [STATE …]
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, find
from tests.browser.conftest import PHONE
from tests.browser.server import Server
from tests.browser.states import STATES, State
from tests.browser.watch import WATCH

WINDOWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": PHONE | {"device_scale_factor": 2},
}


def main(folder: Path, names: list[str]) -> None:
    """Write FOLDER/state-window-scheme.png of these states; of none named, of all."""
    unknown = set(names) - {state.name for state in STATES}
    if unknown:
        wanted = ", ".join(state.name for state in STATES)
        raise SystemExit(f"found the state {min(unknown)!r}, wanted some of: {wanted}")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as log, sync_playwright() as playwright:
        server = Server(Path(log) / "output.txt")
        server.start()
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        try:
            for state in STATES:
                if state.name in names or not names:
                    photograph(browser, server, state, folder)
        finally:
            browser.close()
            server.stop()


def photograph(browser: Browser, server: Server, state: State, folder: Path) -> None:
    """One state in each window; the second colour scheme is shown by the same page."""
    for window, size in WINDOWS.items():
        context = browser.new_context(**size, reduced_motion="reduce")
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(server.url + state.path)
        state.prepare(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(1_000)  # what is asked once the pen has rested has come
            name = f"{state.name.replace(' ', '-')}-{window}-{scheme}.png"
            page.screenshot(path=folder / name)
            print(folder / name)
        context.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("found no folder; python -m tests.browser.screenshots FOLDER [STATE …]")
    main(Path(sys.argv[1]), sys.argv[2:])
