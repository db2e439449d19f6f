"""Train a network, measure a trained one, or report on it. `python train.py --help` says how.

The experiment reads from top to bottom: arguments, data, network, epochs, weights.
"""

import os

# Set before NumPy is imported. The products of so small a network gain nothing from a second
# BLAS thread, and with one the result does not depend on how many cores there are.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.data.datasets import DATASETS, DataError, Dataset, load_images, split_validation
from model.data.examples import Examples, Images
from model.data.ink_files import read_ink
from model.data.splits import Drawings, held_out_of, read_drawings
from model.evaluation.ink_metrics import measure_ink
from model.evaluation.metrics import compute_metrics
from model.export import ExportError, export
from model.network import Network
from model.recipes import Recipe, RecipeError
from model.report import write_report
from model.training.command_line import parse, recipe_of
from model.training.console import bytes_bar, images_bar, interrupts, print_report
from model.training.trainer import ResumeError, Training
from model.training.workers import WorkerError
from model.types import Array
from model.variants import build
from model.weights import WeightsError, load, save

VALIDATION = 1 / 12  # share of the training images that is kept for choosing, never learnt from
REFUSALS = (DataError, WeightsError, RecipeError, ResumeError, WorkerError, ExportError)
INTERRUPTED = 130  # the exit status that shells give to a program ended by Ctrl-C


