"""Training: epochs of distorted batches, a schedule, and checkpoints that can be continued.

All chance comes from the seed: the order of epoch e from (seed, e), the distortion of its
step s from (seed, e, s). So a run that was interrupted and resumed ends with exactly the bytes
of one that was not, and a checkpoint needs no state of a generator.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from model.augment import distort
from model.heads import one_hot
from model.metrics import report
from model.network import Network, floats
from model.optimizers import SDLM, optimizer_named
from model.recipes import Recipe
from model.schedules import SCHEDULES
from model.types import Array, Arrays
from model.verdict import fit_temperature, fit_thresholds
from model.weights import load_arrays, save_arrays

CURVATURE_IMAGES = 500  # on which SDLM estimates the curvature before each pass
FIRST_ESTIMATES = 125  # steps after which, in the first pass, it estimates anew; then twice as many
CURVE_POINTS = 20  # in an epoch


@dataclass
class Sums:
    """What has been learnt since some moment: images seen, their summed loss, those read right."""

    seen: int = 0
    loss: float = 0.0
    hits: int = 0

    def add(self, seen: int, mean_loss: float, hits: int) -> None:
        self.seen += seen
        self.loss += mean_loss * seen
        self.hits += hits

    def means(self) -> tuple[float, float]:
        """Loss and accuracy."""
        return self.loss / self.seen, self.hits / self.seen


@dataclass
class Progress:
    """How far a run is: `step` steps of epoch `epoch` are done."""

    epoch: int = 0
    step: int = 0
    whole: Sums = field(default_factory=Sums)  # of this epoch
    recent: Sums = field(default_factory=Sums)  # since the last point of the curve


class ResumeError(ValueError):
    """A checkpoint that does not belong to this run."""


class Training:
    """One run: a network, its images and a recipe, advanced batch by batch.

    images (N, 28, 28) uint8, labels (N,); validation is another such pair that is read after
    each epoch and never learnt from.
    """

    def __init__(
        self,
        network: Network,
        images: Array,
        labels: Array,
        validation: tuple[Array, Array],
        recipe: Recipe,
    ) -> None:
        self.network, self.recipe = network, recipe
        self.images, self.labels, self.validation = images, labels, validation
        self.optimizer = optimizer_named(recipe.optimizer, recipe.weight_decay)
        self.progress = Progress()
        self.history: list[dict[str, float]] = []  # a row for each epoch
        self.curve: list[tuple[int, float, float]] = []  # step of the run, loss, accuracy

    @property
    def steps(self) -> int:
        """Batches in an epoch; the last one may be smaller."""
        return -(-len(self.images) // self.recipe.batch_size)

    def batches(self) -> Iterator[Progress]:
        """Learn what is left of this epoch, a batch for each turn of the loop."""
        rng = np.random.default_rng([self.recipe.seed, self.progress.epoch])
        order = rng.permutation(len(self.images))
        while self.progress.step < self.steps:
            if isinstance(self.optimizer, SDLM) and self._curvature_is_due():
                some = self.images[order[-CURVATURE_IMAGES:]]
                self.optimizer.estimate(self.network.curvature(some))
            start = self.progress.step * self.recipe.batch_size
            self._learn(order[start : start + self.recipe.batch_size])
            yield self.progress

    def _curvature_is_due(self) -> bool:
        """Before each pass; and during the first, in which it grows, after 125, 250, 500 … steps.

        The paper estimates before each pass only, "since the second-order properties of the error
        surface change rather slowly" (appendix C). From its first weights they do not.
        """
        now = self.progress
        doublings, rest = divmod(now.step, FIRST_ESTIMATES)
        return now.step == 0 or (now.epoch == 0 and rest == 0 and doublings & (doublings - 1) == 0)

    def _learn(self, chosen: Array) -> None:
        now, recipe = self.progress, self.recipe
        batch = self.images[chosen]
        if recipe.augment:
            rng = np.random.default_rng([recipe.seed, now.epoch, now.step])
            batch = distort(floats(batch), rng)
        labels = self.labels[chosen]
        loss, gradients, probabilities = self.network.learn(batch, one_hot(labels))
        share = SCHEDULES[recipe.schedule](now.epoch + now.step / self.steps, recipe.epochs)
        self.optimizer.step(self.network.parameters, gradients, recipe.rate * share)
        hits = int((probabilities.argmax(axis=0) == labels).sum())
        now.step += 1
        now.whole.add(len(chosen), loss, hits)
        now.recent.add(len(chosen), loss, hits)
        if now.step % max(1, self.steps // CURVE_POINTS) == 0:
            self.curve.append((now.epoch * self.steps + now.step, *now.recent.means()))
            now.recent = Sums()

    def finish_epoch(self) -> dict[str, float]:
        """Read the validation part, add a row to the history and go on to the next epoch."""
        now = self.progress
        images, labels = self.validation
        answers = self.network.predict(images).argmax(axis=1)
        loss, accuracy = now.whole.means()
        row = {
            "epoch": now.epoch + 1,
            "loss": loss,
            "accuracy": accuracy,
            "validation_accuracy": float((answers == labels).mean()),
        }
        self.history.append(row)
        self.progress = Progress(epoch=now.epoch + 1, recent=now.recent)
        return row

    def record(self) -> dict[str, Any]:
        """Loss and accuracy by step and by epoch, for `weights/<name>.history.json`."""
        return {"steps_per_epoch": self.steps, "steps": self.curve, "epochs": self.history}

    def calibrate(self) -> None:
        """Fit temperature and thresholds on the validation part; measure there and on the rest."""
        images, labels = self.validation
        logits = self.network.logits(images)
        card, head = self.network.card, self.network.head
        card["temperature"] = head.temperature = fit_temperature(logits, labels)
        probabilities = self.network.predict(images)
        card["thresholds"] = fit_thresholds(probabilities)
        card["validation"] = report(probabilities, labels)
        answers = self.network.predict(self.images).argmax(axis=1)
        card["training_accuracy"] = float((answers == self.labels).mean())

    def save(self, path: Path) -> None:
        """Write a checkpoint: everything that the rest of the run depends on."""
        arrays: Arrays = {f"network.{k}": a for k, a in self.network.parameters.items()}
        arrays |= {f"optimizer.{k}": a for k, a in self.optimizer.state.items()}
        save_arrays(
            path,
            arrays,
            self._identity()
            | {"progress": asdict(self.progress), "history": self.history, "curve": self.curve},
        )

    def restore(self, path: Path) -> None:
        """Continue where `save` left off; ResumeError for no checkpoint or another run's."""
        if not path.exists():
            raise ResumeError(f"{path}: no unfinished run there; leave out --resume to begin one")
        arrays, card = load_arrays(path)
        for key, wanted in self._identity().items():
            if card.get(key) != wanted:
                raise ResumeError(
                    f"{path}: found a run with {key} {card.get(key)}, wanted {wanted}; "
                    "give the same options as before, or leave out --resume to begin anew"
                )
        for key, parameter in self.network.parameters.items():
            parameter[...] = arrays[f"network.{key}"]
        self.optimizer.state = {
            key.removeprefix("optimizer."): array
            for key, array in arrays.items()
            if key.startswith("optimizer.")
        }
        progress = card["progress"]
        whole, recent = Sums(**progress["whole"]), Sums(**progress["recent"])
        self.progress = Progress(progress["epoch"], progress["step"], whole, recent)
        self.history = card["history"]
        self.curve = [(step, loss, accuracy) for step, loss, accuracy in card["curve"]]

    def _identity(self) -> dict[str, Any]:
        """What a checkpoint must agree on to be continued."""
        return {
            "model": self.network.name,
            "dataset": self.network.card.get("dataset"),
            "images": len(self.labels),
        } | asdict(self.recipe)
