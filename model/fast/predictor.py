"""Which Lanes read which pictures: one alone, many by fours, and none for two threads at once."""

from math import exp
from typing import Any

import numpy as np

from model.fast.lanes import Lanes
from model.frames import SIDE
from model.nn.heads import Head
from model.nn.layers import Layer
from model.nn.pooling import Pool
from model.types import Array

LANES = 4  # pictures read at a time where there are many: see model/fast/lanes.py
HUGE = 700.0  # a float holds its exponential, and nothing else counts beside that
CHUNK = 256  # pictures whose last maps wait for the layers after pooling, which gain by many


class Predictor:
    """Reads pictures with the layers and the head of one network.

    Each thread that asks is lent Lanes for the time, and as many are made as were ever asked for
    at once.
    """

    def __init__(self, layers: dict[str, Layer], head: Head) -> None:
        self.layers, self.head = layers, head
        self._all = list(layers.values())
        pooled = max((i + 1 for i, x in enumerate(self._all) if isinstance(x, Pool)), default=0)
        self._by_fours, self._at_once = self._all[:pooled], self._all[pooled:]
        self._idle: dict[int, list[Lanes]] = {1: [], LANES: []}

    def one(self, picture: Array) -> list[float] | None:
        """Ten logits of a (28, 28) picture, or None where it is not as it should.

        That is: bytes, or numbers of the network's own type in [0, 1].
        """
        lane = self._lent(1)
        lane.refresh()
        row = self.head.logits(lane.run())[:, 0].tolist() if lane.takes(picture) else None
        self._idle[1].append(lane)
        return row

    def many(self, batch: Array) -> Array:
        """Logits (10, N) float32 of (N, 28, 28) pictures: bytes, or floats in [0, 1]."""
        columns = np.empty((10, len(batch)), np.float32)
        for start in range(0, len(batch), CHUNK):
            chunk = slice(start, start + CHUNK)
            x = self._maps(batch[chunk])
            for layer in self._at_once:
                x, _ = layer.forward(x)
            columns[:, chunk] = self.head.logits(x)
        return columns

    def _maps(self, batch: Array) -> Array:
        """What the last pooling makes of pictures (N, 28, 28): (maps, height, width, N)."""
        lanes = self._lent(LANES)
        lanes.refresh()
        groups = -(-len(batch) // LANES)
        side_by_side = np.zeros((groups, SIDE, SIDE, LANES), lanes.dtype)
        pictures = batch / np.float32(255) if batch.dtype == np.uint8 else batch
        for lane in range(LANES):  # all at once is slower: four numbers in a row
            some = pictures[lane::LANES]
            side_by_side[: len(some), :, :, lane] = some
        maps = np.empty((len(lanes.wide), groups * LANES), lanes.dtype)
        columns = maps.view(lanes.wide.dtype)  # (values, groups)
        for group in range(groups):
            lanes.pictures[...] = side_by_side[group]
            lanes.run()
            columns[:, group] = lanes.wide
        shape = lanes.output.shape[:-1]
        self._idle[LANES].append(lanes)
        return maps[:, : len(batch)].reshape(*shape, -1)

    def _lent(self, lanes: int) -> Lanes:
        try:
            return self._idle[lanes].pop()
        except IndexError:
            return Lanes(self._all if lanes == 1 else self._by_fours, lanes)

    def __getstate__(self) -> dict[str, Any]:
        """A copy makes its own Lanes: their arrays share their memory."""
        return {"layers": self.layers, "head": self.head}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]


def softmax(scores: list[float], temperature: float) -> Array:
    """Probabilities (10,) float32 of one picture: ten numbers are quicker without NumPy."""
    powers = _powers(scores, max(scores), temperature)
    share = 1 / sum(powers)
    return np.array([power * share for power in powers], np.float32)


def both(scores: list[float], temperature: float, rubbish: float) -> tuple[Array, Array]:
    """The same, and beside it the digits' shares (10,), with rubbish (model/nn/heads.py)."""
    top = max(scores)
    powers = _powers(scores, top, temperature)
    total = sum(powers)
    probabilities = np.array([power / total for power in powers], np.float32)
    beside = exp(min((-rubbish - top) / temperature, HUGE))
    return probabilities, probabilities * np.float32(total / (total + beside))


def _powers(scores: list[float], top: float, temperature: float) -> list[float]:
    return [exp((score - top) / temperature) for score in scores]
