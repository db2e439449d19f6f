"""Whether a run can continue from what a checkpoint holds.

A checkpoint has checksums, so damage is found by them. This is for files that somebody has changed.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from model.array_file import Shape, misfit
from model.card import Epoch
from model.snapshots import parameter_count
from model.training.optimizers import state_after_steps
from model.training.progress import Progress

if TYPE_CHECKING:
    from model.training.trainer import Training


def fault_of(training: "Training", shapes: Mapping[str, Shape], state: Any) -> str | None:
    """Why a training cannot continue from arrays of these shapes and this state, or None."""
    row = Epoch(epoch=1, loss=0.0, accuracy=0.0, validation_accuracy=0.0)
    like = {"progress": asdict(Progress()), "history": [row], "curve": [(0, 0.0, 0.0)]}
    wanted = {f"network.{key}": array for key, array in training.network.parameters.items()}
    if training.snapshots is not None:
        like["snapshots"] = [{"epoch": 0.0, "loss": 0.0, "accuracy": 0.0}]
    if fault := other_form(state, like):
        return fault
    epoch, step = state["progress"]["epoch"], state["progress"]["step"]
    examples = state["progress"]["epoch_means"]["examples"]
    possible = (
        0 <= epoch <= training.recipe.epochs
        and 0 <= step <= training.steps_per_epoch
        and len(state["history"]) == epoch
        and examples == min(step * training.recipe.batch_size, len(training.examples))
    )
    if not possible:
        return (
            f"found epoch {epoch} of {training.recipe.epochs}, step {step} of "
            f"{training.steps_per_epoch} with {examples} examples and {len(state['history'])} rows "
            "of history, which do not go together"
        )
    optimizer = training.optimizer.state
    if epoch or step:
        optimizer = state_after_steps(training.recipe.optimizer, training.parameters)
    wanted |= {f"optimizer.{key}": array for key, array in optimizer.items()}
    if training.snapshots is not None:
        taken, count = len(state["snapshots"]), parameter_count(training.network)
        wanted["snapshots"] = np.empty((taken, count), np.float16)
    return misfit(shapes, wanted)


def other_steps(training: "Training") -> str | None:
    """Where the optimizer has counted other steps than the run, or None."""
    now, counted = training.progress, training.optimizer.state.get("steps")
    done = now.epoch * training.steps_per_epoch + now.step
    if counted is None or counted[0] == done:
        return None
    return f"found {counted[0]:g} steps of the optimizer, wanted {done}"


def other_form(found: Any, like: Any, name: str = "state") -> str | None:
    """Where parsed JSON is of another form than `like`, None where it is not.

    like: an object, whose keys are wanted; a list, each item of which is like its only one; a
          tuple, for a list of as many items; or a number, for a finite one of its type
    """
    parts: list[tuple[Any, Any, str]] = []
    if isinstance(like, dict):
        fits = isinstance(found, dict) and found.keys() == like.keys()
        parts = [(found[key], like[key], f"{name}.{key}") for key in like] if fits else []
    elif isinstance(like, list | tuple):
        wanted = len(like) if isinstance(like, tuple) else None
        fits = isinstance(found, list) and wanted in (None, len(found))
        items = zip(found, itertools.cycle(like), strict=False) if fits else ()
        parts = [(item, other, f"{name}[{i}]") for i, (item, other) in enumerate(items)]
    else:
        fits = type(found) in (int, type(like)) and abs(found) < math.inf
    if not fits:
        return f"{name} is {found!r:.40}, wanted the like of {like!r:.80}"
    return next(filter(None, (other_form(*part) for part in parts)), None)
