"""Question 9: seconds until `train.py --quick` reads 99 % of MNIST's test images, and its peers'.

    LENET_DATA=DIR python -m benchmarks.to_99 [--quick] [--json FILE]

DIR is the folder with MNIST's files; without them, one row says that this was left out.
"""

from time import perf_counter

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.common import Row, command
from benchmarks.pytorch import Peer
from benchmarks.quick import (
    Runner,
    Trained,
    alternated,
    left_out,
    mnist,
    ours,
    quick_recipe,
    rows,
    textbook_numpy,
)
from benchmarks.training import THREADS
from model.data.datasets import Dataset
from model.frames import SIDE
from model.training.schedules import learning_rate
from model.variants import build

SEEDS = range(1, 11)
ROUNDS = 3  # of all runners; the seeds that are left are trained by two processes of ours alone


def measure(quick: bool) -> list[Row]:
    data = mnist()
    if data is None:
        return [left_out()]
    seeds, rounds = (SEEDS[:1], 1) if quick else (SEEDS, ROUNDS)
    runners = {"one": ours(data, workers=1), "two": ours(data, workers=2)}
    places, labels = prepared(data)
    runners |= {f"PyTorch {n}": pytorch(data, places, labels, n) for n in THREADS}
    raced = alternated({**runners, "textbook": textbook_numpy(data)}, seeds[:rounds])
    return rows(raced, [runners["two"](seed) for seed in seeds[rounds:]])


def prepared(data: Dataset) -> tuple[Tensor, Tensor]:
    """What PyTorch gets beforehand: each image at every place where it may be, and the labels.

    The images (N, places, places, 28, 28) are floats, windows of padded images.
    """
    (learnt, _), shift = data.split(), quick_recipe(seed=0).shift
    images = Peer(build("lenet", seed=0)).inputs(data.train_images[learnt])
    padded = functional.pad(images, (shift,) * 4)
    labels = torch.from_numpy(data.train_labels[learnt].astype(np.int64))
    return padded.unfold(2, SIDE, 1).unfold(3, SIDE, 1)[:, 0], labels


def pytorch(data: Dataset, places: Tensor, labels: Tensor, threads: int) -> Runner:
    """The same recipe in PyTorch. No validation image is read, and no loss is summed."""

    def run(seed: int) -> Trained:
        torch.set_num_threads(threads)
        torch.manual_seed(seed + 1000 * threads)  # other orders with other numbers of threads
        started = perf_counter()
        peer = Peer(build("lenet", seed=seed))
        train(peer, places, labels, seed)
        return Trained(perf_counter() - started, accuracy(peer, data))

    return run


def train(peer: Peer, places: Tensor, labels: Tensor, seed: int) -> None:
    """All epochs by the recipe of --quick: forward, backward and update."""
    recipe = quick_recipe(seed)
    optimizer = peer.optimizer(recipe)
    for epoch in range(recipe.epochs):
        batches = torch.randperm(len(places)).split(recipe.batch_size)
        for step, chosen in enumerate(batches):
            top, left = torch.randint(places.shape[1], (2, len(chosen)))
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(recipe, epoch + step / len(batches))
            optimizer.zero_grad(set_to_none=True)
            peer.loss(places[chosen, top, left][:, None], labels[chosen]).backward()
            optimizer.step()


def accuracy(peer: Peer, data: Dataset) -> float:
    """The share of the test images that it reads."""
    with torch.inference_mode():
        answers = peer.module(peer.inputs(data.test_images)).argmax(dim=1).numpy()
    return float((answers == data.test_labels).mean())


if __name__ == "__main__":
    command(measure)
