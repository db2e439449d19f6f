"""The graph has the cuts and the candidates that its limits allow."""

import numpy as np
import pytest

from model.number.cuts import Fragment
from model.number.graph import Graph, candidates, gaps_between, graph_of
from model.types import Array


def box(left: float, right: float, stroke: int, part: int = 0, parts: int = 1) -> Fragment:
    """A fragment from left to right, one unit high."""
    return Fragment.of(stroke, np.array([(left, 0.0), (right, 1.0)]), part, parts)


def strokes(*boxes: tuple[float, float]) -> dict[int, Array]:
    """Upright zigzags with these boxes: too narrow to be cut if narrower than 0.8."""
    return {i: np.array([(a, 0.0), (b, 1.0)]) for i, (a, b) in enumerate(boxes)}


def test_gaps_are_in_heights_and_overlaps_of_two_strokes_in_widths_of_the_narrower() -> None:
    fragments = [box(0, 1, 0), box(1.5, 2.5, 1), box(2, 4, 2), box(3.95, 4, 3)]
    gaps, inked = gaps_between(fragments, height=2)
    # 0.5 of 2 high; 0.5 of 1 wide; 0.05 of the least width, a tenth of 2 high.
    assert gaps == pytest.approx([0.25, -0.5, -0.25])
    assert inked.tolist() == [False, False, False]


def test_a_stroke_that_is_cut_is_inked_and_its_overlaps_are_in_heights() -> None:
    fragments = [box(0, 1, 0, 0, 2), box(0.5, 0.6, 1), box(0.8, 2, 0, 1, 2), box(2.5, 3, 2)]
    gaps, inked = gaps_between(fragments, height=2)
    assert inked.tolist() == [True, True, False]
    assert gaps == pytest.approx([-0.25, -0.1, 0.25])


def test_two_strokes_are_separated_unless_they_overlap_by_nine_tenths_of_the_narrower() -> None:
    assert graph_of(strokes((0, 0.5), (0.06, 0.7)), 1).arcs == [(0, 1), (0, 2), (1, 2)]
    assert graph_of(strokes((0, 0.5), (0.04, 0.54)), 1).arcs == [(0, 1)]


def test_a_stroke_is_not_cut_where_its_parts_overlap_by_a_quarter_of_the_height() -> None:
    hook = np.array([(0.0, 0.0), (1.0, 1.0), (0.8, 0.0), (0.8, 1), (2, 0)])
    fragments = [box(0, 1, 0, 0, 2), box(0.74, 2, 0, 1, 2)]
    assert gaps_between(fragments, 1)[0] == pytest.approx([-0.26])
    overlaps = graph_of({0: hook}, 1).gaps
    assert len(overlaps)
    assert overlaps.min() > -0.25


def pair_of(gap: float, width: float = 0.5) -> list[tuple[int, int]]:
    primitives = [[box(0, width, 0)], [box(width + gap, 2 * width + gap, 1)]]
    return candidates(primitives, np.array([gap]), np.array([False]), 1)


def test_a_candidate_has_no_wide_gap_and_is_not_too_wide() -> None:
    assert pair_of(0.35) == [(0, 1), (0, 2), (1, 2)]
    assert pair_of(0.36) == [(0, 1), (1, 2)]
    assert pair_of(0.1, width=1.05) == [(0, 1), (0, 2), (1, 2)]
    assert pair_of(0.1, width=1.06) == [(0, 1), (1, 2)]
    assert candidates([[box(0, 9, 0)]], np.empty(0), np.empty(0, bool), 1) == [(0, 1)]


def row(n: int, inked: bool, width: float = 0.1) -> list[tuple[int, int]]:
    """Candidates of n primitives beside each other, of one stroke or of n."""
    primitives = [
        [box(width * i, width * (i + 1), 0 if inked else i, i, n if inked else 1)] for i in range(n)
    ]
    return candidates(primitives, np.zeros(n - 1), np.full(n - 1, inked), 1)


def test_a_candidate_has_at_most_four_lifts_of_the_pen() -> None:
    assert max(b - a for a, b in row(8, inked=False)) == 5


def test_a_candidate_beside_a_cut_stroke_has_at_most_eight_primitives() -> None:
    assert max(b - a for a, b in row(14, inked=True) if (a, b) != (0, 14)) == 8
    assert (0, 14) in row(14, inked=True)  # there is no cut at its sides
    assert max(b - a for a, b in row(18, inked=True)) == 8  # sixteen are the most of all
    assert (0, 16) in row(16, inked=True)


def test_a_candidate_beside_a_cut_stroke_is_neither_too_wide_nor_too_low() -> None:
    wide = [[box(0, 1.6, 0, 0, 2)], [box(1.6, 2, 0, 1, 2)]]
    assert candidates(wide, np.zeros(1), np.ones(1, bool), 1) == [(0, 2), (1, 2)]
    assert candidates(wide, np.zeros(1), np.ones(1, bool), 1.1) == [(0, 1), (0, 2), (1, 2)]
    assert candidates(wide, np.zeros(1), np.ones(1, bool), 1.9) == [(0, 2)]  # 0.53 high


def test_a_whole_stroke_is_a_candidate_however_unlikely() -> None:
    cut_before = [[box(0, 1, 0, 0, 2)], [box(0.9, 3, 0, 1, 2), box(1, 3, 1)]]
    assert (1, 2) in candidates(cut_before, np.zeros(1), np.ones(1, bool), 1)


def test_parts_of_strokes_may_be_left_out_and_bridges_are_known() -> None:
    u = np.array([(0.0, 0.0), (0, 1), (1.5, 1), (1.5, 0)])
    graph = graph_of({0: u, 1: np.array([(3.0, 0.0), (3.1, 1.0)])}, 1)
    assert graph.optional == {0: False, 1: True, 2: True, 3: False}
    assert graph.inked.tolist() == [True, True, True, False]
    assert [len(ink) for ink in graph.fragments] == [b - a for a, b in graph.arcs]


def test_only_the_39_cuts_with_the_widest_gaps_are_kept() -> None:
    places = np.cumsum([0.5 + 0.001 * i for i in range(60)])
    graph = graph_of(strokes(*[(x, x + 0.3) for x in places]), 1)
    assert len(graph.gaps) == 39
    assert graph.gaps == pytest.approx([0.2 + 0.001 * i for i in range(21, 60)])


def test_all_ink_may_be_the_only_candidate() -> None:
    fragments = [box(0, 1, 0), box(2, 3, 1)]
    graph = Graph.of_one(fragments)
    assert (graph.arcs, graph.fragments, graph.optional) == ([(0, 1)], [fragments], {})
    assert (graph.gaps.shape, graph.inked.shape) == ((0,), (0,))
