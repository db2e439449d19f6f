"""Find a Chromium for the tests of the page, or install one.

The environment variable CHROMIUM comes first, then what is installed, then Playwright's own
download, then Debian's package. Run it to see which it is: python -m tests.browser.chromium
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

DOWNLOAD_LIMIT = 180  # seconds: behind some firewalls the download never ends
PACKAGE_LIMIT = 600  # seconds: Debian's package brings a hundred others
START_LIMIT = 60  # seconds to print a version, on a cold disk

# A sandbox cannot be had as root; the rest keeps the browser from calling home during a test.
FLAGS = [
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class NoChromiumError(RuntimeError):
    """No browser was found this way; the message says why."""


def chosen() -> Path:
    """The one that CHROMIUM names."""
    name = os.environ.get("CHROMIUM")
    if not name:
        raise NoChromiumError("CHROMIUM is not set.")
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
    raise NoChromiumError(f"None of {', '.join(NAMES)} is on the PATH and runs.")


def from_playwright() -> Path:
    """Playwright's own Chromium, downloaded if it is missing."""
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.exists():
        call([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_LIMIT)
    if not runs(path):
        raise NoChromiumError(f"Playwright's {path} does not run; libraries may be missing.")
    return path


def from_debian() -> Path:
    """Debian's package, installed now."""
    if shutil.which("apt-get") is None:
        raise NoChromiumError("There is no apt-get here.")
    admin = [] if os.geteuid() == 0 else ["sudo", "-n"]
    # Another installation may be running, as on a machine that has just started: wait for it.
    patient = ["-o", "DPkg::Lock::Timeout=300"]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *patient]
    call([*admin, *quiet, "update"], PACKAGE_LIMIT)
    call([*admin, *quiet, "install", "-y", "--no-install-recommends", "chromium"], PACKAGE_LIMIT)
    return installed()


SOURCES = (chosen, installed, from_playwright, from_debian)


def find(sources: Sequence[Callable[[], Path]] = SOURCES) -> Path:
    """The browser of the first source that has one; NoChromiumError gives all their reasons."""
    reasons = []
    for source in sources:
        try:
            return source()
        except NoChromiumError as reason:
            reasons.append(str(reason))
    raise NoChromiumError(
        f"The tests of the page need a Chromium, and none can be had. {' '.join(reasons)} "
        "Install Chromium or Chrome, or set CHROMIUM to the path of one."
    )


def runs(path: Path) -> bool:
    """Whether it prints its version: a stub that only names a package to install does not."""
    try:
        call([str(path), "--version"], START_LIMIT)
    except NoChromiumError:
        return False
    return True


def call(command: list[str], limit: float) -> None:
    """Run a command; NoChromiumError if it fails, is missing or takes over `limit` seconds."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that its children can be stopped with it
        )
    except OSError as error:
        raise NoChromiumError(f"{' '.join(command)}: {error.strerror}.") from None
    try:
        _, complaint = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise NoChromiumError(f"{' '.join(command)}: not done after {limit:g} s.") from None
    if process.returncode:
        lines = complaint.strip().splitlines() or ["no reason given"]
        reason = next((line for line in lines if "rror" in line), lines[-1])
        raise NoChromiumError(f"{' '.join(command)}: {reason.rstrip('.')}.")


if __name__ == "__main__":
    try:
        print(find())
    except NoChromiumError as reason:
        sys.exit(str(reason))
