"""Check that the committed weights reach the promised metrics, on data beside the project.

python .ci/accuracy.py DATA, where DATA has the folders mnist/ and pen/. Only MNIST's test images
and the pen strokes of the test files are read, by people whom no network was trained on.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.whole_numbers import Writers  # noqa: E402
from model import load  # noqa: E402
from model.data.ink_files import read_ink  # noqa: E402
from model.evaluation import Gate  # noqa: E402

DATA = Path(sys.argv[1]).resolve()
DIGITS, LETTERS = DATA / "pen" / "digits-test.jsonl.gz", DATA / "pen" / "letters-test.jsonl.gz"
DATA_OPTIONS = {
    "mnist": ["--dataset", "mnist", "--data", str(DATA / "mnist")],
    "ink": ["--ink", str(DIGITS), str(LETTERS)],
}
PROMISES = [  # network, data, field of the JSON, lowest value, highest value
    ("lenet", "mnist", "accuracy", 0.9935, 1),
    ("lenet", "mnist", "ece", 0, 0.005),
    ("lenet", "ink", "accuracy", 0.98, 1),
    ("lenet", "ink", "ece", 0, 0.01),
    ("lenet", "ink", "accepted", 0.98, 1),
    ("lenet", "ink", "no_digits.rejected", 0.90, 1),
    ("lenet", "ink", "auroc", 0.99, 1),
    ("lenet", "ink", "scribbles.rejected", 0.95, 1),
    ("lenet-32", "mnist", "accuracy", 0.9920, 1),
    ("lenet-sigmoid", "mnist", "accuracy", 0.9880, 1),
    ("lenet-tanh", "mnist", "accuracy", 0.9900, 1),
    ("lenet5-1998", "mnist", "accuracy", 0.9850, 1),
    *((name, "ink", "accuracy", 0.97, 1) for name in ("lenet-32", "lenet-sigmoid", "lenet-tanh")),
    ("lenet5-1998", "ink", "accuracy", 0.96, 1),
    ("gate", "mnist", "accepted", 0.985, 1),
    ("gate", "ink", "accepted", 0.985, 1),
    ("gate", "ink", "no_digits.rejected", 0.90, 1),
]


@cache
def measured(name: str, on: str) -> Any:
    command = [
        sys.executable,
        "train.py",
        "--evaluate",
        f"weights/{name}.npz",
        *DATA_OPTIONS[on],
        "--json",
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    return json.loads(done.stdout)


def findings() -> Iterator[tuple[str, float, float, float]]:
    """Name, measured value, lowest and highest promised value of each metric."""
    for name, on, key, low, high in PROMISES:
        found = measured(name, on)
        for part in key.split("."):
            found = found[part]
        yield f"{name} on {on}: {key}", found, low, high
    gate = Gate(load(ROOT / "weights" / "gate.npz"))
    writers = Writers(load(ROOT / "weights" / "lenet.npz"), gate, read_ink(DIGITS))
    three = writers.tally("apart", length=3, count=300, seed=1998)
    yield "numbers of 3 digits wholly right", three.whole / three.numbers, 0.95, 1
    yield "single digits still one", writers.stay_single() / len(writers.readable), 0.98, 1


broken = 0
for metric, found, low, high in findings():
    is_kept = low <= found <= high
    broken += not is_kept
    print(
        f"{'ok' if is_kept else 'BROKEN'}: {metric}: {found:.2%}, promised {low:.2%} to {high:.2%}"
    )
sys.exit(1 if broken else 0)
