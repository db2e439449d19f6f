"""What `make train` takes: minutes and memory of EMNIST's 240,000 images, on 1 to 8 cores.

    python -m benchmarks.emnist [--steps 600] [--epochs 60]

The images are random, in files of EMNIST's format, read by the functions of train.py; an image
takes as long whatever it shows. One process and two are measured alternately for so many steps.
For more cores than two the time of a step is estimated: that of one process for its part of the
batch, and that of what every process does by itself (the sum of all gradients, the update). Beside
the measured two processes stands what the estimate gives for them.
"""

import argparse
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.common import resident
from benchmarks.memory import COUNTS, prepared
from model.training.trainer import Training

ROUNDS = 5
WARM_UP_STEPS = 20  # they start processes and map memory
CORES = (1, 2, 4, 8)


def measured_steps(training: Training, steps: int) -> tuple[float, list[float]]:
    """Seconds of a step, and the peak memory in MB of each process besides this one."""
    started = 0.0
    for count, _ in enumerate(training.batches(), -WARM_UP_STEPS):
        if count == 0:
            started = perf_counter()
        elif count == steps:
            seconds = (perf_counter() - started) / steps
            others = [process.pid for process, _ in training.pool.workers]
            return seconds, [resident(pid or "self", peak=True) for pid in others]
    raise ValueError(f"found {count} steps in the rest of the epoch, wanted {steps}")


def part_seconds(training: Training, images: int, steps: int) -> float:
    """Seconds in which one process distorts so many images and computes their gradients."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, len(training.examples), (steps, images))
    started = perf_counter()
    for some in chosen:
        pictures, targets = training.examples.draw(some, rng)
        training.network.loss_and_gradients(pictures, targets)
    return (perf_counter() - started) / steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--epochs", type=int, default=60)
    args = parser.parse_args()
    one = prepared(COUNTS)
    own = resident(peak=True)
    two = prepared(COUNTS, "--workers", "2")
    batch, steps = one.recipe.batch_size, args.steps
    measured: dict[int, list[float]] = {1: [], 2: []}
    parts: dict[int, list[float]] = {cores: [] for cores in CORES}
    for _ in range(ROUNDS):
        for cores, training in ((1, one), (2, two)):
            seconds, peaks = measured_steps(training, steps)
            measured[cores].append(seconds)
        for cores in CORES:
            parts[cores].append(part_seconds(one, batch // cores, steps // 4))
    print(f"{len(one.examples):,} images to learn from, {one.steps_per_epoch:,} steps an epoch")
    print(f"peak memory: the first process {own:,.0f} MB, the second {peaks[0]:,.0f} MB")
    alone = median(measured[1]) - median(parts[1])
    for cores in CORES:
        estimate = median(parts[cores]) + alone
        seconds = median(measured.get(cores, [estimate]))
        minutes = seconds * one.steps_per_epoch / 60
        how = "measured" if cores in measured else "estimated"
        print(
            f"{cores} cores: {batch / seconds:,.0f} images/s, an epoch {minutes:.2f} min, "
            f"{args.epochs} epochs {args.epochs * minutes:.0f} min ({how}; "
            f"by the estimate {batch / estimate:,.0f} images/s)"
        )


if __name__ == "__main__":
    main()
