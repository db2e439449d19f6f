"""Training on a small made set: accuracy rises, and all randomness comes from the seed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.data.examples import Images
from model.ink import render
from model.network import Network
from model.recipes import Recipe
from model.training.checkpoint import ResumeError
from model.training.schedules import warm_cosine
from model.training.trainer import CURVATURE_IMAGES, Training
from model.types import Array, Arrays
from model.variants import build
from tests.strokes import ONE, ZERO

SHAPES = {0: ZERO, 1: ONE}
RATES = {"sgd": 0.05, "adam": 0.005, "momentum": 0.02, "sdlm": 0.002}


def made_set(n: int, seed: int) -> tuple[Array, Array]:
    """Noisy zeros and ones: images (n, 28, 28) uint8, labels (n,)."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    pictures = [
        render([np.array(stroke) + rng.normal(0, 4, (len(stroke), 2)) for stroke in SHAPES[label]])
        for label in labels
    ]
    return np.round(np.array(pictures) * 255).astype(np.uint8), labels.astype(np.uint8)


def started(
    epochs: int = 2,
    seed: int = 1,
    optimizer: str = "adam",
    n: int = 90,
    batch_size: int = 16,
    workers: int = 1,
    **options: Any,
) -> Training:
    images, labels = made_set(n, seed=0)
    values: dict[str, Any] = {"schedule": "warm-cosine", "rate": RATES[optimizer], "seed": seed}
    recipe = Recipe(epochs, batch_size, optimizer, **values | options)
    examples = Images(images, labels, recipe.augment)
    network, validation = build("lenet", seed), made_set(40, seed=9)
    return Training(network, examples, validation, recipe, workers)


def run(training: Training) -> Training:
    while training.progress.epoch < training.recipe.epochs:
        for _ in training.batches():
            pass
        training.finish_epoch()
    return training


def run_steps(training: Training, steps: int) -> Training:
    """Train for so many steps, then stop, also within an epoch."""
    while steps:
        for _ in training.batches():
            steps -= 1
            if not steps:
                break
        else:
            training.finish_epoch()
    return training


def weights(training: Training) -> bytes:
    return b"".join(a.tobytes() for a in training.network.parameters.values())


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "sdlm"])
def test_a_network_learns_to_tell_two_digits_apart(optimizer: str) -> None:
    training = run(started(epochs=4, optimizer=optimizer))
    assert training.history[-1]["validation_accuracy"] > 0.95
    assert training.history[-1]["loss"] < training.history[0]["loss"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert weights(run(started(seed=1))) == weights(run(started(seed=1)))
    assert weights(run(started(seed=1))) != weights(run(started(seed=2)))


def test_a_step_goes_down_the_mean_gradient_of_a_batch_of_unequal_pieces() -> None:
    training = started(
        optimizer="sgd", n=170, batch_size=165, schedule="constant", rate=0.5, augment=False
    )
    before = {name: a.copy() for name, a in training.network.parameters.items()}
    chosen = np.random.default_rng([1, 0]).permutation(170)[:165]
    images, targets = training.examples.draw(chosen, np.random.default_rng(0))
    loss, gradients, _ = training.network.loss_and_gradients(images, targets)
    gradients = {name: g.copy() for name, g in gradients.items()}
    now = next(training.batches())
    assert now.epoch_means.loss == pytest.approx(loss, rel=1e-5)
    for name, w in training.network.parameters.items():
        assert w == pytest.approx(before[name] - 0.5 * gradients[name], abs=1e-6)


def test_the_learning_rate_follows_the_schedule_within_an_epoch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training, rates = started(epochs=2, n=48, batch_size=16), []
    monkeypatch.setattr(
        training.optimizer, "step", lambda parameters, gradients, rate: rates.append(rate)
    )
    run(training)
    assert rates == pytest.approx([0.005 * warm_cosine(step / 3, 2) for step in range(6)])


def test_every_epoch_has_its_own_order_and_its_own_distortions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[tuple[Array, Array]] = []
    draw = Images.draw

    def recording(self: Images, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        pictures, targets = draw(self, chosen, rng)
        drawn.append((chosen, pictures))
        return pictures, targets

    monkeypatch.setattr(Images, "draw", recording)
    run(started(epochs=2, n=48, batch_size=16))
    orders = [np.concatenate([chosen for chosen, _ in drawn[i : i + 3]]) for i in (0, 3)]
    pictures = [np.concatenate([pictures for _, pictures in drawn[i : i + 3]]) for i in (0, 3)]
    assert all(sorted(order) == list(range(48)) for order in orders)
    assert orders[0].tolist() != orders[1].tolist()
    same_image = [pictures[i][orders[i] == 0][0] for i in (0, 1)]
    assert not np.array_equal(*same_image)


def test_the_curvature_is_estimated_before_each_epoch_and_more_often_in_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training, estimates = started(epochs=2, optimizer="sdlm", n=260, batch_size=1), []
    curvature = Network.curvature

    def recording(self: Network, batch: Array) -> Arrays:
        now = training.progress
        estimates.append((now.epoch, now.step, len(batch), training.optimizer.state))
        return curvature(self, batch[:20])

    monkeypatch.setattr(Network, "curvature", recording)
    run(training)
    assert [row[:2] for row in estimates] == [(0, 0), (0, 125), (0, 250), (1, 0)]
    assert {row[2] for row in estimates} == {260}  # all training images, of 500
    states = [row[3]["all.weight"].tobytes() for row in estimates[1:]]
    assert len({*states, training.optimizer.state["all.weight"].tobytes()}) == 4
    assert CURVATURE_IMAGES == 500


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "sdlm"])
@pytest.mark.parametrize("stop_after", [1, 4, 6, 9])
def test_a_run_interrupted_anywhere_and_resumed_ends_with_the_same_bytes(
    tmp_path: Path, optimizer: str, stop_after: int
) -> None:
    whole = run(started(optimizer=optimizer))
    run_steps(started(optimizer=optimizer), stop_after).save(tmp_path / "checkpoint.npz")
    second = started(optimizer=optimizer)
    second.restore(tmp_path / "checkpoint.npz")
    run(second)
    assert weights(second) == weights(whole)
    assert second.record() == whole.record()


