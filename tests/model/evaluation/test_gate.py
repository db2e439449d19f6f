"""The gate is asked with a picture in its own frame, and without one all drawings are digits."""

import numpy as np
import pytest

from model.evaluation import NO_GATE, Gate
from model.ink import render
from model.types import Array
from model.variants import build
from tests.model.evaluation.scripted import as_gate, gate
from tests.strokes import ONE, THREE


def never(frame: str) -> Array:
    raise AssertionError(f"nothing should be drawn again in the frame {frame}")


def test_a_gate_of_the_readers_frame_sees_the_readers_picture() -> None:
    asked = gate({"3": 0.75}, "mnist")
    picture = render(THREE, "mnist")
    assert as_gate(asked).digit_probability(picture, "mnist", never) == pytest.approx(0.75)
    assert asked.batches[0] is picture


def test_a_gate_of_another_frame_sees_the_drawing_in_its_own() -> None:
    asked = gate({"3": 0.75, "1": 0.25}, "mnist")
    pictures = np.array([render(strokes, "emnist") for strokes in (THREE, ONE)])

    def redraw(frame: str) -> Array:
        return np.array([render(strokes, frame) for strokes in (THREE, ONE)])

    found = as_gate(asked).digit_probability(pictures, "emnist", redraw)
    assert found.tolist() == [0.75, 0.25]
    np.testing.assert_array_equal(asked.batches[0], redraw("mnist"))
    assert np.abs(asked.batches[0] - pictures).max() > 0.1


def test_one_picture_has_one_probability_and_many_have_many() -> None:
    network = build("gate", seed=2)
    pictures = np.random.default_rng(0).random((4, 28, 28), np.float32)
    many = Gate(network).digit_probability(pictures, "mnist", never)
    one = Gate(network).digit_probability(pictures[1], "mnist", never)
    assert (many.shape, one.shape) == ((4,), ())
    assert np.allclose(many, network.predict(pictures)[:, 0])
    assert float(one) == pytest.approx(float(many[1]), abs=1e-6)


def test_without_a_gate_everything_is_a_digit() -> None:
    picture = render(ONE, "emnist")
    assert NO_GATE.threshold == 0
    assert NO_GATE.digit_probability(picture, "emnist", never) == 1
    assert NO_GATE.digit_probability(picture[None], "emnist", never).tolist() == [1]
    assert not NO_GATE
    assert as_gate(gate({}))


def test_the_threshold_is_that_of_the_card() -> None:
    assert as_gate(gate({}, threshold=0.125)).threshold == 0.125
    assert Gate(build("gate")).threshold == 0, "an uncalibrated gate turns nothing away"


def test_a_reader_is_no_gate() -> None:
    with pytest.raises(ValueError, match="found lenet, a reader, wanted a gate"):
        Gate(build("lenet"))
