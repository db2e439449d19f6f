"""Twenty digits of our own hand, networks that learnt from such digits, and a count of pictures."""

from functools import cache

import numpy as np
import pytest

from model.data.plain_hands import PLAIN_HANDS, random_plain_hand
from model.ink import render
from model.network import Network
from model.nn.heads import one_hot
from model.training.optimizers import Adam
from model.types import Array
from model.variants import build

LEARNT, BATCH, EPOCHS, RATE = 1_500, 50, 4, 2e-3


def twenty_drawings() -> list[tuple[int, list[Array]]]:
    """Two drawings of each digit: the digit, and its strokes (n, 2)."""
    drawings = []
    for digit in range(10):
        forms = [strokes for other, strokes in PLAIN_HANDS if other == digit][:2]
        drawings += [(digit, [np.array(line) for line in strokes]) for strokes in forms]
    assert len(drawings) == 20
    return drawings


@cache
def _examples() -> tuple[Array, Array]:
    rng = np.random.default_rng(1)
    digits, drawings = zip(*(random_plain_hand(rng) for _ in range(LEARNT)), strict=True)
    return np.array([render(strokes) for strokes in drawings]), np.array(digits)


@cache
def trained(name: str, seed: int) -> Network:
    """A network that reads digits of our own hand after a second or two of training."""
    pictures, labels = _examples()
    network, optimizer, rng = build(name, seed), Adam(), np.random.default_rng(seed)
    for _ in range(EPOCHS):
        for batch in np.split(rng.permutation(LEARNT), LEARNT // BATCH):
            targets = one_hot(labels[batch])
            _, gradients, _ = network.loss_and_gradients(pictures[batch], targets)
            optimizer.step(network.parameters, gradients, RATE)
    assert (network.predict(pictures).argmax(axis=1) == labels).mean() > 0.98
    return network


def count_pictures(monkeypatch: pytest.MonkeyPatch, method: str) -> list[int]:
    """A list to which each call of this method of a network adds the number of its pictures."""
    counts: list[int] = []
    read = getattr(Network, method)

    def counted(network: Network, images: Array) -> Array:
        counts.append(len(images))
        return read(network, images)

    monkeypatch.setattr(Network, method, counted)
    return counts
