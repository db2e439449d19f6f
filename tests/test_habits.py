"""Pins, hashes, the version and the commit hooks."""

import json
import re
from pathlib import Path

import pytest
import yaml

from app import create_app
from app.version import VERSION

ROOT = Path(__file__).parent.parent
COMPILED = [
    *("requirements.txt", "requirements-dev.txt", "requirements-mutants.txt"),
    "requirements-rate-limit.txt",
]
HOST = re.compile(r"https?://|--(extra-)?index-url|--find-links|@ ")


def entries(name: str) -> list[str]:
    """The packages of a compiled file, each with its hashes on one line."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def names_in(text: str) -> set[str]:
    """The packages that a short .in file asks for."""
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return {line.lower() for line in lines if line and not line.startswith("-")}


@pytest.mark.parametrize("name", COMPILED)
def test_every_package_has_one_version_and_the_hashes_of_its_files(name: str) -> None:
    pinned = re.compile(r"[a-z0-9.-]+==[^ ]+( ; [^-]+)?(?: +--hash=sha256:[0-9a-f]{64})+ *")
    assert [entry for entry in entries(name) if not pinned.fullmatch(entry)] == []
    packages = [entry.split("==")[0] for entry in entries(name)]
    assert len(packages) == len(set(packages))


@pytest.mark.parametrize("name", COMPILED)
def test_the_in_file_asks_for_packages_that_are_pinned(name: str) -> None:
    asked = names_in((ROOT / name).with_suffix(".in").read_text())
    assert asked <= {entry.split("==")[0] for entry in entries(name)}


def test_the_development_pins_agree_with_the_run_time_pins() -> None:
    assert set(entries("requirements.txt")) <= set(entries("requirements-dev.txt"))


@pytest.mark.parametrize("name", COMPILED)
def test_pins_name_no_package_index(name: str) -> None:
    assert HOST.search((ROOT / name).read_text()) is None


def test_the_npm_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "tests" / "js" / "package-lock.json").read_text())
    packages = [entry for path, entry in lock["packages"].items() if path]
    assert packages
    assert all("integrity" in entry and "resolved" not in entry for entry in packages)


def test_the_commit_hook_runs_the_commands_of_make_check() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    (hook,) = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert hook["entry"] == "make check"
    assert hook["always_run"]
    assert not hook["pass_filenames"]
    assert [repo["repo"] for repo in config["repos"]] == ["local"]


def test_the_api_tells_the_version() -> None:
    client = create_app().test_client()
    document, health = client.get("/api/openapi.json").json, client.get("/health").json
    assert document is not None
    assert health is not None
    assert document["info"]["version"] == health["version"] == VERSION


def test_the_changelog_tells_what_is_new_in_this_version() -> None:
    headings = re.findall(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == VERSION
