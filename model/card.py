"""The card: what is known of a network's trained weights, stored beside them as JSON.

A card is checked once, when it is read: `Card.from_json` checks the type and the range of
everything in it. All other code uses its attributes and trusts them.

Fractions are numbers from 0 to 1.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NotRequired, TypedDict

from model.card_json import CardError, read_as, shown
from model.frames import FRAMES
from model.recipes import Recipe

DIGITS = 10
KINDS = ("reader", "gate", "snapshots")  # of weight files; only readers are offered to visitors
COUNTS = (
    *("images", "confusion", "drawings", "digits", "no_digits", "writers", "seed"),
    *("validation_digits", "validation_no_digits", "validation_writers"),
)
FRACTIONS = (
    *("accuracy", "training_accuracy", "validation_accuracy", "interval", "top3", "macro_f1"),
    *("per_digit", "ece", "confidence", "accepted", "rejected", "auroc", "threshold"),
)
RANGES = {  # of numbers, by the name of their field
    **dict.fromkeys(COUNTS, (0, 1e12)),
    **dict.fromkeys(("epoch", "epochs", "training_images"), (1, 1e12)),
    **dict.fromkeys(FRACTIONS, (0, 1)),
    "temperature": (1e-3, 1e3),
}


class Bin(TypedDict):
    """The images whose confidence lies in one interval: a point of the reliability curve.

    images: how many; accuracy: fraction of them read right; confidence: their mean
    """

    images: int
    accuracy: float
    confidence: float


class Metrics(TypedDict):
    """How well digits were read, see model/evaluation/metrics.py.

    images:     how many were read
    accuracy, top3: fractions; interval: 95 % interval of the accuracy
    macro_f1:   mean of per_digit, the F1 of 0 … 9, each from 0 to 1
    confusion:  counts; row is the label, column the answer
    ece:        expected calibration error, a fraction
    reliability: the bins of the confidence that hold images, in order
    """

    images: int
    accuracy: float
    interval: list[float]
    top3: float
    macro_f1: float
    per_digit: list[float]
    confusion: list[list[int]]
    ece: float
    reliability: NotRequired[list[Bin]]


class Rejection(TypedDict):
    """How many drawings of one sort were read, and the fraction that was not taken for a digit.

    rejected is None where there were none.
    """

    drawings: int
    rejected: float | None


class InkMetrics(TypedDict):
    """How well drawings were read, see model/evaluation/ink_metrics.py.

    Of the digits: their number, everything that Metrics has (unless a gate alone was measured, or
    there were none) and `accepted`, the fraction that was answered with a digit. `rejected` is the
    fraction of all drawings that was not. no_digits, look_alikes and scribbles say the same of what
    is no digit. auroc: how often the gate gives a digit more than what is none.
    """

    images: NotRequired[int]
    accuracy: NotRequired[float]
    interval: NotRequired[list[float]]
    top3: NotRequired[float]
    macro_f1: NotRequired[float]
    per_digit: NotRequired[list[float]]
    confusion: NotRequired[list[list[int]]]
    ece: NotRequired[float]
    reliability: NotRequired[list[Bin]]
    accepted: NotRequired[float]
    rejected: NotRequired[float]
    no_digits: NotRequired[Rejection]
    look_alikes: NotRequired[Rejection]
    scribbles: NotRequired[Rejection]
    auroc: NotRequired[float | None]


class Epoch(TypedDict):
    """One epoch: its number from 1, the mean loss, accuracies as fractions."""

    epoch: int
    loss: float
    accuracy: float
    validation_accuracy: float


class InkSource(TypedDict):
    """The drawings used for training: counts, and checksums of their files. Never a name.

    digits, no_digits, writers: learnt from
    validation_…: the same, kept for choosing
    sha256:       of the files, in hexadecimal
    """

    digits: int
    no_digits: int
    writers: int
    validation_digits: NotRequired[int]
    validation_no_digits: NotRequired[int]
    validation_writers: NotRequired[int]
    sha256: NotRequired[list[str]]


class FineTuning(TypedDict):
    """Drawings that trained weights were taught afterwards, see model/training/fine_tuning.py.

    base: the checksum of the weights before, `fingerprint` of model/snapshots.py
    digits, no_digits: number of drawings; seed: of their augmentation
    """

    base: str
    digits: int
    no_digits: int
    seed: int


@dataclass
class Card:
    """What is known of a network's weights. What is not known is None, or an empty list.

    model:       a name in model.variants.VARIANTS
    frame:       a name in model.frames.FRAMES: how a digit must sit in its picture
    kind:        one of KINDS
    temperature: divides the logits before they become probabilities; above 0
    threshold:   of the gate: the least probability with which a drawing counts as a digit
    mean, deviation: of the pixels (0 paper, 1 ink), where the first layer normalises by them
    dataset:     a name in model.data.datasets.DATASETS, or another; source: makers and licence
    training_images: number of images; training_accuracy: fraction of them read right
    history:     one row for each epoch
    validation, metrics: on the images kept for choosing, and on the test images
    ink, ink_validation, ink_metrics: the same of drawings
    fine_tuning: one row for each time that the weights were taught a few drawings afterwards; what
                 was measured before is no longer in the card then
    """

    model: str
    frame: str
    kind: str = "reader"
    temperature: float = 1.0
    threshold: float | None = None
    mean: float | None = None
    deviation: float | None = None
    dataset: str | None = None
    source: str | None = None
    seed: int | None = None
    epochs: int | None = None
    recipe: Recipe | None = None
    training_images: int | None = None
    training_accuracy: float | None = None
    history: list[Epoch] = field(default_factory=list)
    validation: Metrics | None = None
    metrics: Metrics | None = None
    ink: InkSource | None = None
    ink_validation: InkMetrics | None = None
    ink_metrics: InkMetrics | None = None
    fine_tuning: list[FineTuning] = field(default_factory=list)

    @classmethod
    def from_json(cls, value: Any) -> "Card":
        """The card in parsed JSON; CardError says what was found and wanted."""
        card: Card = read_as(value, cls, "card", RANGES)
        if card.frame not in FRAMES:
            raise CardError(f"frame is {card.frame!r:.40}, wanted one of {', '.join(FRAMES)}")
        if card.kind not in KINDS:
            raise CardError(f"kind is {card.kind!r:.40}, wanted one of {', '.join(KINDS)}")
        for name in ("validation", "metrics", "ink_validation", "ink_metrics"):
            _check_metrics(name, getattr(card, name) or {})
        return card

    def to_json(self) -> dict[str, Any]:
        """The same as an object for JSON; what is not known is left out."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        known["recipe"] = asdict(self.recipe) if self.recipe else None
        return {name: value for name, value in known.items() if value not in (None, [])}


def untrained(
    model: str, kind: str = "reader", normalised: tuple[float, float] | None = None
) -> Card:
    """The card of an untrained network."""
    mean, deviation = normalised or (None, None)
    return Card(model, frame="mnist", kind=kind, mean=mean, deviation=deviation)


def _check_metrics(name: str, found: Mapping[str, Any]) -> None:
    """Ten digits, and an interval from its lower to its upper end."""
    rows = [found.get("per_digit"), found.get("confusion"), *found.get("confusion", [])]
    if any(row is not None and len(row) != DIGITS for row in rows):
        raise CardError(f"{name} has per_digit or confusion of another size, wanted {DIGITS}")
    interval = found.get("interval", [0, 1])
    if len(interval) != 2 or interval[0] > interval[1]:
        raise CardError(f"{name}.interval is {shown(interval)}, wanted its lower and upper end")
