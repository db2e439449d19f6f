"""Strokes become the pictures that the committed networks were trained and measured on.

tests/frozen/ink.npz holds such pictures. Write it again only together with new weights:
python -m tests.model.ink.test_unchanged
"""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.frames import FRAMES
from model.ink.redraw import Canvas, Normalise, render, smoothed
from model.ink.stages import stages
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

FILE = Path(__file__).parents[2] / "frozen" / "ink.npz"
PAD = Canvas(100, 120, brush=7)
DIGITS = [ZERO, ONE, THREE, FIVE, SEVEN]
PALM: Stroke = [(160, 95), (162, 96)]


def uneven(strokes: list[Stroke], points: int) -> list[Array]:
    """So many points at random places on the lines of each stroke, with noise."""
    rng = np.random.default_rng(points)
    lines = []
    for stroke in strokes:
        places = np.sort(rng.uniform(0, len(stroke) - 1, points))
        line = [np.interp(places, range(len(stroke)), axis) for axis in np.array(stroke).T]
        lines.append(np.stack(line, axis=1) + rng.normal(0, 0.5, (points, 2)))
    return lines


def digits_in_both_frames() -> list[Array]:
    return [render(digit, frame) for digit in DIGITS for frame in FRAMES]


def every_normalisation_on_and_off() -> list[Array]:
    switches = [Normalise(*on) for on in product([True, False], repeat=4)]
    return [
        render([*FIVE, PALM], "emnist", normalise=normalise, canvas=canvas)
        for normalise in switches
        for canvas in (PAD, None)
    ]


def uneven_and_trembling_lines() -> list[Array]:
    return [render(uneven(digit, n)) for digit in DIGITS for n in (6, 12, 40, 300)]


def every_stage() -> list[Array]:
    pictures = stages([*THREE, PALM], "mnist", canvas=PAD)
    return [picture[::4, ::4] if len(picture) > 28 else picture for picture in pictures.values()]


def smoothed_points() -> list[Array]:
    return [np.concatenate(smoothed(uneven(digit, n))) for digit in DIGITS for n in (6, 40)]


SOURCES = {
    source.__name__: source
    for source in (
        *(digits_in_both_frames, every_normalisation_on_and_off, uneven_and_trembling_lines),
        *(every_stage, smoothed_points),
    )
}


def drawn(name: str) -> Array:
    """All numbers of a source, in thousandths."""
    numbers = np.concatenate([np.ravel(array) for array in SOURCES[name]()])
    return np.round(numbers * 1000).astype(np.int32)


@pytest.mark.parametrize("name", SOURCES)
def test_a_drawing_gives_the_same_picture_as_before(name: str) -> None:
    wanted = np.load(FILE)[name]
    found = drawn(name)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() <= 2


if __name__ == "__main__":
    arrays: dict[str, Any] = {name: drawn(name) for name in SOURCES}
    np.savez_compressed(FILE, **arrays)
