"""Train a network, measure a trained one, or report on it. `python train.py --help` says how.

`train` is the experiment from top to bottom: arguments, data, network, epochs, weights. The
training loop itself is `Training.training_loop` in model/training/trainer.py.
"""

import os
import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Until everything is imported, Ctrl-C ends with one line in place of a traceback.
    stopped = b"train.py: stopped by Ctrl-C\n"
    signal.signal(signal.SIGINT, lambda *_: os.write(2, stopped) and os._exit(130))

# Set before NumPy is imported. A second BLAS thread does not speed up products of these sizes.
# With one thread the result does not depend on the number of cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from model.card import Metrics
from model.data.datasets import DATASETS, DataError, Dataset, load_images
from model.data.examples import Examples, Images
from model.data.ink_files import read_ink
from model.data.splits import Drawings, InkFiles, Part, read_drawings
from model.evaluation import NO_GATE
from model.evaluation.measure import gate_beside, measure_drawings, measure_images
from model.export import ExportError, export
from model.network import Network
from model.recipes import Recipe, RecipeError
from model.report import write_report
from model.training import console
from model.training.calibration import calibrate, with_drawings
from model.training.checkpoint import ResumeError, data_identity
from model.training.command_line import parse, recipe_of
from model.training.epochs import begin, run_epochs
from model.training.fine_tuning import read_lesson, run_lesson
from model.training.outputs import Output, OutputError, describe, free_name, read_history
from model.training.progress import DivergedError
from model.training.trainer import Training
from model.training.workers import WorkerError
from model.variants import build
from model.weights import WeightsError, load

WEIGHTS = Path("weights")
REFUSALS = (
    *(DataError, WeightsError, RecipeError, ResumeError, WorkerError, ExportError),
    *(OutputError, DivergedError),
)
INTERRUPTED = 130  # the exit status that shells give to a program ended by Ctrl-C


