"""Numbered training examples, each augmented anew whenever it is drawn.

Drawing examples changes no state. All randomness comes from the generator that the caller passes,
so the same seed gives the same pictures in any process.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from model.data.distortion import Distortion, distort, distort_in_groups
from model.data.hands import random_hand
from model.data.ink_files import Sample, digit_of
from model.data.outliers import LOOK_ALIKES, random_outlier
from model.data.stroke_augmentation import (
    StrokeAugmentation,
    augment,
    random_pen_widths,
    with_extra_lines,
)
from model.frames import FRAMES, SIDE
from model.ink.redraw import Normalise, render_trace
from model.ink.smooth import smooth
from model.ink.trace import Strokes, Trace, joined, split, trace_of
from model.nn.arrays import floats
from model.nn.heads import one_hot
from model.types import Array

NO_SMOOTHING = Normalise(smooth=False)
INK_DISTORTION = 0.5  # part of the limits, of rendered strokes; images get the whole


class Examples(Protocol):
    """A source of training examples."""

    def __len__(self) -> int: ...

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """Pictures (n, 28, 28) and targets (10, n) of the examples with the indices `chosen` (n,).

        Pictures are uint8 or float32 in [0, 1]. A target is a distribution over the ten digits,
        or ten zeros for a drawing of no digit.
        """
        ...


class Images:
    """Pictures of digits: images (N, 28, 28) uint8 with labels (N,), 0 … 9.

    augment: whether each is distorted by model/data/distortion.py whenever it is drawn
    groups:  whether those of a group are distorted alike, which is faster
    """

    def __init__(self, images: Array, labels: Array, augment: bool, groups: bool = False) -> None:
        self.images, self.labels, self.augment, self.groups = images, labels, augment, groups

    def __len__(self) -> int:
        return len(self.images)

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        pictures, targets = self.undistorted(chosen)
        if self.augment and self.groups:
            pictures = distort_in_groups(pictures, rng)
        elif self.augment:
            pictures = distort(floats(pictures), rng)
        return pictures, targets

    def undistorted(self, chosen: Array) -> tuple[Array, Array]:
        """The same pictures as they are kept, and their targets."""
        return self.images[chosen], one_hot(self.labels[chosen])


class StrokeExamples(ABC):
    """Examples kept or made as strokes, which are augmented and rendered whenever they are drawn.

    frame: a name in model/frames.py
    """

    frame: str

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def drawings(self, chosen: Array, rng: np.random.Generator) -> tuple[list[Trace], Array]:
        """Smoothed drawings, and targets (10, n) as in `Examples`."""

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        return ConcatExamples([self]).draw(chosen, rng)


class Ink(StrokeExamples):
    """Drawings kept as strokes.

    samples: as model/data/ink_files.py reads them; the target of a label that is no digit is ten
             zeros
    repeats: how often each counts in an epoch, to balance few drawings against many images
    """

    def __init__(self, samples: Sequence[Sample], frame: str, repeats: int = 1) -> None:
        self.kept = [smooth(trace_of(sample.strokes)) for sample in samples]
        digits = [digit_of(sample) for sample in samples]
        self.labels = np.array([-1 if digit is None else digit for digit in digits])
        self.frame, self.repeats = frame, repeats

    def __len__(self) -> int:
        return len(self.kept) * self.repeats

    def drawings(self, chosen: Array, rng: np.random.Generator) -> tuple[list[Trace], Array]:
        """See `StrokeExamples`."""
        indices = chosen % len(self.kept)
        labels = self.labels[indices]
        return with_extra_lines(labels, [self.kept[i] for i in indices], rng), one_hot(labels)


class Hands(StrokeExamples):
    """Rare ways of writing a digit, see model/data/hands.py; each is made when it is drawn.

    count: how many make an epoch
    """

    def __init__(self, frame: str, count: int) -> None:
        self.frame, self.count = frame, count

    def __len__(self) -> int:
        return self.count

    def drawings(self, chosen: Array, rng: np.random.Generator) -> tuple[list[Trace], Array]:
        """See `StrokeExamples`."""
        hands = [random_hand(rng) for _ in chosen]
        digits = np.array([digit for digit, _ in hands], int)
        return all_smoothed([strokes for _, strokes in hands]), one_hot(digits)


class Outliers(StrokeExamples):
    """Drawings of no digits, the rubbish class of model/nn/heads.py: each target is ten zeros.

    letters: drawings of no digits; letters in LOOK_ALIKES are left out
    digits:  drawings of which pairs and halves are made
    repeats: how often each letter counts in an epoch
    made:    number of drawings that are made at random besides, see model/data/outliers.py
    """

    def __init__(
        self,
        letters: Sequence[Sample],
        digits: Sequence[Sample],
        frame: str,
        *,
        repeats: int,
        made: int,
    ) -> None:
        clear = [s for s in letters if s.label not in LOOK_ALIKES]
        self.letters = [smooth(trace_of(sample.strokes)) for sample in clear] * repeats
        self.digits = digits
        self.frame, self.made = frame, made

    def __len__(self) -> int:
        return len(self.letters) + self.made

    def drawings(self, chosen: Array, rng: np.random.Generator) -> tuple[list[Trace], Array]:
        """See `StrokeExamples`."""
        count = len(self.letters)
        made = iter(all_smoothed([random_outlier(self.digits, rng) for i in chosen if i >= count]))
        drawings = [self.letters[i] if i < count else next(made) for i in chosen]
        return drawings, np.zeros((10, len(chosen)), np.float32)


class ConcatExamples:
    """Several sources as one. Their examples are numbered in the order of the sources.

    All drawings are rendered at once, and all pictures distorted at once, which takes less time
    than one source after the other. Images are distorted in full and drawings by half as much,
    because distortion blurs. Without it the network would tell sharp drawings from blurred images
    instead of learning shapes.
    """

    def __init__(self, parts: Sequence[Examples]) -> None:
        self.parts = parts
        self.ends = np.cumsum([len(part) for part in parts])

    def __len__(self) -> int:
        return int(self.ends[-1])

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        pictures = np.empty((len(chosen), SIDE, SIDE), np.float32)
        targets = np.empty((10, len(chosen)), np.float32)
        distorted = np.zeros(len(chosen))  # by which part of the limits
        drawings: dict[str, tuple[list[Trace], list[int]]] = {}  # and where, by frame
        for part, own, here in self._shares(chosen):
            if isinstance(part, StrokeExamples):
                traces, targets[:, here] = part.drawings(own, rng)
                of_frame = drawings.setdefault(part.frame, ([], []))
                of_frame[0].extend(traces)
                of_frame[1].extend(here.tolist())
                distorted[here] = INK_DISTORTION
            elif isinstance(part, Images) and not part.groups:
                kept, targets[:, here] = part.undistorted(own)
                pictures[here] = floats(kept)
                distorted[here] = float(part.augment)
            else:
                drawn, targets[:, here] = part.draw(own, rng)
                pictures[here] = floats(drawn)
        for frame, (traces, places) in drawings.items():
            pictures[places] = render_augmented(traces, frame, rng)
        some = distorted > 0
        if some.any():
            limits = Distortion().scaled(distorted[some])
            pictures[some] = distort(pictures[some], rng, limits)
        return pictures, targets

    def _shares(self, chosen: Array) -> Iterator[tuple[Examples, Array, Array]]:
        """Each source that is chosen from, its own indices, and where they stand in `chosen`."""
        source = np.searchsorted(self.ends, chosen, side="right")
        for number, part in enumerate(self.parts):
            here = np.flatnonzero(source == number)
            if len(here):
                yield part, chosen[here] - (self.ends[number] - len(part)), here


def all_smoothed(drawings: Sequence[Strokes]) -> list[Trace]:
    """Drawings smoothed, all at once."""
    traces = [trace_of(strokes) for strokes in drawings]
    return split(smooth(joined(traces))) if traces else []


def render_augmented(traces: Sequence[Trace], frame: str, rng: np.random.Generator) -> Array:
    """Pictures (n, 28, 28) float32 in [0, 1] of augmented drawings, in the frame of that name.

    traces: of smoothed drawings, at least one; smoothing each time would take longer
    """
    limits, style = StrokeAugmentation(), FRAMES[frame]
    trace = augment(joined(traces), rng, limits)
    pens = random_pen_widths(style.pen, len(trace.firsts), rng, limits)
    return render_trace(trace, pens, style, pens, NO_SMOOTHING)
