"""The browser for the tests is found, or the reasons are given why there is none."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser.programs import MissingError, call


def program(folder: Path, name: str, script: str = "echo Chromium 100") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, and no Chrome of macOS."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "MAC", tmp_path / "no Chrome here")
    return tmp_path


def test_the_variable_comes_before_what_is_installed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(path, "chromium")
    mine = program(path, "my-browser")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert chromium.find() == mine


def test_a_variable_that_names_no_browser_is_an_error(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(path, "chromium")
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(SystemExit, match="no-such-browser"):
        chromium.find()


def test_a_program_that_does_not_run_is_skipped(path: Path) -> None:
    program(path, "chromium", "echo install the snap instead >&2; exit 1")
    chrome = program(path, "google-chrome")
    assert chromium.find() == chrome


def test_a_download_that_hangs_is_stopped_with_its_children(path: Path) -> None:
    pipe = path / "what the child says"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    child = f"(echo started; /bin/sleep 5; echo survived) > '{pipe}'"
    with pytest.raises(MissingError, match="not done after"):
        call([str(program(path, "hang", f"{child} & /bin/sleep 60"))], limit=1)
    os.set_blocking(reading, True)
    with os.fdopen(reading) as output:
        assert output.read() == "started\n"  # ends only when the child has ended


def test_without_any_browser_every_reason_is_given(path: Path) -> None:
    def no_download() -> Path:
        call([str(program(path, "fetch", "echo no route to host >&2; exit 1"))], 10)
        raise AssertionError("the command above fails")

    with pytest.raises(MissingError) as reasons:
        chromium.find([chromium.chosen, chromium.installed, no_download, chromium.from_debian])
    text = str(reasons.value)
    assert "CHROMIUM is not set" in text
    assert "google-chrome" in text
    assert "no route to host" in text
    assert "no apt-get" in text
    assert "set CHROMIUM" in text


def test_what_playwright_turns_off_stays_off(browser: Browser) -> None:
    session = browser.new_browser_cdp_session()
    line = session.send("SystemInfo.getInfo")["commandLine"]
    lists = [set(names.split(",")) for names in re.findall(r"--disable-features=(\S+)", line)]
    theirs, ours = lists[-2:]
    assert theirs - ours == set()