def main(argv: list[str] | None = None) -> int:
    """Do what the command line asks for; returns the exit status."""
    try:
        console.print_everywhere()
        args = parse(argv)
        if args.base:
            return teach(args)
        if args.evaluate:
            return evaluate(args)
        if args.export:
            return export_to(args)
        return report_on(args) if args.report else train(args)
    except (*REFUSALS, OSError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        print(f"train.py: stopped by Ctrl-C{interrupt}", file=sys.stderr)
        return INTERRUPTED


# --- training -----------------------------------------------------------------------------------


def train(args: argparse.Namespace) -> int:
    """The whole experiment; returns the exit status."""
    recipe, output = recipe_of(args), Output(args.out)
    with output.claimed(args.replace):
        before = describe(output.weights)
        if before:
            kept = free_name(output.weights)
            print(f"{output.weights} ({before}) is replaced at the end, and kept as {kept}\n")
        dataset = images_of(args.dataset, args)
        drawings = read_drawings(ink_files(args), args.fold) if args.ink else None

        training = prepare(args, recipe, dataset, drawings)
        print(training.network, "\n")
        if drawings:
            print(drawings.summary(), "\n")

        started = time.monotonic()
        begin(training, output.checkpoint, args.resume)
        if not run_epochs(training, output.checkpoint):
            return INTERRUPTED
        measure(training, dataset, drawings, args.trial)

        output.write(training.network, training.record(), training.snapshots)
        print(f"\n{recipe.epochs} epochs in {time.monotonic() - started:.0f} s; wrote {args.out}\n")
        console.print_card(training.network.card)
        if before:
            print(f"\nbefore: {before}; kept as {kept}\nnow: {describe(output.weights)}")
    return 0


def ink_files(args: argparse.Namespace) -> InkFiles:
    """The files of pen strokes that the options name."""
    return InkFiles(args.ink, args.outliers, args.ink_test, args.outliers_test)


def prepare(
    args: argparse.Namespace, recipe: Recipe, dataset: Dataset, drawings: Drawings | None = None
) -> Training:
    """A freshly initialised network with its data split, its recipe and the start of its card."""
    images, labels = dataset.train_images, dataset.train_labels
    for_training, for_validation = dataset.split()
    network = build(args.model, recipe.seed)
    network.card = replace(
        network.card,
        dataset=args.dataset,
        source=DATASETS[args.dataset].origin,
        frame=dataset.frame,
        seed=recipe.seed,
        epochs=recipe.epochs,
        recipe=recipe,
        training_images=len(for_training),
    )
    learnt = images[for_training], labels[for_training]
    examples: Examples = Images(*learnt, recipe.augment, recipe.groups)
    validation = images[for_validation], labels[for_validation]
    if drawings:
        is_gate = network.card.kind == "gate"
        examples = drawings.with_images(examples, dataset.frame, recipe, outliers=is_gate)
        network.card.ink = drawings.source()
        if is_gate:
            validation = with_drawings(validation, drawings.validation.everything, dataset.frame)
    data = data_identity(dataset, drawings, args.fold)
    return Training(network, examples, validation, recipe, args.workers, args.snapshots, data)


def measure(training: Training, dataset: Dataset, drawings: Drawings | None, trial: bool) -> None:
    """Calibrate a trained network and complete its card.

    Only here are the test images and the test drawings read; in a trial never.
    """
    network, card = training.network, training.network.card
    used, kept = dataset.split()
    images, labels = dataset.train_images, dataset.train_labels
    validation = drawings.validation if drawings else Part([], [])
    calibrate(network, (images[kept], labels[kept]), validation.digits)
    card.history = training.history
    if card.kind == "reader":
        answers = network.predict(images[used]).argmax(axis=1)
        card.training_accuracy = float((answers == labels[used]).mean())
    if validation.digits:
        card.ink_validation = measure_drawings(network, NO_GATE, validation.everything)
    if trial:
        return
    if card.kind == "reader":
        card.metrics = cast(Metrics, measure_images(network, dataset))
    if drawings and drawings.test.everything:
        card.ink_metrics = measure_drawings(network, NO_GATE, drawings.test.everything)


def teach(args: argparse.Namespace) -> int:
    """Teach trained weights a few drawings; returns the exit status."""
    recipe, output = recipe_of(args), Output(args.out)
    with output.claimed(args.replace):
        lesson = read_lesson(args.base, args.ink)
        finished = run_lesson(lesson, recipe, output, args.workers, args.resume)
    return 0 if finished else INTERRUPTED


# --- measuring ----------------------------------------------------------------------------------


def evaluate(args: argparse.Namespace) -> int:
    """Measure a weight file on test images or on drawings; returns the exit status."""
    network = load(args.evaluate)
    if args.ink:
        samples = [sample for path in args.ink for sample in read_ink(path)]
        gate = gate_beside(args.evaluate, WEIGHTS)
        measured: Mapping[str, Any] = measure_drawings(network, gate, samples, args.without)
        name = ", ".join(path.name for path in args.ink)
    else:
        dataset = images_for(network, args)
        measured, name = measure_images(network, dataset), dataset.name
    result = {"model": network.name, "dataset": name, **measured}
    if args.json:
        print(json.dumps(result))
    else:
        console.print_metrics(result, name)
    return 0


# --- other uses ---------------------------------------------------------------------------------


def report_on(args: argparse.Namespace) -> int:
    """Write a page about a weight file; returns the exit status."""
    network = load(args.report)
    if network.card.kind != "reader":
        raise WeightsError(f"{args.report}: found a gate, wanted a reader; use --evaluate for it")
    dataset = images_for(network, args)
    history = read_history(args.report)
    gate = gate_beside(args.report, WEIGHTS).card
    print(f"Wrote {write_report(network, dataset, args.out, history, gate)}")
    return 0


def export_to(args: argparse.Namespace) -> int:
    """Write a weight file as ONNX; returns the exit status."""
    export(load(args.export), args.out)
    print(f"Wrote {args.out}: it gives the same answers as {args.export}")
    return 0


def images_for(network: Network, args: argparse.Namespace) -> Dataset:
    """The data set that --dataset names, or else the card of the network."""
    name = args.dataset or network.card.dataset
    if name not in DATASETS:
        raise DataError(
            f"{network.name}: the card names the data set {name!r:.40}, wanted one of "
            f"{', '.join(DATASETS)}; choose it with --dataset"
        )
    return images_of(name, args)


def images_of(name: str, args: argparse.Namespace) -> Dataset:
    """The data set of that name, read as the options say."""
    return load_images(
        *(name, args.data, console.bytes_bar),
        say=console.say,
        frame=args.frame,
        transposed=args.transposed,
    )


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
