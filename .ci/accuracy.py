"""Hold the committed weights to their promised accuracies, on data beside the project.

python .ci/accuracy.py DATA, where DATA has the folders mnist/ and ink/.
"""

import json
import subprocess
import sys
from pathlib import Path

DATA = Path(sys.argv[1])
MNIST = ["--dataset", "mnist", "--data", str(DATA / "mnist")]
INK = ["--ink", str(DATA / "ink" / "digits.jsonl.gz")]
PROMISES = [  # weights, on what, at least this share read correctly
    ("weights/lenet.npz", MNIST, 0.9930),
    ("weights/lenet.npz", INK, 0.97),
]


def accuracy(weights: str, on: list[str]) -> float:
    command = [sys.executable, "train.py", "--evaluate", weights, *on, "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return float(json.loads(done.stdout)["accuracy"])


broken = 0
for weights, on, wanted in PROMISES:
    found = accuracy(weights, on)
    verdict = "ok" if found >= wanted else "BROKEN"
    broken += found < wanted
    print(f"{verdict}: {weights} {' '.join(on)}: {found:.2%}, promised {wanted:.2%}")
sys.exit(1 if broken else 0)
