"""A picture of a digit gives the same 28 × 28 as before.

tests/frozen/photo.npz holds the results. Write it again after an intended change:
python -m tests.model.photo.test_unchanged
"""

from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.photo.background import subtract_background
from model.photo.picture import grey_levels, render_picture
from model.types import Array
from tests.drawn import drawn
from tests.model.photo.test_picture import CHANGES, Change, on_a_desk, on_lines
from tests.strokes import FIVE, THREE

FILE = Path(__file__).parents[2] / "frozen" / "photo.npz"
MORE: dict[str, Change] = {
    "a steep line": lambda p: on_lines(p.rotate(4, fillcolor=255), gap=60),
    "a sheet on a corner": lambda p: on_a_desk(p, 60).rotate(38, fillcolor=60),
    "small in a corner": lambda p: on_a_desk(p, 255).resize((90, 90)).crop((0, 0, 600, 500)),
    "a filled loop": lambda p: drawn(FIVE, pen=19),
    "a thin pen": lambda p: drawn(FIVE, pen=1.5),
}
PICTURES = CHANGES | MORE


def results(name: str) -> Array:
    """The split in thousandths and the picture in grey levels of 255, as one row."""
    picture: Image.Image = PICTURES[name](drawn(THREE, pen=9))
    _, split = subtract_background(grey_levels(picture))
    thousandths = np.round(np.array(astuple(split)) * 1000)
    levels = np.round(render_picture(picture, "emnist") * 255).reshape(-1)
    return np.concatenate([thousandths, levels]).astype(np.int16)


@pytest.mark.parametrize("name", PICTURES)
def test_a_photograph_gives_the_same_picture_as_before(name: str) -> None:
    assert np.abs(results(name) - np.load(FILE)[name]).max() <= 2


if __name__ == "__main__":
    rows: dict[str, Any] = {name: results(name) for name in PICTURES}
    np.savez_compressed(FILE, **rows)
