"""Find Firefox, and WebKit with a screen for it, or install Debian's packages of them.

`make browsers` runs it first: python -m tests.engines.install. Firefox is its release of extended
support; WebKit is the one of GTK, with its driver and its small browser. WebKit has no mode without
a screen, so Xvfb makes one in memory. Together they are 140 MB on the disk.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.browser.programs import MissingError, from_debian

# Program → Debian's package that has it.
FIREFOX = {"firefox-esr": "firefox-esr"}
WEBKIT = {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}
FIREFOX_NAMES = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
# Debian, Fedora and Arch keep the browser of WebKit's driver beside its library.
MINI_BROWSERS = ("lib/*-linux-gnu/webkit2gtk-4.*", "libexec/webkit2gtk-4.*", "lib/webkit2gtk-4.*")


def firefox() -> Path:
    """Firefox's program; MissingError says how to get one."""
    for name in FIREFOX_NAMES:
        if path := shutil.which(name):
            return Path(path)
    raise MissingError(missing("Firefox", FIREFOX_NAMES[:2], list(FIREFOX.values())))


def webkit() -> tuple[Path, Path, Path]:
    """WebKit's driver, its MiniBrowser and Xvfb; MissingError says how to get them."""
    driver, screen = (shutil.which(name) for name in WEBKIT)
    folders = [folder for part in MINI_BROWSERS for folder in sorted(Path("/usr").glob(part))]
    browser = next((f / "MiniBrowser" for f in folders if (f / "MiniBrowser").exists()), None)
    if driver is None or screen is None or browser is None:
        names = [*WEBKIT, "MiniBrowser"]
        raise MissingError(missing("WebKit", names, list(WEBKIT.values())))
    return Path(driver), browser, Path(screen)


def missing(engine: str, programs: Sequence[str], packages: Sequence[str]) -> str:
    """Why the smoke tests of an engine cannot run, and what to do."""
    return (
        f"{engine} cannot be tried: of {', '.join(programs)} at least one is not on this machine. "
        f"On Debian: apt-get install {' '.join(packages)}."
    )


def main() -> int:
    """Install what is missing; 1 if something is missing still, with the reasons."""
    reasons = []
    for find, packages in ((firefox, FIREFOX), (webkit, WEBKIT)):
        try:
            find()
        except MissingError:
            try:
                from_debian(*packages.values())
                find()
            except MissingError as reason:
                reasons.append(f"{' '.join(packages.values())}: {reason}")
    print("\n".join(reasons), file=sys.stderr, end="\n" if reasons else "")
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main())
