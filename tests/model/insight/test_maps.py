"""The two pixel maps: exact, and about the network instead of the picture alone.

The sanity check follows Adebayo et al. 2018 (arXiv 1810.03292). Its networks are trained here, on
digits of our own hand: two seeds that read them, and two whose weights are left random.
"""

from collections.abc import Callable

import numpy as np
import pytest

from model import load
from model.ink import render
from model.insight.maps import PATCH, difference, gradient, occlusion
from model.network import Network
from model.nn.arrays import batch_last
from model.types import Array
from model.variants import READERS, build
from tests.model.insight.hands import trained, twenty_drawings
from tests.model.nn.derivatives import compare, difference_quotients
from tests.strokes import FIVE, SEVEN

Map = Callable[[Network, Array, tuple[int, int]], Array]
WELL_BELOW = 0.5  # times the correlation of two trained networks


def exact_difference(network: Network, picture: Array, digits: tuple[int, int]) -> float:
    """The difference of the scores by the plain layers, in the type of the picture."""
    x = batch_last(picture[None])
    for layer in network.layers.values():
        x, _ = layer.forward(x)
    logits = network.head.logits(x)[:, 0]
    return float(logits[digits[0]] - logits[digits[1]])


@pytest.mark.parametrize("name", READERS)
def test_the_gradient_is_the_slope_of_the_difference_of_two_scores(name: str) -> None:
    network = build(name, seed=3).astype(np.float64)
    # Grey paper: where neighbours are equal, max pooling has no slope.
    picture = np.random.default_rng(4).uniform(0.1, 0.9, (28, 28))
    slopes = gradient(network, picture, (7, 2))
    wanted = difference_quotients(lambda: exact_difference(network, picture, (7, 2)), picture)
    assert slopes.any()
    compare(name, slopes, wanted)


@pytest.mark.parametrize("name", READERS)
def test_the_gradient_of_the_opposite_question_is_its_negative(name: str) -> None:
    network, picture = load(f"weights/{name}.npz"), render(SEVEN)
    assert np.allclose(
        gradient(network, picture, (7, 1)), -gradient(network, picture, (1, 7)), atol=1e-4
    )


@pytest.mark.parametrize("name", READERS)
def test_occlusion_is_the_exact_difference_that_some_pixels_make(name: str) -> None:
    network, picture = load(f"weights/{name}.npz"), render(FIVE)
    effects, wanted = occlusion(network, picture, (5, 3)), np.zeros((28, 28))
    whole = float(difference(network, picture[None], (5, 3))[0])
    for row in range(28):
        for column in range(28):
            around = slice(max(0, row - PATCH // 2), row + PATCH // 2 + 1)
            beside = slice(max(0, column - PATCH // 2), column + PATCH // 2 + 1)
            less = picture.copy()
            less[around, beside] = 0
            if (less != picture).any():
                wanted[row, column] = whole - difference(network, less[None], (5, 3))[0]
    assert np.allclose(effects, wanted, atol=2e-3)
    assert np.abs(effects).max() > 0.1


def test_paper_alone_has_no_occlusion() -> None:
    network = load("weights/lenet.npz")
    assert not occlusion(network, np.zeros((28, 28), np.float32), (7, 1)).any()


def ranks(values: Array) -> Array:
    return values.argsort(kind="stable").argsort().astype(float)


def mean_rank_correlation(show: Map, one: Network, other: Network) -> float:
    """Spearman's, of signed values over the pixels with ink, as the mean of twenty drawings."""
    found = []
    for _, strokes in twenty_drawings():
        picture = render(strokes)
        second, first = one.predict(picture).argsort()[-2:].tolist()
        shown = [show(network, picture, (first, second)) for network in (one, other)]
        found.append(np.corrcoef([ranks(values[picture > 0]) for values in shown])[0, 1])
    return float(np.mean(found))


@pytest.mark.parametrize("show", [gradient, occlusion], ids=lambda show: show.__name__)
@pytest.mark.parametrize("name", ["lenet", "lenet5-1998"])
def test_a_map_changes_with_the_weights_far_more_than_with_the_seed(name: str, show: Map) -> None:
    one, other = trained(name, 1), trained(name, 2)
    of_seeds = mean_rank_correlation(show, one, other)
    of_random = [mean_rank_correlation(show, one, build(name, seed)) for seed in (11, 12)]
    assert of_seeds > 0.1
    assert max(map(abs, of_random)) < WELL_BELOW * of_seeds, f"{of_random}, seeds {of_seeds}"
