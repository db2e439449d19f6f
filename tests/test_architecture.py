"""Allowed imports: numpy ← model ← app, train.py → model; and only installed packages.

Within model/, ARROWS lists the imports of each room (a folder) and of each file beside the rooms.
"""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PINNED = {"flask", "gunicorn", "numpy", "pillow"}
PACKAGES = {"flask", "werkzeug", "numpy", "PIL"}  # as imported; werkzeug is a part of Flask
STANDARD = {*sys.stdlib_module_names, "compression"}  # the last one is Python's from 3.14 on
FILES = sorted([*ROOT.glob("model/**/*.py"), *ROOT.glob("app/**/*.py"), ROOT / "train.py"])
ALLOWED = {
    "model": {"model", "numpy", "PIL", "onnx", "tqdm"},  # the last two: see below
    # gunicorn: only app/worker.py; limits: only app/rates.py, which few servers import
    "app": {"app", "gunicorn", "limits", "model", *PACKAGES},
    "train.py": {"model", "numpy"},
}
# Allowed imports within model/: each room imports only rooms listed above it.
ARROWS: dict[str, set[str]] = {
    "types": set(),
    "frames": set(),
    "recipes": set(),
    "card_json": set(),
    "card": {"card_json", "frames", "recipes"},
    "nn": {"types"},
    "fast": {"frames", "nn", "types"},
    "network": {"card", "fast", "frames", "nn", "types"},
    "variants": {"card", "network", "nn"},
    "array_file": {"types"},
    "weights": {"array_file", "card", "card_json", "network", "variants"},
    "snapshots": {"array_file", "network", "types", "variants", "weights"},
    "ink": {"frames", "types"},
    "photo": {"ink", "types"},
    "data": {"card", "frames", "ink", "nn", "recipes", "types"},
    "evaluation": {"card", "data", "ink", "network", "nn", "types", "variants", "weights"},
    "number": {"evaluation", "ink", "network", "types"},
    "insight": {"evaluation", "frames", "ink", "network", "nn", "snapshots", "types"},
    "export": {"frames", "network", "nn", "types"},
    "training": {
        *{"array_file", "card", "data", "evaluation", "fast", "frames", "ink", "network"},
        *{"nn", "recipes", "snapshots", "types", "variants", "weights"},
    },
    "report": {"card", "data", "evaluation", "frames", "network", "recipes", "types", "variants"},
    "__init__": {"network", "weights"},
}


def imported(file: Path) -> set[str]:
    """The top-level names of all modules that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return {name.split(".")[0] for name in names}


def modules_of(file: Path) -> set[str]:
    """The whole dotted names of all modules of ours that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {module for module in found if module.split(".")[0] == "model"}


def name_of(file: Path) -> str:
    """Its path in the project."""
    return str(file.relative_to(ROOT))


def room_of(module: str) -> str:
    """The place of a module in model/: a room, a file beside the rooms, or the package itself."""
    return module.split(".")[1] if "." in module else "__init__"


def arrows() -> dict[str, set[str]]:
    """The other rooms that each room of model/ imports."""
    found: dict[str, set[str]] = {}
    for file in ROOT.glob("model/**/*.py"):
        room = file.relative_to(ROOT).with_suffix("").parts[1]
        found.setdefault(room, set()).update({room_of(m) for m in modules_of(file)} - {room})
    return found


def test_each_room_of_the_engine_has_exactly_the_imports_in_arrows() -> None:
    assert arrows() == ARROWS


def test_imports_have_no_circle() -> None:
    above: set[str] = set()
    for room, imports in ARROWS.items():
        assert imports <= above, f"{room} imports {imports - above}, which stand below it"
        above.add(room)


@pytest.mark.parametrize("file", sorted(ROOT.glob("app/**/*.py")), ids=name_of)
def test_the_app_imports_only_the_public_names_of_rooms(file: Path) -> None:
    assert {module for module in modules_of(file) if module.count(".") > 1} == set()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_file_imports_only_packages_allowed_in_its_part(file: Path) -> None:
    part = file.relative_to(ROOT).parts[0]
    assert imported(file) - STANDARD <= ALLOWED[part]


def test_the_imports_of_every_part_are_found() -> None:
    seen = {file.relative_to(ROOT).parts[0]: imported(file) for file in FILES}
    assert seen.keys() == ALLOWED.keys()
    assert {"flask", "model"} <= set.union(*(imported(f) for f in FILES if f.parent.name == "app"))


def test_both_ways_to_import_a_module_are_seen(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("import model.nn.layers\ndef f():\n    from model.ink import render\n")
    assert modules_of(file) == {"model.nn.layers", "model.ink"}


def test_an_import_inside_a_function_is_found(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def f():\n    import flask.json\n    from . import x\n")
    assert imported(file) == {"flask", ""}


def test_the_program_needs_four_packages() -> None:
    lines = (ROOT / "requirements.in").read_text().splitlines()
    assert {line for line in lines if not line.startswith("#")} == PINNED


@pytest.mark.parametrize(("package", "name"), [("onnx", "export.py"), ("tqdm", "console.py")])
def test_an_optional_package_is_imported_by_one_file_inside_a_function(
    package: str, name: str
) -> None:
    assert [file.name for file in FILES if package in imported(file)] == [name]
    tree = ast.parse(next(ROOT.glob(f"model/**/{name}")).read_text())
    at_the_top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert package not in "".join(map(ast.dump, at_the_top))
    assert package in (ROOT / "requirements-dev.in").read_text().split()
