"""Every layer has the outputs of its definition, and correct derivatives."""

from collections.abc import Callable

import numpy as np
import pytest

from model.nn.activations import Activation, ReLU, ScaledTanh, Sigmoid, Tanh
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
    ("layer", "shape", "message"),
    [
        (Conv2D(1, 6, kernel=5), (2, 28, 28), r"Conv2D\(6@5×5\) cannot read maps of \(2, 28, 28\)"),
        (Conv2D(1, 6, kernel=5), (1, 4, 28), r"\(1, 4, 28\)"),
        (Conv2D(1, 6, kernel=5), (1, 28, 4), r"\(1, 28, 4\)"),
        (Linear(256, 120), (400,), r"Linear\(120\) wants 256 inputs, found \(400,\)"),
        (MaxPool(), (6, 5, 4), r"MaxPool\(2×2\) wants even sides, found \(6, 5, 4\)"),
        (Subsample(6), (6, 4, 5), r"Subsample\(2×2\) wants even sides, found \(6, 4, 5\)"),
    ],
)
def test_a_layer_refuses_a_shape_that_it_cannot_read(
    layer: Layer, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        layer.output_shape(shape)


def test_a_kernel_may_be_as_large_as_the_map() -> None:
    assert Conv2D(1, 6, kernel=5).output_shape((1, 5, 5)) == (6, 1, 1)
    assert Pad(2).output_shape((3, 28, 20)) == (3, 32, 24)


@pytest.mark.parametrize(
    ("layer", "text", "size"),
    [
        (Conv2D(6, 16, kernel=5), "Conv2D(16@5×5)", 2_416),
        (Conv2D(2, 3, 3, connections=TABLE), "Conv2D(3@3×3, table of connections)", 4 * 9 + 3),
        (Linear(84, 10), "Linear(10)", 850),
        (Subsample(6), "Subsample(2×2)", 12),
        (AveragePool(), "AveragePool(2×2)", 0),
        (Pad(2), "Pad(2)", 0),
        (Rescale(-0.1, 1.175), "Rescale(-0.1 … 1.175)", 0),
        (Rescale(-0.42421, 2.82149), "Rescale(-0.4242 … 2.821)", 0),
        (ReLU(), "ReLU()", 0),
    ],
)
def test_printing_a_layer_names_it_and_its_size_counts_what_is_trained(
    layer: Layer, text: str, size: int
) -> None:
    assert repr(layer) == text
    assert layer.size == size


@pytest.mark.parametrize(
    "layer", [Conv2D(2, 3, kernel=3), Linear(7, 4), Subsample(2), Conv2D(1, 1, 1, TABLE[:1, :1])]
)
def test_a_new_layer_has_float32_zeros_for_every_parameter(layer: Layer) -> None:
    assert layer.parameters.keys() == {"weight", "bias"}
    assert all(a.dtype == np.float32 and not a.any() for a in layer.parameters.values())


@pytest.mark.parametrize("squared", [False, True])
def test_a_convolution_may_leave_the_input_gradient_out(squared: bool) -> None:
    rng = np.random.default_rng(4)
    layer, x = Conv2D(2, 3, kernel=3), rng.normal(size=(2, 5, 6, 2))
    layer.parameters = {name: rng.normal(size=a.shape) for name, a in layer.parameters.items()}
    y, cache = layer.forward(x)
    dx, gradients = layer.backward(y, cache, squared, needs_dx=False)
    assert dx is y
    wanted_dx, wanted = layer.backward(y, cache, squared)
    assert wanted_dx.shape == x.shape
    assert all(np.array_equal(gradients[name], wanted[name]) for name in wanted)


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        (ReLU(), [0, 0, 2]),
        (Sigmoid(), [1 / (1 + np.exp(1)), 0.5, 1 / (1 + np.exp(-2))]),
        (Tanh(), np.tanh([-1, 0, 2])),
        (ScaledTanh(), 1.7159 * np.tanh(np.array([-1, 0, 2]) * 2 / 3)),
        (Rescale(-0.1, 1.175), [-1.375, -0.1, 2.45]),
        (Rescale(paper=2, ink=5), [-1, 2, 8]),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_activation_has_the_values_of_its_formula(
    layer: Layer, wanted: Array, dtype: type
) -> None:
    x: Array = np.array([-1, 0, 2], dtype)[:, None]
    y, _ = layer.forward(x)
    assert y.dtype == dtype
    assert y[:, 0] == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("activation", [ReLU(), Sigmoid(), Tanh(), ScaledTanh()])
def test_an_activation_writes_to_the_array_that_it_is_given(activation: Activation) -> None:
    x = np.random.default_rng(2).normal(size=(3, 4))
    y, slope = activation.forward(x)[0], np.empty_like(x)
    assert activation.slope(y, out=slope) is slope
    assert np.array_equal(slope, activation.slope(y))
    assert activation.slope(y) is not y
    activation.apply(x, out=x)
    assert np.array_equal(x, y)


def test_the_squash_of_1998_keeps_one_and_minus_one() -> None:
    y, _ = ScaledTanh().forward(np.array([[1.0], [-1.0]]))
    assert y[:, 0] == pytest.approx([1, -1], abs=1e-4)


def test_no_input_is_too_large_for_a_sigmoid() -> None:
    y, _ = Sigmoid().forward(np.array([[-1e4], [1e4]], np.float32))
    assert y[:, 0].tolist() == [0, 1]


def test_pooling_has_the_values_of_its_window() -> None:
    x = np.array([[1.0, 2, 9, 9], [3, 10, 9, 9]]).reshape(1, 2, 4, 1)
    assert MaxPool().forward(x)[0].ravel().tolist() == [10, 9]
    assert AveragePool().forward(x)[0].ravel().tolist() == [4, 9]
    subsample = Subsample(1)
    subsample.parameters = {"weight": np.array([0.5]), "bias": np.array([-1.0])}
    assert subsample.forward(x)[0].ravel().tolist() == [7, 17]


def test_padding_is_a_border_of_zeros() -> None:
    y, _ = Pad(2).forward(np.ones((1, 1, 2, 1), np.float32))
    assert y.shape == (1, 5, 6, 1)
    assert y.dtype == np.float32
    assert y.sum() == 2
    assert (y[0, 2, 2:4] == 1).all()


def test_a_layer_has_to_define_its_passes() -> None:
    x = np.zeros((1, 1))
    for incomplete in (
        lambda: Layer().forward(x),
        lambda: Layer().backward(x, None),
        lambda: Layer().fans(),
        lambda: Activation().apply(x, x),
        lambda: Activation().slope(x),
    ):
        with pytest.raises(NotImplementedError):
            incomplete()
    assert Layer().parameters == {}
    assert Layer().output_shape((3, 4, 5)) == (3, 4, 5)
