"""A frame has the name by which it is found, and says where its digits are centred."""

import pytest

from model.frames import FRAMES
from model.ink import render


@pytest.mark.parametrize(
    ("name", "centre", "middle"), [("mnist", "mass", 14.5), ("emnist", "box", 14.0)]
)
def test_mnist_is_centred_by_mass_and_emnist_by_its_box(
    name: str, centre: str, middle: float
) -> None:
    frame = FRAMES[name]
    assert (frame.name, frame.centre, frame.middle) == (name, centre, middle)


def test_an_unknown_frame_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^no frame 'svhn'; there are: mnist, emnist$"):
        render([[(0, 0)]], "svhn")
