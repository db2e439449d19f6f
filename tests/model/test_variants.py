"""The five readers compared with the tables of their papers, and the gate before them."""

import numpy as np
import pytest

from model.network import Network
from model.recipes import RECIPES
from model.variants import GATE, READERS, TABLE_I, VARIANTS, build

SIZES = {
    "lenet": {"c1": 156, "c3": 2_416, "c5": 30_840, "f6": 10_164, "output": 850},
    "lenet-32": {"c1": 156, "c3": 2_416, "c5": 48_120, "f6": 10_164, "output": 850},
    "lenet-sigmoid": {"c1": 156, "c3": 2_416, "c5": 48_120, "f6": 10_164, "output": 850},
    "lenet-tanh": {"c1": 156, "c3": 2_416, "c5": 48_120, "f6": 10_164, "output": 850},
    "gate": {"c1": 156, "c3": 2_416, "c5": 30_840, "f6": 10_164, "output": 85},
    "lenet5-1998": {"c1": 156, "s2": 12, "c3": 1_516, "s4": 32, "c5": 48_120, "f6": 10_164},
}
TOTALS = [44_426, 61_706, 61_706, 61_706, 43_661, 60_000]
PICTURES = np.random.default_rng(0).random((3, 28, 28), np.float32)


@pytest.fixture(params=VARIANTS)
def network(request: pytest.FixtureRequest) -> Network:
    return build(request.param, seed=1)


def test_every_layer_has_as_many_parameters_as_its_paper_says(network: Network) -> None:
    found = {name: layer.size for name, layer in network.layers.items() if layer.size}
    assert found == SIZES[network.name]
    assert network.size == dict(zip(SIZES, TOTALS, strict=True))[network.name]


def test_every_network_has_a_recipe_a_title_and_an_origin(network: Network) -> None:
    assert RECIPES[network.name].epochs > 0
    assert VARIANTS[network.name].title
    assert VARIANTS[network.name].origin


def test_every_network_reads(network: Network) -> None:
    rows = network.predict(PICTURES)
    assert rows.shape == (3, network.head.classes)
    if network.card.kind == "reader":
        assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    p, outputs = network.trace(PICTURES[1])
    assert np.allclose(p, rows[1], atol=1e-5)
    assert {name: a.shape for name, a in outputs.items()} == network.shapes


def test_five_networks_read_ten_digits_and_one_is_the_gate() -> None:
    assert [*READERS, GATE] == [
        *("lenet", "lenet-32", "lenet-sigmoid", "lenet-tanh", "lenet5-1998", "gate")
    ]
    for name in VARIANTS:
        network = build(name)
        wanted = ("gate", 1) if name == GATE else ("reader", 10)
        assert (VARIANTS[name].kind, network.head.classes) == wanted
        assert network.card.kind == VARIANTS[name].kind


def test_the_gate_has_the_layers_of_lenet_but_one_output() -> None:
    gate, lenet = build(GATE), build("lenet")
    assert gate.shapes == lenet.shapes | {"output": (1,)}
    assert list(map(repr, gate.layers.values()))[:-1] == list(map(repr, lenet.layers.values()))[:-1]


def test_curvature_is_positive_for_some_of_every_parameter_and_negative_for_none(
    network: Network,
) -> None:
    curvatures = network.curvature(PICTURES)
    assert {key: h.shape for key, h in curvatures.items()} == {
        key: a.shape for key, a in network.parameters.items()
    }
    assert all((h >= 0).all() for h in curvatures.values())
    assert {key for key, h in curvatures.items() if not h.max() > 0} == set()
    assert all(np.isfinite(h).all() for h in curvatures.values())


def test_the_curvature_of_a_last_bias_is_the_slope_of_its_gradient() -> None:
    network = build("lenet-tanh", seed=1).astype(np.float64)
    targets = np.eye(10)[:, :3]
    bias, step = network.parameters["output.bias"], 1e-5
    found = network.curvature(PICTURES.astype(np.float64))["output.bias"]
    for unit in range(10):
        bias[unit] += step
        above = network.loss_and_gradients(PICTURES, targets)[1]["output.bias"][unit]
        bias[unit] -= 2 * step
        below = network.loss_and_gradients(PICTURES, targets)[1]["output.bias"][unit]
        bias[unit] += step
        assert found[unit] == pytest.approx((above - below) / (2 * step), rel=1e-4)


def test_the_table_of_connections_is_table_i() -> None:
    assert TABLE_I.shape == (16, 6)
    assert TABLE_I.sum(axis=1).tolist() == [3] * 6 + [4] * 9 + [6]
    assert TABLE_I.sum() * 25 + 16 == 1_516
    assert len({tuple(row) for row in TABLE_I.tolist()}) == 16
    assert np.flatnonzero(TABLE_I[5]).tolist() == [0, 1, 5]
    assert np.flatnonzero(TABLE_I[14]).tolist() == [0, 2, 3, 5]


def test_a_map_of_c3_does_not_see_a_channel_that_the_table_leaves_out() -> None:
    c3 = build("lenet5-1998", seed=1).layers["c3"]
    x = np.random.default_rng(1).random((6, 14, 14, 1), np.float32)
    before, _ = c3.forward(x)
    x[3] += 1
    changed = (c3.forward(x)[0] != before).any(axis=(1, 2, 3))
    assert np.array_equal(changed, TABLE_I[:, 3] == 1)


def test_the_input_of_lenet_tanh_has_mean_zero_and_deviation_one_for_mnists_pixels() -> None:
    scale = build("lenet-tanh").layers["scale"]
    pixels = np.array([0.1307, 0.1307 + 0.3081, 0, 1]).reshape(1, 1, 1, 4)
    wanted = [0, 1, -0.1307 / 0.3081, (1 - 0.1307) / 0.3081]
    assert scale.forward(pixels)[0].ravel() == pytest.approx(wanted)


def test_the_input_of_1998_has_paper_at_minus_a_tenth_and_ink_at_1_175() -> None:
    network = build("lenet5-1998", seed=1)
    picture = np.zeros((28, 28), np.float32)
    picture[10, 10] = 1
    scaled = network.trace(picture)[1]["scale"][0]
    assert scaled.shape == (32, 32)
    assert scaled[0, 0] == pytest.approx(-0.1)
    assert scaled[12, 12] == pytest.approx(1.175)
