"""The fused steps and the plain layers have the same outputs and gradients."""

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from model.fast import windows
from model.fast.fused import ConvReluMax, ConvSmoothSum, fuse, piece_count, sum_of_products
from model.nn.activations import ReLU, ScaledTanh, Sigmoid, Tanh
from model.nn.layers import Conv2D, Flatten, Layer
from model.nn.pooling import AveragePool, MaxPool, Subsample
from model.types import Array, Arrays

RNG = np.random.default_rng(6)


AFTER: dict[str, Callable[[], list[Layer]]] = {
    "relu and max": lambda: [ReLU(), MaxPool()],
    "sigmoid and average": lambda: [Sigmoid(), AveragePool()],
    "tanh and average": lambda: [Tanh(), AveragePool()],
    "tanh and subsampling": lambda: [ScaledTanh(), Subsample(3)],
}


def pair(
    channels: int = 2,
    maps: int = 3,
    kernel: int = 5,
    after: str = "relu and max",
    connections: Array | None = None,
) -> tuple[dict[str, Layer], dict[str, Layer]]:
    """Three plain layers, and the fused step for them with the same parameters."""
    layers = [Conv2D(channels, maps, kernel, connections), *AFTER[after]()]
    plain = dict(zip("abc", layers, strict=True))
    for layer in plain.values():
        for name, parameter in layer.parameters.items():
            layer.parameters[name] = RNG.normal(size=parameter.shape)
    fused = fuse(plain)
    assert list(fused) == (["a", "c"] if plain["c"].parameters else ["a"])
    return plain, fused


def through(layers: dict[str, Layer], x: Array, dy: Array) -> tuple[Array, Array, Arrays]:
    caches: dict[str, Any] = {}
    for name, layer in layers.items():
        x, caches[name] = layer.forward(x)
    gradients: Arrays = {}
    for name, layer in reversed(layers.items()):
        dy, own = layer.backward(dy, caches[name])
        gradients |= {f"{name}.{key}": gradient for key, gradient in own.items()}
    return x, dy, gradients


@pytest.mark.parametrize("shape", [(2, 12, 12, 4), (2, 6, 8, 1), (2, 28, 28, 3)])
@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("after", AFTER)
def test_output_and_gradients_are_those_of_the_plain_layers(
    shape: tuple[int, ...], kernel: int, after: str
) -> None:
    plain, fused = pair(kernel=kernel, after=after)
    x = RNG.normal(size=shape)
    x[:, :, ::3] = np.round(x[:, :, ::3])  # some windows hold equal values
    compare_both(plain, fused, x)


def compare_both(plain: dict[str, Layer], fused: dict[str, Layer], x: Array) -> None:
    dy = RNG.normal(size=(*fused["a"].output_shape(x.shape[:3]), x.shape[3]))
    y, dx, gradients = through(fused, x, dy)
    plain_y, plain_dx, plain_gradients = through(plain, x, dy)
    assert np.allclose(y, plain_y)
    assert np.allclose(dx, plain_dx)
    assert gradients.keys() == plain_gradients.keys()
    assert all(np.allclose(gradients[name], plain_gradients[name]) for name in plain_gradients)


def test_a_kernel_has_no_gradient_for_channels_that_its_map_does_not_read() -> None:
    connections = np.array([[1, 0], [1, 1], [0, 1]], np.float32)
    plain, fused = pair(after="tanh and subsampling", connections=connections)
    x, dy = RNG.normal(size=(2, 8, 8, 2)), RNG.normal(size=(3, 2, 2, 2))
    compare_both(plain, fused, x)
    has_gradient = through(fused, x, dy)[2]["a.weight"].any(axis=(2, 3))
    assert has_gradient.tolist() == connections.astype(bool).tolist()


def test_pictures_of_another_type_than_the_parameters_give_the_same_gradients() -> None:
    plain, fused = pair(after="tanh and average")
    compare_both(plain, fused, RNG.normal(size=(2, 8, 8, 2)).astype(np.float32))


