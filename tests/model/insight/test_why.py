"""Which pieces of the strokes matter, and the erasure that changes the answer."""

import tracemalloc

import numpy as np
import pytest

from benchmarks.dearest import ink
from model import load
from model.evaluation import Gate
from model.ink import MOST_PIECES, pieces_of, render
from model.insight import Why, why
from model.insight.answers import read_all
from model.insight.maps import difference
from model.insight.why import MOST_ERASED, MOST_GROWN, TOUCHING, pictures_without
from model.types import Array
from model.variants import READERS
from tests.model.insight.hands import count_pictures, twenty_drawings
from tests.strokes import FIVE, ONE, SEVEN

NETWORKS = {name: load(f"weights/{name}.npz") for name in READERS}
LENET, GATE = NETWORKS["lenet"], Gate(load("weights/gate.npz"))
# Of one question: every pixel, every piece, and the beam.
MOST_READINGS = 28 * 28 + 2 * MOST_PIECES + MOST_GROWN * MOST_ERASED * MOST_PIECES


@pytest.mark.parametrize("name", READERS)
def test_an_effect_is_the_exact_difference_that_a_piece_makes(name: str) -> None:
    network = NETWORKS[name]
    found = why(network, GATE, FIVE, (5, 3))
    whole = difference(network, render(FIVE)[None], (5, 3))[0]
    assert found.difference == pytest.approx(whole, abs=1e-3)
    for i, effect in enumerate(found.effects):
        rest = [piece.picture for k, piece in enumerate(found.pieces) if k != i]
        less = np.max(rest, axis=0)
        assert effect == pytest.approx(whole - difference(network, less[None], (5, 3))[0], abs=2e-3)
    assert max(map(abs, found.effects)) > 0.1


def test_the_opposite_question_has_the_opposite_effects() -> None:
    one, other = (why(LENET, GATE, SEVEN, digits) for digits in ((7, 1), (1, 7)))
    assert np.allclose(one.effects, [-effect for effect in other.effects], atol=1e-4)
    assert one.difference == pytest.approx(-other.difference)


def test_the_roof_speaks_for_a_seven_and_against_a_one() -> None:
    found = why(LENET, GATE, SEVEN, (7, 1))
    roof = next(k for k, piece in enumerate(found.pieces) if piece.start == 0)
    assert found.effects[roof] > 1
    assert found.erasure is not None
    assert (found.erasure.digit, found.erasure.redrawn.digit) == (1, 1)
    assert roof in found.erasure.pieces


def answer_to(strokes: list[Array]) -> int | None:
    (answer,) = read_all(LENET, GATE, lambda frame: render(strokes, frame)[None])
    return answer.digit


@pytest.mark.parametrize("number", range(20))
def test_an_erasure_is_what_it_says(number: int) -> None:
    _, strokes = twenty_drawings()[number]
    found = why(LENET, GATE, strokes, (0, 1))
    if found.erasure is None:
        return
    leader = LENET.predict(render(strokes)).argmax()
    less = pictures_without(found.pieces, [found.erasure.pieces])
    assert LENET.predict(less)[0].argmax() == found.erasure.digit != leader
    assert answer_to(found.erasure.strokes) == found.erasure.redrawn.digit
    assert len(found.erasure.pieces) <= max(1, MOST_ERASED * len(found.pieces))
    assert is_connected(found)


def is_connected(found: Why) -> bool:
    """Whether the pictures of the erased pieces touch, each with those before it."""
    assert found.erasure is not None
    left = [found.pieces[i].picture >= TOUCHING for i in found.erasure.pieces]
    seen = left.pop()
    while left:
        near = [ink for ink in left if (ink & seen).any()]
        if not near:
            return False
        seen = np.any([seen, *near], axis=0)
        left = [ink for ink in left if not any(ink is other for other in near)]
    return True


def test_most_drawings_have_an_erasure_that_changes_a_new_drawing_too() -> None:
    changing = 0
    for _, strokes in twenty_drawings():
        erasure = why(LENET, GATE, strokes, (0, 1)).erasure
        leader = LENET.predict(render(strokes)).argmax()
        changing += erasure is not None and erasure.redrawn.digit not in (None, leader)
    assert changing >= 10


@pytest.mark.parametrize("strokes", [[], [[]], [[(3, 4)]], [[(3, 4), (3, 4)]]])
def test_no_ink_and_a_dot_have_maps_and_no_erasure(strokes: list[list[tuple[int, int]]]) -> None:
    found = why(LENET, GATE, strokes, (7, 1))
    assert found.erasure is None
    assert len(found.pieces) == len(found.effects) == bool(strokes and strokes[0])
    assert found.gradient.shape == found.occlusion.shape == (28, 28)


def test_pieces_of_no_stroke_that_changes_the_answer_are_no_erasure() -> None:
    assert why(LENET, GATE, [ONE[0][:2]], (1, 7)).pieces != []
    assert why(NETWORKS["lenet-sigmoid"], GATE, ONE, (1, 4)).erasure is None


@pytest.mark.parametrize("shape", ["zigzag", "walk", "cloud", "same places", "line"])
@pytest.mark.parametrize(("points", "strokes"), [(20_000, 1), (20_000, 40), (2_000, 1_000)])
def test_a_question_has_bounded_costs(
    monkeypatch: pytest.MonkeyPatch, shape: str, points: int, strokes: int
) -> None:
    read = count_pictures(monkeypatch, "logits")
    drawing = [np.array(line) for line in ink(shape, points, strokes, 100.0, 1.0, 0.0, 0)]
    tracemalloc.start()
    try:
        why(LENET, GATE, drawing, (7, 1))
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()
    assert sum(read) <= MOST_READINGS


def test_the_beam_is_bounded_where_all_pieces_touch(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = [np.array(line) for line in ink("cloud", 1_500, 1, 100.0, 1.0, 0.0, 0)]
    assert len(pieces_of(drawing)) > MOST_PIECES / 2
    read = count_pictures(monkeypatch, "logits")
    why(LENET, GATE, drawing, (7, 1))
    assert MOST_GROWN in read
    assert sum(read) <= MOST_READINGS
