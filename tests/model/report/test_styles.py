"""The style sheets: no rule and no colour is written twice."""

import re
from collections import Counter
from pathlib import Path

from model.report import STYLES
from model.report.page import SHEETS

SHEETS_OF_THE_APP = sorted(Path("static/css").glob("*.css"))
ALL = [*(STYLES / name for name in SHEETS), *SHEETS_OF_THE_APP]

Declaration = tuple[str, str, str]


def declarations(css: str) -> list[Declaration]:
    """(media, selector, "property: value") of a sheet; lists of selectors are taken apart."""
    found, media, selector = [], "", ""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for part, end in re.findall(r"([^{};]*)([{};])", plain):
        words = " ".join(part.split())
        if end == "{" and words.startswith("@"):
            media = words
        elif end == "{":
            selector = words
        elif words:  # a declaration
            apart = re.split(r",\s*(?![^(]*\))", selector)
            found += [(media, one, words) for one in apart]
        if end == "}":
            selector, media = ("", media) if selector else ("", "")
    return found


def test_a_sheet_is_taken_apart() -> None:
    css = "a, b:is(c, d) { x: 1; y: 2 } /* e { x: 1; } */ @media print { a { x: 1; } } f { z: 3; }"
    assert declarations(css) == [
        *[("", "a", "x: 1"), ("", "b:is(c, d)", "x: 1")],
        *[("", "a", "y: 2"), ("", "b:is(c, d)", "y: 2")],
        ("@media print", "a", "x: 1"),
        ("", "f", "z: 3"),
    ]


def test_no_css_rule_is_written_twice() -> None:
    count = Counter(each for sheet in ALL for each in declarations(sheet.read_text("utf-8")))
    assert [each for each, times in count.items() if times > 1] == []


def test_no_colour_is_defined_twice() -> None:
    """Only base.css defines the colours of paper, text and ink."""
    shared = set(re.findall(r"#[0-9a-f]{3,8}\b", (STYLES / "base.css").read_text("utf-8")))
    assert len(shared) == 10
    for sheet in ALL[1:]:
        used = set(re.findall(r"#[0-9a-f]{3,8}\b", sheet.read_text("utf-8")))
        assert used & shared == set(), sheet.name


def test_the_browsers_own_bar_has_the_colour_of_the_paper() -> None:
    base = (STYLES / "base.css").read_text("utf-8")
    template = Path("templates/base.html").read_text("utf-8")
    bars = re.findall(r'name="theme-color" content="(#\w+)"', template)
    assert bars == re.findall(r"--paper: (#\w+);", base)
