"""What is written out of a unit adds up to what the layers show, in all five trained networks."""

from functools import cache

import numpy as np
import pytest

from model import Network, load
from model.ink import render
from model.insight import LAYERS, Unit, field_of, shapes_of, shown_in, write_out
from model.types import Array, Arrays
from model.variants import READERS, TABLE_I
from tests.strokes import FIVE, SEVEN

TOLERANCE = 1e-4
RNG = np.random.default_rng(5)


@cache
def trained(name: str) -> tuple[Network, Array]:
    """A trained network, and a picture for it."""
    network = load(f"weights/{name}.npz")
    return network, render(FIVE if name == "lenet-32" else SEVEN, network.card.frame)


@cache
def traced(name: str) -> Arrays:
    network, image = trained(name)
    return network.trace(image)[1]


def some_units(name: str, layer: str) -> list[Unit]:
    """Units of a layer: the first and the last one, and some between them."""
    network, image = trained(name)
    shape = shapes_of(network)[layer]
    indices = [[0] * len(shape), [n - 1 for n in shape]]
    indices += RNG.integers(0, shape, (12, len(shape))).tolist()
    return [write_out(network, image, layer, index) for index in indices]


def applied(unit: Unit) -> float:
    """The activation of the sum."""
    if unit.activation is None:
        return unit.sum
    return float(unit.activation.forward(np.array([unit.sum]))[0][0])


every_layer = pytest.mark.parametrize("layer", LAYERS)
every_network = pytest.mark.parametrize("name", READERS)


@every_network
@every_layer
def test_terms_and_bias_add_up_to_the_sum_that_the_trace_shows(name: str, layer: str) -> None:
    for unit in some_units(name, layer):
        found = unit.products.sum() + unit.bias
        wanted = unit.sum
        if layer in traced(name):
            output = traced(name)[layer]
            wanted = output.reshape(len(output), -1)[unit.index[0]].reshape(output.shape[1:])
            wanted = float(wanted[unit.index[1:]].item())
        assert abs(found - wanted) < TOLERANCE, unit.index
        assert abs(unit.sum - wanted) < TOLERANCE


@every_network
@every_layer
def test_the_activation_of_the_sum_is_the_value_that_the_maps_show(name: str, layer: str) -> None:
    network, _ = trained(name)
    shown = traced(name).get(shown_in(network)[layer])
    for unit in some_units(name, layer):
        if unit.operation != "distance":
            assert abs(applied(unit) - unit.value) < TOLERANCE, unit.index
        if shown is not None:
            place = unit.index if shown.ndim == len(unit.index) else (*unit.index, 0, 0)
            assert unit.value == float(shown[place])


@every_network
@every_layer
def test_products_are_kernels_times_what_is_read_of_the_layer_before(name: str, layer: str) -> None:
    network, _ = trained(name)
    for unit in some_units(name, layer):
        if unit.operation == "distance":
            assert np.allclose(unit.products, (unit.patches - unit.kernels) ** 2)
        else:
            assert np.allclose(unit.products, unit.kernels * unit.patches)
        if unit.reads != "picture":
            before = traced(name)[shown_in(network)[unit.reads]]
            maps = before[unit.maps].reshape(len(unit.maps), -1)
            for patch, values in zip(unit.patches, maps, strict=True):
                assert np.isin(patch, values).all()


@pytest.mark.parametrize(("name", "paper", "ink"), [("lenet-tanh", -0.4242, 2.8215),
                                                    ("lenet5-1998", -0.1, 1.175)])  # fmt: skip
def test_c1_reads_the_picture_as_it_is_scaled_for_the_network(
    name: str, paper: float, ink: float
) -> None:
    network, image = trained(name)
    row, column = divmod(int(image.argmax()), 28)
    dark = write_out(network, image, "c1", [0, row, column])  # the border is 2 pixels wide
    assert dark.patches[0, 2, 2] == pytest.approx(paper + image.max() * (ink - paper), abs=1e-3)
    corner = write_out(network, image, "c1", [0, 0, 0])
    assert np.allclose(corner.patches, paper, atol=1e-3)


