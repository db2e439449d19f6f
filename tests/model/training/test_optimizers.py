"""Optimizers compared with their published rules, computed by hand."""

import numpy as np
import pytest

from model.recipes import OPTIMIZERS
from model.training.optimizers import SDLM, SGD, Adam, optimizer_named
from model.training.schedules import warm_cosine
from model.types import Arrays


def start() -> Arrays:
    return {"a.weight": np.array([1.0, -2.0]), "a.bias": np.array([0.5])}


GRADIENTS: Arrays = {"a.weight": np.array([0.3, -0.1]), "a.bias": np.array([2.0])}


def test_sgd_without_momentum_steps_down_the_gradient_and_remembers_nothing() -> None:
    optimizer, parameters = optimizer_named("sgd"), start()
    optimizer.step(parameters, GRADIENTS, 0.1)
    assert np.allclose(parameters["a.weight"], [1 - 0.03, -2 + 0.01])
    optimizer.step(parameters, GRADIENTS, 0.2)
    assert np.allclose(parameters["a.weight"], [1 - 0.03 - 0.06, -2 + 0.01 + 0.02])


def test_momentum_adds_nine_tenths_of_the_last_velocity() -> None:
    optimizer, parameters = optimizer_named("momentum"), start()
    optimizer.step(parameters, GRADIENTS, 0.1)
    optimizer.step(parameters, GRADIENTS, 0.1)
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
        assert np.allclose(parameters[name], theta, rtol=1e-12)


def test_the_epsilon_of_adam_halves_the_first_step_for_a_gradient_of_its_size() -> None:
    parameters: Arrays = {"w": np.zeros(1)}
    Adam().step(parameters, {"w": np.array([1e-8])}, 0.01)
    assert parameters["w"] == pytest.approx(-0.01 / 2)


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_weight_decay_shrinks_weights_and_spares_biases(name: str) -> None:
    optimizer, parameters = optimizer_named(name, weight_decay=0.5), start()
    zeros = {key: np.zeros_like(a) for key, a in parameters.items()}
    optimizer.step(parameters, zeros, 0.1)
    assert np.allclose(parameters["a.weight"], start()["a.weight"] * 0.95)
    assert np.array_equal(parameters["a.bias"], start()["a.bias"])


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_weight_decay_is_decoupled_from_the_gradient(name: str) -> None:
    plain, decaying = optimizer_named(name), optimizer_named(name, weight_decay=0.5)
    expected, parameters = start(), start()
    for _ in range(2):
        before = {key: a.copy() for key, a in expected.items()}
        plain.step(expected, GRADIENTS, 0.1)
        step = expected["a.weight"] - before["a.weight"]
        shrunk = parameters["a.weight"] * 0.95
        decaying.step(parameters, GRADIENTS, 0.1)
        assert np.allclose(parameters["a.weight"], shrunk + step)
    assert all(np.array_equal(plain.state[key], decaying.state[key]) for key in plain.state)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_find_the_bottom_of_a_bowl_and_keep_float32(name: str) -> None:
    optimizer = optimizer_named(name)
    parameters, curvature = {"w": np.array([3, -4], np.float32)}, np.array([1, 5], np.float32)
    if isinstance(optimizer, SDLM):
        optimizer.estimate({"w": curvature})
    for step in range(400):
        rate = 0.1 * warm_cosine(step, 400)
        optimizer.step(parameters, {"w": parameters["w"] * curvature}, rate)
    assert np.abs(parameters["w"]).max() < 0.01
    assert parameters["w"].dtype == np.float32
    assert {a.dtype.name for key, a in optimizer.state.items() if key != "steps"} <= {"float32"}


def test_sdlm_divides_each_step_by_its_own_curvature() -> None:
    optimizer, parameters = SDLM(mu=0.5), start()
    optimizer.estimate({"a.weight": np.array([0.5, 1.5]), "a.bias": np.array([0.0])})
    optimizer.step(parameters, GRADIENTS, 0.1)
    assert np.allclose(parameters["a.weight"], [1 - 0.1 * 0.3 / 1, -2 + 0.1 * 0.1 / 2])
    assert np.allclose(parameters["a.bias"], [0.5 - 0.1 * 2 / 0.5])


def test_sdlm_has_the_mu_of_the_paper() -> None:
    assert SDLM().mu == 0.02


def test_the_curvature_is_due_before_each_epoch_and_after_doubling_steps_in_the_first() -> None:
    due = [[step for step in range(1100) if SDLM.is_estimate_due(epoch, step)] for epoch in (0, 1)]
    assert due == [[0, 125, 250, 500, 1000], [0]]


def test_a_new_optimizer_has_the_usual_constants() -> None:
    assert SGD().momentum == 0.9
    assert (Adam().beta1, Adam().beta2) == (0.9, 0.999)
    assert SGD().weight_decay == Adam().weight_decay == 0


def test_a_wrong_name_lists_the_right_ones() -> None:
    with pytest.raises(ValueError, match=r"adagrad.*sgd, momentum, adam, sdlm"):
        optimizer_named("adagrad")
