"""The same seed draws the same training examples as in earlier commits.

tests/frozen/examples.npz holds them. A difference means that `python train.py` gives other weights
than before. Write the file again only where that is wanted, and say so in CHANGELOG.md:
python -m tests.model.data.test_reproducible

The committed weights are older than the file: they learnt from examples that were drawn otherwise,
and from sums in another order. The same commands train networks like them, with other bytes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.data import outliers, symbols
from model.data.examples import Images, Ink, Outliers
from model.data.ink_files import Sample
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO

FILE = Path(__file__).parents[2] / "frozen" / "examples.npz"
DIGITS = [
    Sample(label, "", [np.array(stroke, np.float32) for stroke in strokes])
    for label, strokes in zip("01357", (ZERO, ONE, THREE, FIVE, SEVEN), strict=True)
]
LETTERS = [Sample("A", "", DIGITS[0].strokes)]


def images(rng: np.random.Generator) -> list[Array]:
    pictures = np.random.default_rng(5).integers(0, 256, (4, 28, 28), np.uint8)
    return [Images(pictures, np.arange(4), augment=True).draw(np.arange(4), rng)[0]]


def ink(rng: np.random.Generator) -> list[Array]:
    sources = [Ink(DIGITS, frame, repeats=2) for frame in ("mnist", "emnist")]
    return [source.draw(np.arange(10), rng)[0] for source in sources]


def letters_and_outliers(rng: np.random.Generator) -> list[Array]:
    source = Outliers(LETTERS, DIGITS, "mnist", repeats=2, made=8)
    return [source.draw(np.arange(10), rng)[0]]


def scribbles(rng: np.random.Generator) -> list[Array]:
    return [line for _ in range(20) for line in outliers.scribble(rng)]


def shapes_and_faces(rng: np.random.Generator) -> list[Array]:
    kinds = (symbols.shape, symbols.face)
    return [line for _ in range(16) for kind in kinds for line in kind(rng)]


def pairs_and_halves(rng: np.random.Generator) -> list[Array]:
    lines = []
    for sample in DIGITS:
        lines += outliers.pair(sample.strokes, DIGITS[3].strokes, rng)
        lines += outliers.half(sample.strokes, rng)
    return lines


def outliers_of_any_kind(rng: np.random.Generator) -> list[Array]:
    """The corners of each drawing, which differ from kind to kind."""
    drawings = [outliers.random_outlier(DIGITS[i % 5 :], rng) for i in range(150)]
    drawings += [outliers.random_outlier([], rng) for _ in range(50)]
    points = [np.concatenate(drawing) for drawing in drawings]
    return [np.array([(*p.min(axis=0), *p.max(axis=0), len(p)) for p in points])]


SOURCES: list[Callable[[np.random.Generator], list[Array]]] = [
    *(images, ink, letters_and_outliers, scribbles, shapes_and_faces, pairs_and_halves),
    outliers_of_any_kind,
]


def drawn(source: Callable[[np.random.Generator], list[Array]]) -> Array:
    """All numbers that a source draws from one seed, and the generator's next number."""
    rng = np.random.default_rng(1998)
    numbers = [np.ravel(array).astype(np.float32) for array in source(rng)]
    return np.concatenate([*numbers, np.array([rng.random()], np.float32)])


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_the_same_seed_draws_the_same_numbers_as_before(
    source: Callable[[np.random.Generator], list[Array]],
) -> None:
    np.testing.assert_allclose(drawn(source), np.load(FILE)[source.__name__], atol=1e-4)


if __name__ == "__main__":
    arrays: dict[str, Any] = {source.__name__: drawn(source) for source in SOURCES}
    np.savez_compressed(FILE, **arrays)
