"""Training: epochs of distorted batches, a schedule, and checkpoints that can be continued.

All chance comes from the seed: the order of epoch e from (seed, e), how the examples of its step
s look from (seed, e, s, shard). So a run that was interrupted and resumed ends with exactly the
bytes of one that was not, a checkpoint needs no state of a generator, and any number of processes
may share the work (model/training/workers.py).
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from model.card import Epoch, Thresholds
from model.data.examples import Examples
from model.data.ink_files import Sample
from model.evaluation.decision import fit_temperature, fit_thresholds
from model.evaluation.ink_metrics import labels_of, pictures_of
from model.evaluation.metrics import compute_metrics
from model.fast.flat import flatten, weights_and_biases
from model.frames import SIDE
from model.network import Network
from model.recipes import Recipe
from model.training.optimizers import SDLM, optimizer_named
from model.training.schedules import SCHEDULES
from model.training.workers import Table, Team, shards_of
from model.types import Array, Arrays
from model.weights import load_arrays, save_arrays

CURVATURE_IMAGES = 500  # on which SDLM estimates the curvature before each pass
FIRST_ESTIMATES = 125  # steps after which, in the first pass, it estimates anew; then twice as many
CURVE_POINTS = 20  # in an epoch


@dataclass
class Sums:
    """What has been learnt since some moment: examples seen, their summed loss, the digits among
    them, and those of these that were read right."""

    seen: int = 0
    loss: float = 0.0
    digits: int = 0
    hits: int = 0

    def add(self, seen: int, loss: float, digits: int, hits: int) -> None:
        self.seen += seen
        self.loss += loss
        self.digits += digits
        self.hits += hits

    def means(self) -> tuple[float, float]:
        """Loss and accuracy."""
        return self.loss / self.seen, self.hits / max(self.digits, 1)


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
    """One run: a network, its examples and a recipe, advanced batch by batch.

    validation: images (N, 28, 28) and labels (N,) that are read after each epoch and never
                learnt from
    workers:    processes that share each batch; the result is the same for any number of them
    """

    def __init__(
        self,
        network: Network,
        examples: Examples,
        validation: tuple[Array, Array],
        recipe: Recipe,
        workers: int = 1,
    ) -> None:
        self.network, self.examples, self.recipe = network, examples, recipe
        self.validation = validation
        self.optimizer = optimizer_named(recipe.optimizer, recipe.weight_decay)
        self.progress = Progress()
        self.history: list[Epoch] = []
        self.curve: list[tuple[int, float, float]] = []  # step of the run, loss, accuracy
        shards = shards_of(recipe.batch_size)
        self.parameters = network.flatten()
        self.table = Table(network.parameters, shards, min(workers, shards))
        self.team = Team(self.table, Colleague(network, examples, recipe))

    @property
    def steps(self) -> int:
        """Batches in an epoch; the last one may be smaller."""
        return -(-len(self.examples) // self.recipe.batch_size)

    def batches(self) -> Iterator[Progress]:
        """Learn what is left of this epoch, a batch for each turn of the loop."""
        self.team.begin((self.progress, self._arrays()))
        try:
            yield from self.steps_left()
        finally:
            if self.progress.step < self.steps:  # the caller left early
                self.team.dismiss()

    def steps_left(self) -> Iterator[Progress]:
        """The same in one process of the team: it learns its own shards of every batch."""
        rng = np.random.default_rng([self.recipe.seed, self.progress.epoch])
        order = rng.permutation(len(self.examples))
        while self.progress.step < self.steps:
            if isinstance(self.optimizer, SDLM) and self._curvature_is_due():
                some, _ = self.examples.draw(order[-CURVATURE_IMAGES:], rng)
                curvature = flatten(self.network.curvature(some))
                self.optimizer.estimate(weights_and_biases(curvature, self.table.shapes))
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
        shards = np.array_split(chosen, shards_of(len(chosen)))
        for shard in range(self.table.rank, len(shards), self.table.workers):
            self._learn_shard(shard, shards[shard], len(shards[shard]) / len(chosen))
        gradients, sums = self.table.add_up(len(shards))
        share = SCHEDULES[recipe.schedule](now.epoch + now.step / self.steps, recipe.epochs)
        self.optimizer.step(self.parameters, gradients, recipe.rate * share)
        loss, digits, hits = sums.tolist()
        now.step += 1
        for since in (now.whole, now.recent):
            since.add(len(chosen), loss, int(digits), int(hits))
        if now.step % max(1, self.steps // CURVE_POINTS) == 0:
            self.curve.append((now.epoch * self.steps + now.step, *now.recent.means()))
            now.recent = Sums()

    def _learn_shard(self, shard: int, chosen: Array, share: float) -> None:
        now = self.progress
        rng = np.random.default_rng([self.recipe.seed, now.epoch, now.step, shard])
        pictures, targets = self.examples.draw(chosen, rng)
        loss, gradients, probabilities = self.network.loss_and_gradients(pictures, targets)
        digits = targets.max(axis=0) > 0.5
        hits = targets[probabilities.argmax(axis=0), np.arange(len(chosen))] > 0.5
        sums = loss * len(chosen), digits.sum(), hits.sum()
        self.table.lay(shard, share, gradients, sums)

    def finish_epoch(self) -> Epoch:
        """Read the validation part, add a row to the history and go on to the next epoch."""
        now = self.progress
        images, labels = self.validation
        answers = self.network.predict(images).argmax(axis=1)
        loss, accuracy = now.whole.means()
        validation_accuracy = float((answers == labels).mean())
        row = Epoch(
            epoch=now.epoch + 1,
            loss=loss,
            accuracy=accuracy,
            validation_accuracy=validation_accuracy,
        )
        self.history.append(row)
        self.progress = Progress(epoch=now.epoch + 1, recent=now.recent)
        return row

    def record(self) -> dict[str, Any]:
        """Loss and accuracy by step and by epoch, for `weights/<name>.history.json`."""
        return {"steps_per_epoch": self.steps, "steps": self.curve, "epochs": self.history}

    def calibrate(self, digits: Sequence[Sample] = (), like: Network | None = None) -> None:
        """Find temperature and thresholds, and measure on the validation images.

        digits: drawings for validation; for the thresholds they count as much as all images
        like:   a network that was trained alike, on fewer writers, whose two are then taken: what
                was learnt from all writers can be calibrated by none of them
        """
        card, head = self.network.card, self.network.head
        if like:
            card.temperature, card.thresholds = like.card.temperature, like.card.thresholds
            card.calibration = like.card.ink_validation
        else:
            card.temperature, card.thresholds = self._fitted(digits)
        head.temperature = card.temperature
        images, labels = self.validation
        card.validation = compute_metrics(self.network.predict(images), labels)

    def _fitted(self, digits: Sequence[Sample]) -> tuple[float, Thresholds]:
        sets = [self.validation]
        if digits:
            strokes = [digit.strokes for digit in digits]
            sets.append((pictures_of(strokes, self.network.card.frame), labels_of(digits)))
        read = [(self.network.logits(images), labels) for images, labels in sets]
        logits, labels = (np.concatenate(parts, axis=-1) for parts in zip(*read, strict=True))
        head = copy(self.network.head)
        head.temperature = fit_temperature(head, logits, labels)
        return head.temperature, fit_thresholds(
            *[head.probabilities_with_reject(some).T for some, _ in read]
        )

    def save(self, path: Path) -> None:
        """Write a checkpoint: everything that the rest of the run depends on."""
        save_arrays(
            path,
            self._arrays(),
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
        self.set_arrays(arrays)
        progress = card["progress"]
        whole, recent = Sums(**progress["whole"]), Sums(**progress["recent"])
        self.progress = Progress(progress["epoch"], progress["step"], whole, recent)
        self.history = card["history"]
        self.curve = [(step, loss, accuracy) for step, loss, accuracy in card["curve"]]

    def _arrays(self) -> Arrays:
        """The parameters and what the optimizer remembers, by name."""
        arrays: Arrays = {f"network.{k}": a for k, a in self.network.parameters.items()}
        return arrays | {f"optimizer.{k}": a for k, a in self.optimizer.state.items()}

    def set_arrays(self, arrays: Arrays) -> None:
        """Continue from what `_arrays` gave."""
        for key, parameter in self.network.parameters.items():
            parameter[...] = arrays[f"network.{key}"]
        self.optimizer.state = {
            key.removeprefix("optimizer."): array
            for key, array in arrays.items()
            if key.startswith("optimizer.")
        }

    def _identity(self) -> dict[str, Any]:
        """What a checkpoint must agree on to be continued."""
        return {
            "model": self.network.name,
            "dataset": self.network.card.dataset,
            "examples": len(self.examples),
            "optimizer_state": "weights and biases",  # as two arrays: see model/fast/flat.py
        } | asdict(self.recipe)


@dataclass(frozen=True)
class Colleague:
    """What another process of the team does for each epoch: the same steps, its own shards."""

    network: Network
    examples: Examples
    recipe: Recipe

    def __call__(self, table: Table, state: tuple[Progress, Arrays]) -> None:
        nothing = np.empty((0, SIDE, SIDE), np.uint8), np.empty(0, np.uint8)
        training = Training(self.network, self.examples, nothing, self.recipe)
        training.table = table
        training.progress, arrays = state
        training.set_arrays(arrays)
        for _ in training.steps_left():
            pass
