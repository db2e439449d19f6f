"""A trained network as an ONNX file, for other programs.

The file takes "image" (N, 1, 28, 28) float32 in [0, 1], ink high, for any N, and gives
"probabilities" (N, 10), the temperature of the card included: what `predict` gives for the same
pictures. `export` checks this before it writes. It needs the package onnx; nothing else here does.
"""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from model.frames import SIDE
from model.network import Network
from model.nn.activations import ReLU, ScaledTanh, Sigmoid
from model.nn.heads import Head, LogisticHead, RBFHead
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad, Rescale
from model.nn.pooling import AveragePool, MaxPool, Subsample
from model.types import Array

OPSET, IR_VERSION = 17, 8  # of 2022: every operator used is in it, and runtimes since then read it
TOLERANCE = 1e-5  # of a probability: float32 sums in another order


class ExportError(RuntimeError):
    """A network that cannot be written as ONNX: what is missing or wrong, and the cure."""


def export(network: Network, path: str | Path) -> None:
    """Write the network to `path` as ONNX; a failed write leaves no partial file.

    ExportError where the package onnx is missing, or where the ONNX model reads some pictures
    otherwise than the network; OSError where the file cannot be written.
    """
    onnx = _onnx()
    model = onnx_model(network, onnx)
    onnx.checker.check_model(model, full_check=True)
    compare(network, model, onnx)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(model.SerializeToString(deterministic=True))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def compare(network: Network, model: Any, onnx: ModuleType) -> None:
    """ExportError unless the ONNX reference reads some pictures as the network does."""
    shades = np.linspace(0, 1, 6, dtype=np.float32)[:, None, None]  # from blank to full noise
    pictures = shades * np.random.default_rng(0).random((6, SIDE, SIDE), np.float32)
    reference = onnx.reference.ReferenceEvaluator(model)
    (found,) = reference.run(None, {"image": pictures[:, None]})
    difference = float(np.abs(found - network.predict(pictures)).max())
    if not difference <= TOLERANCE:  # NaN fails too
        raise ExportError(
            f"{network.name}: found probabilities that are {difference:.2g} from our own, wanted "
            f"at most {TOLERANCE:g}; nothing was written. This is a fault in model/export.py"
        )


def onnx_model(network: Network, onnx: ModuleType) -> Any:
    """The network as an onnx.ModelProto, with one operator or a few for each layer."""
    graph = Graph(onnx)
    x = "image"
    for name, layer in network.layers.items():
        x = graph.layer(name, layer, x)
    graph.head(network.head, x)
    helper, number, classes = onnx.helper, onnx.TensorProto.FLOAT, network.head.classes
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            network.name,
            [helper.make_tensor_value_info("image", number, ["N", 1, SIDE, SIDE])],
            [helper.make_tensor_value_info("probabilities", number, ["N", classes])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    frame = network.card.frame
    notes = {
        "model": network.name,
        "frame": frame,
        "temperature": str(network.head.temperature),
        "input": f"image (N, 1, {SIDE}, {SIDE}) float32, paper 0, ink 1, one digit in each "
        f"picture, of the size and at the place that the frame {frame!r} has; "
        "no further normalising: that is in the graph",
        "output": "probabilities (N, 10) float32 of the digits 0 to 9; rows sum to 1"
        if classes > 1
        else "probabilities (N, 1) float32, that the picture shows a digit at all",
    }
    helper.set_model_props(model, notes)
    return model


class Graph:
    """The operators and constants of an ONNX graph, each named after its layer."""

    def __init__(self, onnx: ModuleType) -> None:
        self.onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: Any, dtype: type = np.float32) -> str:
        array: Array = np.ascontiguousarray(values, dtype)
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(
            self.onnx.helper.make_node(operator, inputs, [output], name=output, **attributes)
        )
        return output

    def scaled(self, x: str, factor: Any, output: str) -> str:
        return self.node("Mul", [x, self.constant(f"{output}.by", factor)], output)

    def shifted(self, x: str, term: Any, output: str) -> str:
        return self.node("Add", [x, self.constant(f"{output}.by", term)], output)

    def layer(self, name: str, layer: Layer, x: str) -> str:
        """Append what the layer does to x; returns the name of its output."""
        own = layer.parameters
        match layer:
            case Conv2D():
                kernels = self.constant(f"{name}.weight", layer.connected_weight())
                bias = self.constant(f"{name}.bias", own["bias"])
                return self.node("Conv", [x, kernels, bias], name)
            case Linear():
                weighed = [self.constant(f"{name}.{key}", own[key]) for key in ("weight", "bias")]
                return self.node("Gemm", [x, *weighed], name, transB=1)
            case MaxPool():
                return self.node("MaxPool", [x], name, kernel_shape=[2, 2], strides=[2, 2])
            case AveragePool():
                return self.node("AveragePool", [x], name, kernel_shape=[2, 2], strides=[2, 2])
            case Subsample():  # a sum is four times a mean
                mean = self.layer(f"{name}.mean", AveragePool(), x)
                summed = self.scaled(mean, 4 * own["weight"][:, None, None], f"{name}.weighed")
                return self.shifted(summed, own["bias"][:, None, None], name)
            case ReLU():
                return self.node("Relu", [x], name)
            case Sigmoid():
                return self.node("Sigmoid", [x], name)
            case ScaledTanh(amplitude=1, steepness=1):
                return self.node("Tanh", [x], name)
            case ScaledTanh():
                inner = self.scaled(x, layer.steepness, f"{name}.inner")
                squashed = self.node("Tanh", [inner], f"{name}.squashed")
                return self.scaled(squashed, layer.amplitude, name)
            case Flatten():
                return self.node("Flatten", [x], name)
            case Pad():
                border = [0, 0, layer.width, layer.width]  # at the start and at the end
                widths = self.constant(f"{name}.widths", border * 2, np.int64)
                return self.node("Pad", [x, widths], name)
            case Rescale():
                inner = self.scaled(x, layer.ink - layer.paper, f"{name}.scaled")
                return self.shifted(inner, layer.paper, name)
        raise ExportError(f"{name}: no ONNX is known for {layer!r}; add it to model/export.py")

    def head(self, head: Head, x: str) -> str:
        """Append the probabilities of the last layer's output x."""
        if isinstance(head, RBFHead):
            # −w·|x − c|² = 2w·c·x − w·|x|² − w·|c|². The last two terms are the same for all ten
            # digits (every code has |c|² = 84), so they cancel in the softmax.
            codes = self.constant("logits.codes", 2 * head.weight * head.codes.T)  # (84, 10)
            x = self.node("MatMul", [x, codes], "logits")
        scaled = self.node("Div", [x, self.constant("temperature", head.temperature)], "scaled")
        if isinstance(head, LogisticHead):
            return self.node("Sigmoid", [scaled], "probabilities")
        return self.node("Softmax", [scaled], "probabilities", axis=1)


def _onnx() -> ModuleType:
    try:
        import onnx
        import onnx.checker
        import onnx.helper
        import onnx.numpy_helper
        import onnx.reference
    except ImportError as error:
        raise ExportError(
            f"the package onnx is needed to write ONNX ({error}); "
            "install it with: pip install -r requirements-dev.txt"
        ) from error
    return onnx
