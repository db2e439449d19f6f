"""The notebook `lenet`, run from top to bottom as a reader does."""

import os
import re
from pathlib import Path

import pytest

from tests.notebooks import ROOT, check_form, code, outputs, pictures, printed, run

NOTEBOOK = ROOT / "notebooks" / "lenet.ipynb"


def accuracy(text: str) -> float:
    (percent,) = re.findall(r"([\d.]+) % of [\d,]+ test digits are read right", text)
    return float(percent) / 100


@pytest.mark.usefixtures("jupyter_at_home")
@pytest.mark.parametrize("folder", [ROOT, NOTEBOOK.parent], ids=["root", "notebooks"])
def test_on_digits_of_its_own_it_learns_and_reads_the_drawing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LENET_DATA", raising=False)
    notebook = run(NOTEBOOK, folder)
    text = printed(notebook)
    assert "made: 6,000 digits to learn" in text
    assert accuracy(text) > 0.9
    assert "Your drawing is read as a 2," in text
    (table,) = outputs(code(notebook), "execute_result")
    assert table.data["text/plain"].startswith("lenet: 44,426 parameters")
    # digits, guesses, curves, answers, mistakes, drawing, layers
    assert len(pictures(code(notebook))) == 7


@pytest.mark.usefixtures("jupyter_at_home")
@pytest.mark.skipif("LENET_DATA" not in os.environ, reason="LENET_DATA names no folder of MNIST")
def test_on_mnist_it_learns_and_reads_the_drawing() -> None:
    text = printed(run(NOTEBOOK, NOTEBOOK.parent))
    assert "mnist: 60,000 digits to learn, 10,000 to test" in text
    assert accuracy(text) > 0.96
    assert "Your drawing is read as a 2," in text


def test_it_is_a_valid_notebook_without_outputs_that_says_how_to_open_it() -> None:
    check_form(NOTEBOOK)
