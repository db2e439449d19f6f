"""The default network: its layers, its gradient, and the pictures that it accepts."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import numpy as np
import pytest

from model.fast.inference import WIDTH
from model.network import Network
from model.nn.heads import SoftmaxHead, one_hot
from model.nn.layers import Flatten, Linear
from model.types import Array
from model.variants import VARIANTS, build
from tests.model.nn.derivatives import compare, difference_quotients

RNG = np.random.default_rng(2)
PICTURES = RNG.random((5, 28, 28), np.float32)


@pytest.fixture(scope="module")
def network() -> Network:
    return build("lenet", seed=1)


def test_lenet_has_the_layers_and_counts_of_its_table(network: Network) -> None:
    assert network.size == 44_426
    sizes = {name: layer.size for name, layer in network.layers.items() if layer.size}
    assert sizes == {"c1": 156, "c3": 2_416, "c5": 30_840, "f6": 10_164, "output": 850}
    assert network.shapes["c1"] == (6, 24, 24)
    assert network.shapes["s2"] == (6, 12, 12)
    assert network.shapes["s4"] == (16, 4, 4)
    assert network.shapes["flat"] == (256,)


def test_printing_a_network_explains_it(network: Network) -> None:
    table = repr(network)
    assert "lenet: 44,426 parameters" in table
    for name, shape in network.shapes.items():
        row = next(line for line in table.splitlines() if line.startswith(name))
        assert " × ".join(map(str, shape)) in row


def test_building_by_a_wrong_name_lists_the_right_ones() -> None:
    with pytest.raises(ValueError, match=r"lenett.*there are: lenet"):
        build("lenett")


def test_layers_that_do_not_fit_are_found_when_the_network_is_built() -> None:
    with pytest.raises(ValueError, match="784"):
        Network("wrong", {"flat": Flatten(), "output": Linear(100, 10)}, SoftmaxHead())
    with pytest.raises(ValueError, match=r"found a last layer that gives \(9,\), wanted \(10,\)"):
        Network("wrong", {"flat": Flatten(), "output": Linear(784, 9)}, SoftmaxHead())


@pytest.mark.parametrize("name", VARIANTS)
def test_the_whole_gradient_is_the_slope_of_the_loss(name: str) -> None:
    network = build(name, seed=3).astype(np.float64)
    rng = np.random.default_rng(4)
    images, targets = rng.random((3, 28, 28)), one_hot(np.array([7, 0, 4])).astype(np.float64)
    _, gradients, _ = network.loss_and_gradients(images, targets)
    assert gradients.keys() == network.parameters.keys()
    for key, parameter in network.parameters.items():
        flat = parameter.reshape(-1)
        some = slice(None, None, max(1, flat.size // 20))  # a spread of about 20 of each array
        probe = flat[some].copy()

        def loss(flat: Array = flat, some: slice = some, probe: Array = probe) -> float:
            flat[some] = probe
            return network.loss_and_gradients(images, targets)[0]

        compare(key, gradients[key].reshape(-1)[some], difference_quotients(loss, probe))
        loss()


def test_the_same_seed_gives_the_same_first_weights_and_another_seed_others() -> None:
    a, b, c = (build("lenet", seed).parameters for seed in (1, 1, 2))
    assert all(np.array_equal(a[key], b[key]) for key in a)
    assert not np.array_equal(a["c1.weight"], c["c1.weight"])


def test_he_initialisation_has_its_deviation_and_zero_biases(network: Network) -> None:
    weight = network.parameters["c5.weight"]
    assert weight.std() == pytest.approx(np.sqrt(2 / 256), rel=0.03)
    assert not network.parameters["c5.bias"].any()
    assert weight.dtype == np.float32


def test_predict_gives_rows_of_probabilities(network: Network) -> None:
    rows = network.predict(PICTURES)
    assert rows.shape == (5, 10)
    assert rows.dtype == np.float32
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)


def test_one_picture_many_pictures_and_bytes_are_read_alike(network: Network) -> None:
    bytes_ = np.round(PICTURES * 255).astype(np.uint8)
    rows = network.predict(bytes_)
    assert np.allclose(network.predict(bytes_[2]), rows[2], atol=1e-6)
    assert np.allclose(network.predict(bytes_ / np.float32(255)), rows, atol=1e-6)
    assert np.allclose(network.predict(bytes_.astype(np.float64) / 255), rows, atol=1e-5)
    assert network.predict(bytes_[:0]).shape == (0, 10)


def test_many_pictures_are_read_in_order(network: Network) -> None:
    many = RNG.random((3 * WIDTH + 3, 28, 28), np.float32)
    alone = [network.predict(picture) for picture in many]
    assert np.allclose(network.predict(many), alone, atol=1e-6)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((3, 784), np.float32), r"\(3, 784\).*reshape"),
        (np.zeros((1, 1, 28, 28), np.float32), r"\(1, 1, 28, 28\)"),
        (np.zeros(784, np.uint8), r"\(784,\)"),
        (np.zeros((28, 28), np.int64), "int64.*uint8"),
        (np.full((28, 28), 255.0), "255.*divide by 255"),
        (np.full((28, 28), np.nan), "nan"),
        (np.full((28, 28), -0.5), "-0.5"),
    ],
)
def test_predict_refuses_values_that_are_no_pictures(
    network: Network, images: Array, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        network.predict(images)


def test_many_threads_read_with_one_network(network: Network) -> None:
    pictures = RNG.random((40, 28, 28), np.float32)
    alone = [network.predict(picture) for picture in pictures]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(network.predict, np.tile(pictures, (10, 1, 1))))
    assert all(np.array_equal(row, alone[i % 40]) for i, row in enumerate(together))


def test_trace_shows_what_the_pass_itself_produced(network: Network) -> None:
    probabilities, outputs = network.trace(PICTURES[0])
    assert np.allclose(probabilities, network.predict(PICTURES[0]), atol=1e-6)
    assert {name: a.shape for name, a in outputs.items()} == network.shapes
    assert np.array_equal(outputs["relu1"], np.maximum(outputs["c1"], 0))


def test_a_gate_gives_one_probability_for_each_picture() -> None:
    gate = build("gate", seed=3)
    pictures = np.random.default_rng(0).random((5, 28, 28), np.float32)
    rows = gate.predict(pictures)
    assert rows.shape == (5, 1)
    assert rows.dtype == np.float32
    assert ((rows > 0) & (rows < 1)).all()
    assert gate.logits(pictures).shape == (1, 5)
    one = gate.predict(pictures[2])
    assert one.shape == (1,)
    assert np.allclose(one, rows[2], atol=1e-6)
    assert np.allclose(gate.trace(pictures[2])[0], one, atol=1e-6)


def test_one_picture_in_a_batch_gives_one_row(network: Network) -> None:
    assert network.predict(PICTURES[:1]).shape == (1, 10)
    assert network.predict(PICTURES[0].tolist()).shape == (10,)
    assert network.logits(PICTURES[0]).shape == (10, 1)
    assert network.logits(PICTURES).shape == (10, 5)


@pytest.mark.parametrize("name", VARIANTS)
def test_curvature_and_loss_are_means_over_the_pictures(name: str) -> None:
    network = build(name, seed=3)
    twice = np.concatenate([PICTURES, PICTURES])
    once, again = network.curvature(PICTURES), network.curvature(twice)
    assert all(np.allclose(once[key], again[key], rtol=1e-3, atol=1e-6) for key in once)
    targets = one_hot(np.array([7, 0, 4, 1, 1]))
    loss, gradients, p = network.loss_and_gradients(PICTURES, targets)
    loss_twice, twice_as_many, _ = network.loss_and_gradients(twice, np.hstack([targets] * 2))
    assert loss_twice == pytest.approx(loss, rel=1e-5)
    assert all(np.allclose(gradients[k], twice_as_many[k], atol=1e-5) for k in gradients)
    if name != "lenet5-1998":
        assert np.allclose(p.T, network.predict(PICTURES), atol=1e-5)


def test_a_copied_network_is_independent(network: Network) -> None:
    before = network.predict(PICTURES)
    copy = deepcopy(network)
    for parameter in copy.parameters.values():
        parameter *= 2
    assert not np.allclose(copy.predict(PICTURES), before)
    assert np.array_equal(network.predict(PICTURES), before)


def test_printing_a_network_gives_one_aligned_row_for_each_layer(network: Network) -> None:
    first, header, picture, c1, relu1, *_ = repr(network).splitlines()
    assert first == "lenet: 44,426 parameters; softmax, cross-entropy"
    assert header.split() == ["layer", "operation", "output", "parameters"]
    assert picture.split() == ["input", "1", "×", "28", "×", "28"]
    assert c1.split() == ["c1", "Conv2D(6@5×5)", "6", "×", "24", "×", "24", "156"]
    assert relu1.split() == ["relu1", "ReLU()", "6", "×", "24", "×", "24"]
    assert len({len(line) for line in repr(network).splitlines()[1:]}) == 1
