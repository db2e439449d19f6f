"""What a network learns from: numbered examples, each drawn anew whenever it is asked for.

A source of examples keeps no state that drawing would change. All chance comes from the generator
that the caller hands over, so the same seed gives the same pictures in whatever process they
are drawn.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from model.data.distortion import Distortion, distort
from model.data.ink_files import Sample
from model.data.outliers import LOOK_ALIKES, Drawing, oddity
from model.data.stroke_augmentation import Hand, pen_width, redrawn, with_habit
from model.frames import SIDE, frame_named
from model.ink.redraw import Normalise, render, smoothed
from model.nn.arrays import floats
from model.nn.heads import one_hot
from model.types import Array

AS_IT_IS = Normalise(smooth=False)


class Examples(Protocol):
    """A set of examples: how many there are, and what some of them look like this time."""

    def __len__(self) -> int: ...

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """The pictures (n, 28, 28) of the examples numbered `chosen` (n,), and targets (10, n).

        Pictures are uint8 or float32 in [0, 1]; a target is a distribution over the ten digits,
        or ten zeros for what is none of them.
        """
        ...


class Images:
    """Pictures of digits: images (N, 28, 28) uint8 with labels (N,).

    augment: whether each is distorted anew whenever it is drawn, see model/data/distortion.py
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


class Ink:
    """Digits kept as strokes, each drawn by another hand whenever it is asked for.

    samples: as model/data/ink_files.py reads them, with digits as labels
    frame:   a name in model/frames.py
    times:   how often each counts, so that few drawings weigh enough beside many images
    """

    def __init__(self, samples: Sequence[Sample], frame: str, times: int = 1) -> None:
        self.strokes = [smoothed(sample.strokes) for sample in samples]
        self.labels = np.array([int(sample.label) for sample in samples])
        self.frame, self.times = frame, times

    def __len__(self) -> int:
        return len(self.strokes) * self.times

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        which = chosen % len(self.strokes)
        drawings = [with_habit(self.labels[i], self.strokes[i], rng) for i in which]
        return drawn_anew(drawings, self.frame, rng), one_hot(self.labels[which])


class Outliers:
    """What is no digit, with ten zeros as its target: the rubbish class of model/nn/heads.py.

    letters: drawings of no digits; those that cannot be told from a digit are left out
    digits:  to make pairs and halves of
    times:   how often each letter counts
    made:    how many drawings are made besides the letters: scribbles, shapes, faces, pairs …
    """

    def __init__(
        self,
        letters: Sequence[Sample],
        digits: Sequence[Sample],
        frame: str,
        *,
        times: int,
        made: int,
    ) -> None:
        clear = [s for s in letters if s.label not in LOOK_ALIKES]
        self.letters = [smoothed(sample.strokes) for sample in clear] * times
        self.digits = digits
        self.frame, self.made = frame, made

    def __len__(self) -> int:
        return len(self.letters) + self.made

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        drawings = [
            self.letters[i] if i < len(self.letters) else smoothed(oddity(self.digits, rng))
            for i in chosen
        ]
        none = np.zeros((10, len(chosen)), np.float32)
        return drawn_anew(drawings, self.frame, rng), none


class ConcatExamples:
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


def drawn_anew(drawings: Sequence[Drawing], frame: str, rng: np.random.Generator) -> Array:
    """(n, 28, 28): each drawing by another hand and with another pen, in the frame of that name.

    They must have been smoothed before, which costs as much as all that follows.
    They are distorted like images as well, though less: that blurs a picture a little, and a
    network tells sharp pictures of one kind from blurred ones of another before it learns shapes.
    """
    hand, pen = Hand(), frame_named(frame).pen
    pictures = [
        render(redrawn(drawing, rng, hand), frame, pen_width(pen, rng, hand), AS_IT_IS)
        for drawing in drawings
    ]
    sharp = np.array(pictures, np.float32).reshape(-1, SIDE, SIDE)
    return distort(sharp, rng, Distortion().times(0.5))