def test_c3_of_1998_reads_the_maps_of_the_paper_s_table() -> None:
    network, image = trained("lenet5-1998")
    for number, row in enumerate(TABLE_I):
        unit = write_out(network, image, "c3", [number, 4, 4])
        assert unit.maps.tolist() == np.flatnonzero(row).tolist()


def test_max_pooling_takes_its_one_largest_value() -> None:
    network, image = trained("lenet")
    for unit in [*some_units("lenet", "s2"), write_out(network, image, "s2", [0, 0, 0])]:
        assert unit.operation == "max"
        assert unit.kernels.sum() == 1
        assert unit.value == unit.patches.max() == unit.patches[unit.kernels == 1].item()


def test_subsampling_has_one_coefficient_and_a_bias() -> None:
    network, image = trained("lenet5-1998")
    unit = write_out(network, image, "s4", [3, 2, 1])
    coefficient = network.parameters["s4.weight"][3]
    assert unit.operation == "subsample"
    assert np.all(unit.kernels == coefficient)
    assert unit.bias == network.parameters["s4.bias"][3]
    assert unit.sum == pytest.approx(unit.patches.sum() * coefficient + unit.bias, abs=TOLERANCE)


@pytest.mark.parametrize("digit", range(10))
def test_an_output_of_1998_is_the_distance_to_the_glyph(digit: int) -> None:
    network, image = trained("lenet5-1998")
    unit = write_out(network, image, "output", [digit])
    assert (unit.operation, unit.reads, unit.products.size) == ("distance", "f6", 84)
    assert np.array_equal(np.unique(unit.kernels), [-1, 1])
    score = network.logits(image)[digit, 0]
    assert -unit.sum / 32 == pytest.approx(score, abs=TOLERANCE)
    assert unit.value == score


@every_network
@every_layer
def test_what_lies_outside_the_receptive_field_does_not_change_the_unit(
    name: str, layer: str
) -> None:
    network, image = trained(name)
    for unit in some_units(name, layer)[:6]:
        left, top, right, bottom = (min(max(edge, 0), 28) for edge in unit.field)
        inside = np.zeros((28, 28), bool)
        inside[top:bottom, left:right] = True
        noise = RNG.random((28, 28), np.float32)
        other = write_out(network, np.where(inside, image, noise), layer, unit.index)
        assert other.value == pytest.approx(unit.value, abs=TOLERANCE)


@every_network
def test_every_corner_of_the_receptive_field_reaches_the_unit(name: str) -> None:
    network, _ = trained(name)
    shape = shapes_of(network)["c3"]
    image = np.full((28, 28), 0.3, np.float32)
    row, column = shape[1] // 2, shape[2] // 2
    left, top, right, bottom = field_of(network, "c3", row, column)
    before = traced_at(network, image, row, column)
    for y, x in [(top, left), (top, right - 1), (bottom - 1, left), (bottom - 1, right - 1)]:
        changed = image.copy()
        changed[y, x] = 1
        assert not np.array_equal(traced_at(network, changed, row, column), before), (y, x)


def traced_at(network: Network, image: Array, row: int, column: int) -> Array:
    """The sums of C3 at a place, of all its maps: what they show need not change with them."""
    return np.array([write_out(network, image, "c3", [m, row, column]).sum for m in range(16)])


def test_the_receptive_fields_are_those_of_the_paper() -> None:
    network, _ = trained("lenet5-1998")
    assert field_of(network, "c1", 0, 0) == (-2, -2, 3, 3)
    assert field_of(network, "s2", 1, 2) == (2, 0, 8, 6)
    assert field_of(network, "c3", 0, 9) == (16, -2, 30, 12)  # 14 × 14
    assert field_of(network, "s4", 4, 4) == (14, 14, 30, 30)  # 16 × 16
    for layer in ("c5", "f6", "squash6"):
        assert field_of(network, layer) == (-2, -2, 30, 30)


@pytest.mark.parametrize(
    ("layer", "index"),
    [("c1", [6, 0, 0]), ("c1", [0, 0]), ("s4", [0, -1, 0]), ("f6", [84]), ("output", [0, 0, 0])],
)
def test_a_unit_that_is_not_there_is_an_error(layer: str, index: list[int]) -> None:
    network, image = trained("lenet")
    with pytest.raises(IndexError, match=layer):
        write_out(network, image, layer, index)
