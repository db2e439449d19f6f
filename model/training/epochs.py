"""A run on the terminal: epoch after epoch, with a checkpoint after each, until Ctrl-C."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from model.training import console
from model.training.outputs import free_name
from model.training.progress import DivergedError
from model.training.trainer import Training

STEPS_PER_BAR_UPDATE = 20  # of the loss beside the progress bar


def begin(training: Training, checkpoint: Path, resume: bool) -> None:
    """Continue from the checkpoint, or move one that is there aside."""
    if resume:
        training.restore(checkpoint)
    elif checkpoint.exists():
        aside = checkpoint.replace(free_name(checkpoint))
        print(f"An unfinished run was there; --resume continues one. It is now {aside}.")


def run_epochs(training: Training, checkpoint: Path) -> bool:
    """Train to the end, with a checkpoint after each epoch; False if Ctrl-C ended it early.

    DivergedError, also naming the last checkpoint, for a loss that is not finite. KeyboardInterrupt
    for Ctrl-C before the first batch, and for a second one.
    """
    try:
        training.pool.spawn()
        return _run_epochs(training, checkpoint)
    finally:
        training.pool.stop()


def _run_epochs(training: Training, checkpoint: Path) -> bool:
    with console.deferred_interrupt() as interrupted:
        while training.progress.epoch < training.recipe.epochs:
            try:
                with np.errstate(all="ignore"):  # what overflows is noticed in the loss
                    finished = run_epoch(training, interrupted)
            except DivergedError as error:
                kept = "; nothing was saved"
                if checkpoint.exists():
                    kept = f"; {checkpoint} is as before, but would diverge again with --resume"
                raise DivergedError(f"{error}{kept}") from None
            training.save(checkpoint)
            if not finished or interrupted():
                print(f"\nStopped, saved in {checkpoint}; the same command + --resume continues.")
                return False
    return True


def run_epoch(training: Training, interrupted: Callable[[], bool]) -> bool:
    """Train for one epoch under a progress bar; False if Ctrl-C ended it early."""
    now, epochs, started = training.progress, training.recipe.epochs, time.monotonic()
    title, before = f"epoch {now.epoch + 1}/{epochs}", now.epoch_means.examples
    with console.images_bar(len(training.examples), before, title) as bar:
        shown = before
        for now in training.batches():
            means = now.epoch_means
            bar.update(means.examples - shown)
            shown = means.examples
            if now.step % STEPS_PER_BAR_UPDATE == 0:
                bar.set_postfix_str(f"loss {means.loss:.4f}, {means.accuracy:.2%}")
            if interrupted():
                return False
    seconds = time.monotonic() - started
    row = training.finish_epoch()
    print(
        f"{title}: loss {row['loss']:.4f}, training {row['accuracy']:.2%}, "
        f"validation {row['validation_accuracy']:.2%}, {seconds:.1f} s, "
        f"{(now.epoch_means.examples - before) / seconds:,.0f} images/s, "
        f"{seconds * (epochs - row['epoch']) / 60:.0f} min left",
        flush=True,
    )
    return True
