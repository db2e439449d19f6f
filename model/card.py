"""The card: what is known of a network's trained weights, stored beside them as JSON.

A card is checked once, when it is read: `Card.from_json` checks the type and the range of
everything in it. All other code uses its attributes and trusts them.

Fractions are numbers from 0 to 1.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, NotRequired, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

from model.frames import FRAMES
from model.recipes import Recipe

DIGITS = 10
COUNTS = ("images", "confusion", "drawings", "digits", "no_digits", "writers", "seed")
FRACTIONS = (
    *("accuracy", "training_accuracy", "validation_accuracy", "interval", "top3", "macro_f1"),
    *("per_digit", "ece", "accepted", "rejected", "digit", "unsure"),
)
RANGES = {  # of numbers, by the name of their field
    **dict.fromkeys(COUNTS, (0, 1e12)),
    **dict.fromkeys(("epoch", "epochs", "training_images"), (1, 1e12)),
    **dict.fromkeys(FRACTIONS, (0, 1)),
    "temperature": (1e-3, 1e3),
    "rubbish": (-1e3, 1e3),
}
NAMES = {str: "text", int: "a whole number", float: "a finite number", bool: "true or false"}


class CardError(ValueError):
    """A card that cannot be used: which field, what was found and wanted."""


class Thresholds(TypedDict):
    """What the most probable digit must reach to be answered, see model/evaluation/decision.py.

    digit:  probability with the reject class
    unsure: fraction of the sum over all ten digits
    """

    digit: float
    unsure: float


class Metrics(TypedDict):
    """How well digits were read, see model/evaluation/metrics.py.

    images:     how many were read
    accuracy, top3: fractions; interval: 95 % interval of the accuracy
    macro_f1:   mean of per_digit, the F1 of 0 … 9, each from 0 to 1
    confusion:  counts; row is the label, column the answer
    ece:        expected calibration error, a fraction
    """

    images: int
    accuracy: float
    interval: list[float]
    top3: float
    macro_f1: float
    per_digit: list[float]
    confusion: list[list[int]]
    ece: float


class Rejection(TypedDict):
    """How many drawings of one sort were read, and the fraction that was not taken for a digit.

    rejected is None where there were none.
    """

    drawings: int
    rejected: float | None


class InkMetrics(TypedDict):
    """How well drawings were read, see model/evaluation/ink_metrics.py.

    Of the drawings of digits: everything that Metrics has (where there were any) and `accepted`,
    the fraction that was answered with a digit. `rejected` is the fraction of all drawings that was
    not. no_digits, look_alikes and scribbles say the same of what is no digit.
    """

    images: int
    accuracy: NotRequired[float]
    interval: NotRequired[list[float]]
    top3: NotRequired[float]
    macro_f1: NotRequired[float]
    per_digit: NotRequired[list[float]]
    confusion: NotRequired[list[list[int]]]
    ece: NotRequired[float]
    accepted: NotRequired[float]
    rejected: NotRequired[float]
    no_digits: NotRequired[Rejection]
    look_alikes: NotRequired[Rejection]
    scribbles: NotRequired[Rejection]


class Epoch(TypedDict):
    """One epoch: its number from 1, the mean loss, accuracies as fractions."""

    epoch: int
    loss: float
    accuracy: float
    validation_accuracy: float


class InkSource(TypedDict):
    """The drawings used for training: counts of digits, of other drawings, and of writers.

    The lists of writers name those who were kept out of training.
    """

    digits: int
    no_digits: int
    writers: int
    files: NotRequired[list[str]]
    validation_writers: NotRequired[list[str]]
    held_out_writers: NotRequired[list[str]]


@dataclass
class Card:
    """What is known of a network's weights. What is not known is None, or an empty list.

    model:       a name in model.variants.VARIANTS
    frame:       a name in model.frames.FRAMES: how a digit must sit in its picture
    thresholds:  what a digit must reach to be answered
    temperature: divides the logits before the softmax; above 0
    rubbish:     penalty j of the rubbish class, a logit; None where the head's own holds
    mean, deviation: of the pixels (0 paper, 1 ink), where the first layer normalises by them
    dataset:     a name in model.data.datasets.DATASETS, or another; source: makers and licence
    training_images: number of images; training_accuracy: fraction of them read right
    history:     one row for each epoch
    validation, metrics: on the images kept for choosing, and on the test images
    ink, ink_validation, ink_metrics: the same of drawings
    calibration: ink_validation of the network that temperature and thresholds were taken from
    """

    model: str
    frame: str
    thresholds: Thresholds
    temperature: float = 1.0
    rubbish: float | None = None
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
    calibration: InkMetrics | None = None

    @classmethod
    def from_json(cls, value: Any) -> "Card":
        """The card in parsed JSON; CardError says what was found and wanted."""
        card: Card = _read(value, cls, "card")
        if card.frame not in FRAMES:
            raise CardError(f"frame is {card.frame!r:.40}, wanted one of {', '.join(FRAMES)}")
        for name in ("validation", "metrics", "ink_validation", "ink_metrics", "calibration"):
            _check_metrics(name, getattr(card, name) or {})
        return card

    def to_json(self) -> dict[str, Any]:
        """The same as an object for JSON; what is not known is left out."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        known["recipe"] = asdict(self.recipe) if self.recipe else None
        return {name: value for name, value in known.items() if value not in (None, [])}


