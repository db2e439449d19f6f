"""Frames are found by their names; each centres digits in its own way."""

import pytest

from model.frames import FRAMES


@pytest.mark.parametrize("name", ["mnist", "emnist"])
def test_a_frame_is_found_by_its_name(name: str) -> None:
    assert FRAMES[name].name == name


def test_an_unknown_frame_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^no frame 'svhn'; there are: mnist, emnist$"):
        FRAMES["svhn"]


def test_mnist_is_centred_by_mass_and_emnist_by_its_box() -> None:
    assert (FRAMES["mnist"].centre, FRAMES["mnist"].middle) == ("mass", 14.5)
    assert (FRAMES["emnist"].centre, FRAMES["emnist"].middle) == ("box", 14.0)
