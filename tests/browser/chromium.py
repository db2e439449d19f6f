"""Find a Chromium for the tests of the page, or install one.

The environment variable CHROMIUM comes first, then what is installed, then Playwright's own
download, then Debian's package. Run it to see which it is: python -m tests.browser.chromium
"""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import programs
from tests.browser.programs import MissingError, call, runs

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

DOWNLOAD_LIMIT = 180  # seconds: behind some firewalls the download never ends

# Chromium takes only the last --disable-features, so Playwright's own names are repeated. The last
# two open a page of Chromium's own for each window, for the list below its address bar; a window
# without it needs half the processor time.
NOT_NEEDED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)

# A sandbox cannot be had as root; the rest keeps the browser from calling home during a test.
FLAGS = [
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    f"--disable-features={','.join(NOT_NEEDED)}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chosen() -> Path:
    """The one that CHROMIUM names."""
    name = os.environ.get("CHROMIUM")
    if not name:
        raise MissingError("CHROMIUM is not set.")
    path = shutil.which(name)
    if path is None or not runs(Path(path)):
        # It is an error if this one does not run: the variable asks for it explicitly.
        sys.exit(f"CHROMIUM is {name!r}, which does not run; set it to a browser's path, or unset")
    return Path(path)


def installed() -> Path:
    """A Chromium or Chrome on the PATH, or where macOS keeps it."""
    found = [Path(path) for name in NAMES if (path := shutil.which(name))]
    for candidate in [*found, MAC]:
        if candidate.exists() and runs(candidate):
            return candidate
    raise MissingError(f"None of {', '.join(NAMES)} is on the PATH and runs.")


def from_playwright() -> Path:
    """Playwright's own Chromium, downloaded if it is missing."""
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.exists():
        call([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_LIMIT)
    if not runs(path):
        raise MissingError(f"Playwright's {path} does not run; libraries may be missing.")
    return path


def from_debian() -> Path:
    """Debian's package, installed now."""
    programs.from_debian("chromium")
    return installed()


SOURCES = (chosen, installed, from_playwright, from_debian)


def find(sources: Sequence[Callable[[], Path]] = SOURCES) -> Path:
    """The browser of the first source that has one; MissingError gives all their reasons."""
    reasons = []
    for source in sources:
        try:
            return source()
        except MissingError as reason:
            reasons.append(str(reason))
    raise MissingError(
        f"The tests of the page need a Chromium, and none can be had. {' '.join(reasons)} "
        "Install Chromium or Chrome, or set CHROMIUM to the path of one."
    )


if __name__ == "__main__":
    try:
        print(find())
    except MissingError as reason:
        sys.exit(str(reason))
