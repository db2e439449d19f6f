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
from model.data.distortion import nearest_places
from model.frames import SIDE
from model.training.schedules import learning_rate
from model.variants import build

SEEDS = range(1, 11)
ROUNDS = 1  # of all runners; the seeds that are left are trained by two processes of ours alone


def measure(quick: bool) -> list[Row]:
    data = mnist()
    if data is None:
        return [left_out()]
    seeds, rounds = (SEEDS[:1], 1) if quick else (SEEDS, ROUNDS)
    runners = {"one": ours(data, workers=1), "two": ours(data, workers=2)}
    images, labels = prepared(data)
    runners |= {f"PyTorch {n}": pytorch(data, images, labels, n) for n in THREADS}
    raced = alternated({**runners, "textbook": textbook_numpy(data)}, seeds[:rounds])
    return rows(raced, [runners["two"](seed) for seed in seeds[rounds:]])


def prepared(data: Dataset) -> tuple[Tensor, Tensor]:
    """What PyTorch gets beforehand: the images as floats in a frame (N, 900), and the labels."""
    learnt, _ = data.split()
    images = Peer(build("lenet", seed=0)).inputs(data.train_images[learnt])
    labels = torch.from_numpy(data.train_labels[learnt].astype(np.int64))
    return functional.pad(images, (1, 1, 1, 1)).flatten(1), labels


def pytorch(data: Dataset, images: Tensor, labels: Tensor, threads: int) -> Runner:
    """The same recipe in PyTorch. No validation image is read, and no loss is summed."""
    train(Peer(build("lenet", seed=0)), images[:64], labels[:64], seed=0)  # PyTorch's own start

    def run(seed: int) -> Trained:
        torch.set_num_threads(threads)
        torch.manual_seed(seed + 1000 * threads)  # other orders with other numbers of threads
        started = perf_counter()
        peer = Peer(build("lenet", seed=seed))
        train(peer, images, labels, seed)
        return Trained(perf_counter() - started, accuracy(peer, data))

    return run


def train(peer: Peer, images: Tensor, labels: Tensor, seed: int) -> None:
    """All epochs by the recipe of --quick; all images of a batch are distorted alike."""
    recipe = quick_recipe(seed)
    optimizer, rng = peer.optimizer(recipe), np.random.default_rng(seed)
    for epoch in range(recipe.epochs):
        batches = torch.randperm(len(images)).split(recipe.batch_size)
        for step, chosen in enumerate(batches):
            place = torch.from_numpy(nearest_places(1, rng)[0])
            x = images[chosen].index_select(1, place).view(-1, 1, SIDE, SIDE)
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(recipe, epoch + step / len(batches))
            optimizer.zero_grad(set_to_none=True)
            peer.loss(x, labels[chosen]).backward()
            optimizer.step()


def accuracy(peer: Peer, data: Dataset) -> float:
    """The share of the test images that it reads."""
    with torch.inference_mode():
        answers = peer.module(peer.inputs(data.test_images)).argmax(dim=1).numpy()
    return float((answers == data.test_labels).mean())


if __name__ == "__main__":
    command(measure)
