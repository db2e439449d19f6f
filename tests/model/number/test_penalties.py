"""Penalties are negative log likelihoods, and the best path has the least sum of all paths."""

import math

import numpy as np
import pytest

from model.number.cuts import Fragment
from model.number.graph import Graph
from model.number.read import OMITTED, Piece, best_path, cut_penalties, piece_penalties


def test_a_sure_piece_of_usual_size_has_no_penalty_and_an_even_one_counts_as_no_digit() -> None:
    usual = np.ones((4, 2))
    found = piece_penalties(np.array([1, 0.55, 0.1, 0]), usual)
    assert found == pytest.approx([0, math.log(2), math.log(1000), math.log(1000)])


def test_a_low_and_a_wide_piece_are_penalised_by_the_square() -> None:
    sizes = np.array([(1.1, 0.95), (0.2, 0.45), (1.6, 3), (1.6, 0.45)])
    assert piece_penalties(np.ones(4), sizes) == pytest.approx([0, 1, 2, 3])


def test_between_two_strokes_the_penalties_are_log_odds_of_the_gap() -> None:
    boundary, inside = cut_penalties(np.array([0.03, -0.22 / 0.2, -1.0]), np.zeros(3, bool))
    odds = np.exp([(0.03 + 0.22) / 0.25, 0, (-0.2 + 0.22) / 0.25])
    assert boundary == pytest.approx(np.log(1 + 1 / odds))
    assert inside == pytest.approx(np.log(1 + odds))


def test_cutting_a_stroke_costs_more_the_more_its_parts_overlap() -> None:
    boundary, inside = cut_penalties(np.array([0.3, 0, -0.2]), np.ones(3, bool))
    assert boundary == pytest.approx([1.5, 1.5, 2.3])
    assert inside.tolist() == [0, 0, 0]


def every_path(graph: Graph, penalties: np.ndarray, cut: int = 0) -> list[tuple[float, list[int]]]:
    """Penalty and candidates of every path from a cut to the last one."""
    boundary, inside = cut_penalties(graph.gaps, graph.inked)
    last = len(boundary) + 1
    if cut == last:
        return [(0.0, [])]
    arcs = [(a, b, k, penalties[k]) for k, (a, b) in enumerate(graph.arcs)]
    arcs += [(a, a + 1, OMITTED, 0.15 if bridge else 4.0) for a, bridge in graph.optional.items()]
    found = []
    for a, b, k, penalty in arcs:
        if a != cut:
            continue
        if k != OMITTED:
            penalty = penalty + inside[a : b - 1].sum()
        penalty = penalty + (boundary[b - 1] if b < last else 0)
        for rest, path in every_path(graph, penalties, b):
            found.append((penalty + rest, [k, *path] if k != OMITTED else path))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_the_best_path_is_the_best_of_all_paths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    last = int(rng.integers(1, 7))
    arcs = [(a, b) for a in range(last) for b in range(a + 1, last + 1)]
    optional = {a: bool(rng.random() < 0.5) for a in range(last) if rng.random() < 0.5}
    inked = rng.random(last - 1) < 0.5
    graph = Graph(arcs, [[] for _ in arcs], optional, rng.uniform(-1, 0.5, last - 1), inked)
    penalties = rng.uniform(0, 6, len(arcs))
    wanted = min(every_path(graph, penalties), key=lambda found: found[0])[1]
    assert best_path(graph, penalties) == wanted


@pytest.mark.parametrize(("size", "verdict"), [(0.34, "not-a-digit"), (0.35, "digit")])
def test_a_piece_much_smaller_than_its_neighbours_is_no_digit(size: float, verdict: str) -> None:
    sure = np.eye(10)[3]
    piece = Piece((0, 0, 1, 1), (0,), np.ones((28, 28)), sure, 1.0, size)
    assert piece.verdict(threshold=0.5) == verdict


def test_a_graph_of_one_candidate_has_one_path() -> None:
    fragment = Fragment.of(0, np.zeros((1, 2)))
    assert best_path(Graph.of_one([fragment]), np.array([9.0])) == [0]
