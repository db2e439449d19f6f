"""Metrics on strokes, with a scripted reader and a scripted gate."""

from typing import Any

import numpy as np
import pytest

from model.data.ink_files import Sample
from model.data.outliers import scribble
from model.evaluation import NO_GATE, ink_metrics
from model.evaluation.ink_metrics import labels_of, measure_gate, measure_ink, pictures_of
from model.evaluation.metrics import compute_metrics
from model.ink import Normalise, render
from tests.model.evaluation.scripted import (
    DRAWINGS,
    Scripted,
    as_gate,
    as_network,
    gate,
    reader,
    sample,
)
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO

SURE = {"0": (0, 0.91), "1": (1, 0.91), "3": (3, 0.91), "5": (5, 0.91), "7": (7, 0.91)}


def measured(
    network: Scripted, asked: Scripted, samples: list[Sample], *without: str
) -> dict[str, Any]:
    return {**measure_ink(as_network(network), as_gate(asked), samples, without)}


@pytest.fixture(autouse=True)
def few_scribbles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ink_metrics, "SCRIBBLE_COUNT", 5)


def test_digits_have_every_metric_and_the_fraction_that_is_accepted() -> None:
    network = reader(SURE | {"5": (3, 0.91)})
    asked = gate({"1": 0.9, "3": 0.9, "5": 0.8, "7": 0.1})
    result = measured(network, asked, [sample(name, DRAWINGS[name]) for name in "1357"])
    probabilities = np.full((4, 10), 0.01)
    probabilities[range(4), [1, 3, 3, 7]] = 0.91
    wanted = compute_metrics(probabilities, np.array([1, 3, 5, 7]))
    assert {name: result[name] for name in wanted} == wanted
    assert (result["images"], result["accuracy"]) == (4, 0.75)
    assert (result["accepted"], result["rejected"]) == (0.75, 0.25)
    assert not {"no_digits", "look_alikes", "auroc"} & result.keys()


def test_no_digits_and_look_alikes_are_counted_apart() -> None:
    asked = gate({"1": 0.9, "3": 0.9, "5": 0.2})
    samples = [
        *(sample("1", ONE), sample("A", THREE), sample("B", SEVEN), sample("x", FIVE)),
        *(sample("y", ZERO), sample("l", ONE), sample("O", ZERO)),
    ]
    result = measured(reader(SURE), asked, samples)
    assert (result["images"], result["accepted"]) == (1, 1.0)
    assert result["rejected"] == pytest.approx(4 / 7)
    assert result["no_digits"] == {"drawings": 3, "rejected": pytest.approx(2 / 3)}
    assert result["look_alikes"] == {"drawings": 3, "rejected": pytest.approx(2 / 3)}


def test_auroc_compares_the_gates_answers_and_leaves_look_alikes_out() -> None:
    asked = gate({"1": 0.6, "3": 0.3, "5": 0.3, "7": 0.2, "0": 0.99})
    samples = [
        *(sample("1", ONE), sample("3", THREE)),  # two digits
        *(sample("A", FIVE), sample("x", SEVEN)),  # two that are none: a tie, and one below
        sample("o", ZERO),  # a look-alike
    ]
    result = measured(reader(SURE), asked, samples)
    assert result["auroc"] == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    alone = measure_gate(as_network(asked), samples)
    assert alone["auroc"] == result["auroc"]


def test_without_digits_there_are_no_metrics_and_without_look_alikes_no_fraction() -> None:
    result = measured(reader({}), gate({}), [sample("A", THREE), sample("x", FIVE)])
    assert {name: value for name, value in result.items() if name != "scribbles"} == {
        "images": 0,
        "rejected": 1.0,
        "no_digits": {"drawings": 2, "rejected": 1.0},
        "look_alikes": {"drawings": 0, "rejected": None},
        "auroc": None,
    }


def test_a_zero_is_a_digit_too() -> None:
    result = measured(reader(SURE), gate({"0": 0.9}), [sample("0", ZERO), sample("A", THREE)])
    assert (result["images"], result["accuracy"], result["accepted"]) == (1, 1.0, 1.0)
    assert result["no_digits"] == {"drawings": 1, "rejected": 1.0}


