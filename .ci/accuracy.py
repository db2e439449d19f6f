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
PROMISES = [  # network, on what, at least this share read correctly
    ("lenet", MNIST, 0.9930),
    ("lenet", INK, 0.97),
    ("lenet-32", MNIST, 0.9920),
    ("lenet-sigmoid", MNIST, 0.9880),
    ("lenet-tanh", MNIST, 0.9900),
    ("lenet5-1998", MNIST, 0.9900),
]


def accuracy(name: str, on: list[str]) -> float:
    command = [sys.executable, "train.py", "--evaluate", f"weights/{name}.npz", *on, "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return float(json.loads(done.stdout)["accuracy"])


broken = 0
for name, on, wanted in PROMISES:
    found = accuracy(name, on)
    verdict = "ok" if found >= wanted else "BROKEN"
    broken += found < wanted
    print(f"{verdict}: {name} {' '.join(on)}: {found:.2%}, promised {wanted:.2%}")
sys.exit(1 if broken else 0)
