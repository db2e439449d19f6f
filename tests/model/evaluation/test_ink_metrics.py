"""Metrics on strokes, with a scripted network."""

from typing import Any, cast

import numpy as np
import pytest

from model.card import Card, Thresholds
from model.data.ink_files import Sample
from model.data.outliers import scribble
from model.evaluation import ink_metrics
from model.evaluation.ink_metrics import labels_of, measure_ink, pictures_of
from model.evaluation.metrics import compute_metrics
from model.ink import Normalise, render
from model.network import Network
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

DRAWINGS = {"0": ZERO, "1": ONE, "3": THREE, "5": FIVE, "7": SEVEN}


class Scripted:
    """A network that reads known pictures as scripted, and rejects every other."""

    def __init__(self, answers: dict[str, tuple[int, float]], frame: str = "emnist") -> None:
        self.card = Card("lenet", frame, Thresholds(digit=0.5, unsure=0.6))
        self.batches: list[Array] = []
        self.answers = {
            render(DRAWINGS[name], frame).tobytes(): answer for name, answer in answers.items()
        }

    def read(self, pictures: Array) -> tuple[Array, Array]:
        """Probabilities and probabilities with reject, (N, 10) each."""
        self.batches.append(pictures)
        probabilities = np.full((len(pictures), 10), 0.01)
        with_reject = np.zeros((len(pictures), 10))
        for row, accepted, picture in zip(probabilities, with_reject, pictures, strict=True):
            digit, sure = self.answers.get(picture.tobytes(), (0, 0.0))
            row[digit] = 0.91
            accepted[digit] = sure
        return probabilities, with_reject


def sample(label: str, strokes: list[Stroke]) -> Sample:
    return Sample(label, "", [np.array(stroke, np.float32) for stroke in strokes])


def measured(network: Scripted, samples: list[Sample], *without: str) -> dict[str, Any]:
    return {**measure_ink(cast(Network, network), samples, without)}


@pytest.fixture(autouse=True)
def few_scribbles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ink_metrics, "SCRIBBLE_COUNT", 5)


def test_digits_have_every_metric_and_the_fraction_that_is_accepted() -> None:
    network = Scripted({"1": (1, 0.9), "3": (3, 0.9), "5": (3, 0.8), "7": (7, 0.1)})
    result = measured(network, [sample(name, DRAWINGS[name]) for name in "1357"])
    probabilities = np.full((4, 10), 0.01)
    probabilities[range(4), [1, 3, 3, 7]] = 0.91
    wanted = compute_metrics(probabilities, np.array([1, 3, 5, 7]))
    assert {name: result[name] for name in wanted} == wanted
    assert (result["images"], result["accuracy"]) == (4, 0.75)
    assert (result["accepted"], result["rejected"]) == (0.75, 0.25)
    assert "no_digits" not in result
    assert "look_alikes" not in result


def test_no_digits_and_look_alikes_are_counted_apart() -> None:
    network = Scripted({"1": (1, 0.9), "3": (3, 0.9), "5": (5, 0.2)})
    samples = [
        *(sample("1", ONE), sample("A", THREE), sample("B", SEVEN), sample("x", FIVE)),
        *(sample("y", ZERO), sample("l", ONE), sample("O", ZERO)),
    ]
    result = measured(network, samples)
    assert (result["images"], result["accepted"]) == (1, 1.0)
    assert result["rejected"] == pytest.approx(4 / 7)
    assert result["no_digits"] == {"drawings": 3, "rejected": pytest.approx(2 / 3)}
    assert result["look_alikes"] == {"drawings": 3, "rejected": pytest.approx(2 / 3)}


def test_without_digits_there_are_no_metrics_and_without_look_alikes_no_fraction() -> None:
    result = measured(Scripted({}), [sample("A", THREE), sample("x", FIVE)])
    assert {name: value for name, value in result.items() if name != "scribbles"} == {
        "images": 0,
        "rejected": 1.0,
        "no_digits": {"drawings": 2, "rejected": 1.0},
        "look_alikes": {"drawings": 0, "rejected": None},
    }


def test_a_zero_is_a_digit_too() -> None:
    result = measured(Scripted({"0": (0, 0.9)}), [sample("0", ZERO), sample("A", THREE)])
    assert (result["images"], result["accuracy"], result["accepted"]) == (1, 1.0, 1.0)
    assert result["no_digits"] == {"drawings": 1, "rejected": 1.0}


def test_an_unsure_answer_is_a_rejection() -> None:
    result = measured(Scripted({"3": (3, 0.49)}), [sample("3", THREE)])
    assert (result["accuracy"], result["accepted"]) == (1.0, 0.0)


def test_a_thousand_scribbles_are_the_same_for_every_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = Scripted({"3": (3, 0.9)})
    first = measured(network, [sample("3", THREE)])["scribbles"]
    assert first == {"drawings": 5, "rejected": 1.0}
    rng = np.random.default_rng(1_000)
    wanted = pictures_of([scribble(rng) for _ in range(5)], "emnist")
    np.testing.assert_array_equal(network.batches[-1], wanted)
    monkeypatch.undo()
    assert measured(network, [sample("3", THREE)])["scribbles"]["drawings"] == 1_000


def test_steps_that_are_left_out_are_left_out_of_the_drawings_but_not_of_the_scribbles() -> None:
    network = Scripted({})
    measured(network, [sample("3", THREE)], "smooth", "pen")
    drawn, scribbles = network.batches
    left_out = Normalise(smooth=False, pen=False)
    np.testing.assert_array_equal(drawn[0], render(THREE, "emnist", normalise=left_out))
    rng = np.random.default_rng(1_000)
    np.testing.assert_array_equal(scribbles[0], render(scribble(rng), "emnist"))


def test_labels_are_digits_or_minus_one() -> None:
    assert labels_of([sample(label, ONE) for label in ("7", "A", "0", "10")]).tolist() == [
        *(7, -1, 0, -1)
    ]
