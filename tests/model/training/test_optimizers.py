"""Optimizers against their published rules, worked by hand."""

import numpy as np
import pytest

from model.recipes import OPTIMIZERS
from model.training.optimizers import SDLM, SGD, Adam, optimizer_named
from model.training.schedules import constant, lecun_1998, warm_cosine


def start() -> dict[str, np.ndarray]:
    return {"a.weight": np.array([1.0, -2.0]), "a.bias": np.array([0.5])}


GRADIENTS = {"a.weight": np.array([0.3, -0.1]), "a.bias": np.array([2.0])}


def test_sgd_adds_a_velocity_that_remembers() -> None:
    optimizer, parameters = SGD(momentum=0.9), start()
    optimizer.step(parameters, GRADIENTS, rate=0.1)
    optimizer.step(parameters, GRADIENTS, rate=0.1)
    # v1 = -0.1 g, v2 = 0.9 v1 - 0.1 g, so the sum is -0.29 g
    for name, g in GRADIENTS.items():
        assert np.allclose(parameters[name], start()[name] - 0.29 * g)


def test_adam_follows_algorithm_1() -> None:
    optimizer, parameters, rate = Adam(0.9, 0.999), start(), 0.01
    for _ in range(3):
        optimizer.step(parameters, GRADIENTS, rate)
    for name, g in GRADIENTS.items():
        theta, m, v = start()[name], np.zeros_like(g), np.zeros_like(g)
        for t in (1, 2, 3):
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            theta = theta - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        assert np.allclose(parameters[name], theta)


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_weight_decay_shrinks_weights_and_spares_biases(name: str) -> None:
    optimizer, parameters = optimizer_named(name, weight_decay=0.5), start()
    nothing = {key: np.zeros_like(a) for key, a in parameters.items()}
    optimizer.step(parameters, nothing, rate=0.1)
    assert np.allclose(parameters["a.weight"], start()["a.weight"] * 0.95)
    assert np.array_equal(parameters["a.bias"], start()["a.bias"])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_find_the_bottom_of_a_bowl_and_keep_float32(name: str) -> None:
    optimizer = optimizer_named(name)
    parameters, curved = {"w": np.array([3, -4], np.float32)}, np.array([1, 5], np.float32)
    if isinstance(optimizer, SDLM):
        optimizer.estimate({"w": curved})
    for step in range(400):
        rate = 0.1 * warm_cosine(step, 400)
        optimizer.step(parameters, {"w": parameters["w"] * curved}, rate)
    assert np.abs(parameters["w"]).max() < 0.01
    assert parameters["w"].dtype == np.float32


def test_sdlm_divides_each_step_by_its_own_curvature() -> None:
    optimizer, parameters = SDLM(mu=0.5), start()
    optimizer.estimate({"a.weight": np.array([0.5, 1.5]), "a.bias": np.array([0.0])})
    optimizer.step(parameters, GRADIENTS, rate=0.1)
    assert np.allclose(parameters["a.weight"], [1 - 0.1 * 0.3 / 1, -2 + 0.1 * 0.1 / 2])
    assert np.allclose(parameters["a.bias"], [0.5 - 0.1 * 2 / 0.5])


def test_a_wrong_name_lists_the_right_ones() -> None:
    with pytest.raises(ValueError, match=r"adagrad.*sgd, momentum, adam, sdlm"):
        optimizer_named("adagrad")


def test_the_warm_cosine_rises_to_one_and_falls_to_zero() -> None:
    assert warm_cosine(0, 200) == 0
    assert warm_cosine(6, 200) == pytest.approx(1)
    assert warm_cosine(103, 200) == pytest.approx(0.5)
    assert warm_cosine(200, 200) == pytest.approx(0)
    assert constant(7, 20) == 1


def test_the_schedule_of_1998_has_the_papers_rates_by_pass() -> None:
    rates = [0.0005 * lecun_1998(done, 20) for done in range(20)]
    paper = [0.0005] * 2 + [0.0002] * 3 + [0.0001] * 3 + [0.00005] * 4 + [0.00001] * 8
    assert rates == pytest.approx(paper)
    assert lecun_1998(1.99, 20) == 1
