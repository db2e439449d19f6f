"""The gate before every reader: is this drawing a digit at all?

A network that has been trained on digits alone takes everything for a digit. So another network,
the gate, is asked first. Its card names a frame of its own and the threshold of its answer.
"""

from collections.abc import Callable

import numpy as np

from model.network import Network
from model.types import Array


class Gate:
    """A trained gate, or none: then every drawing counts as a digit.

    card:      of the network, or None
    threshold: the least probability with which a drawing counts as a digit
    ValueError for a network that is no gate.
    """

    def __init__(self, network: Network | None) -> None:
        if network and network.card.kind != "gate":
            raise ValueError(f"found {network.name}, a {network.card.kind}, wanted a gate")
        self._network, self.card = network, network.card if network else None
        self.threshold = (network.card.threshold if network else None) or 0.0

    def digit_probability(
        self, pictures: Array, frame: str, redraw: Callable[[str], Array]
    ) -> Array:
        """The probability that each picture shows a digit: (N,), or () for one picture.

        pictures: (N, 28, 28) or (28, 28), drawn in this frame for a reader
        redraw:   draws the same in the frame of that name; called where the gate has another one
        """
        if self._network is None:
            return np.ones(pictures.shape[:-2], np.float32)
        own = self._network.card.frame
        probabilities = self._network.predict(pictures if own == frame else redraw(own))
        return probabilities[..., 0]

    def __bool__(self) -> bool:
        return self._network is not None


NO_GATE = Gate(None)