def main(argv: list[str] | None = None) -> int:
    args = parse(argv)
    try:
        if args.evaluate:
            return evaluate(args)
        if args.export:
            return export_to(args)
        return report_on(args) if args.report else train(args)
    except (*REFUSALS, OSError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2


# --- training -----------------------------------------------------------------------------------


def train(args: argparse.Namespace) -> int:
    recipe = recipe_of(args)
    dataset = load_images(args.dataset, args.data, progress=bytes_bar)
    drawings = read_drawings(args.ink, args.outliers, args.fold) if args.ink else None
    like = calibrated(args) if args.calibration else None
    training = prepare(args, recipe, dataset, drawings)
    checkpoint = Path("checkpoints") / args.out.name
    if args.resume:
        training.restore(checkpoint)
    elif checkpoint.exists():
        aside = checkpoint.replace(checkpoint.with_suffix(".previous.npz"))
        print(f"An unfinished run was there; --resume continues one. It is now {aside}.")
    print(training.network, "\n")

    started = time.monotonic()
    with interrupts() as interrupted:
        while training.progress.epoch < training.recipe.epochs:
            if not run_epoch(training, interrupted):
                training.save(checkpoint)
                print(f"\nStopped, saved in {checkpoint}; the same command + --resume continues.")
                return INTERRUPTED
            training.save(checkpoint)
    measure(training, dataset, drawings, args.trial, like)
    save(training.network, args.out)
    history_beside(args.out).write_text(json.dumps(training.record(), sort_keys=True) + "\n")
    checkpoint.unlink()
    seconds = time.monotonic() - started
    print(f"\n{training.recipe.epochs} epochs in {seconds:.0f} s; wrote {args.out}\n")
    card = training.network.card
    print(f"training images: {card.training_accuracy:.2%} read correctly")
    for name in ("validation", "ink_validation", "metrics", "ink_metrics"):
        if measured := getattr(card, name):
            print_report(measured, name.replace("_", " "))
    return 0


def calibrated(args: argparse.Namespace) -> Network:
    """The network whose temperature and thresholds are wanted; WeightsError if it is none."""
    network = load(args.calibration)
    if network.name != args.model or not network.card.ink_validation:
        raise WeightsError(
            f"{args.calibration}: found {network.name}, measured on "
            f"{'drawings' if network.card.ink_validation else 'no drawings'} for validation, "
            f"wanted {args.model} as it comes from: train.py --model {args.model} --ink … --fold 1"
        )
    return network


def measure(
    training: Training,
    dataset: Dataset,
    drawings: Drawings | None,
    trial: bool,
    like: Network | None,
) -> None:
    """Complete the card of a trained network, calibrated like another where one is given.

    This is the one and only time that test images and the drawings of writers that are held out
    are read; in a trial not even this.
    """
    network, validation = training.network, drawings.validation if drawings else None
    training.calibrate(validation.digits if validation else [], like)
    learnt, _ = split(dataset, training.recipe)
    answers = network.predict(dataset.train_images[learnt]).argmax(axis=1)
    network.card.training_accuracy = float((answers == dataset.train_labels[learnt]).mean())
    network.card.history = training.history
    if validation and validation.digits:
        network.card.ink_validation = measure_ink(network, validation.everything)
    if not trial:
        network.card.metrics = compute_metrics(
            network.predict(dataset.test_images), dataset.test_labels
        )
        if drawings:
            network.card.ink_metrics = measure_ink(network, drawings.held_out.everything)


def prepare(
    args: argparse.Namespace, recipe: Recipe, dataset: Dataset, drawings: Drawings | None = None
) -> Training:
    """A freshly initialised network with its data split, its recipe and the start of its card."""
    images, labels = dataset.train_images, dataset.train_labels
    learnt, kept = split(dataset, recipe)
    network = build(args.model, recipe.seed)
    network.card = replace(
        network.card,
        dataset=args.dataset,
        source=DATASETS[args.dataset].origin,
        frame=dataset.frame,
        seed=recipe.seed,
        epochs=recipe.epochs,
        recipe=recipe,
        training_images=len(learnt),
    )
    examples: Examples = Images(images[learnt], labels[learnt], recipe.augment)
    if drawings:
        examples = drawings.with_images(examples, dataset.frame, recipe)
        network.card.ink = drawings.source()
        if args.outliers:
            network.card.rubbish = network.head.rubbish = 0.0
    return Training(network, examples, (images[kept], labels[kept]), recipe, args.workers)


def split(dataset: Dataset, recipe: Recipe) -> tuple[Array, Array]:
    """Which training images are learnt from, and which are kept for choosing."""
    n = len(dataset.train_images)
    return split_validation(n, round(n * VALIDATION), recipe.seed)


def run_epoch(training: Training, interrupted: Callable[[], bool]) -> bool:
    """Learn one epoch under a progress bar; False where Ctrl-C ended it early."""
    now, epochs, started = training.progress, training.recipe.epochs, time.monotonic()
    title, before = f"epoch {now.epoch + 1}/{epochs}", now.whole.seen
    with images_bar(len(training.examples), before, title) as bar:
        shown = before
        for now in training.batches():
            bar.update(now.whole.seen - shown)
            shown = now.whole.seen
            if now.step % 20 == 0:
                loss, accuracy = now.whole.means()
                bar.set_postfix_str(f"loss {loss:.4f}, {accuracy:.2%}")
            if interrupted():
                return False
    seconds = time.monotonic() - started
    row = training.finish_epoch()
    print(
        f"{title}: loss {row['loss']:.4f}, training {row['accuracy']:.2%}, "
        f"validation {row['validation_accuracy']:.2%}, {seconds:.1f} s, "
        f"{(now.whole.seen - before) / seconds:,.0f} images/s, "
        f"{seconds * (epochs - row['epoch']) / 60:.0f} min left",
        flush=True,
    )
    return True


# --- measuring ----------------------------------------------------------------------------------


def evaluate(args: argparse.Namespace) -> int:
    network = load(args.evaluate)
    if args.ink:
        samples = [sample for path in args.ink for sample in read_ink(path)]
        if args.held_out:
            samples = held_out_of(samples, network.card)
        measured: Mapping[str, Any] = measure_ink(network, samples, args.without)
        name = ", ".join(path.name for path in args.ink)
    else:
        dataset = load_images(args.dataset, args.data, progress=bytes_bar)
        measured = compute_metrics(network.predict(dataset.test_images), dataset.test_labels)
        name = args.dataset
    result = {"model": network.name, "dataset": name, **measured}
    if args.json:
        print(json.dumps(result))
    else:
        print_report(result, name)
    return 0


# --- other uses ---------------------------------------------------------------------------------


def report_on(args: argparse.Namespace) -> int:
    network = load(args.report)
    dataset = load_images(args.dataset, args.data, progress=bytes_bar)
    record = history_beside(args.report)
    history = json.loads(record.read_text("utf-8")) if record.exists() else None
    print(f"Wrote {write_report(network, dataset, args.out, history)}")
    return 0


def export_to(args: argparse.Namespace) -> int:
    export(load(args.out), args.export)
    print(f"Wrote {args.export}: what it answers is what {args.out} answers")
    return 0


def history_beside(weights: Path) -> Path:
    """Where the loss and accuracy by step of a weight file lie."""
    return weights.with_suffix(".history.json")


if __name__ == "__main__":
    sys.exit(main())
