"""The notebook, run from top to bottom as a learner runs it."""

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "lenet.ipynb"
LIMIT = 300  # seconds for a cell, so that one that hangs does not hang the tests


@pytest.fixture
def jupyter_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Jupyter and its friends write, they write into this test's own folder."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))


def committed() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def run(folder: Path) -> Any:
    """The notebook with its outputs; started in that folder. Raises where a cell raises."""
    notebook = committed()
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=LIMIT, kernel_name="python3", resources=where).execute()
    return notebook


def outputs(notebook: Any, kind: str) -> list[Any]:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [out for cell in cells for out in cell.outputs if out.output_type == kind]


def printed(notebook: Any) -> str:
    assert [out.text for out in outputs(notebook, "stream") if out.name != "stdout"] == []
    return "".join(out.text for out in outputs(notebook, "stream")).replace("\u202f", " ")


def accuracy(text: str) -> float:
    (share,) = re.findall(r"([\d.]+) % of [\d,]+ test digits are read right", text)
    return float(share) / 100


@pytest.mark.usefixtures("jupyter_at_home")
@pytest.mark.parametrize("folder", [ROOT, NOTEBOOK.parent], ids=["root", "notebooks"])
def test_on_digits_of_its_own_it_learns_and_reads_the_drawing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LENET_DATA", raising=False)
    notebook = run(folder)
    text = printed(notebook)
    assert "made: 6,000 digits to learn" in text
    assert accuracy(text) > 0.9
    assert "Your drawing is read as a 2," in text
    (table,) = outputs(notebook, "execute_result")
    assert table.data["text/plain"].startswith("lenet: 44,426 parameters")
    pictures = [out for out in outputs(notebook, "display_data") if "image/png" in out.data]
    assert len(pictures) == 7  # digits, guesses, curves, answers, mistakes, drawing, layers


@pytest.mark.usefixtures("jupyter_at_home")
@pytest.mark.skipif("LENET_DATA" not in os.environ, reason="LENET_DATA names no folder of MNIST")
def test_on_mnist_it_learns_and_reads_the_drawing() -> None:
    text = printed(run(NOTEBOOK.parent))
    assert "mnist: 60,000 digits to learn, 10,000 to test" in text
    assert accuracy(text) > 0.96
    assert "Your drawing is read as a 2," in text


def test_it_is_a_valid_notebook_without_outputs_for_any_python() -> None:
    notebook = committed()
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_its_first_cell_says_how_to_open_it() -> None:
    first = committed().cells[0]
    assert first.cell_type == "markdown"
    assert "jupyter lab notebooks/lenet.ipynb" in first.source
