"""The line of a drawing in pieces: their pictures, and their places in the strokes."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.dearest import ink, inks
from model.frames import FRAMES
from model.ink import MOST_PIECES, Piece, pieces_of, render, without
from model.ink.pieces import PIECE_PX
from model.ink.redraw import smoothed
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, ZERO, Stroke

EIGHT: list[Stroke] = [
    [(60, 20), (40, 20), (40, 40), (60, 60), (60, 80), (40, 80), (40, 60), (60, 40), (60, 20)]
]
STRAY = [(150.0, 5.0), (151.0, 5.0)]


def together(pieces: list[Piece]) -> Array:
    return np.max([piece.picture for piece in pieces], axis=0)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("strokes", [ZERO, ONE, FIVE, EIGHT, [*ONE, STRAY], [[(3, 4)]]])
def test_all_pieces_together_are_the_picture(strokes: list[Stroke], frame: str) -> None:
    assert np.allclose(together(pieces_of(strokes, frame)), render(strokes, frame), atol=1e-5)


@settings(max_examples=40)
@given(inks(most_strokes=MOST_PIECES, most_points=1_000))
def test_all_pieces_of_any_ink_together_are_the_picture(drawing: dict[str, Any]) -> None:
    strokes = ink(**drawing)
    pieces = pieces_of(strokes)
    assert 0 < len(pieces) <= MOST_PIECES
    assert np.allclose(together(pieces), render(strokes), atol=1e-3)


@settings(max_examples=40)
@given(inks(most_strokes=MOST_PIECES, most_points=1_000))
def test_the_pieces_of_a_stroke_follow_each_other_from_its_first_point_to_its_last(
    drawing: dict[str, Any],
) -> None:
    strokes = ink(**drawing)
    pieces = pieces_of(strokes)
    for k in {piece.stroke for piece in pieces}:
        own = [piece for piece in pieces if piece.stroke == k]
        assert own[0].start == 0
        assert own[-1].end == len(strokes[k]) - 1
        assert all(one.end == other.start for one, other in pairwise(own))
        assert all(piece.start <= piece.end for piece in own)


@pytest.mark.parametrize("strokes", [ZERO, FIVE, EIGHT, SEVEN])
def test_a_piece_begins_and_ends_where_its_part_of_the_stroke_does(strokes: list[Stroke]) -> None:
    dense = smoothed(strokes)  # whose places in the picture are known by their box
    pieces = pieces_of(dense)
    drawn = np.concatenate([piece.line for piece in pieces])
    low, high = np.concatenate(dense).min(axis=0), np.concatenate(dense).max(axis=0)
    scale = (drawn.imag.max() - drawn.imag.min()) / (high - low)[1]
    corner = complex(drawn.real.min(), drawn.imag.min())
    for piece in pieces:
        line = (dense[piece.stroke] - low) @ [1, 1j] * scale + corner
        ends = np.interp([piece.start, piece.end], np.arange(len(line)), line)
        assert np.abs(ends - piece.line[[0, -1]]).max() < 0.3
        assert np.abs(np.diff(piece.line)).sum() == pytest.approx(PIECE_PX, rel=0.5)


def test_strays_and_empty_strokes_have_no_pieces_and_keep_the_numbers_of_the_others() -> None:
    strokes = [STRAY, [], ONE[0]]
    assert {piece.stroke for piece in pieces_of(strokes)} == {2}


def test_no_ink_and_very_many_strokes_have_no_pieces() -> None:
    assert pieces_of([]) == pieces_of([[]]) == []
    many = [[(k, 0), (k, 50)] for k in range(MOST_PIECES + 1)]
    assert pieces_of(many) == []
    assert len(pieces_of(many[1:])) == MOST_PIECES


def test_a_drawing_without_a_piece_has_its_other_points_and_two_new_ends() -> None:
    (line,) = SEVEN
    pieces = pieces_of(SEVEN)
    gap = pieces[3:5]
    start, end = gap[0].start, gap[1].end
    before, after = without(SEVEN, gap)
    kept_before = [point for i, point in enumerate(line) if i < start]
    kept_after = [point for i, point in enumerate(line) if i > end]
    assert before[:-1].tolist() == [list(point) for point in kept_before]
    assert after[1:].tolist() == [list(point) for point in kept_after]
    whole = np.array(line, float)
    for place, found in ((start, before[-1]), (end, after[0])):
        wanted = [np.interp(place, np.arange(len(line)), whole[:, axis]) for axis in (0, 1)]
        assert found == pytest.approx(wanted)


def test_a_stroke_without_all_its_pieces_is_gone_and_the_others_stay() -> None:
    pieces = pieces_of(FIVE)
    (rest,) = without(FIVE, [piece for piece in pieces if piece.stroke == 1])
    assert rest.tolist() == [list(point) for point in FIVE[0]]
    assert [line.tolist() for line in without([[], *FIVE], [])] == [
        [list(point) for point in line] for line in FIVE
    ]