def test_equal_members_and_dead_windows_send_the_gradient_where_the_plain_layers_do() -> None:
    plain, fused = pair(1, 2, 3)
    plain["a"].parameters["weight"][...] = 0  # every member of every window is its map's bias
    plain["a"].parameters["bias"][...] = [1, -1]  # the second map is dead
    x, dy = RNG.normal(size=(1, 6, 6, 2)), RNG.normal(size=(2, 2, 2, 2))
    for name, gradient in through(plain, x, dy)[2].items():
        assert np.allclose(through(fused, x, dy)[2][name], gradient)
    assert through(fused, x, dy)[2]["a.bias"][1] == 0


@pytest.mark.parametrize("name", ["weight", "bias"])
def test_a_parameter_changed_in_place_is_used_at_once(name: str) -> None:
    plain, fused = pair()
    x, dy = RNG.normal(size=(2, 8, 8, 2)), RNG.normal(size=(3, 2, 2, 2))
    before, _, _ = through(fused, x, dy)
    before = before.copy()
    plain["a"].parameters[name].reshape(-1)[0] += 1
    y, dx, _ = through(fused, x, dy)
    wanted, wanted_dx, _ = through(plain, x, dy)
    assert not np.allclose(y, before)
    assert np.allclose(y, wanted)
    assert np.allclose(dx, wanted_dx)


def test_threads_do_not_write_into_each_others_workspace() -> None:
    fused = pair()[1]["a"]
    pictures = RNG.normal(size=(20, 2, 12, 12, 3))
    alone = [fused.forward(x)[0].copy() for x in pictures]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda x: fused.forward(x)[0].copy(), pictures))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_only_a_convolution_followed_by_an_activation_and_its_pooling_is_fused() -> None:
    layers: dict[str, Layer] = {
        "c1": Conv2D(1, 2, 5),
        "relu1": ReLU(),
        "s2": MaxPool(),
        "c3": Conv2D(2, 3, 5),
        "s4": MaxPool(),
        "flat": Flatten(),
    }
    steps = fuse(layers)
    assert list(steps) == ["c1", "c3", "s4", "flat"]
    assert isinstance(steps["c1"], ConvReluMax)
    assert all(steps[name] is layers[name] for name in ("c3", "s4", "flat"))


def test_fused_steps_refuse_to_compute_curvature() -> None:
    fused = pair()[1]["a"]
    y, cache = fused.forward(RNG.normal(size=(2, 6, 6, 1)))
    with pytest.raises(ValueError, match="plain layers"):
        fused.backward(y, cache, squared=True)


def test_a_step_is_a_layer_with_the_shape_and_parameters_of_the_three() -> None:
    for after in AFTER:
        plain, fused = pair(after=after)
        assert fused["a"].output_shape((2, 12, 10)) == (3, 4, 3)
        assert fused["a"].parameters is plain["a"].parameters
        with pytest.raises(ValueError, match=r"cannot read maps of \(3, 12, 10\)"):
            fused["a"].output_shape((3, 12, 10))


def test_the_trained_part_of_subsampling_follows_its_layer() -> None:
    plain, fused = pair(after="tanh and subsampling")
    x, dy = RNG.normal(size=(2, 8, 8, 2)), RNG.normal(size=(3, 2, 2, 2))
    compare_both(plain, fused, x)
    plain["c"].parameters = {name: 2 * a for name, a in plain["c"].parameters.items()}
    compare_both(plain, fused, x)
    dx, curvatures = fused["c"].backward(dy, dy, squared=True)
    weight = plain["c"].parameters["weight"][:, None, None, None]
    assert np.allclose(dx, dy * weight**2)
    assert np.allclose(curvatures["weight"], (dy * dy**2).sum(axis=(1, 2, 3)))
    assert np.allclose(curvatures["bias"], dy.sum(axis=(1, 2, 3)))


@pytest.mark.parametrize("after", AFTER)
def test_the_first_step_may_leave_the_input_gradient_out(after: str) -> None:
    fused = pair(after=after)[1]["a"]
    x = RNG.normal(size=(2, 8, 8, 2))
    y, cache = fused.forward(x)
    dy = RNG.normal(size=y.shape)
    nothing, gradients = fused.backward(dy, cache, needs_dx=False)
    assert nothing is dy
    y, cache = fused.forward(x)
    _, wanted = fused.backward(dy, cache)
    assert all(np.array_equal(gradients[name], wanted[name]) for name in wanted)


