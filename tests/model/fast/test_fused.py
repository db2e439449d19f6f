"""The fast path gives what the plain layers give, forwards and backwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from model.fast.fused import ConvReluMax, fuse
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
    """Three plain layers and the steps that do them at once, with the same parameters."""
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
        gradients |= {f"{name}.{key}": share for key, share in own.items()}
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
    held_to_each_other(plain, fused, x)


def held_to_each_other(plain: dict[str, Layer], fused: dict[str, Layer], x: Array) -> None:
    dy = RNG.normal(size=(*fused["a"].output_shape(x.shape[:3]), x.shape[3]))
    y, dx, gradients = through(fused, x, dy)
    plain_y, plain_dx, plain_gradients = through(plain, x, dy)
    assert np.allclose(y, plain_y)
    assert np.allclose(dx, plain_dx)
    assert gradients.keys() == plain_gradients.keys()
    assert all(np.allclose(gradients[name], plain_gradients[name]) for name in plain_gradients)


def test_a_map_learns_nothing_of_channels_that_it_does_not_read() -> None:
    connections = np.array([[1, 0], [1, 1], [0, 1]], np.float32)
    plain, fused = pair(after="tanh and subsampling", connections=connections)
    x, dy = RNG.normal(size=(2, 8, 8, 2)), RNG.normal(size=(3, 2, 2, 2))
    held_to_each_other(plain, fused, x)
    learnt = through(fused, x, dy)[2]["a.weight"].any(axis=(2, 3))
    assert learnt.tolist() == connections.astype(bool).tolist()


def test_pictures_of_another_type_than_the_parameters_are_learnt_from_alike() -> None:
    plain, fused = pair(after="tanh and average")
    held_to_each_other(plain, fused, RNG.normal(size=(2, 8, 8, 2)).astype(np.float32))


def test_equal_members_and_dead_windows_send_the_gradient_where_the_plain_layers_do() -> None:
    plain, fused = pair(1, 2, 3)
    plain["a"].parameters["weight"][...] = 0  # every member of every window is its map's bias
    plain["a"].parameters["bias"][...] = [1, -1]  # the second map is dead
    x, dy = RNG.normal(size=(1, 6, 6, 2)), RNG.normal(size=(2, 2, 2, 2))
    for name, share in through(plain, x, dy)[2].items():
        assert np.allclose(through(fused, x, dy)[2][name], share)
    assert through(fused, x, dy)[2]["a.bias"][1] == 0


@pytest.mark.parametrize("name", ["weight", "bias"])
def test_a_parameter_that_changes_in_place_counts_at_once(name: str) -> None:
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


def test_curvature_is_refused_rather_than_wrong() -> None:
    fused = pair()[1]["a"]
    y, cache = fused.forward(RNG.normal(size=(2, 6, 6, 1)))
    with pytest.raises(ValueError, match="plain layers"):
        fused.backward(y, cache, squared=True)
