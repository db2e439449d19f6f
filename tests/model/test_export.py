"""Networks as ONNX files: a runtime computes the probabilities that we compute."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.export import ExportError, Graph, compare, export, onnx_model
from model.network import Network
from model.nn.activations import Activation
from model.variants import VARIANTS, build

onnx: Any = pytest.importorskip("onnx")  # in requirements-dev.txt; the program runs without it

RNG = np.random.default_rng(8)


def made(name: str) -> Network:
    """A network with no bias and no coefficient at zero, and with a temperature."""
    network = build(name, seed=5)
    for parameter in network.parameters.values():
        parameter += RNG.normal(0, 0.05, parameter.shape).astype(np.float32)
    network.card.frame = "emnist"
    network.head.temperature = 1.5
    return network


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("count", [1, 3])
def test_the_file_reads_any_number_of_pictures_as_the_network_does(
    name: str, count: int, tmp_path: Path
) -> None:
    network, path = made(name), tmp_path / "new" / "network.onnx"
    export(network, path)
    pictures = RNG.random((count, 28, 28), np.float32) * np.float32(0.5)
    reference = onnx.reference.ReferenceEvaluator(onnx.load(path))
    assert reference.input_names == ["image"]
    assert reference.output_names == ["probabilities"]
    (rows,) = reference.run(None, {"image": pictures[:, None]})
    assert rows.dtype == np.float32
    assert np.allclose(rows, network.predict(pictures), atol=1e-5)
    assert [file.name for file in path.parent.iterdir()] == ["network.onnx"]


def test_the_file_says_which_network_it_is_and_what_it_wants(tmp_path: Path) -> None:
    export(made("lenet"), tmp_path / "lenet.onnx")
    model = onnx.load(tmp_path / "lenet.onnx")
    notes = {note.key: note.value for note in model.metadata_props}
    assert notes["model"] == "lenet"
    assert notes["frame"] == "emnist"
    assert notes["temperature"] == "1.5"
    assert "(N, 1, 28, 28) float32, paper 0, ink 1" in notes["input"]
    assert notes["output"].startswith("probabilities (N, 10) float32 of the digits 0 to 9")
    weights = {array.name for array in model.graph.initializer}
    assert made("lenet").parameters.keys() <= weights


def test_a_gate_has_one_output_between_0_and_1_and_says_what_it_means(tmp_path: Path) -> None:
    export(made("gate"), tmp_path / "gate.onnx")
    model = onnx.load(tmp_path / "gate.onnx")
    (output,) = model.graph.output
    assert [dim.dim_value for dim in output.type.tensor_type.shape.dim] == [0, 1]
    notes = {note.key: note.value for note in model.metadata_props}
    assert notes["output"].endswith("that the picture shows a digit at all")


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    network = made("lenet5-1998")
    export(network, tmp_path / "one.onnx")
    export(network, tmp_path / "two.onnx")
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "two.onnx").read_bytes()


@pytest.mark.parametrize("wrong", [0.1, np.nan])
def test_a_file_with_other_probabilities_than_ours_is_not_written(wrong: float) -> None:
    network = made("lenet")
    model = onnx_model(network, onnx)
    compare(network, model, onnx)
    network.parameters["output.bias"][3] += wrong
    with pytest.raises(ExportError, match=r"lenet: found .* wanted at most 1e-05"):
        compare(network, model, onnx)


def test_a_layer_that_has_no_operator_is_named() -> None:
    class Cube(Activation):
        pass

    with pytest.raises(ExportError, match=r"cubed: no ONNX is known for Cube"):
        Graph(onnx).layer("cubed", Cube(), "image")


def test_a_failed_write_leaves_no_partial_file(tmp_path: Path) -> None:
    (tmp_path / "lenet.onnx").mkdir()
    with pytest.raises(OSError, match=r"lenet.onnx"):
        export(made("lenet"), tmp_path / "lenet.onnx")
    assert [file.name for file in tmp_path.iterdir()] == ["lenet.onnx"]


def test_without_the_package_the_error_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ExportError, match=r"pip install -r requirements-dev.txt"):
        export(made("lenet"), tmp_path / "lenet.onnx")
    assert not list(tmp_path.iterdir())