def test_alternating_shapes_keep_their_workspaces_and_many_shapes_do_not() -> None:
    plain, fused = pair()
    first, second = (fused["a"].forward(RNG.normal(size=(2, 8, 8, n)))[1] for n in (1, 2))
    assert first is not second
    assert fused["a"].forward(RNG.normal(size=(2, 8, 8, 1)))[1] is first
    for n in range(3, 12):
        compare_both(plain, fused, RNG.normal(size=(2, 8, 8, n)))
    assert isinstance(step := fused["a"], ConvReluMax)
    assert len(step.workspaces._made) <= windows.KEPT_SHAPES


def test_a_thread_keeps_the_workspaces_of_four_shapes() -> None:
    step = pair()[1]["a"]
    made = [step.forward(RNG.normal(size=(2, 8, 8, n)))[1] for n in (1, 2, 3, 4)]
    assert step.forward(RNG.normal(size=(2, 8, 8, 1)))[1] is made[0]
    step.forward(RNG.normal(size=(2, 8, 8, 5)))  # the fifth
    assert step.forward(RNG.normal(size=(2, 8, 8, 1)))[1] is not made[0]


@pytest.mark.parametrize("copied", [deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_of_a_step_works_with_arrays_of_its_own(
    copied: Callable[[Layer], Layer],
) -> None:
    fused = pair()[1]["a"]
    x = RNG.normal(size=(2, 8, 8, 2))
    y, _ = fused.forward(x)
    before = y.copy()
    copy = copied(fused)
    copy.parameters["weight"][...] *= 2
    assert not np.allclose(copy.forward(x)[0], before)
    assert np.array_equal(y, before)
    assert np.array_equal(fused.forward(x)[0], before)


@pytest.mark.parametrize("kernel", [2, 4])
def test_a_convolution_whose_patches_cannot_be_halved_is_not_fused(kernel: int) -> None:
    layers: dict[str, Layer] = {"a": Conv2D(1, 2, kernel), "b": ReLU(), "c": MaxPool()}
    assert fuse(layers) == layers


@pytest.mark.parametrize(
    ("after", "scale"), [("tanh and average", 0.25), ("tanh and subsampling", 1)]
)
def test_a_mean_is_a_quarter_of_a_sum(after: str, scale: float) -> None:
    step = pair(after=after)[1]["a"]
    assert isinstance(step, ConvSmoothSum)
    assert step.scale == scale


@pytest.mark.parametrize("wide", [1, 12, 13, 512, 1024])
@pytest.mark.parametrize("small", [10, 100, 10**6])
def test_a_sum_of_products_is_the_same_in_pieces(
    wide: int, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.fast.fused.SMALL_PRODUCT", small)
    monkeypatch.setattr("model.fast.fused.SHORT_SUM", 4)
    a, b = RNG.normal(size=(3, wide)), RNG.normal(size=(5, wide))
    assert np.allclose(sum_of_products(a, b), a @ b.T)


@pytest.mark.parametrize(
    ("m", "n", "wide", "pieces"),
    [
        (24, 37, 1_000, 1),  # 888,000 multiplications are few
        (24, 37, 36_864, 36),  # 32.7 million: 33, 34 and 35 do not divide 36,864
        (24, 37, 1_126, 1),  # 999,888 multiplications
        (24, 37, 1_128, 2),  # 1,001,664
        (64, 217, 512, 1),  # eight pieces would have 64 terms each
        (64, 61, 514, 1),  # 2.007 million: three pieces do not divide 514
        (60, 50, 768, 1),  # three pieces of 256 terms are too short
        (60, 50, 771, 3),  # three of 257 are not
        (24, 37, 36_847, 1),  # a prime number
    ],
)
def test_a_long_sum_is_cut_into_the_fewest_equal_pieces(
    m: int, n: int, wide: int, pieces: int
) -> None:
    assert piece_count(m, n, wide) == pieces


def test_a_window_whose_members_are_all_zero_passes_no_gradient() -> None:
    plain, fused = pair()
    for array in plain["a"].parameters.values():
        array[...] = 0
    x = RNG.normal(size=(2, 8, 8, 3))
    *_, gradients = through(fused, x, np.ones((3, 2, 2, 3)))
    assert not np.any(gradients["a.bias"])
    compare_both(plain, fused, x)
