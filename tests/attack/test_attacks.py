"""A short form of each attack of tests/attack/run.py, and the counting of faults."""

import importlib
import json
from pathlib import Path

import pytest

from app import create_app
from tests.attack import raw, run
from tests.attack.mutate import with_right_sums
from tests.attack.tally import Tally, faults_in
from tests.browser.server import ROOT
from tests.drawn import drawn, encoded
from tests.pages import TEXTS, rows
from tests.strokes import SEVEN

# The search for dear requests is tested in tests/test_benchmarks.py, dear pictures in
# tests/app/test_uploads.py.
SHORT = {name: attack.few for name, attack in run.ATTACKS.items() if name != "dearest"}
PROBLEM = b'{"type": "about:blank", "title": "t", "status": 400, "detail": "d"}'
JSON, REFUSED = "application/json", "application/problem+json"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the memory")
@pytest.mark.parametrize("name", SHORT)
def test_a_short_attack_finds_no_fault(name: str) -> None:
    tally: Tally = importlib.import_module(f"tests.attack.{name}").attack(SHORT[name], 1)
    assert tally.faults == []
    assert tally.cases >= SHORT[name]


@pytest.mark.parametrize(
    ("status", "media_type", "body", "words"),
    [
        (500, REFUSED, PROBLEM, "status 500"),
        (400, JSON, PROBLEM, "a refusal of the wrong form"),
        (400, REFUSED, b'{"status": 400}', "a refusal of the wrong form"),
        (422, REFUSED, PROBLEM, "a refusal with a wrong status"),
        (400, REFUSED, PROBLEM.replace(b'"d"', b'"%s"' % (b"d" * 2_000)), "a refusal of 2,0"),
        (200, JSON, b'{"probabilities": [NaN]}', "no JSON (NaN is not JSON)"),
        (200, JSON, b"", "no JSON"),
        (200, JSON, b'{"probabilities": [2], "confidence": 2}', "the probabilities [2]"),
    ],
)
def test_a_bad_answer_is_a_fault(status: int, media_type: str, body: bytes, words: str) -> None:
    assert words in " ".join(faults_in(status, media_type, body))


def test_good_answers_are_no_faults() -> None:
    client = create_app().test_client()
    for strokes in (SEVEN, None):
        answer = client.post("/api/predict", json={"strokes": strokes})
        assert list(faults_in(answer.status_code, answer.content_type, answer.data)) == []


def test_what_an_attack_prints_and_a_failure_are_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "false")
    tally = run.run("starts", 1, 60)
    assert tally.faults == ["exit status 1, it printed ''"]
    assert "| 1 | – |" in run.row("starts", tally, 2.0)


def test_an_attack_that_does_not_end_is_ended_and_is_a_fault() -> None:
    assert run.run("signals", 1_000, 1).faults == ["it did not end in time"]


def test_a_png_gets_the_right_sums_again() -> None:
    whole = encoded(drawn(SEVEN, 40))
    assert with_right_sums(whole) == whole
    broken = whole[:20] + b"\1" + whole[21:]
    assert with_right_sums(broken)[:29] == broken[:29]
    assert with_right_sums(broken) != broken
    assert with_right_sums(whole[:-20] + b"x") == whole[:-20] + b"x"


def test_only_addresses_of_this_machine_are_attacked() -> None:
    for file in Path(run.__file__).parent.glob("*.py"):
        assert "://" not in file.read_text().replace('"://"', "")
    assert b"Host: here" in raw.with_head(b"{}", JSON)


def test_the_table_in_the_docs_has_a_line_for_each_attack_and_no_fault() -> None:
    table = rows(TEXTS["docs/limits.md"], "| attack |")
    assert [row[0] for row in table] == [attack.what for attack in run.ATTACKS.values()]
    assert {row[2] for row in table} == {"0"}
    assert "attack" in (ROOT / "Makefile").read_text()
    json.dumps(vars(Tally()))
