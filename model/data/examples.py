"""Numbered training examples, each augmented anew whenever it is drawn.

Drawing examples changes no state. All randomness comes from the generator that the caller passes,
so the same seed gives the same pictures in any process.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from model.data.distortion import Distortion, distort, distort_in_groups
from model.data.hands import random_hand
from model.data.ink_files import Sample, digit_of
from model.data.outliers import LOOK_ALIKES, Drawing, random_outlier
from model.data.stroke_augmentation import (
    StrokeAugmentation,
    augment_strokes,
    random_pen_width,
    with_extra_line,
)
from model.frames import FRAMES, SIDE
from model.ink.redraw import Normalise, render, smoothed
from model.nn.arrays import floats
from model.nn.heads import one_hot
from model.types import Array

NO_SMOOTHING = Normalise(smooth=False)
INK_DISTORTION = Distortion().scaled(0.5)  # of rendered strokes; images get the whole


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
        pictures = self.images[chosen]
        if self.augment and self.groups:
            pictures = distort_in_groups(pictures, rng)
        elif self.augment:
            pictures = distort(floats(pictures), rng)
        return pictures, one_hot(self.labels[chosen])


class Ink:
    """Drawings kept as strokes, augmented and rendered whenever they are drawn.

    samples: as model/data/ink_files.py reads them; the target of a label that is no digit is ten
             zeros
    frame:   a name in model/frames.py
    repeats: how often each counts in an epoch, to balance few drawings against many images
    """

    def __init__(self, samples: Sequence[Sample], frame: str, repeats: int = 1) -> None:
        self.strokes = [smoothed(sample.strokes) for sample in samples]
        digits = [digit_of(sample) for sample in samples]
        self.labels = np.array([-1 if digit is None else digit for digit in digits])
        self.frame, self.repeats = frame, repeats

    def __len__(self) -> int:
        return len(self.strokes) * self.repeats

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        indices = chosen % len(self.strokes)
        drawings = [with_extra_line(self.labels[i], self.strokes[i], rng) for i in indices]
        return render_augmented(drawings, self.frame, rng), one_hot(self.labels[indices])


class Hands:
    """Rare ways of writing a digit, see model/data/hands.py; each is made when it is drawn.

    frame: a name in model/frames.py
    count: how many make an epoch
    """

    def __init__(self, frame: str, count: int) -> None:
        self.frame, self.count = frame, count

    def __len__(self) -> int:
        return self.count

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        hands = [random_hand(rng) for _ in chosen]
        drawings = [smoothed(strokes) for _, strokes in hands]
        digits = np.array([digit for digit, _ in hands], int)
        return render_augmented(drawings, self.frame, rng), one_hot(digits)


class Outliers:
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
        self.letters = [smoothed(sample.strokes) for sample in clear] * repeats
        self.digits = digits
        self.frame, self.made = frame, made

    def __len__(self) -> int:
        return len(self.letters) + self.made

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        drawings = [
            self.letters[i] if i < len(self.letters) else smoothed(random_outlier(self.digits, rng))
            for i in chosen
        ]
        targets = np.zeros((10, len(chosen)), np.float32)
        return render_augmented(drawings, self.frame, rng), targets


class ConcatExamples:
    """Several sources as one. Their examples are numbered in the order of the sources."""

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


def render_augmented(drawings: Sequence[Drawing], frame: str, rng: np.random.Generator) -> Array:
    """Pictures (n, 28, 28) float32 in [0, 1] of augmented drawings, in the frame of that name.

    drawings: strokes (n, 2) that `smoothed` has smoothed; smoothing each time would double the time

    The pictures are distorted like images too, by half as much, because distortion blurs. Without
    it the network would tell sharp drawings from blurred images instead of learning shapes.
    """
    limits, pen = StrokeAugmentation(), FRAMES[frame].pen
    pictures = [
        render(
            augment_strokes(drawing, rng, limits),
            frame,
            random_pen_width(pen, rng, limits),
            NO_SMOOTHING,
        )
        for drawing in drawings
    ]
    rendered = np.array(pictures, np.float32).reshape(len(pictures), SIDE, SIDE)
    return distort(rendered, rng, INK_DISTORTION)