def untrained(model: str, normalised: tuple[float, float] | None = None) -> Card:
    """The card of an untrained network; its thresholds answer every drawing with a digit."""
    mean, deviation = normalised or (None, None)
    thresholds = Thresholds(digit=0.0, unsure=0.0)
    return Card(model, frame="mnist", thresholds=thresholds, mean=mean, deviation=deviation)


def _read(value: Any, wanted: Any, where: str) -> Any:
    """A value of parsed JSON as the type that is wanted; CardError names where it is not."""
    if isinstance(wanted, UnionType):
        (inner,) = (part for part in get_args(wanted) if part is not type(None))
        return None if value is None else _read(value, inner, where)
    if get_origin(wanted) is NotRequired:
        return _read(value, get_args(wanted)[0], where)
    if get_origin(wanted) is list:
        if not isinstance(value, list):
            raise CardError(f"{where} is {_shown(value)}, wanted a list")
        (inner,) = get_args(wanted)
        return [_read(item, inner, f"{where}[{i}]") for i, item in enumerate(value)]
    if is_dataclass(wanted) or is_typeddict(wanted):
        return _read_object(value, wanted, where)
    return _read_plain(value, wanted, where)


def _read_object(value: Any, wanted: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise CardError(f"{where} is {_shown(value)}, wanted an object")
    hints = get_type_hints(wanted, include_extras=True)
    if is_typeddict(wanted):
        required = wanted.__required_keys__
    else:
        required = {
            f.name for f in fields(wanted) if f.default is MISSING and f.default_factory is MISSING
        }
    if missing := sorted(required - value.keys()):
        raise CardError(f"{where} lacks {', '.join(missing)}, wanted {', '.join(sorted(required))}")
    known = value.keys() & hints.keys()  # another version may write more
    found = {key: _read(value[key], hints[key], f"{where}.{key}") for key in hints if key in known}
    try:
        return wanted(**found)
    except ValueError as error:  # a recipe that cannot be followed
        raise CardError(f"{where}: {error}") from None


def _read_plain(value: Any, wanted: type, where: str) -> Any:
    if wanted is float and type(value) is int and abs(value) < 1e300:
        value = float(value)
    is_finite = not isinstance(value, float) or math.isfinite(value)
    if type(value) is not wanted or not is_finite:
        raise CardError(f"{where} is {_shown(value)}, wanted {NAMES[wanted]}")
    field_name = re.sub(r"\[\d+\]", "", where).split(".")[-1]
    low, high = RANGES.get(field_name, (-math.inf, math.inf))
    if isinstance(value, int | float) and not low <= value <= high:
        raise CardError(f"{where} is {value:g}, wanted a number from {low:g} to {high:g}")
    return value


def _check_metrics(name: str, found: Mapping[str, Any]) -> None:
    """Ten digits, and an interval from its lower to its upper end."""
    rows = [found.get("per_digit"), found.get("confusion"), *found.get("confusion", [])]
    if any(row is not None and len(row) != DIGITS for row in rows):
        raise CardError(f"{name} has per_digit or confusion of another size, wanted {DIGITS}")
    interval = found.get("interval", [0, 1])
    if len(interval) != 2 or interval[0] > interval[1]:
        raise CardError(f"{name}.interval is {_shown(interval)}, wanted its lower and upper end")


def _shown(value: Any) -> str:
    """A value as it stands in the file, cut after 40 characters."""
    return f"{value!r:.40}"
