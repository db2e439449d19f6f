"""What the README says is so."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from app import create_app
from model import load
from model.variants import VARIANTS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
ROWS = {row.split("`")[1]: row for row in re.findall(r"^\| `lenet.*$", README, re.MULTILINE)}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_table_has_the_numbers_of_the_cards(name: str) -> None:
    network = load(ROOT / "weights" / f"{name}.npz")
    metrics = network.card.to_json()["metrics"]
    low, high = (100 * (1 - share) for share in reversed(metrics["interval"]))
    wanted = (
        f"| {network.size:,} | {100 * (1 - metrics['accuracy']):.2f} %, {low:.2f} to {high:.2f} |"
    )
    assert wanted in ROWS[name]


def test_the_python_example_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(example, {})
    assert "lenet: 44,426 parameters" in printed.getvalue()
    assert printed.getvalue().endswith("\n7\n")


def test_the_curl_example_is_read_as_the_answer_shows() -> None:
    (body,) = re.findall(r"-d '(.*?)'", README)
    answer = json.loads(create_app().test_client().post("/api/predict", json=json.loads(body)).data)
    (shown,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    expected = json.loads(shown)
    assert list(answer) == list(expected)
    assert (answer["verdict"], answer["digit"]) == (expected["verdict"], expected["digit"])
    assert answer["confidence"] == pytest.approx(expected["confidence"], abs=5e-4)


def test_every_file_that_it_names_exists() -> None:
    named = set(
        re.findall(r"`((?:model|app|weights|notebooks|static|templates)/[\w./-]+)`", README)
    )
    named |= set(re.findall(r"\]\((docs/[\w./-]+)\)", README))
    assert {"model/ink/redraw.py", "docs/page.png"} <= named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
