"""Without an engine, the reason and the packages are named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.programs import MissingError
from tests.engines import install


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with nothing on the PATH, and no Firefox of macOS."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install, "FIREFOX_NAMES", install.FIREFOX_NAMES[:2])


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("find", "packages"),
    [(install.firefox, "firefox-esr"), (install.webkit, "webkit2gtk-driver xvfb")],
)
def test_a_missing_engine_is_named_with_its_packages(
    find: Callable[[], object], packages: str
) -> None:
    with pytest.raises(MissingError, match=f"apt-get install {packages}"):
        find()


@pytest.mark.usefixtures("bare")
def test_a_machine_without_apt_is_told_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert install.main() == 1
    firefox, webkit = capsys.readouterr().err.splitlines()
    assert firefox == "firefox-esr: There is no apt-get here."
    assert webkit == "webkit2gtk-driver xvfb: There is no apt-get here."
