"""Question 7: how cost grows with images, with epochs and with workers."""

import json
import os
import subprocess
import sys
from time import process_time

import numpy as np

from benchmarks.common import ROOT, Row, command, exactly, random_images, ratios, spread
from benchmarks.drawing import body
from benchmarks.served import alternate, serving
from model.data.examples import Images
from model.recipes import RECIPES
from model.training.trainer import Training
from model.types import Array
from model.variants import build

COUNTS = (10_000, 30_000, 60_000, 120_000, 240_000)
QUICK_COUNTS = (2_000, 4_000, 8_000, 16_000)
CLIENTS = 8


def measure(quick: bool) -> list[Row]:
    return [
        *images(QUICK_COUNTS if quick else COUNTS, 1 if quick else 2),
        epochs(),
        *workers(quick),
    ]


def images(counts: tuple[int, ...], rounds: int) -> list[Row]:
    """The time of an epoch, and its deviation from a straight line in the number of images."""
    pictures, labels = random_images(max(counts))
    seconds = np.array([[epoch(pictures[:n], labels[:n]) for n in counts] for _ in range(rounds)])
    slope, start = np.polyfit(counts, np.median(seconds, axis=0), 1)
    line = slope * np.array(counts) + start
    deviation = np.abs(np.median(seconds, axis=0) / line - 1).max()
    per_image = (seconds[:, -1] / counts[-1]) / (seconds[:, 0] / counts[0])
    few, many = f"{counts[0]:,}", f"{counts[-1]:,}"
    return [
        Row(
            7,
            f"an epoch of {many} over one of {few}, by image",
            spread(per_image.tolist()),
            "×",
            at_most=1.15,
        ),
        Row(7, "an epoch's largest deviation from a line", exactly(deviation * 100), "%"),
        Row(7, "an epoch of 60,000 by that line", exactly(slope * 60_000 + start), "s"),
    ]


def epoch(pictures: Array, labels: Array) -> float:
    """Seconds of the processor that one undistorted epoch of `lenet` takes."""
    recipe = RECIPES["lenet"]
    validation = pictures[:1], labels[:1]
    examples = Images(pictures, labels, augment=False)
    training = Training(build("lenet", seed=0), examples, validation, recipe)
    started = process_time()
    for _ in training.batches():
        pass
    return process_time() - started


def epochs() -> Row:
    """How much more memory a process has after its fifth epoch than after its second."""
    run = [sys.executable, "-m", "benchmarks.memory", "--epochs", "5"]
    done = subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    found = json.loads(done.stdout)["resident"]
    growth = exactly(found[-1] - found[1])
    return Row(7, "memory after epoch 5, more than after epoch 2", growth, "MB", at_most=1)


def workers(quick: bool) -> list[Row]:
    """Requests a second with as many workers as cores, over those with one."""
    cores, question = len(os.sched_getaffinity(0)), body()
    rounds, seconds = (2, 0.5) if quick else (7, 2)
    with serving(question) as one, serving(question, workers=cores) as many:
        found = alternate([one, many], question, CLIENTS, rounds, seconds)
    rates = [[load["per_second"] for load in loads] for loads in found]
    growth = ratios(rates[1], rates[0])
    return [Row(7, f"requests a second, {cores} workers over one", growth, "×", at_least=1.1)]


if __name__ == "__main__":
    command(measure)
