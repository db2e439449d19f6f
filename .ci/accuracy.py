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
from model.evaluation.measure import load_gate  # noqa: E402

DATA = Path(sys.argv[1]).resolve()
DIGITS, LETTERS = DATA / "pen" / "digits-test.jsonl.gz", DATA / "pen" / "letters-test.jsonl.gz"
DATA_OPTIONS = {
    "mnist": ["--dataset", "mnist", "--data", str(DATA / "mnist")],
    "ink": ["--ink", str(DIGITS), str(LETTERS)],
}
PROMISES = [  # network, data, field of the JSON, lowest value, highest value: a standard error less
    ("lenet", "mnist", "accuracy", 0.9936, 1),  # wanted 0.9945
    ("lenet", "mnist", "ece", 0, 0.0025),
    ("lenet", "ink", "accuracy", 0.983, 1),  # wanted 0.989
    ("lenet", "ink", "ece", 0, 0.0125),  # wanted 0.008
    ("lenet", "ink", "accepted", 0.988, 1),
    ("lenet", "ink", "no_digits.rejected", 0.924, 1),  # wanted 0.96
    ("lenet", "ink", "auroc", 0.995, 1),  # wanted 0.996
    ("lenet", "ink", "scribbles.rejected", 0.94, 1),
    ("lenet-32", "mnist", "accuracy", 0.9934, 1),
    ("lenet-32", "ink", "accuracy", 0.983, 1),
    ("lenet-sigmoid", "mnist", "accuracy", 0.9895, 1),
    ("lenet-sigmoid", "ink", "accuracy", 0.9788, 1),
    ("lenet-tanh", "mnist", "accuracy", 0.993, 1),
    ("lenet-tanh", "ink", "accuracy", 0.9846, 1),
    ("lenet5-1998", "mnist", "accuracy", 0.992, 1),
    ("lenet5-1998", "ink", "accuracy", 0.984, 1),
    ("gate", "mnist", "accepted", 0.9962, 1),
    ("gate", "ink", "accepted", 0.99, 1),
    ("gate", "ink", "no_digits.rejected", 0.917, 1),
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
    gate = load_gate(ROOT / "weights" / "gate.npz")
    writers = Writers(load(ROOT / "weights" / "lenet.npz"), gate, read_ink(DIGITS))
    three = writers.tally("apart", length=3, count=300, seed=1998)
    yield "numbers of 3 digits wholly right", three.whole / three.numbers, 0.937, 1
    yield "single digits still one", writers.stay_single() / len(writers.readable), 0.997, 1


broken = 0
for metric, found, low, high in findings():
    is_kept = low <= found <= high
    broken += not is_kept
    print(
        f"{'ok' if is_kept else 'BROKEN'}: {metric}: {found:.2%}, promised {low:.2%} to {high:.2%}"
    )
sys.exit(1 if broken else 0)
