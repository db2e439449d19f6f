"""Arrays by name are views of the long arrays that hold them."""

import numpy as np

from model.fast.flat import flatten, shapes_in_order, total_size, views_by_name, weights_and_biases
from model.types import Arrays
from model.variants import build

ARRAYS: Arrays = {
    "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a.bias": np.array([10, 11], np.float32),
    "b.weight": np.array([[20]], np.float32),
}


def test_weights_come_first_then_biases_each_in_their_own_order() -> None:
    shapes = shapes_in_order(ARRAYS)
    assert list(shapes) == ["a.weight", "b.weight", "a.bias"]
    assert total_size(shapes) == 9
    assert flatten(ARRAYS).tolist() == [0, 1, 2, 3, 4, 5, 20, 10, 11]


def test_names_and_kinds_are_views_of_the_long_array() -> None:
    long, shapes = flatten(ARRAYS), shapes_in_order(ARRAYS)
    named, kinds = views_by_name(long, shapes), weights_and_biases(long, shapes)
    assert all(np.array_equal(named[name], array) for name, array in ARRAYS.items())
    kinds["all.weight"][...] = -1
    kinds["all.bias"][1] = 5
    assert (named["a.weight"] == -1).all()
    assert named["a.bias"].tolist() == [10, 5]


def test_a_network_on_long_arrays_reads_the_same_and_follows_them() -> None:
    network, picture = build("lenet5-1998", seed=1), np.random.default_rng(0).random((28, 28))
    before, parameters = network.predict(picture), network.parameters
    kinds = network.flatten()
    assert np.array_equal(network.predict(picture), before)
    assert all(np.array_equal(a, parameters[name]) for name, a in network.parameters.items())
    assert sum(a.size for a in kinds.values()) == total_size(shapes_in_order(parameters))
    kinds["all.weight"][...] = 0
    assert not network.parameters["c3.weight"].any()


def test_a_second_call_gives_the_same_arrays_and_one_after_a_change_of_type_new_ones() -> None:
    network = build("lenet", seed=1)
    first, second = network.flatten(), network.flatten()
    assert all(np.shares_memory(first[kind], second[kind]) for kind in first)
    network.astype(np.float64)
    changed = network.flatten()
    assert changed["all.weight"].dtype == np.float64
    changed["all.bias"][...] = 3
    assert (network.parameters["c1.bias"] == 3).all()
