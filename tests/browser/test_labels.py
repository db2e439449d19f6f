"""Labelled drawings: kept by the browser, written as train.py reads them, read again or refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from model.data.ink_files import read_ink
from model.training.fine_tuning import read_lesson
from tests.browser.server import ROOT, Server

DRAWING: dict[str, Any] = {
    "strokes": [[[0.1, 0.2], [0.34567891, 0.4]], [[0.5, 0.5]]],
    "time": "2026-01-01T10:00Z",
}
MADE: list[dict[str, Any]] = [
    DRAWING | {"label": "7"},
    DRAWING | {"label": "0", "writer": "w1"},
    DRAWING | {"label": "no digit"},
]
LINES = "await import('/static/js/keep/lines.js')"
LABELS = "await import('/static/js/keep/labels.js')"


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def blank(visitor: Page, server: Server) -> Page:
    """A page in which modules are imported, of a browser that keeps nothing yet."""
    visitor.goto(f"{server.url}live")
    visitor.evaluate(f"async () => (await ({LABELS}).openLabels()).clear()")
    return visitor


def lines_of(page: Page, drawings: list[dict[str, Any]], kind: str) -> str:
    """The exported file of the drawings of this kind."""
    text: str = page.evaluate(
        f"async ([drawings, kind]) => ({LINES}).toLines(drawings, kind)", [drawings, kind]
    )
    return text


def test_train_py_reads_the_exported_digits(blank: Page, tmp_path: Path) -> None:
    path = tmp_path / "my-digits.jsonl"
    path.write_text(lines_of(blank, MADE, "digits"), "utf-8")
    samples = read_ink(path, only="digits")
    assert [(sample.label, sample.writer) for sample in samples] == [("7", ""), ("0", "w1")]
    np.testing.assert_array_equal(samples[0].strokes[0], np.float32(DRAWING["strokes"][0]))


def test_train_py_reads_the_exported_drawings_of_no_digit_as_outliers(
    blank: Page, tmp_path: Path
) -> None:
    path = tmp_path / "my-no-digits.jsonl"
    path.write_text(lines_of(blank, MADE, "no digits"), "utf-8")
    assert [sample.label for sample in read_ink(path, only="no digits")] == ["no digit"]


def test_a_network_is_taught_the_exported_digits(blank: Page, tmp_path: Path) -> None:
    path = tmp_path / "my-digits.jsonl"
    path.write_text(lines_of(blank, MADE, "digits"), "utf-8")
    assert read_lesson(ROOT / "weights" / "lenet.npz", [path]).digits == 2


def test_without_drawings_of_a_kind_the_file_is_empty(blank: Page) -> None:
    assert lines_of(blank, MADE[:1], "no digits") == ""


def read(page: Page, text: str) -> Any:
    """The drawings of such a file, or the words of the refusal."""
    return page.evaluate(
        f"""async (text) => {{
          const {{ fromFile, LinesError }} = {LINES};
          try {{ return await fromFile(new Blob([text])); }}
          catch (error) {{ if (error instanceof LinesError) return error.message; throw error; }}
        }}""",
        text,
    )


def test_an_exported_file_is_read_again_as_it_was(blank: Page) -> None:
    text = lines_of(blank, MADE, "digits") + "\n" + lines_of(blank, MADE, "no digits")
    assert read(blank, f"\ufeff{text}".replace("\n", "\r\n")) == MADE


def test_a_label_that_is_none_of_the_digits_counts_as_no_digit(blank: Page) -> None:
    (drawing,) = read(blank, '{"label": "A", "strokes": [[[1, 2, 99, 0.5]]]}')
    assert (drawing["label"], drawing["strokes"]) == ("no digit", [[[1, 2]]])


GOOD = '{"label": "7", "strokes": [[[1, 2]]]}'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "No drawings; wanted lines like"),
        (" \n \n", "No drawings"),
        (f"{GOOD}\nhello", "Line 2: no JSON; wanted"),
        ("[1]", "Line 1: [1] instead of an object"),
        ("null", "Line 1: null instead of an object"),
        ('{"label": 7, "strokes": [[[1, 2]]]}', "Line 1: label 7 instead of a text"),
        ('{"strokes": [[[1, 2]]]}', "Line 1: label missing instead of a text"),
        ('{"label": "7"}', "Line 1: strokes missing instead of a list of strokes"),
        ('{"label": "7", "strokes": []}', "Line 1: strokes [] instead of a list of strokes"),
        ('{"label": "7", "strokes": [[]]}', "Line 1: stroke [] instead of a list of points"),
        ('{"label": "7", "strokes": [[[1]]]}', "Line 1: point [1] instead of two numbers"),
        ('{"label": "7", "strokes": [[[1, "2"]]]}', "instead of two numbers"),
        ('{"label": "7", "strokes": [[[1, 1e39]]]}', "instead of two numbers"),
        ('{"label": "7", "strokes": [[1, 2]]}', "Line 1: point 1 instead of two numbers"),
        (f"{GOOD}\n" * 5001, "5,001 drawings, wanted at most 5,000"),
        (json.dumps({"label": "7", "strokes": [[[1, 2]]] * 1001}), "1001 strokes of 1001 points"),
        ("x" * 20_000_001, "21 MB, wanted at most 20: divide the file"),
    ],
)
def test_a_file_that_holds_anything_else_is_refused_in_words(
    blank: Page, text: str, found: str
) -> None:
    words = read(blank, text)
    assert found in words
    assert "…" in words or "divide" in words  # what was wanted, or the cure


def test_a_packed_file_is_refused_in_words(blank: Page) -> None:
    words = blank.evaluate(
        f"""async () => {{
          const {{ fromFile }} = {LINES};
          return fromFile(new Blob([new Uint8Array([0x1f, 0x8b, 8])])).catch((e) => e.message);
        }}"""
    )
    assert words == "A packed file (.gz): unpack it, and choose the .jsonl file."


SHORT = "const short = async () => (await labels.all()).map(({ label }) => label).join(' ');"


def with_labels(page: Page, script: str, opened: str = "await openLabels()") -> Any:
    """The result of a script that uses `labels`; `made` are three labelled drawings."""
    return page.evaluate(
        f"""async (made) => {{
          const {{ openLabels, NotKeptError }} = {LABELS};
          const labels = {opened};
          {SHORT}
          {script}
        }}""",
        MADE,
    )


STORES = pytest.mark.parametrize(
    ("opened", "lasts"),
    [
        ("await openLabels()", True),
        ("await openLabels(null)", False),
        ("await openLabels({ open() { throw new DOMException('no', 'SecurityError'); } })", False),
    ],
    ids=["kept", "missing", "blocked"],
)


@STORES
def test_drawings_are_counted_listed_and_deleted(blank: Page, opened: str, lasts: bool) -> None:
    seen = with_labels(
        blank,
        """const seen = [labels.lasts, await labels.count(), await labels.add(made)];
          seen.push(await labels.count(), await short());
          await labels.remove((await labels.all())[1].key);
          seen.push(await short());
          await labels.clear();
          return [...seen, await labels.count()];""",
        opened,
    )
    assert seen == [lasts, 0, 3, 3, "no digit 0 7", "no digit 7", 0]


@STORES
def test_a_drawing_that_is_there_is_not_added_again(blank: Page, opened: str, lasts: bool) -> None:
    seen = with_labels(
        blank,
        """await labels.add(made.slice(0, 2));
          return [await labels.add([...made, made[2]]), await labels.count()];""",
        opened,
    )
    assert seen == [1, 3]


def test_a_browser_that_never_answers_is_not_waited_for_longer_than_some_seconds(
    blank: Page,
) -> None:
    opened = "await openLabels({ open: () => ({}) })"
    assert with_labels(blank, "return labels.lasts;", opened) is False


def test_drawings_are_there_after_a_reload(blank: Page) -> None:
    with_labels(blank, "await labels.add(made)")
    blank.reload()
    assert with_labels(blank, "return short()") == "no digit 0 7"


def test_coordinates_are_kept_with_four_decimals(blank: Page) -> None:
    strokes = with_labels(
        blank, "await labels.add(made); return (await labels.all())[0].strokes[0]"
    )
    assert strokes == [[0.1, 0.2], [0.3457, 0.4]]


def test_a_full_disk_is_told_in_words(blank: Page) -> None:
    words = with_labels(
        blank,
        """IDBObjectStore.prototype.add = function () {
            const request = this.put({});
            this.transaction.abort();
            Object.defineProperty(this.transaction, "error",
              { value: new DOMException("full", "QuotaExceededError") });
            return request;
          };
          return labels.add(made.slice(0, 1)).catch((error) =>
            error instanceof NotKeptError ? error.message : String(error));""",
    )
    assert words == (
        "Not kept: the browser has no room left. Export your drawings, then delete some."
    )
