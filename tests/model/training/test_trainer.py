"""Training on a small made set: it learns, and chance never enters but through the seed."""

from pathlib import Path

import numpy as np
import pytest

from model.data.examples import Images
from model.ink import render
from model.recipes import Recipe
from model.training.trainer import ResumeError, Training
from model.types import Array
from model.variants import build
from tests.strokes import ONE, ZERO

SHAPES = {0: ZERO, 1: ONE}
RATES = {"adam": 0.005, "momentum": 0.02, "sdlm": 0.002}


def made_set(n: int, seed: int) -> tuple[Array, Array]:
    """Wobbly zeros and ones: images (n, 28, 28) uint8, labels (n,)."""
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
) -> Training:
    images, labels = made_set(n, seed=0)
    recipe = Recipe(epochs, batch_size, optimizer, "warm-cosine", RATES[optimizer], seed=seed)
    examples = Images(images, labels, recipe.augment)
    network, validation = build("lenet", seed), made_set(40, seed=9)
    return Training(network, examples, validation, recipe, workers)


def run(training: Training) -> Training:
    while training.progress.epoch < training.recipe.epochs:
        for _ in training.batches():
            pass
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


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "sdlm"])
@pytest.mark.parametrize("stop_after", [1, 4, 6, 9])
def test_a_run_interrupted_anywhere_and_resumed_ends_with_the_same_bytes(
    tmp_path: Path, optimizer: str, stop_after: int
) -> None:
    whole = run(started(optimizer=optimizer))

    first, done = started(optimizer=optimizer), 0
    while done < stop_after:
        for _ in first.batches():
            done += 1
            if done == stop_after:
                break
        else:
            first.finish_epoch()
    first.save(tmp_path / "checkpoint.npz")

    second = started(optimizer=optimizer)
    second.restore(tmp_path / "checkpoint.npz")
    run(second)
    assert weights(second) == weights(whole)
    assert second.record() == whole.record()


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    started(seed=1).save(tmp_path / "checkpoint.npz")
    for other in (started(seed=2), started(epochs=3), started(optimizer="momentum"), started(n=80)):
        before = weights(other)
        with pytest.raises(ResumeError, match=r"found .*, wanted .*same options"):
            other.restore(tmp_path / "checkpoint.npz")
        assert weights(other) == before


def test_every_image_is_learnt_once_in_an_epoch_also_in_a_smaller_last_batch() -> None:
    training = started(n=90)
    assert training.steps == 6  # 5 × 16 + 10
    seen = [progress.whole.seen for progress in training.batches()]
    assert seen == [16, 32, 48, 64, 80, 90]


def test_calibration_writes_temperature_thresholds_and_validation_metrics() -> None:
    training = run(started())
    training.calibrate()
    card = training.network.card.to_json()
    assert card["temperature"] == training.network.head.temperature > 0
    assert 0 < card["thresholds"]["unsure"] <= card["thresholds"]["digit"] <= 1
    assert card["validation"]["images"] == 40
