"""`lenet` as textbooks write it in NumPy: the code of `notebooks/from-scratch.ipynb`.

The notebook is the only source. Its cells tagged `textbook` are run here as they stand: images
first (N, C, H, W), windows as rows of a matrix, new arrays for every step. They compute the same
numbers as our engine; `tests/test_from_scratch.py` tests that.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from model.nn.arrays import floats
from model.training.optimizers import SGD
from model.types import Array, Arrays
from model.variants import build

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "from-scratch.ipynb"


def names(notebook: Path = NOTEBOOK) -> dict[str, Any]:
    """Every name that the notebook's cells tagged `textbook` define."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = ["".join(c["source"]) for c in cells if "textbook" in c["metadata"].get("tags", [])]
    found: dict[str, Any] = {}
    exec(compile("\n\n".join(tagged), str(notebook), "exec"), found)
    return found


# (parameters by dotted name, images (N, 28, 28) in [0, 1], labels (N)) → mean loss, gradients
loss_and_gradients: Callable[[Arrays, Array, Array], tuple[float, Arrays]]
loss_and_gradients = names()["loss_and_gradients"]


def epoch(images: Array, labels: Array, batch_size: int, rate: float) -> Callable[[], object]:
    """A function that trains `lenet` for an epoch, with plain SGD."""
    parameters, optimizer = build("lenet", seed=0).parameters, SGD(momentum=0.0)
    rng = np.random.default_rng(0)

    def run() -> None:
        order = rng.permutation(len(images))
        for start in range(0, len(images), batch_size):
            chosen = order[start : start + batch_size]
            batch = floats(images[chosen]), labels[chosen]
            _, gradients = loss_and_gradients(parameters, *batch)
            optimizer.step(parameters, gradients, rate)

    return run
