"""How far a run is, and its loss and accuracy so far."""

from dataclasses import dataclass, field

import numpy as np

from model.types import Array


class DivergedError(ArithmeticError):
    """A run whose loss is no finite number any more: where, and what to try."""


@dataclass
class RunningMeans:
    """Mean loss and accuracy over the examples of several batches.

    examples: number of examples, with those of no digit; loss_sum: the sum of their losses
    digits:   number of examples of digits; correct: number of digits read right
    """

    examples: int = 0
    loss_sum: float = 0.0
    digits: int = 0
    correct: int = 0

    def add(self, examples: int, loss_sum: float, digits: int, correct: int) -> None:
        """Add one batch."""
        self.examples += examples
        self.loss_sum += loss_sum
        self.digits += digits
        self.correct += correct

    @property
    def loss(self) -> float:
        """Mean over all examples."""
        return self.loss_sum / self.examples

    @property
    def accuracy(self) -> float:
        """Fraction of the digits that was read right; 0 if there were none."""
        return self.correct / max(self.digits, 1)


@dataclass
class Progress:
    """`step` batches of epoch `epoch` are done; both count from 0.

    epoch_means:    over this epoch so far
    interval_means: since the last point of the learning curve
    """

    epoch: int = 0
    step: int = 0
    epoch_means: RunningMeans = field(default_factory=RunningMeans)
    interval_means: RunningMeans = field(default_factory=RunningMeans)


def batch_sums(loss: float, probabilities: Array, targets: Array) -> tuple[float, float, float]:
    """Sum of losses, number of digits, number of digits read right.

    loss: mean over the examples; probabilities and targets (10, n), targets of ten zeros for
    examples of no digit
    """
    n = targets.shape[1]
    is_digit = targets.max(axis=0) > 0.5
    is_correct = targets[probabilities.argmax(axis=0), np.arange(n)] > 0.5
    return loss * n, float(is_digit.sum()), float(is_correct.sum())