def test_an_unsure_answer_is_a_rejection_also_where_the_gate_is_sure() -> None:
    result = measured(reader({"3": (3, 0.59)}), gate({"3": 1.0}), [sample("3", THREE)])
    assert (result["accuracy"], result["accepted"]) == (1.0, 0.0)


def test_without_a_gate_only_the_readers_doubt_rejects() -> None:
    samples = [sample("3", THREE), sample("5", FIVE), sample("A", SEVEN)]
    network = as_network(reader({"3": (3, 0.9), "5": (5, 0.5), "7": (7, 0.9)}))
    result = measure_ink(network, NO_GATE, samples)
    assert (result["accepted"], result["auroc"]) == (0.5, 0.5)
    assert result["no_digits"] == {"drawings": 1, "rejected": 0.0}


def test_reader_and_gate_each_see_the_drawings_in_the_frame_of_their_own_card() -> None:
    network, asked = reader(SURE, "emnist"), gate({"3": 0.9, "7": 0.2}, "mnist")
    result = measured(network, asked, [sample("3", THREE), sample("7", SEVEN)])
    assert (result["accuracy"], result["accepted"]) == (1.0, 0.5)
    for shown, frame in ((network, "emnist"), (asked, "mnist")):
        wanted = pictures_of([THREE, SEVEN], frame)  # type: ignore[list-item]
        np.testing.assert_array_equal(shown.batches[0], wanted)


def test_a_thousand_scribbles_are_the_same_for_every_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, asked = reader(SURE), gate({"3": 0.9}, "mnist")
    first = measured(network, asked, [sample("3", THREE)])["scribbles"]
    assert first == {"drawings": 5, "rejected": 1.0}
    for shown in (network, asked):
        rng = np.random.default_rng(1_000)
        wanted = pictures_of([scribble(rng) for _ in range(5)], shown.card.frame)
        np.testing.assert_array_equal(shown.batches[-1], wanted)
    monkeypatch.undo()
    assert measured(network, asked, [sample("3", THREE)])["scribbles"]["drawings"] == 1_000


@pytest.mark.parametrize("frame", ["emnist", "mnist"])
def test_steps_that_are_left_out_are_left_out_of_the_drawings_but_not_of_the_scribbles(
    frame: str,
) -> None:
    network, asked = reader({}), gate({}, frame)
    measured(network, asked, [sample("3", THREE)], "smooth", "pen")
    left_out = Normalise(smooth=False, pen=False)
    for shown in (network, asked):
        (drawn, scribbles), own = shown.batches, shown.card.frame
        np.testing.assert_array_equal(drawn[0], render(THREE, own, normalise=left_out))
        rng = np.random.default_rng(1_000)
        np.testing.assert_array_equal(scribbles[0], render(scribble(rng), own))


def test_a_gate_alone_has_counts_and_fractions_and_no_metrics_of_digits() -> None:
    asked = gate({"1": 0.9, "3": 0.4, "7": 0.7, "5": 0.2}, "mnist")
    samples = [
        *(sample("1", ONE), sample("3", THREE)),
        *(sample("A", SEVEN), sample("x", FIVE), sample("o", ZERO)),
    ]
    assert measure_gate(as_network(asked), samples) == {
        "images": 2,
        "accepted": 0.5,
        "rejected": pytest.approx(3 / 5),
        "no_digits": {"drawings": 2, "rejected": 0.5},
        "look_alikes": {"drawings": 1, "rejected": 1.0},
        "scribbles": {"drawings": 5, "rejected": 1.0},
        "auroc": pytest.approx(3 / 4),
    }
    np.testing.assert_array_equal(asked.batches[0][0], render(ONE, "mnist"))


def test_labels_are_digits_or_minus_one() -> None:
    assert labels_of([sample(label, ONE) for label in ("7", "A", "0", "10")]).tolist() == [
        *(7, -1, 0, -1)
    ]
