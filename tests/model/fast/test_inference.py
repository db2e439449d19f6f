"""The inference pass has the outputs of the plain layers, for one picture and for many."""

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import numpy as np
import pytest

from model.fast.inference import WIDTH, Inference, InferencePlan
from model.network import Network
from model.nn.activations import Tanh
from model.nn.heads import SoftmaxHead
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad
from model.nn.pooling import AveragePool, MaxPool
from model.types import Array
from model.variants import VARIANTS, build
from tests.model.fast.plain import BYTES, PICTURES, RNG, plain, randomised


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("pictures", [PICTURES, BYTES], ids=["floats", "bytes"])
def test_all_networks_read_as_their_plain_layers_do(name: str, pictures: Array) -> None:
    network = randomised(build(name, seed=1))
    wanted = plain(network, pictures)
    assert np.allclose(network.logits(pictures), wanted, rtol=1e-4, atol=1e-4)
    rows = network.head.probabilities(wanted).T
    assert np.allclose(network.predict(pictures), rows, atol=1e-5)
    for picture, row in zip(pictures, rows, strict=True):
        one = network.predict(picture)
        assert one.dtype == np.float32
        assert np.allclose(one, row, atol=1e-5)
        assert np.array_equal(network.predict(picture[None]), one[None])


@pytest.mark.parametrize("name", VARIANTS)
def test_every_parameter_changed_in_place_is_used_at_once(name: str) -> None:
    network = randomised(build(name, seed=1))
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


def test_a_replaced_parameter_array_is_used_at_once() -> None:
    network = randomised(build("lenet", seed=1))
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
    network = randomised(Network("another", layers, SoftmaxHead()))
    assert np.allclose(network.logits(PICTURES), plain(network, PICTURES), atol=1e-5)
    row = network.head.probabilities(plain(network, PICTURES[:1]))[:, 0]
    assert np.allclose(network.predict(PICTURES[0]), row, atol=1e-5)


def test_a_network_of_float64_reads_in_float64() -> None:
    network = build("lenet-tanh", seed=1)
    network.predict(PICTURES[0])
    randomised(network.astype(np.float64))
    pictures = PICTURES.astype(np.float64)
    for width, some in ((1, pictures[:1]), (3, pictures[:3])):
        plan = InferencePlan(network.layers, width)
        assert plan.run(some).dtype == np.float64
        assert np.allclose(plan.run(some), plain(network, some), rtol=0, atol=1e-12)
    assert network.logits(pictures).dtype == np.float64
    assert np.allclose(network.logits(pictures), plain(network, pictures), atol=1e-5)


def test_a_plan_reads_fewer_pictures_than_it_has_places_for() -> None:
    network = randomised(build("lenet", seed=1))
    plan = InferencePlan(network.layers, 5)
    wanted = plain(network, PICTURES)
    assert np.allclose(plan.run(PICTURES[:5]), wanted[:, :5], atol=1e-5)
    assert np.allclose(plan.run(PICTURES[5:7])[:, :2], wanted[:, 5:7], atol=1e-5)
    assert np.allclose(plan.run(BYTES[:2])[:, :2], plain(network, BYTES[:2]), atol=1e-5)


def test_a_network_without_parameters_is_read_in_float32() -> None:
    plan = InferencePlan({"flat": Flatten()}, 2)
    assert plan.run(PICTURES[:2]).dtype == np.float32
    assert np.array_equal(plan.run(PICTURES[:2]), PICTURES[:2].reshape(2, -1).T)


@pytest.mark.parametrize("value", [1.0000001, -1e-30, -np.inf, np.inf, np.nan, -np.nan])
@pytest.mark.parametrize("count", [1, 3])
def test_one_value_out_of_range_anywhere_is_refused(value: float, count: int) -> None:
    network = build("lenet", seed=1)
    for place in [(0, 0), (13, 14), (27, 27)]:
        pictures = PICTURES[:count].copy()
        pictures[-1][place] = value
        with pytest.raises(ValueError, match=r"wanted floats in \[0, 1\]; divide by 255"):
            network.predict(pictures[0] if count == 1 else pictures)
    pictures[-1][place] = 1
    network.predict(pictures)


def test_minus_zero_and_float64_are_accepted_as_pictures() -> None:
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


def test_an_answer_is_a_copy() -> None:
    network = build("lenet", seed=1)
    first, many = network.predict(PICTURES[0]), network.logits(PICTURES)
    kept = first.copy(), many.copy()
    network.predict(PICTURES[1])
    network.logits(PICTURES[::-1])
    assert np.array_equal(first, kept[0])
    assert np.array_equal(many, kept[1])


@pytest.mark.parametrize("count", [0, 2, WIDTH - 1, WIDTH, WIDTH + 1, 3 * WIDTH])
def test_any_number_of_pictures_is_read_in_order(count: int) -> None:
    network = build("lenet", seed=1)
    many = RNG.random((count, 28, 28), np.float32)
    rows = network.predict(many)
    assert rows.shape == (count, 10)
    assert np.allclose(rows, [network.predict(one) for one in many] or rows, atol=1e-6)


def test_pictures_are_read_a_few_at_a_time_and_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    widths = []
    run = InferencePlan.run

    def noted(self: InferencePlan, pictures: Array) -> Array:
        widths.append((self.width, len(pictures)))
        return run(self, pictures)

    monkeypatch.setattr(InferencePlan, "run", noted)
    inference = Inference(build("lenet", seed=1).layers)
    inference.run(RNG.random((WIDTH + 2, 28, 28), np.float32))
    inference.run(PICTURES[:1])
    assert widths == [(WIDTH, WIDTH), (WIDTH, 2), (1, 1)]


def test_a_plan_is_made_once_and_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    inference = Inference(build("lenet", seed=1).layers)
    inference.run(PICTURES)
    inference.run(PICTURES[:1])
    monkeypatch.setattr(InferencePlan, "__init__", lambda *_: pytest.fail("made another plan"))
    inference.run(PICTURES)
    inference.run(PICTURES[:1])
    inference.trace(PICTURES[:1])
    inference.trace(PICTURES[:1])


def test_two_threads_never_use_the_same_plan() -> None:
    network = build("lenet", seed=1)
    batches = RNG.random((30, 7, 28, 28), np.float32)
    alone = [network.predict(batch) for batch in batches]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(network.predict, np.tile(batches, (5, 1, 1, 1))))
    assert all(np.array_equal(rows, alone[i % 30]) for i, rows in enumerate(together))


@pytest.mark.parametrize("copied", [deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_reads_with_a_plan_of_its_own(copied: Callable[[Inference], Inference]) -> None:
    original = Inference(randomised(build("lenet", seed=1)).layers)
    before = original.run(PICTURES[:1])
    copy = copied(original)
    assert np.array_equal(copy.run(PICTURES[:1]), before)
    copy.layers["c1"].parameters["weight"] *= 2
    assert np.array_equal(original.run(PICTURES[:1]), before)
    assert not np.array_equal(copy.run(PICTURES[:1]), before)
