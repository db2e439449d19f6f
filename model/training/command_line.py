"""What train.py can be asked for on the command line; `python train.py --help` prints it."""

import argparse
from dataclasses import fields, replace
from pathlib import Path

from model.data.datasets import DATASETS
from model.data.splits import FOLDS
from model.ink import Normalise
from model.recipes import OPTIMIZERS, RECIPES, SCHEDULES, Recipe
from model.variants import VARIANTS


def parse(argv: list[str] | None) -> argparse.Namespace:
    """The options, checked against each other; ends the program where they do not fit."""
    parser = argparse.ArgumentParser(
        description="Train a LeNet in NumPy and write its weights, or measure trained weights. "
        "What is left out is taken from the network's own recipe, see model/recipes.py.",
    )
    _add_data(parser)
    _add_recipe(parser.add_argument_group("how to train"))
    _add_ink(parser.add_argument_group("learning from drawings kept as strokes"))
    _add_uses(parser.add_argument_group("instead of training"))
    args = parser.parse_args(argv)
    if args.evaluate is None and (args.json or args.held_out or args.without):
        parser.error("--json, --held-out and --without go with --evaluate")
    if args.calibration and (args.fold or not args.ink):
        parser.error("--calibration goes with --ink and --fold 0, which leaves nobody to choose by")
    if args.outliers and not args.ink:
        parser.error("--outliers go with --ink, whose writers decide how both are split")
    if args.workers < 1:
        parser.error(f"found --workers {args.workers}, wanted 1 or more")
    weights = Path("weights") / f"{args.model}.npz"
    args.out = args.out or (Path("report") if args.report else weights)
    return args


def _add_data(parser: argparse.ArgumentParser) -> None:
    add, sets = parser.add_argument, DATASETS
    add("--model", choices=VARIANTS, default="lenet", help="the network (lenet)")
    add("--dataset", choices=sets, default="emnist-digits", help="the images (emnist-digits)")
    add("--data", type=Path, default=Path("data"), help="the folder with their files (data)")
    add("--out", type=Path, help="the weight file (weights/<model>.npz)")
    add(
        "--ink",
        type=Path,
        nargs="+",
        metavar="FILE",
        default=[],
        help="digits kept as strokes: to learn from beside the images, or to measure on",
    )


def _add_recipe(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--epochs", type=int, help="how often to read the training images")
    add("--batch-size", type=int, help="images for each step")
    add("--seed", type=int, help="decides first weights, order and distortions")
    add("--optimizer", choices=OPTIMIZERS, help="how a gradient becomes a step")
    add("--schedule", choices=SCHEDULES, help="how the learning rate changes")
    add("--rate", type=float, help="the learning rate at its highest")
    add("--weight-decay", type=float, help="share of the rate that shrinks the weights")
    add("--no-augment", action="store_true", help="learn the images as they are, undistorted")
    add("--workers", type=int, default=1, help="processes (1); the result is the same for any")
    add("--resume", action="store_true", help="continue a run that was interrupted")
    add("--trial", action="store_true", help="leave test images and held-out writers unread")


def _add_ink(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--outliers",
        type=Path,
        nargs="+",
        metavar="FILE",
        default=[],
        help="with --ink: strokes that are no digits, to learn to turn away",
    )
    add("--fold", type=int, default=1, choices=FOLDS, help="which writers are for validation (1)")
    add(
        "--calibration",
        type=Path,
        metavar="WEIGHTS",
        help="with --fold 0: take temperature and thresholds from this run of another fold",
    )


def _add_uses(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--evaluate", type=Path, metavar="WEIGHTS", help="measure this weight file")
    add("--json", action="store_true", help="with --evaluate: print one JSON object and no more")
    add("--held-out", action="store_true", help="with --evaluate --ink: held-out writers alone")
    add(
        "--without",
        nargs="+",
        choices=[step.name for step in fields(Normalise)],
        default=[],
        help="with --evaluate --ink: what a drawing is not brought to, to see what that costs",
    )
    add("--report", type=Path, metavar="WEIGHTS", help="write a page on it into --out (report/)")
    add("--export", type=Path, metavar="FILE", help="write weights/<model>.npz as ONNX")


def recipe_of(args: argparse.Namespace) -> Recipe:
    """The network's own recipe, changed where an option says otherwise."""
    options = {field.name: getattr(args, field.name, None) for field in fields(Recipe)}
    options["augment"] = False if args.no_augment else None
    given = {name: value for name, value in options.items() if value is not None}
    return replace(RECIPES[args.model], **given)
