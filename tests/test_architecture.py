"""Who imports whom: numpy ← model ← app, train.py → model; and nothing that is not installed."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PINNED = {"flask", "gunicorn", "numpy", "pillow"}
PACKAGES = {"flask", "werkzeug", "numpy", "PIL"}  # as imported; werkzeug is Flask's own other half
FILES = sorted([*ROOT.glob("model/**/*.py"), *ROOT.glob("app/**/*.py"), ROOT / "train.py"])
ALLOWED = {
    "model": {"model", "numpy", "PIL", "onnx"},  # onnx: see below
    "app": {"app", "model", *PACKAGES},
    "train.py": {"model", "numpy", "tqdm"},
}


def imported(file: Path) -> set[str]:
    """The top names of all modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_imports_only_what_its_part_of_the_house_may(file: Path) -> None:
    part = file.relative_to(ROOT).parts[0]
    assert imported(file) - sys.stdlib_module_names <= ALLOWED[part]


def test_the_walk_sees_every_part_of_the_house() -> None:
    seen = {file.relative_to(ROOT).parts[0]: imported(file) for file in FILES}
    assert seen.keys() == ALLOWED.keys()
    assert {"flask", "model"} <= set.union(*(imported(f) for f in FILES if f.parent.name == "app"))


def test_a_forbidden_import_is_seen_inside_a_function(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def f():\n    import flask.json\n    from . import x\n")
    assert imported(file) == {"flask", ""}


def test_the_program_needs_four_packages() -> None:
    lines = (ROOT / "requirements.txt").read_text().split()
    assert {line.split("==")[0].lower() for line in lines} == PINNED
    assert all("==" in line for line in lines)


def test_tqdm_is_asked_for_only_by_train() -> None:
    assert [file.name for file in FILES if "tqdm" in imported(file)] == ["train.py"]


def test_onnx_is_asked_for_only_by_the_export_and_only_when_it_runs() -> None:
    assert [file.name for file in FILES if "onnx" in imported(file)] == ["export.py"]
    tree = ast.parse((ROOT / "model/export.py").read_text())
    at_the_top = {
        alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
    }
    assert "onnx" not in at_the_top
    pins = [line.split("==")[0] for line in (ROOT / "requirements-dev.txt").read_text().split()]
    assert "onnx" in pins
