"""Run a notebook as a reader does, and find its outputs."""

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
CELL_TIMEOUT_S = 600  # seconds, so that a cell that hangs does not hang the tests
FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")


def committed(path: Path) -> Any:
    """The notebook as it is in the repository."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def run(path: Path, folder: Path) -> Any:
    """The notebook with its outputs, run in that folder. Raises the error of a cell.

    The test needs the fixture `jupyter_at_home`.
    """
    notebook = committed(path)
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(
        notebook, timeout=CELL_TIMEOUT_S, kernel_name="python3", resources=where
    ).execute()
    return notebook


def code(notebook: Any) -> list[Any]:
    """Its cells with code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(cells: list[Any], output_type: str) -> list[Any]:
    """All outputs of one type, in order."""
    return [
        out for cell in cells for out in cell.get("outputs", []) if out.output_type == output_type
    ]


def printed(notebook: Any) -> str:
    """The printed text; AssertionError if the notebook wrote to stderr."""
    streams = outputs(code(notebook), "stream")
    assert [out.text for out in streams if out.name != "stdout"] == []
    return "".join(out.text for out in streams).replace("\u202f", " ")


def pictures(cells: list[Any]) -> list[Any]:
    """The figures that the cells show."""
    return [out for out in outputs(cells, "display_data") if "image/png" in out.data]


def check_form(path: Path) -> None:
    """A valid notebook, without outputs, for any Python 3; its first cell says how to open it."""
    notebook = committed(path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert code(notebook)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code(notebook))
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert f"jupyter lab notebooks/{path.name}" in first.source
