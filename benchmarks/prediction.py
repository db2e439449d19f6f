"""Question 2: reading one picture and many, against ONNX Runtime and PyTorch.

All three use the weights of weights/lenet.npz and one thread. ONNX Runtime loads the file that
`train.py --export` writes.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from benchmarks.common import ROOT, Row, command, race, ratios, spread
from benchmarks.pytorch import Peer
from model import Network, load
from model.export import export
from model.nn.heads import SoftmaxHead
from model.types import Array

MANY = 256  # pictures in one call
TOLERANCE = 1e-4  # the largest allowed difference between two probabilities


def measure(quick: bool) -> list[Row]:
    torch.set_num_threads(1)
    network = load(ROOT / "weights" / "lenet.npz")
    rounds, calls = (15, 50) if quick else (101, 100)
    one = np.random.default_rng(0).random((1, 28, 28), np.float32)
    many = np.random.default_rng(1).random((MANY, 28, 28), np.float32)
    seconds = race(repeated(predictors(network, one), calls), rounds)
    batches = race(repeated(predictors(network, many), calls // 25), rounds)
    each = spread([s / calls * 1e6 for s in seconds["ours"]])
    of_onnx = ratios(seconds["ours"], seconds["ONNX Runtime"])
    of_torch = ratios(seconds["PyTorch"], seconds["ours"])
    throughput = ratios(batches["ONNX Runtime"], batches["ours"])
    return [
        Row(2, "one picture, our time over ONNX Runtime's", of_onnx, "×", at_most=1.2),
        Row(2, "one picture, PyTorch's time over ours", of_torch, "×", at_least=4),
        Row(2, "one picture, network.predict", each, "µs"),
        Row(2, f"{MANY} pictures, our throughput over ONNX Runtime's", throughput, "×", at_least=1),
    ]


def predictors(network: Network, images: Array) -> dict[str, Callable[[], Array]]:
    """Each program's public call for the images; all must give the same probabilities."""
    ours = images[0] if len(images) == 1 else images  # ours takes one picture without a batch axis
    found = {
        "ours": lambda: network.predict(ours),
        "ONNX Runtime": onnx_predictor(network, images),
        "PyTorch": torch_predictor(network, images),
    }
    wanted = found["ours"]().reshape(-1, 10)
    for name, predict in found.items():
        difference = float(np.abs(predict().reshape(-1, 10) - wanted).max())
        if difference > TOLERANCE:
            raise ValueError(f"{name}: probabilities differ from ours by {difference:.2g}")
    return found


def onnx_predictor(network: Network, images: Array) -> Callable[[], Array]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lenet.onnx"
        export(network, path)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: images[:, None]}
    return lambda: session.run(None, feed)[0]


def torch_predictor(network: Network, images: Array) -> Callable[[], Array]:
    assert isinstance(network.head, SoftmaxHead)
    module, temperature = Peer(network).module.eval(), network.head.temperature
    x = torch.from_numpy(images[:, None])

    def predict() -> Array:
        with torch.inference_mode():
            return torch.softmax(module(x) / temperature, dim=1).numpy()

    return predict


def repeated(
    predictors: dict[str, Callable[[], Array]], times: int
) -> dict[str, Callable[[], object]]:
    """Each as a runner of many calls: a single call is too short for the clock."""

    def runner(predict: Callable[[], Array]) -> Callable[[], object]:
        def run() -> None:
            for _ in range(times):
                predict()

        return run

    return {name: runner(predict) for name, predict in predictors.items()}


if __name__ == "__main__":
    command(measure)
