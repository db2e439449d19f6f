"""What `make train` takes: minutes and memory of EMNIST's 240,000 images, on 1 to 8 cores.

    python -m benchmarks.emnist [--rounds 25] [--epochs 60]

The images are random, in files of EMNIST's format, read by the functions of train.py; an image
takes as long whatever it shows. One process and two are measured alternately. For more cores than
two the time of a step is estimated: that of one process for its part of the batch, and that of what
every process does by itself (the sum of all gradients, the update). Beside the measured two
processes stands what the estimate gives for them. A machine's speed may change within seconds, so a
round is short, and the medians of the rounds' ratios count.
"""

import argparse
from collections.abc import Iterator
from itertools import islice
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.common import resident
from benchmarks.memory import COUNTS, prepared
from model.training.trainer import Training

STEPS = 40  # of a round
CORES = (1, 2, 4, 8)


def step_seconds(steps: Iterator[object]) -> float:
    """Seconds of one of the next steps of an epoch."""
    started = perf_counter()
    if len(list(islice(steps, STEPS))) < STEPS:
        raise ValueError("the epoch has too few steps for so many rounds")
    return (perf_counter() - started) / STEPS


def part_seconds(training: Training, images: int) -> float:
    """Seconds in which one process distorts so many images and computes their gradients."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, len(training.examples), (STEPS // 2, images))
    started = perf_counter()
    for some in chosen:
        pictures, targets = training.examples.draw(some, rng)
        training.network.loss_and_gradients(pictures, targets)
    return (perf_counter() - started) / len(chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--epochs", type=int, default=60)
    args = parser.parse_args()
    one = prepared(COUNTS)
    own = resident(peak=True)
    two = prepared(COUNTS, "--workers", "2")
    batch, steps = one.recipe.batch_size, {1: one.batches(), 2: two.batches()}
    for some in steps.values():
        step_seconds(some)  # starts the second process, and maps memory
    measured: list[float] = []
    faster: dict[str, list[float]] = {}  # than one process
    for _ in range(args.rounds):
        seconds = step_seconds(steps[1])
        parts = {cores: part_seconds(one, batch // cores) for cores in CORES}
        measured.append(seconds)
        faster.setdefault("2 measured", []).append(seconds / step_seconds(steps[2]))
        for cores in CORES[1:]:
            estimate = seconds - parts[1] + parts[cores]
            faster.setdefault(f"{cores} estimated", []).append(seconds / estimate)
    (process, _), *_ = two.pool.workers
    second = resident(process.pid or "self", peak=True)
    print(f"{len(one.examples):,} images to learn from, {one.steps_per_epoch:,} steps an epoch")
    print(f"peak memory: {own:,.0f} MB, the second process {second:,.0f} MB")
    for what, ratios in {"1 measured": [1.0], **faster}.items():
        minutes = median(measured) * one.steps_per_epoch / 60 / median(ratios)
        print(
            f"{what}: {median(ratios):.2f} times as fast, an epoch {minutes:.2f} min, "
            f"{args.epochs} epochs {args.epochs * minutes:.0f} min"
        )


if __name__ == "__main__":
    main()
