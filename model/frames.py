"""How a digit sits in its 28 × 28 picture.

A network reads well only what looks like the pictures it was trained on, and the two data sets
place their digits differently: a network trained on one loses over ten points on the other.
The card of a network names its frame; everything that makes a picture for it asks here.
"""

from dataclasses import dataclass
from typing import Literal

SIDE = 28  # pixels, both sets


@dataclass(frozen=True)
class Frame:
    """Where a data set puts a digit, in pixels of its 28 × 28 picture.

    longest: longest side of the ink, pen width included, to where it is half as dark
    centre:  what lies at the middle: the centre of mass of the ink or the middle of its box
    middle:  where that is, counted from the outer edge of pixel 0, so that 14.5 is the
             middle of pixel 14
    pen:     width of a stroke, to where it is half as dark
    edge:    how far it takes a stroke to fade from ink to paper

    pen and edge are such that digits drawn on tablets, all ten as frequent, have the mean and
    the standard deviation of the set's pixels (tests/model/test_frames.py).
    """

    name: str
    longest: float
    centre: Literal["mass", "box"]
    middle: float
    pen: float
    edge: float


FRAMES = {
    # LeCun's MNIST: size-normalised into 20 × 20 with its aspect kept, then centred by mass.
    "mnist": Frame("mnist", longest=20, centre="mass", middle=14.5, pen=2.4, edge=1.0),
    # Cohen et al. 2017 (arXiv 1702.05373), figure 1: blurred, cropped to all that is not white,
    # centred by that box, a border of 2: so 24 pixels from one end of the blur to the other.
    "emnist": Frame("emnist", longest=23, centre="box", middle=14.0, pen=2.8, edge=1.6),
}


def frame_named(name: str) -> Frame:
    """The frame of that name; ValueError lists the right names."""
    try:
        return FRAMES[name]
    except KeyError:
        raise ValueError(f"no frame {name!r}; there are: {', '.join(FRAMES)}") from None
