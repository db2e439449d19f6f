"""Question 1: forward, backward and update, ours against PyTorch and a textbook."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from benchmarks import textbook
from benchmarks.common import Row, command, race, random_images, ratios, spread
from benchmarks.pytorch import Peer, gradients
from model.data.examples import ConcatExamples, Examples, Hands, Images, Ink
from model.data.hands import random_hand
from model.data.ink_files import Sample
from model.network import Network
from model.nn.arrays import floats
from model.nn.heads import one_hot
from model.recipes import RECIPES, Recipe
from model.training.trainer import CURVATURE_IMAGES, Training
from model.types import Array
from model.variants import READERS, build

BATCH = 64
PATTERNS = 60_000  # in a pass of the one-pattern-at-a-time rule
THREADS = (1, 2)  # of PyTorch, tried one after the other
RATE = 1e-4  # small: with random labels large steps would diverge


def measure(quick: bool) -> list[Row]:
    steps, rounds, fewer = (8, 3, 2) if quick else (60, 7, 4)
    images, labels = random_images(steps * BATCH)
    rows = [
        *lenet(images, labels, rounds),
        *(others(name, images, labels, fewer) for name in READERS if name != "lenet"),
    ]
    patterns = 300 if quick else 3000
    rows.append(with_ink(images, labels, fewer))
    return [*rows, one_at_a_time(patterns, rounds=2 if quick else 5)]


def lenet(images: Array, labels: Array, rounds: int) -> list[Row]:
    """The default network in one process and in two, compared with all peers."""
    recipe = recipe_for("lenet")
    seconds = race(
        {
            "ours": ours("lenet", images, labels, recipe),
            "two processes": ours("lenet", images, labels, recipe, workers=2),
            **pytorch("lenet", images, labels, recipe),
            "textbook": textbook.epoch(images, labels, BATCH, RATE),
        },
        rounds,
    )
    one_process = ratios(best_of_pytorch(seconds), seconds["ours"])
    two_processes = ratios(best_of_pytorch(seconds), seconds["two processes"])
    textbook_ratio = ratios(seconds["textbook"], seconds["ours"])
    rate = spread([len(images) / s for s in seconds["ours"]])
    return [
        Row(1, "lenet, one process, PyTorch's time over ours", one_process, "×", at_least=1.4),
        Row(1, "lenet, --workers 2, PyTorch's time over ours", two_processes, "×", at_least=2),
        Row(1, "lenet, one process, textbook NumPy's time over ours", textbook_ratio, "×"),
        Row(1, "lenet, one process", rate, "images/s"),
    ]


def others(name: str, images: Array, labels: Array, rounds: int) -> Row:
    """Another network in batches, in one process, against PyTorch."""
    recipe = recipe_for(name)
    runners = {"ours": ours(name, images, labels, recipe)}
    seconds = race(runners | pytorch(name, images, labels, recipe), rounds)
    found = ratios(best_of_pytorch(seconds), seconds["ours"])
    return Row(1, f"{name}, one process, PyTorch's time over ours", found, "×", at_least=1.0)


def with_ink(images: Array, labels: Array, rounds: int) -> Row:
    """Distorted images with ink over plain ones, by image, in the shares of MNIST and our ink."""
    n, rng = len(images), np.random.default_rng(0)
    repeats, made = RECIPES["lenet"].ink_repeats, n // 28
    hands = [random_hand(rng) for _ in range(n * 31 // 100 // repeats)]
    ink = Ink([Sample(str(digit), "", strokes) for digit, strokes in hands], "mnist", repeats)
    fewer = slice(n - len(ink) - made)
    distorted = Images(images[fewer], labels[fewer], augment=True)
    sources: list[Examples] = [distorted, ink, Hands("mnist", made)]
    recipe, validation = recipe_for("lenet"), (images[:1], labels[:1])
    seconds = race(
        {
            "plain": epoch_of("lenet", Images(images, labels, augment=False), validation, recipe),
            "with ink": epoch_of("lenet", ConcatExamples(sources), validation, recipe),
        },
        rounds,
    )
    found = ratios(seconds["with ink"], seconds["plain"])
    return Row(1, "lenet, a distorted epoch with ink over a plain one", found, "×", at_most=2)


def one_at_a_time(patterns: int, rounds: int) -> Row:
    """Seconds of a whole pass by the 1998 rule: one curvature estimate, then one step a pattern."""
    images, labels = random_images(max(patterns, CURVATURE_IMAGES))
    network = build("lenet5-1998", seed=0)
    recipe = RECIPES["lenet5-1998"]
    seconds = race(
        {
            "part": ours("lenet5-1998", images[:patterns], labels[:patterns], recipe),
            "estimate": lambda: network.curvature(images[: min(patterns, CURVATURE_IMAGES)]),
        },
        rounds,
    )
    scale = PATTERNS / patterns
    pairs = zip(seconds["part"], seconds["estimate"], strict=True)
    found = spread([estimate + (part - estimate) * scale for part, estimate in pairs])
    what = f"lenet5-1998, SDLM, one pattern at a time, a pass over {PATTERNS:,}"
    return Row(1, what, found, "s", at_most=60)


def recipe_for(name: str) -> Recipe:
    """The network's own recipe, in batches and undistorted; SGD replaces SDLM, which has none."""
    recipe = RECIPES[name]
    optimizer = "sgd" if recipe.optimizer == "sdlm" else recipe.optimizer
    changes = {"optimizer": optimizer, "batch_size": BATCH, "rate": RATE, "augment": False}
    return replace(recipe, **changes, schedule="constant")  # type: ignore[arg-type]


