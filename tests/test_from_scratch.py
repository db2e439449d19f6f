"""The notebook `from-scratch`: LeNet in plain NumPy. Its gradients are those of the engine."""

import ast
import os
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError

from benchmarks import textbook
from model.nn.heads import one_hot
from model.types import Array
from model.variants import build
from tests.drawn import drawn
from tests.model.data.datafiles import idx_gzip
from tests.notebooks import check_form, code, committed, pictures, printed, run

NOTEBOOK = textbook.NOTEBOOK
MAX_CODE_LINES = 150  # without empty lines and comments
SECTIONS = 10
# Digits of a pocket calculator: the six corners, and the path of the pen from corner to corner.
CORNERS = dict(zip("abcdef", ((x, y) for y in (12, 50, 88) for x in (30, 70)), strict=True))
PEN = ["abfea", "bf", "abdcef", "abdcdfe", "acdbf", "bacdfe", "baefdc", "abf", "dbaefdc", "dcabfe"]


def made_digits(count: int) -> tuple[Array, Array]:
    """Noisy digits: bytes (count, 28, 28) and labels (count,)."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = []
    for label in labels:
        stroke = np.array([CORNERS[corner] for corner in PEN[label]], float)
        stroke += rng.normal(0, 3, stroke.shape)
        images.append(np.array(drawn([[*map(tuple, stroke)]], 28, ink=255, paper=0)))
    return np.stack(images), labels


def written(folder: Path, images: Array, labels: Array) -> str:
    """Write MNIST's training files of these digits; returns the folder."""
    (folder / "train-images-idx3-ubyte.gz").write_bytes(idx_gzip(images))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(idx_gzip(labels))
    return str(folder)


def accuracies(notebook: Any) -> list[float]:
    """The printed accuracies on new digits, in the order of the training."""
    found = re.findall(r"([\d.]+)% read right", printed(notebook))
    return [float(percent) / 100 for percent in found]


def sections(notebook: Any) -> list[list[Any]]:
    """The cells of each numbered section."""
    found: list[list[Any]] = []
    for cell in notebook.cells:
        if re.match(r"## \d", cell.source):
            found.append([])
        if found:
            found[-1].append(cell)
    return found


@pytest.mark.usefixtures("jupyter_at_home")
def test_it_learns_made_digits_and_each_section_has_a_formula_and_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENET_DATA", written(tmp_path, *made_digits(2400)))
    notebook = run(NOTEBOOK, NOTEBOOK.parent)
    assert accuracies(notebook)[-1] > 0.97
    parts = sections(notebook)
    assert len(parts) == SECTIONS
    bare = [part[0].source.splitlines()[0] for part in parts if not pictures(part)]
    bare += [part[0].source.splitlines()[0] for part in parts if "$$" not in part[0].source]
    assert bare == []


@pytest.mark.usefixtures("jupyter_at_home")
@pytest.mark.skipif("LENET_DATA" not in os.environ, reason="LENET_DATA names no folder of MNIST")
def test_on_mnist_it_reads_97_of_100_new_digits() -> None:
    notebook = run(NOTEBOOK, NOTEBOOK.parent)
    assert accuracies(notebook)[-1] > 0.97


@pytest.mark.usefixtures("jupyter_at_home")
def test_without_data_one_line_gives_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    with pytest.raises(CellExecutionError) as caught:
        run(NOTEBOOK, NOTEBOOK.parent)
    assert caught.value.ename == "FileNotFoundError"
    assert caught.value.evalue == (
        "train-images-idx3-ubyte.gz is missing: set LENET_DATA to the folder with MNIST's .gz"
    )


@pytest.mark.parametrize("pixels", ["noise", "digits", "blank"])
def test_its_loss_and_gradients_are_those_of_the_engine(pixels: str) -> None:
    rng = np.random.default_rng(0)
    network = build("lenet", seed=1).astype(np.float64)
    for name, array in network.parameters.items():
        if name.endswith("bias"):  # positive ones make all four members of a window equal
            array += rng.uniform(0.01, 0.1, array.shape)
    digits, labels = made_digits(7)
    images = {"noise": rng.random((7, 28, 28)), "digits": digits / 255, "blank": 0 * digits / 255}
    wanted, gradients, _ = network.loss_and_gradients(
        images[pixels], one_hot(labels).astype(np.float64)
    )
    found = textbook.loss_and_gradients(network.parameters, images[pixels], labels)
    assert found[0] == pytest.approx(wanted, rel=1e-10)
    assert found[1].keys() == gradients.keys()
    for name, gradient in gradients.items():
        np.testing.assert_allclose(found[1][name], gradient, rtol=1e-8, atol=1e-10, err_msg=name)


def test_its_gradients_stay_float32_and_near_the_engine_s() -> None:
    network = build("lenet", seed=1)
    images, labels = made_digits(64)
    batch = images / np.float32(255)
    _, gradients, _ = network.loss_and_gradients(batch, one_hot(labels))
    _, found = textbook.loss_and_gradients(network.parameters, batch, labels)
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-4, atol=1e-5, err_msg=name)


def test_the_benchmark_runs_the_code_of_the_notebook_and_has_none_of_its_own(
    tmp_path: Path,
) -> None:
    assert textbook.loss_and_gradients.__code__.co_filename == str(NOTEBOOK)
    changed = NOTEBOOK.read_text(encoding="utf-8").replace("np.maximum(x, 0)", "np.maximum(x, 9)")
    (tmp_path / "changed.ipynb").write_text(changed, encoding="utf-8")
    relu = textbook.names(tmp_path / "changed.ipynb")["relu"]
    assert relu(np.array([-1.0, 10.0]))[0].tolist() == [9, 10]


def test_its_code_is_short_and_imports_nothing_of_ours() -> None:
    sources = [cell.source for cell in code(committed(NOTEBOOK))]
    lines = [line.strip() for source in sources for line in source.splitlines()]
    assert len([line for line in lines if line and not line.startswith("#")]) <= MAX_CODE_LINES
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    imported = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    tops = {name.split(".")[0] for name in imported}
    assert tops - sys.stdlib_module_names == {"numpy", "matplotlib"}


def test_it_is_a_valid_notebook_without_outputs_that_says_how_to_open_it() -> None:
    check_form(NOTEBOOK)
