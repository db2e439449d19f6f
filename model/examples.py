"""What a network learns from: numbered examples, each drawn anew whenever it is asked for.

A source of examples keeps no state that drawing would change. All chance comes from the generator
that the caller hands over, so the same seed gives the same pictures in whatever process they
are drawn.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from model.augment import distort
from model.frames import SIDE
from model.heads import one_hot
from model.network import floats
from model.types import Array


class Examples(Protocol):
    """A set of examples: how many there are, and what some of them look like this time."""

    def __len__(self) -> int: ...

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """The pictures (n, 28, 28) of the examples numbered `chosen` (n,), and targets (10, n).

        Pictures are uint8 or float32 in [0, 1]; a target is a distribution over the ten digits.
        """
        ...


class Images:
    """Pictures of digits: images (N, 28, 28) uint8 with labels (N,).

    augment: whether each is distorted anew whenever it is drawn, see model/augment.py
    """

    def __init__(self, images: Array, labels: Array, augment: bool) -> None:
        self.images, self.labels, self.augment = images, labels, augment

    def __len__(self) -> int:
        return len(self.images)

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        pictures = self.images[chosen]
        if self.augment:
            pictures = distort(floats(pictures), rng)
        return pictures, one_hot(self.labels[chosen])


class Mixture:
    """Several sources as one; their examples are numbered one source after the other."""

    def __init__(self, parts: Sequence[Examples]) -> None:
        self.parts = parts
        self.ends = np.cumsum([len(part) for part in parts])

    def __len__(self) -> int:
        return int(self.ends[-1])

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        pictures = np.empty((len(chosen), SIDE, SIDE), np.float32)
        targets = np.empty((10, len(chosen)), np.float32)
        source = np.searchsorted(self.ends, chosen, side="right")
        for number, part in enumerate(self.parts):
            here = source == number
            if here.any():
                own = chosen[here] - (self.ends[number] - len(part))
                drawn, targets[:, here] = part.draw(own, rng)
                pictures[here] = floats(drawn)
        return pictures, targets
