"""A loss that is no finite number ends the training, in every process, and says what to try."""

from typing import Any

import numpy as np
import pytest

from model.training.progress import DivergedError
from tests.model.training.test_trainer import run, started

SETTINGS: dict[str, Any] = {"schedule": "constant", "rate": 1e30, "batch_size": 64}
SETTINGS["optimizer"] = "sgd"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("examples", "place"),
    [(90, "step 2: found loss nan"), (60, "its end: found weights that are not finite")],
)
def test_the_first_loss_that_is_not_finite_ends_the_training(
    capfd: pytest.CaptureFixture[str], workers: int, examples: int, place: str
) -> None:
    training = started(n=examples, workers=workers, **SETTINGS)
    with np.errstate(all="ignore"), pytest.raises(DivergedError) as refusal:
        run(training)
    wanted = f"epoch 1, {place}; the training diverges: try a --rate below 1e+30"
    assert str(refusal.value) == wanted
    training.pool.stop()
    assert capfd.readouterr().err == ""


def test_the_processes_are_stopped_within_an_epoch_that_diverges() -> None:
    training = started(workers=2, **SETTINGS)
    with np.errstate(all="ignore"), pytest.raises(DivergedError):
        run(training)
    assert training.pool.workers == []
