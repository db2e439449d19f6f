"""A trace shows the numbers of the pass that gives the answer, layer by layer."""

from itertools import pairwise

import numpy as np
import pytest

from model.nn.activations import ReLU
from model.nn.layers import Flatten
from model.nn.pooling import MaxPool
from model.types import Array
from model.variants import VARIANTS, build
from tests.model.fast.plain import BYTES, PICTURES, plain_outputs, randomised


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("picture", [PICTURES[1], BYTES[1]], ids=["floats", "bytes"])
def test_trace_shows_the_numbers_that_the_answer_was_computed_from(
    name: str, picture: Array
) -> None:
    network = randomised(build(name, seed=1))
    answer = network.predict(picture)
    probabilities, outputs = network.trace(picture)
    assert np.array_equal(probabilities, answer)
    *_, last = outputs.values()
    assert np.array_equal(network.head.logits(last[:, None]), network.logits(picture))
    wanted = plain_outputs(network, picture[None])
    assert list(outputs) == list(wanted)
    for key, output in outputs.items():
        assert np.allclose(output, wanted[key][..., 0], rtol=1e-5, atol=1e-5), key


@pytest.mark.parametrize("name", VARIANTS)
def test_each_map_of_a_trace_equals_its_layer_applied_to_the_map_before(name: str) -> None:
    network = randomised(build(name, seed=1))
    _, outputs = network.trace(PICTURES[0])
    names = list(outputs)
    for before, after in pairwise(names):
        if isinstance(layer := network.layers[after], ReLU | MaxPool | Flatten):
            assert np.array_equal(
                layer.forward(outputs[before][..., None])[0][..., 0], outputs[after]
            )


def test_a_trace_is_a_copy() -> None:
    network = build("lenet5-1998", seed=1)
    _, outputs = network.trace(PICTURES[0])
    kept = {name: output.copy() for name, output in outputs.items()}
    network.trace(PICTURES[1])
    assert all(np.array_equal(output, kept[name]) for name, output in outputs.items())
