"""What predicts alone gives what the plain layers give: for one picture and for many."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import numpy as np
import pytest


from model.fast.inference import WIDTH, Inference, InferencePlan
from model.network import Network
from model.nn.activations import Tanh
from model.nn.arrays import batch_last, floats
from model.nn.heads import SoftmaxHead
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad
from model.nn.pooling import AveragePool, MaxPool
from model.types import Array
from model.variants import VARIANTS, build

RNG = np.random.default_rng(9)
PICTURES = RNG.random((WIDTH + 2, 28, 28), np.float32) * np.float32(0.5)
BYTES = RNG.integers(0, 256, PICTURES.shape, np.uint8)


def stirred(network: Network) -> Network:
    """The network, changed in place so that nothing is zero, and slow to be sure of anything."""
    network.head.temperature = 8
    if network.name == "lenet":
        network.head.rubbish = 0.0
    for parameter in network.parameters.values():
        parameter += RNG.normal(0, 0.02, parameter.shape).astype(np.float32)
    return network


def plain(network: Network, pictures: Array) -> Array:
    """Logits (10, N) by the layers as they are."""
    x = batch_last(floats(pictures))
    for layer in network.layers.values():
        x, _ = layer.forward(x)
    return network.head.logits(x)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("pictures", [PICTURES, BYTES], ids=["floats", "bytes"])
def test_all_networks_read_as_their_plain_layers_do(name: str, pictures: Array) -> None:
    network = stirred(build(name, seed=1))
    wanted = plain(network, pictures)
    assert np.allclose(network.logits(pictures), wanted, rtol=1e-4, atol=1e-4)
    rows, shares = (
        network.head.probabilities(wanted).T,
        network.head.probabilities_with_reject(wanted).T,
    )
    assert np.allclose(network.predict(pictures), rows, atol=1e-5)
    for picture, row in zip(pictures, rows, strict=True):
        one = network.predict(picture)
        assert one.dtype == np.float32
        assert np.allclose(one, row, atol=1e-5)
        assert np.array_equal(network.predict(picture[None]), one[None])
    for picture, row in zip(pictures, shares, strict=True):
        assert np.allclose(network.read(picture)[1], row, atol=1e-5)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_parameter_that_changes_in_place_counts_at_once(name: str) -> None:
    network = stirred(build(name, seed=1))
    before, row_before = network.logits(PICTURES), network.predict(PICTURES[0])
    for key, parameter in network.parameters.items():
        kept = parameter.copy()
        parameter *= np.float32(1.5)
        wanted = plain(network, PICTURES)
        assert np.allclose(network.logits(PICTURES), wanted, rtol=1e-4, atol=1e-4), key
        row = network.head.probabilities(wanted[:, :1])[:, 0]
        assert np.allclose(network.predict(PICTURES[0]), row, atol=1e-5), key
        assert not np.array_equal(wanted, before), key
        assert not np.array_equal(network.predict(PICTURES[0]), row_before), key
        parameter[...] = kept


def test_a_parameter_that_is_another_array_counts_too() -> None:
    network = stirred(build("lenet", seed=1))
    network.predict(PICTURES[0])
    for layer in network.layers.values():
        layer.parameters = {key: 2 * array for key, array in layer.parameters.items()}
    row = network.head.probabilities(plain(network, PICTURES[:1]))[:, 0]
    assert np.allclose(network.predict(PICTURES[0]), row, atol=1e-5)


def test_layers_in_another_order_are_read_as_they_are() -> None:
    layers: dict[str, Layer] = {
        "a": Conv2D(1, 3, 3),  # 3 × 26 × 26, and no activation before the pooling
        "b": AveragePool(),  # 3 × 13 × 13
        "c": Pad(1),  # 3 × 15 × 15
        "d": Conv2D(3, 4, 4, connections=np.eye(4, 3)),  # 4 × 12 × 12
        "e": Tanh(),
        "f": MaxPool(),  # 4 × 6 × 6
        "g": Conv2D(4, 5, 6, connections=np.eye(5, 4)),  # 5 × 1 × 1
        "h": Flatten(),
        "i": Tanh(),
        "j": Linear(5, 10),
    }
    network = stirred(Network("another", layers, SoftmaxHead()))
    assert np.allclose(network.logits(PICTURES), plain(network, PICTURES), atol=1e-5)
    row = network.head.probabilities(plain(network, PICTURES[:1]))[:, 0]
    assert np.allclose(network.predict(PICTURES[0]), row, atol=1e-5)


def test_a_network_of_float64_reads_in_float64() -> None:
    network = build("lenet-tanh", seed=1)
    network.predict(PICTURES[0])
    stirred(network.astype(np.float64))
    pictures = PICTURES.astype(np.float64)
    lane = Lanes(list(network.layers.values()), 1)
    assert lane.takes(pictures[0])
    lane.refresh()
    assert np.allclose(lane.run(), plain(network, pictures[:1]), atol=1e-12)
    assert np.allclose(network.predict(pictures), network.predict(PICTURES), atol=1e-5)


@pytest.mark.parametrize("value", [1.0000001, -1e-30, -np.inf, np.inf, np.nan, -np.nan])
def test_one_value_out_of_range_anywhere_is_seen(value: float) -> None:
    predictor = Predictor(build("lenet").layers, SoftmaxHead())
    for place in [(0, 0), (13, 14), (27, 27)]:
        picture = PICTURES[0].copy()
        picture[place] = value
        assert predictor.one(picture) is None
    picture[place] = 1
    assert predictor.one(picture) is not None


def test_minus_zero_and_other_floats_are_pictures_too() -> None:
    network = build("lenet", seed=1)
    picture = PICTURES[0].copy()
    picture[:5] = 0
    row = network.predict(picture)
    for dtype in (np.float16, np.float64):
        assert np.allclose(network.predict(picture.astype(dtype)), row, atol=1e-2)
    picture[:5] = -0.0
    assert np.allclose(network.predict(picture), row, atol=1e-6)
    assert np.allclose(network.predict(picture[::-1].copy()[::-1]), row, atol=1e-6)
    assert np.allclose(network.predict(picture.tolist()), row, atol=1e-6)


def test_an_answer_is_the_caller_s_own() -> None:
    network = build("lenet", seed=1)
    first, many = network.predict(PICTURES[0]), network.logits(PICTURES)
    kept = first.copy(), many.copy()
    network.predict(PICTURES[1])
    network.logits(PICTURES[::-1])
    assert np.array_equal(first, kept[0])
    assert np.array_equal(many, kept[1])


def test_more_pictures_than_one_chunk_are_read_in_order() -> None:
    network = build("lenet", seed=1)
    many = RNG.random((CHUNK + LANES + 1, 28, 28), np.float32)
    rows = network.predict(many)
    for start in (0, CHUNK - 3, CHUNK + 2):
        assert np.allclose(rows[start : start + 3], network.predict(many[start : start + 3]))
    assert network.predict(many[:0]).shape == (0, 10)


def test_threads_do_not_meet_in_the_same_lanes() -> None:
    network = build("lenet", seed=1)
    batches = RNG.random((30, 7, 28, 28), np.float32)
    alone = [network.predict(batch) for batch in batches]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(network.predict, np.tile(batches, (5, 1, 1, 1))))
    assert all(np.array_equal(rows, alone[i % 30]) for i, rows in enumerate(together))


def test_a_copy_reads_with_lanes_of_its_own() -> None:
    network = stirred(build("lenet", seed=1))
    original = Predictor(network.layers, network.head)
    assert original.one(PICTURES[0]) is not None
    copied = deepcopy(original)
    copied.layers["c1"].parameters["weight"] *= 2
    row, of_copy = original.one(PICTURES[0]), copied.one(PICTURES[0])
    assert row is not None
    assert of_copy is not None
    assert not np.array_equal(row, of_copy)
