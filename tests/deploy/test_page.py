"""docs/deploy.md: its targets are those that are started, and its arithmetic is right."""

import re

from tests.browser.server import ROOT
from tests.deploy.targets import TARGETS
from tests.pages import README, TEXTS, anchors, rows

PAGE = TEXTS["docs/deploy.md"]


def test_the_page_has_every_target_and_every_file_is_there() -> None:
    table = rows(PAGE, "| target |")
    files = {file for row in table for file in re.findall(r"`(.*?)`", row[1])}
    assert {name.rstrip("/") for name in files} - {"Makefile"} == {
        name for name in TARGETS if (ROOT / name).exists()
    }
    assert all((ROOT / file).exists() for file in files)
    links = [re.findall(r"\(#(.*?)\)", row[0])[0] for row in table]
    assert set(links) <= anchors(PAGE)


def test_the_readme_names_the_files_in_six_commands() -> None:
    section = README.partition("## Deploy\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(block.splitlines()) == 6
    assert "(docs/deploy.md)" in section


def test_the_rate_of_the_benchmarks_is_that_of_their_table() -> None:
    row = r"^\| 4 8 clients, one worker \|[^|]*\| ([\d,]+) requests/s"
    (rate,) = re.findall(row, TEXTS["benchmarks/README.md"], re.MULTILINE)
    assert f"answered {rate} drawings a second" in PAGE
    assert int(rate.replace(",", "")) >= 250  # what the page counts on


def test_the_arithmetic_of_the_visitors_is_right() -> None:
    table = rows(PAGE, "| visitors a day |")
    assert [row[0] for row in table] == ["1", "100", "1,000", "10,000", "100,000", "1,000,000"]
    for visitors, hour, rate, workers in (
        [float(cell.replace(",", "")) for cell in row] for row in table
    ):
        assert hour == 0.2 * visitors
        questions = hour * 900 / 3_600
        assert rate == (round(questions) if questions >= 1 else round(questions, 2))
        assert workers == max(1, -(-questions // 125))
    assert 10 * 1.5 * 60 == 900
    assert f"up to {60} times a second" in TEXTS["docs/page.md"]
