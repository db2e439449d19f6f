"""The parts of `to_99.py` that need no PyTorch: our runs, textbook NumPy's, and the rows."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

import train
from benchmarks import textbook
from benchmarks.common import ROOT, Row, Spread, exactly, ratios, spread
from model.data.datasets import Dataset, load_images
from model.data.sources import MNIST_LAYOUT
from model.recipes import QUICK, Recipe
from model.training.command_line import parse, recipe_of

QUESTION = 9
TEXTBOOK_IMAGES = 1920  # textbook NumPy trains on these; the time of the whole is extrapolated
LEFT_OUT = (
    "seconds to 99 %: left out, no MNIST in data/; train.py --quick downloads it, LENET_DATA=DIR "
    "names another folder"
)


@dataclass(frozen=True)
class Trained:
    """A training: its seconds, and the share of the test images that the network then reads."""

    seconds: float
    accuracy: float


Runner = Callable[[int], Trained]  # of a seed
Runs = Mapping[str, Sequence[Trained]]


def mnist() -> Dataset | None:
    """MNIST from the folder that the variable LENET_DATA names, or data/; None if it is not there.

    It is never downloaded.
    """
    folder = ROOT / (os.environ.get("LENET_DATA") or "data")
    return load_images("mnist", folder) if all(MNIST_LAYOUT.find(folder)) else None


def quick_recipe(seed: int) -> Recipe:
    """The recipe of `train.py --quick --seed SEED`."""
    return recipe_of(parse(["--quick", "--seed", str(seed)]))


def ours(data: Dataset, workers: int) -> Runner:
    """What `train.py --quick` does from the decoded images to the last epoch.

    The start of the processes and the reading of the validation images are counted.
    """

    def run(seed: int) -> Trained:
        args = parse(["--quick", "--seed", str(seed), "--workers", str(workers)])
        started = perf_counter()
        training = train.prepare(args, recipe_of(args), data)
        while training.progress.epoch < training.recipe.epochs:
            for _ in training.batches():
                pass
            training.finish_epoch()
        seconds = perf_counter() - started
        training.pool.stop()
        answers = training.network.predict(data.test_images).argmax(axis=1)
        return Trained(seconds, float((answers == data.test_labels).mean()))

    return run


def textbook_numpy(data: Dataset) -> Runner:
    """The same number of images in textbook NumPy, extrapolated from a few; nothing is read."""
    recipe, (learnt, _) = QUICK["lenet"], data.split()
    some = learnt[:TEXTBOOK_IMAGES]
    images, labels = data.train_images[some], data.train_labels[some]
    epoch = textbook.epoch(images, labels, recipe.batch_size, recipe.rate)

    def run(seed: int) -> Trained:
        started = perf_counter()
        epoch()
        part = perf_counter() - started
        return Trained(part * recipe.epochs * len(learnt) / len(some), np.nan)

    return run


def alternated(runners: Mapping[str, Runner], seeds: Sequence[int]) -> dict[str, list[Trained]]:
    """Every runner with every seed in turn; every other round runs in the opposite order."""
    found: dict[str, list[Trained]] = {name: [] for name in runners}
    order = list(runners.items())
    for seed in seeds:
        for name, runner in order:
            found[name].append(runner(seed))
        order.reverse()
    return found


def rows(raced: Runs, more: Sequence[Trained]) -> list[Row]:
    """The table of runs of "one", "two", "PyTorch 1" and so on, and "textbook", in equal rounds.

    more: runs of ours with further seeds, for the accuracy alone
    """
    one, two, textbook_time = (_seconds(raced[name]) for name in ("one", "two", "textbook"))
    peers = [runs for name, runs in raced.items() if name.startswith("PyTorch")]
    best = min((_seconds(runs) for runs in peers), key=np.median)
    read = [run.accuracy for run in (*raced["one"], *more)]
    read_by_peer = [run.accuracy for runs in peers for run in runs]
    what = "seconds to 99 %"
    return [
        Row(QUESTION, f"{what}, train.py --quick, one process", spread(one), "s"),
        Row(QUESTION, f"{what}, --workers 2, its start counted", spread(two), "s"),
        Row(QUESTION, f"{what}, PyTorch, its better number of threads", spread(best), "s"),
        _goal(f"{what}, one process, our time over PyTorch's", ratios(one, best), 0.6),
        _goal(f"{what}, --workers 2, our time over PyTorch's", ratios(two, best), 0.4),
        Row(
            QUESTION,
            f"{what}, textbook NumPy's time over ours, extrapolated",
            ratios(textbook_time, one),
            "×",
        ),
        Row(QUESTION, *_accuracy("train.py --quick", read), at_least=99),
        Row(QUESTION, *_accuracy("PyTorch by that recipe", read_by_peer)),
    ]


def left_out() -> Row:
    """The row that stands for all where MNIST is missing."""
    return Row(QUESTION, LEFT_OUT, exactly(0), "runs")


def _seconds(runs: Sequence[Trained]) -> list[float]:
    return [run.seconds for run in runs]


def _goal(what: str, found: Spread, at_most: float) -> Row:
    return Row(QUESTION, what, found, "×", at_most=at_most)


def _accuracy(who: str, shares: Sequence[float]) -> tuple[str, Spread, str]:
    """Words, the mean between the quartiles in per cent, and the unit."""
    low, _, high = spread(shares)
    mean = float(np.mean(shares))
    seeds = f"{len(shares)} seed{'s' * (len(shares) > 1)}"
    return f"MNIST's test images, {who}, mean of {seeds}", (100 * low, 100 * mean, 100 * high), "%"
