"""Every layer does what its table says, and its derivatives are true."""

from collections.abc import Callable

import numpy as np
import pytest

from model.nn.activations import ReLU, ScaledTanh, Sigmoid, Tanh
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad, Rescale
from model.nn.pooling import AveragePool, MaxPool, Subsample
from model.types import Array
from tests.model.nn.derivatives import check_curvature, check_gradient

TABLE = np.array([[1, 0], [1, 1], [0, 1]])

CASES: dict[str, tuple[Callable[[], Layer], tuple[int, ...]]] = {
    "conv": (lambda: Conv2D(2, 3, kernel=3), (2, 5, 6, 2)),
    "conv of the whole map": (lambda: Conv2D(2, 3, kernel=4), (2, 4, 4, 2)),
    "linear": (lambda: Linear(7, 4), (7, 3)),
    "max pool": (MaxPool, (2, 4, 6, 2)),
    "conv with a table": (lambda: Conv2D(2, 3, kernel=3, connections=TABLE), (2, 5, 4, 2)),
    "average pool": (AveragePool, (2, 4, 6, 2)),
    "subsample": (lambda: Subsample(2), (2, 4, 6, 2)),
    "pad": (lambda: Pad(2), (2, 3, 2, 2)),
    "rescale": (lambda: Rescale(-0.1, 1.175), (1, 3, 2, 2)),
    "sigmoid": (Sigmoid, (2, 3, 3, 2)),
    "tanh": (Tanh, (2, 3, 3, 2)),
    "scaled tanh": (ScaledTanh, (2, 3, 3, 2)),
    "flatten": (Flatten, (2, 3, 2, 2)),
    "relu": (ReLU, (2, 3, 3, 2)),
}


@pytest.fixture(params=CASES)
def layer_and_input(request: pytest.FixtureRequest) -> tuple[Layer, Array]:
    make, shape = CASES[request.param]
    rng = np.random.default_rng(7)
    layer = make()
    for parameter in layer.parameters.values():
        parameter[...] = rng.normal(size=parameter.shape)
    return layer, rng.normal(size=shape)


def test_gradient_is_the_slope(layer_and_input: tuple[Layer, Array]) -> None:
    check_gradient(*layer_and_input, np.random.default_rng(8))


def test_curvature_is_the_squared_jacobian(layer_and_input: tuple[Layer, Array]) -> None:
    check_curvature(*layer_and_input, np.random.default_rng(8))


def test_output_shape_is_the_shape_of_the_output(layer_and_input: tuple[Layer, Array]) -> None:
    layer, x = layer_and_input
    y, _ = layer.forward(x)
    assert y.shape == (*layer.output_shape(x.shape[:-1]), x.shape[-1])


def test_forward_and_backward_leave_what_they_were_given(
    layer_and_input: tuple[Layer, Array],
) -> None:
    layer, x = layer_and_input
    before = x.copy()
    y, cache = layer.forward(x)
    dy = np.ones_like(y)
    layer.backward(dy, cache)
    assert np.array_equal(x, before)
    assert np.array_equal(dy, np.ones_like(y))


def test_the_checker_finds_a_wrong_derivative() -> None:
    class Wrong(ReLU):
        def backward(self, dy, cache, squared=False, needs_dx=True):  # type: ignore[no-untyped-def]
            return dy * (cache >= 0), {}  # lets everything through

    x = np.random.default_rng(0).normal(size=(3, 2))
    with pytest.raises(AssertionError, match="finite differences say"):
        check_gradient(Wrong(), x, np.random.default_rng(1))


def test_convolution_is_the_sum_over_each_patch() -> None:
    rng = np.random.default_rng(3)
    layer, x = Conv2D(2, 3, kernel=3), rng.normal(size=(2, 5, 6, 2)).astype(np.float32)
    for parameter in layer.parameters.values():
        parameter[...] = rng.normal(size=parameter.shape)
    y, _ = layer.forward(x)
    for f, i, j, n in np.ndindex(y.shape):
        patch = x[:, i : i + 3, j : j + 3, n]
        wanted = (patch * layer.parameters["weight"][f]).sum() + layer.parameters["bias"][f]
        assert y[f, i, j, n] == pytest.approx(wanted, rel=1e-4, abs=1e-5)


def test_max_pool_sends_the_gradient_to_the_first_of_equals() -> None:
    layer, x = MaxPool(), np.ones((1, 2, 2, 1))
    _, cache = layer.forward(x)
    dx, _ = layer.backward(np.full((1, 1, 1, 1), 5.0), cache)
    assert dx[0, :, :, 0].tolist() == [[5, 0], [0, 0]]


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Conv2D(1, 6, kernel=5), (2, 28, 28)),
        (Conv2D(1, 6, kernel=5), (1, 4, 28)),
        (Linear(256, 120), (400,)),
        (MaxPool(), (6, 5, 4)),
    ],
)
def test_a_layer_refuses_a_shape_that_it_cannot_read(layer: Layer, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        layer.output_shape(shape)