def test_a_run_resumed_between_two_estimates_of_the_curvature_ends_with_the_same_bytes(
    tmp_path: Path,
) -> None:
    def long() -> Training:
        return started(epochs=1, optimizer="sdlm", n=130, batch_size=1)

    run_steps(long(), 120).save(tmp_path / "checkpoint.npz")
    second = long()
    second.restore(tmp_path / "checkpoint.npz")
    assert weights(run(second)) == weights(run(long()))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"seed": 2}, "found a run with seed 1, wanted seed 2"),
        ({"epochs": 3}, "found a run with epochs 2, wanted epochs 3"),
        ({"optimizer": "momentum"}, "optimizer adam, rate 0.005, wanted optimizer momentum, rate"),
        ({"augment": False}, "found a run with augment True, wanted augment False"),
        ({"n": 80}, "found a run with examples 90, wanted examples 80"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused_by_name(
    tmp_path: Path, options: dict[str, Any], named: str
) -> None:
    started().save(tmp_path / "checkpoint.npz")
    other = started(**options)
    before = weights(other)
    with pytest.raises(ResumeError, match=rf"{named}.*same options and files"):
        other.restore(tmp_path / "checkpoint.npz")
    assert weights(other) == before


def test_a_checkpoint_of_another_network_or_other_validation_images_is_refused(
    tmp_path: Path,
) -> None:
    first = started()
    first.save(tmp_path / "checkpoint.npz")
    examples, recipe = first.examples, first.recipe
    other = Training(build("lenet-tanh", 1), examples, made_set(30, seed=9), recipe)
    with pytest.raises(ResumeError, match=r"model lenet, validation images 40, wanted model"):
        other.restore(tmp_path / "checkpoint.npz")


def test_every_image_is_trained_on_once_an_epoch_with_a_smaller_last_batch() -> None:
    training = started(n=90)
    assert training.steps_per_epoch == 6  # 5 × 16 + 10
    counts = [progress.epoch_means.examples for progress in training.batches()]
    assert counts == [16, 32, 48, 64, 80, 90]


def test_the_learning_curve_has_twenty_points_an_epoch_each_over_its_own_steps() -> None:
    training = run(started(epochs=2, n=80, batch_size=2))
    assert [step for step, _, _ in training.curve] == list(range(2, 81, 2))
    for epoch, row in enumerate(training.history):
        points = training.curve[20 * epoch : 20 * epoch + 20]
        assert np.mean([loss for _, loss, _ in points]) == pytest.approx(row["loss"])
        assert np.mean([right for _, _, right in points]) == pytest.approx(row["accuracy"])


def test_the_history_counts_epochs_from_one_and_measures_on_the_validation_images() -> None:
    training = run(started())
    images, labels = training.validation
    accuracy = (training.network.predict(images).argmax(axis=1) == labels).mean()
    assert [row["epoch"] for row in training.history] == [1, 2]
    assert training.history[-1]["validation_accuracy"] == accuracy
    assert training.record()["steps_per_epoch"] == 6
