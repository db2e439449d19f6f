"""First weights have the scale that their papers give, by fan-in and fan-out."""

import numpy as np
import pytest

from model.nn.activations import ReLU
from model.nn.initialise import Scheme, he, initialise, lecun, xavier
from model.nn.layers import Conv2D, Layer, Linear
from model.nn.pooling import Subsample
from model.types import Array, Shape

TABLE = np.array([[1, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0]])


def drawn(scheme: Scheme, fan_in: float, fan_out: float) -> Array:
    shape = (200, 200)
    return scheme(np.random.default_rng(0), shape, np.array(fan_in), np.array(fan_out))


@pytest.mark.parametrize("fan_in", [8, 50])
def test_he_is_normal_with_variance_two_over_fan_in(fan_in: int) -> None:
    weight = drawn(he, fan_in, 3)
    assert weight.std() == pytest.approx(np.sqrt(2 / fan_in), rel=0.02)
    assert weight.mean() == pytest.approx(0, abs=0.01)
    assert np.abs(weight).max() > 3 * np.sqrt(2 / fan_in)  # a uniform one would end at √3


@pytest.mark.parametrize("gain", [1, 5 / 3])
def test_xavier_is_uniform_within_its_limits(gain: float) -> None:
    weight, limit = drawn(xavier(gain), 20, 30), gain * np.sqrt(6 / 50)
    assert weight.max() == pytest.approx(limit, rel=1e-3)
    assert weight.min() == pytest.approx(-limit, rel=1e-3)
    assert weight.std() == pytest.approx(limit / np.sqrt(3), rel=0.02)


def test_xavier_has_gain_one_unless_told_otherwise() -> None:
    assert np.array_equal(drawn(xavier(), 20, 30), drawn(xavier(1), 20, 30))


def test_lecun_is_uniform_within_2_4_over_fan_in() -> None:
    weight = drawn(lecun, 12, 99)
    assert weight.max() == pytest.approx(0.2, rel=1e-3)
    assert weight.min() == pytest.approx(-0.2, rel=1e-3)


def test_fans_count_the_inputs_of_an_output_and_the_outputs_of_an_input() -> None:
    wanted: list[tuple[Layer, list[float], float]] = [
        (Linear(7, 4), [7], 4),
        (Subsample(6), [4], 1),
        (Conv2D(2, 3, kernel=5), [50, 50, 50], 75),
        (Conv2D(4, 3, kernel=3, connections=TABLE), [9, 36, 18], 9 * 7 / 4),
    ]
    for layer, fan_in, fan_out in wanted:
        found_in, found_out = layer.fans()
        assert found_in.ravel().tolist() == fan_in, layer
        assert float(found_out) == fan_out, layer
        shape = layer.parameters["weight"].shape
        assert np.broadcast_shapes(found_in.shape, shape) == shape


def test_initialise_sets_weights_by_the_scheme_and_biases_to_zero() -> None:
    asked: list[tuple[Shape, float, float]] = []

    def scheme(rng: np.random.Generator, shape: Shape, fan_in: Array, fan_out: Array) -> Array:
        asked.append((shape, float(fan_in), float(fan_out)))
        return np.full(shape, rng.integers(1, 9))

    layers = [Linear(3, 2), ReLU(), Linear(2, 5)]
    for layer in (layers[0], layers[2]):
        layer.parameters["bias"][...] = 7
    weight = layers[0].parameters["weight"]
    initialise(layers, scheme, np.random.default_rng(3))
    assert asked == [((2, 3), 3, 2), ((5, 2), 2, 5)]
    assert layers[0].parameters["weight"] is weight
    rng = np.random.default_rng(3)
    for layer in (layers[0], layers[2]):
        assert (layer.parameters["weight"] == rng.integers(1, 9)).all()
        assert not layer.parameters["bias"].any()
