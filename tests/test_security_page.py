"""SECURITY.md says what is true, and names nobody who cannot answer."""

import re

import app.settings
from app.uploads import PICTURES
from tests.pages import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()


def test_it_names_no_address_of_a_person() -> None:
    assert re.findall(r"\S+@\S+", PAGE) == []


def test_every_setting_and_file_that_it_names_exists() -> None:
    words = set(re.findall(r"`([^`]+)`", PAGE))
    settings = {word for word in words if re.fullmatch(r"[A-Z_]+", word)}
    assert settings >= {"FORWARDED_ALLOW_IPS", "FRAME_ANCESTORS", "CORS_ORIGINS", "RATE_LIMIT"}
    assert settings <= set(app.settings.SETTINGS)
    files = {word for word in words if re.search(r"\.\w+$|/", word) and not word.startswith("/")}
    assert files
    assert {name for name in files if not list(ROOT.glob(name))} == set()
    assert all((ROOT / link).exists() for link in re.findall(r"\]\((?!https:)([^)]+)\)", PAGE))


def test_the_number_of_formats_is_that_of_the_program() -> None:
    assert len(set(PICTURES.values())) == 5
    assert "five formats" in PAGE


def test_it_says_how_to_report_and_what_is_supported() -> None:
    assert "Report a vulnerability" in PAGE
    assert "newest version is supported" in PAGE
