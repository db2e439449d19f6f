"""What a network gains and forgets when it is taught 20 drawings of one person.

    python -m benchmarks.teach --from weights/lenet.npz --ink digits.jsonl.gz

For the writers whose digits it reads worst: it is taught two of each digit, as `train.py --from`
does it, and reads the others by this writer, and the digits by all other writers, before and after.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.data.ink_files import Sample, read_ink
from model.evaluation.ink_metrics import labels_of, pictures_of
from model.network import Network
from model.recipes import FINE_TUNING, Recipe
from model.training.fine_tuning import lesson_of, prepare
from model.types import Array
from model.weights import load

TAUGHT = 2  # of each digit
LEAST_OTHERS = 40  # drawings of a writer that are left to read


def main() -> None:
    """Print a line for each writer, and the means."""
    args = _options()
    samples = [sample for path in args.ink for sample in read_ink(path, only="digits")]
    frame = load(args.base).card.frame
    pictures, labels = pictures_of([s.strokes for s in samples], frame), labels_of(samples)
    right = load(args.base).predict(pictures).argmax(axis=1) == labels
    recipe = replace(FINE_TUNING, **{k: v for k in OPTIONS if (v := getattr(args, k)) is not None})
    rows = []
    for writer in worst_writers(samples, right)[: args.writers]:
        own = np.array([sample.writer == writer for sample in samples])
        taught = first_of_each_digit(own, labels)
        started = time.monotonic()
        network = teach(args.base, [samples[i] for i in taught], recipe)
        seconds = time.monotonic() - started
        now = network.predict(pictures).argmax(axis=1) == labels
        rest = own.copy()
        rest[taught] = False
        rows.append([right[rest].mean(), now[rest].mean(), right[~own].mean(), now[~own].mean()])
        print(
            f"{rest.sum():4d} others of a writer: {rows[-1][0]:.1%} → {rows[-1][1]:.1%}; "
            f"{(~own).sum():,} of all other writers: {rows[-1][2]:.2%} → {rows[-1][3]:.2%}; "
            f"{len(taught)} taught in {seconds:.0f} s",
            flush=True,
        )
    means = np.mean(rows, axis=0)
    print(f"mean of {len(rows)} writers: {means[0]:.1%} → {means[1]:.1%}; ", end="")
    print(f"all others {means[2]:.2%} → {means[3]:.2%}")


OPTIONS = ("epochs", "rate", "seed")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="base", type=Path, default=Path("weights/lenet.npz"))
    parser.add_argument("--ink", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--writers", type=int, default=5, help="how many, the worst first (5)")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--seed", type=int)
    return parser.parse_args()


def worst_writers(samples: Sequence[Sample], right: Array) -> list[str]:
    """The writers with enough drawings, those first of whose digits the smallest part is read."""
    by_writer: dict[str, list[bool]] = {}
    for sample, is_right in zip(samples, right, strict=True):
        by_writer.setdefault(sample.writer, []).append(is_right)
    enough = [w for w, found in by_writer.items() if len(found) >= 10 * TAUGHT + LEAST_OTHERS]
    return sorted(enough, key=lambda writer: np.mean(by_writer[writer]))


def first_of_each_digit(own: Array, labels: Array) -> Array:
    """The places of the first TAUGHT drawings of each digit among a writer's `own` (N,) bool."""
    return np.concatenate([np.flatnonzero(own & (labels == d))[:TAUGHT] for d in range(10)])


def teach(base: Path, samples: list[Sample], recipe: Recipe) -> Network:
    """The network in this file after it was taught these digits."""
    lesson = lesson_of(base, samples)
    training = prepare(lesson, recipe)
    while training.progress.epoch < recipe.epochs:
        for _ in training.batches():
            pass
        training.finish_epoch()
    return training.network


if __name__ == "__main__":
    main()
