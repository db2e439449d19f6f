"""The training loop: batches of augmented examples, a learning-rate schedule, checkpoints.

All randomness comes from the seed. The order of an epoch depends on (seed, epoch), the
augmentation of a batch on (seed, epoch, step, rank of the process). So a checkpoint needs no
generator state, and an interrupted run that is resumed gives the same bytes as one without a break.
Several processes may share the work (model/training/workers.py). Another number of processes gives
other distortions and sums in another order, so it ends with other weights, as another seed does.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from model.card import Epoch
from model.data.examples import Examples
from model.fast.flat import flatten, weights_and_biases
from model.frames import SIDE
from model.network import Network
from model.nn.heads import one_hot
from model.recipes import Recipe
from model.snapshots import Snapshot, as_rows, from_rows, is_due, take_snapshot
from model.training.checkpoint import load_checkpoint, save_checkpoint
from model.training.optimizers import SDLM, optimizer_named
from model.training.pool import WorkerPool
from model.training.progress import DivergedError, Progress, RunningMeans
from model.training.resuming import fault_of, other_steps
from model.training.schedules import learning_rate
from model.training.workers import GradientBuffer
from model.types import Array, Arrays
from model.weights import WeightsError

CURVATURE_IMAGES = 500  # examples for one estimate of the curvature (SDLM)
CURVATURE_STREAM = 2**32 - 1  # in place of a rank in the seed; no process has this one
CURVE_POINTS_PER_EPOCH = 20  # of the learning curve


class Training:
    """One run: a network, its examples and a recipe, advanced batch by batch.

    validation: pictures (N, 28, 28) and labels (N,), −1 for no digit; they are read after each
                epoch and never trained on
    workers:    number of processes that share each batch; the same number gives the same bytes
    snapshots:  whether the network is kept as it is at some moments, see model/snapshots.py
    data:       what the examples were made from, ready for JSON; a checkpoint is refused where it
                differs, see `model.training.checkpoint.data_identity`
    """

    def __init__(
        self,
        network: Network,
        examples: Examples,
        validation: tuple[Array, Array],
        recipe: Recipe,
        workers: int = 1,
        snapshots: bool = False,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.network, self.examples, self.recipe = network, examples, recipe
        self.validation, self.data = validation, dict(data or {})
        self.optimizer = optimizer_named(recipe.optimizer, recipe.weight_decay)
        self.progress = Progress()
        self.history: list[Epoch] = []
        self.curve: list[tuple[int, float, float]] = []  # step of the run, loss, accuracy
        self.snapshots: list[Snapshot] | None = [] if snapshots else None
        self.parameters = network.flatten()
        self.buffer = GradientBuffer(network.parameters, min(workers, recipe.batch_size))
        self.pool = WorkerPool(self.buffer, Worker(network, examples, recipe))

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; the last one may be smaller."""
        return -(-len(self.examples) // self.recipe.batch_size)

    def batches(self) -> Iterator[Progress]:
        """Train on the rest of this epoch; yields after every batch.

        The worker processes are stopped if the caller leaves the loop early.
        """
        self.pool.start((self.progress, self._arrays()))
        try:
            if self.progress == Progress():
                self._take_snapshot()
            for now in self.training_loop():
                self._take_snapshot()
                yield now
        finally:
            if self.progress.step < self.steps_per_epoch:
                self.pool.stop()

    def training_loop(self) -> Iterator[Progress]:
        """The loop of one process over the rest of this epoch; every process runs the same loop.

        Each computes the gradients of its own part of a batch. All take the same step.
        DivergedError for a loss that is not finite, in all of them.
        """
        now, size, buffer = self.progress, self.recipe.batch_size, self.buffer
        order = self._generator().permutation(len(self.examples))
        while now.step < self.steps_per_epoch:
            self._estimate_curvature(order)
            batch = order[now.step * size : (now.step + 1) * size]
            rng = self._generator(now.step, buffer.rank)
            for piece in buffer.own_pieces(batch):
                images, targets = self.examples.draw(piece, rng)
                loss, gradients, probabilities = self.network.loss_and_gradients(images, targets)
                hits = self.network.head.hits(probabilities, targets)
                sums = (loss * len(hits), float(hits.sum()))
                buffer.add(gradients, len(piece) / len(batch), sums)
            mean_gradients, total = buffer.all_reduce(len(batch))
            self._check(f"step {now.step + 1}: found loss {total[0]}", total[:1])
            rate = learning_rate(self.recipe, now.epoch + now.step / self.steps_per_epoch)
            self.optimizer.step(self.parameters, mean_gradients, rate)
            self._advance(len(batch), total)
            yield now

    def _generator(self, *stream: int) -> np.random.Generator:
        """A generator for this epoch, or for one stream of it, such as (step, rank)."""
        return np.random.default_rng([self.recipe.seed, self.progress.epoch, *stream])

    def _estimate_curvature(self, order: Array) -> None:
        """Give SDLM a new estimate where one is due; other optimizers use no curvature."""
        now = self.progress
        if isinstance(self.optimizer, SDLM) and self.optimizer.is_estimate_due(now.epoch, now.step):
            rng = self._generator(now.step, CURVATURE_STREAM)
            images, _ = self.examples.draw(order[-CURVATURE_IMAGES:], rng)
            curvature = flatten(self.network.curvature(images))
            self.optimizer.estimate(weights_and_biases(curvature, self.buffer.shapes))

    def _advance(self, examples: int, sums: Array) -> None:
        """Count a batch, and add a point to the learning curve where one is due."""
        now, (loss_sum, correct) = self.progress, sums.tolist()
        now.step += 1
        for means in (now.epoch_means, now.interval_means):
            means.add(examples, loss_sum, int(correct))
        if now.step % max(1, self.steps_per_epoch // CURVE_POINTS_PER_EPOCH) == 0:
            step, means = now.epoch * self.steps_per_epoch + now.step, now.interval_means
            self.curve.append((step, means.loss, means.accuracy))
            now.interval_means = RunningMeans()

    def finish_epoch(self) -> Epoch:
        """Read the validation images, add a row to the history and go on to the next epoch.

        DivergedError if the last step left parameters or answers that are not finite.
        """
        now = self.progress
        images, labels = self.validation
        probabilities = self.network.predict(images).T
        found = "its end: found weights that are not finite"
        self._check(found, probabilities, *self.parameters.values())
        row = Epoch(
            epoch=now.epoch + 1,
            loss=now.epoch_means.loss,
            accuracy=now.epoch_means.accuracy,
            validation_accuracy=float(
                self.network.head.hits(probabilities, one_hot(labels)).mean()
            ),
        )
        self.history.append(row)
        self.progress = Progress(epoch=now.epoch + 1, interval_means=now.interval_means)
        return row

    def _check(self, found: str, *arrays: Array) -> None:
        """DivergedError, with what was found, unless all numbers are finite."""
        if not all(np.isfinite(array).all() for array in arrays):
            raise DivergedError(
                f"epoch {self.progress.epoch + 1}, {found}; the training diverges: "
                f"try a --rate below {self.recipe.rate:g}"
            )

    def _take_snapshot(self) -> None:
        """Keep the network as it is, if it is time for that."""
        now, steps = self.progress, self.steps_per_epoch
        done = now.epoch * steps + now.step
        if self.snapshots is not None and is_due(done, steps, self.recipe.epochs):
            self.snapshots.append(take_snapshot(self.network, done / steps, *self.validation))

    def record(self) -> dict[str, Any]:
        """Loss and accuracy by step and by epoch, for `weights/<name>.history.json`."""
        steps = self.steps_per_epoch
        return {"steps_per_epoch": steps, "steps": self.curve, "epochs": self.history}

    def save(self, path: Path) -> None:
        """Write a checkpoint from which `restore` continues."""
        state = {"progress": asdict(self.progress), "history": self.history, "curve": self.curve}
        arrays = self._arrays()
        if self.snapshots is not None:
            state["snapshots"], arrays["snapshots"] = as_rows(self.snapshots)
        save_checkpoint(path, arrays, self.identity(), state)

    def restore(self, path: Path) -> None:
        """Continue a saved run.

        ResumeError for no checkpoint or that of another run, WeightsError for a damaged one.
        """
        arrays, state = load_checkpoint(path, self.identity(), partial(fault_of, self))
        self.set_arrays(arrays)
        self.progress = Progress.from_json(state["progress"])
        if fault := other_steps(self):
            raise WeightsError(f"{path}: {fault}; leave out --resume to begin anew")
        self.history = state["history"]
        self.curve = [(step, loss, accuracy) for step, loss, accuracy in state["curve"]]
        if self.snapshots is not None:
            self.snapshots = from_rows(state["snapshots"], arrays["snapshots"])

    def identity(self) -> dict[str, Any]:
        """Everything that the trained bytes depend on, ready for JSON."""
        run = {"model": self.network.name, **self.data, **asdict(self.recipe)}
        counts = {"examples": len(self.examples), "validation images": len(self.validation[1])}
        return run | counts | {"snapshots": self.snapshots is not None}

    def _arrays(self) -> Arrays:
        """The parameters and the state of the optimizer, by name."""
        arrays: Arrays = {f"network.{k}": a for k, a in self.network.parameters.items()}
        return arrays | {f"optimizer.{k}": a for k, a in self.optimizer.state.items()}

    def set_arrays(self, arrays: Arrays) -> None:
        """Continue from the arrays of `_arrays`."""
        for key, parameter in self.network.parameters.items():
            parameter[...] = arrays[f"network.{key}"]
        self.optimizer.state = {
            key.removeprefix("optimizer."): array
            for key, array in arrays.items()
            if key.startswith("optimizer.")
        }


@dataclass(frozen=True)
class Worker:
    """The task of a worker process: one epoch of the same loop, on its own parts."""

    network: Network
    examples: Examples
    recipe: Recipe

    def __call__(self, buffer: GradientBuffer, state: tuple[Progress, Arrays]) -> None:
        """Train from this state to the end of its epoch."""
        no_validation = np.empty((0, SIDE, SIDE), np.uint8), np.empty(0, np.uint8)
        training = Training(self.network, self.examples, no_validation, self.recipe)
        training.buffer = buffer
        training.progress, arrays = state
        training.set_arrays(arrays)
        # The first process stops at the same loss, and says so.
        with suppress(DivergedError), np.errstate(all="ignore"):
            for _ in training.training_loop():
                pass
