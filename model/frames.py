"""Frames: size, place and pen width of the digits in the pictures of a data set.

The two data sets place their digits differently. A network trained on one of them loses over ten
points of accuracy on the other. So the card of a network names its frame, and all code that makes
a picture for the network uses this frame.
"""

from dataclasses import dataclass
from typing import Literal

SIDE = 28  # pixels of a picture, in both data sets


@dataclass(frozen=True)
class Frame:
    """Size and place of the digits of a data set, in pixels of a 28 × 28 picture.

    name:    its key in FRAMES
    longest: longest side of the ink with the width of the pen, measured at half darkness
    centre:  "mass" if the centre of mass of the ink is centred, "box" if its bounding box is
    middle:  x and y of this centre, from the outer edge of pixel 0; 14.5 is the middle of pixel 14
    pen:     width of a stroke, measured at half darkness
    edge:    width of the edge over which a stroke fades from ink to paper

    pen and edge are fitted: digits drawn on tablets, all ten equally frequent, then have the mean
    and the standard deviation of the data set's pixels (tests/model/test_frames.py).
    """

    name: str
    longest: float
    centre: Literal["mass", "box"]
    middle: float
    pen: float
    edge: float


class Frames(dict[str, Frame]):
    """Frames by name; ValueError, with all names, for another one."""

    def __missing__(self, name: str) -> Frame:
        raise ValueError(f"no frame {name!r}; there are: {', '.join(self)}")


FRAMES = Frames(
    # MNIST (LeCun et al. 1998): scaled to 20 × 20 with its aspect ratio, centred by mass.
    mnist=Frame("mnist", longest=20, centre="mass", middle=14.5, pen=2.4, edge=1.0),
    # EMNIST (Cohen et al. 2017, arXiv 1702.05373, figure 1): a scan is blurred, cropped to its ink,
    # centred by that box with a border of 2 pixels of the scan, and reduced to 28 × 28. So the
    # blurred ink is 26 pixels long, and its length at half darkness is fitted too.
    emnist=Frame("emnist", longest=22.9, centre="box", middle=14.0, pen=3.05, edge=2.2),
)