def ours(
    name: str, images: Array, labels: Array, recipe: Recipe, workers: int = 1
) -> Callable[[], object]:
    """An epoch as train.py runs it, its bookkeeping included."""
    examples = Images(images, labels, recipe.augment)
    return epoch_of(name, examples, (images[:1], labels[:1]), recipe, workers)


def epoch_of(
    name: str,
    examples: Examples,
    validation: tuple[Array, Array],
    recipe: Recipe,
    workers: int = 1,
) -> Callable[[], object]:
    """An epoch of any examples."""
    recipe = replace(recipe, epochs=10_000)
    training = Training(build(name, seed=0), examples, validation, recipe, workers)

    def run() -> None:
        for _ in training.batches():
            pass
        training.finish_epoch()

    return run


def pytorch(
    name: str, images: Array, labels: Array, recipe: Recipe
) -> dict[str, Callable[[], object]]:
    """The same epoch in PyTorch, once for each number of threads."""

    def runner(threads: int) -> Callable[[], object]:
        network = build(name, seed=0)
        peer = Peer(network)
        check(peer, network, images[:BATCH], labels[:BATCH])
        x, y = peer.inputs(images), torch.from_numpy(labels.astype(np.int64))
        optimizer = peer.optimizer(recipe)

        def run() -> None:
            torch.set_num_threads(threads)
            peer.train_epoch(x, y, recipe.batch_size, optimizer)

        return run

    return {f"PyTorch {threads}": runner(threads) for threads in THREADS}


def best_of_pytorch(seconds: dict[str, list[float]]) -> list[float]:
    """The rounds of PyTorch with the number of threads that made it faster."""
    tries = [times for name, times in seconds.items() if name.startswith("PyTorch")]
    return min(tries, key=lambda times: float(np.median(times)))


def check(peer: Peer, network: Network, images: Array, labels: Array) -> None:
    """Check that PyTorch computes the same gradients as ours."""
    _, wanted, _ = network.loss_and_gradients(floats(images), one_hot(labels))
    peer.loss(peer.inputs(images), torch.from_numpy(labels.astype(np.int64))).backward()
    for name, found in gradients(peer, network):
        np.testing.assert_allclose(found, wanted[name], rtol=1e-2, atol=1e-4, err_msg=name)


if __name__ == "__main__":
    command(measure)
