"""How far a run is, and its loss and accuracy so far."""

from dataclasses import dataclass, field
from typing import Any


class DivergedError(ArithmeticError):
    """A run whose loss is no finite number any more: where, and what to try."""


@dataclass
class RunningMeans:
    """Mean loss and accuracy over the examples of several batches.

    examples: how many; loss_sum: the sum of their losses; correct: number of right answers
    """

    examples: int = 0
    loss_sum: float = 0.0
    correct: int = 0

    def add(self, examples: int, loss_sum: float, correct: int) -> None:
        """Add one batch."""
        self.examples += examples
        self.loss_sum += loss_sum
        self.correct += correct

    @property
    def loss(self) -> float:
        """Mean over all examples."""
        return self.loss_sum / self.examples

    @property
    def accuracy(self) -> float:
        """Fraction of the examples that was answered right."""
        return self.correct / self.examples


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

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "Progress":
        """The progress of which `asdict` gave this."""
        means = [RunningMeans(**saved[name]) for name in ("epoch_means", "interval_means")]
        return cls(saved["epoch"], saved["step"], *means)
