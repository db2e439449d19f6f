"""The command line of train.py; `python train.py --help` prints it."""

import argparse
from dataclasses import fields, replace
from pathlib import Path

from model.data.datasets import DATASETS
from model.data.splits import FOLDS
from model.frames import FRAMES
from model.ink import Normalise
from model.recipes import (
    FINE_TUNING,
    OPTIMIZERS,
    QUICK,
    RECIPES,
    SCHEDULES,
    Recipe,
    RecipeError,
)
from model.variants import GATE, VARIANTS

# The options that go with --from; the card of the weights says the rest.
WITH_FROM = {
    *("base", "ink", "out", "resume", "replace", "workers"),
    *("epochs", "batch_size", "seed", "optimizer", "schedule", "rate", "weight_decay"),
}


def parse(argv: list[str] | None) -> argparse.Namespace:
    """The options of train.py.

    Prints a message and exits with status 2 if one is unknown or two do not go together.
    """
    parser = argparse.ArgumentParser(
        description="Train a LeNet in NumPy and write its weights, or measure trained weights. "
        "Options left out are those of the network's recipe in model/recipes.py.",
    )
    _add_data(parser)
    _add_recipe(parser.add_argument_group("how to train"))
    _add_ink(parser.add_argument_group("training on pen strokes too"))
    _add_uses(parser.add_argument_group("instead of training"))
    args = parser.parse_args(argv)
    if args.base:
        _check_teaching(parser, args)
    _check_together(parser, args)
    args.out = args.out or _default_output(args)
    if not (args.evaluate or args.report):  # there the card says
        args.dataset = args.dataset or ("mnist" if args.quick else "emnist-digits")
    return args


def _check_teaching(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """End the program with a reason if an option does not go with --from, or one is missing."""
    example = f"--from {args.base} --ink mine.jsonl --out mine.npz"
    for name in ("ink", "out"):
        if not getattr(args, name):
            parser.error(f"--from needs --{name}: {example}")
    given = [name for name, value in vars(args).items() if value != parser.get_default(name)]
    foreign = [f"--{name.replace('_', '-')}" for name in given if name not in WITH_FROM]
    if foreign:
        parser.error(
            f"{', '.join(foreign)}: not with --from, which needs no data set and measures nothing "
            f"but your drawings; wanted {example}"
        )


def _check_together(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """End the program with a reason if two options do not go together."""
    if args.evaluate is None and (args.json or args.without):
        parser.error("--json and --without go with --evaluate")
    if args.evaluate and (args.outliers or args.ink_test or args.outliers_test):
        parser.error("--evaluate measures on the files of --ink, digits and others alike")
    is_gate = args.model == GATE and not (args.evaluate or args.report or args.export)
    if (args.outliers or args.outliers_test) and not is_gate:
        parser.error("--outliers and --outliers-test go with --model gate; the others learn digits")
    if is_gate and not (args.ink and args.outliers):
        parser.error("--model gate needs --ink and --outliers, to tell digits from other things")
    if args.ink_test and not args.ink:
        parser.error("--ink-test goes with --ink")
    if is_gate and args.snapshots:
        parser.error("--snapshots are taken of networks that read digits, not of --model gate")
    if args.quick:
        _check_quick(parser, args)
    if args.workers < 1:
        parser.error(f"found --workers {args.workers}, wanted 1 or more")
    if args.export and args.export.suffix == ".onnx":
        parser.error(
            f"found --export {args.export}, wanted the weight file there and the ONNX file in "
            f"--out: --export weights/lenet.npz --out {args.export}"
        )
    if args.export and args.out and args.out.suffix == ".npz":
        parser.error(f"found --out {args.out}, wanted another name than that of a weight file")


def _check_quick(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """End the program with a reason if an option does not go with --quick."""
    for use in ("evaluate", "report", "export"):
        if getattr(args, use):
            parser.error(f"--quick is a way to train: not with --{use}")
    if args.model not in QUICK:
        parser.error(
            f"--quick is a recipe for --model {' and '.join(QUICK)}, found --model {args.model}; "
            "leave out --quick, or give fewer --epochs instead"
        )


def _default_output(args: argparse.Namespace) -> Path:
    """Where the result of each use goes to unless --out says."""
    if args.report:
        return Path("report")
    if args.quick:
        return Path("quick.npz")  # not in weights/, where the trained networks are
    weights: Path | None = args.export
    return weights.with_suffix(".onnx") if weights else Path("weights") / f"{args.model}.npz"


def _add_data(parser: argparse.ArgumentParser) -> None:
    add, sets = parser.add_argument, DATASETS
    add("--model", choices=VARIANTS, default="lenet", help="the network (lenet)")
    add("--dataset", choices=sets, help="the images (emnist-digits, or what the card says)")
    add("--data", type=Path, default=Path("data"), help="the folder with their files (data)")
    add("--frame", choices=FRAMES, help="with --dataset idx: how the digits lie in their pictures")
    add("--transposed", action="store_true", help="with --dataset idx: stored column by column")
    add("--out", type=Path, help="the weight file (weights/<model>.npz, with --quick: quick.npz)")
    add(
        "--ink",
        type=Path,
        nargs="+",
        metavar="FILE",
        default=[],
        help="digits as pen strokes, to train on beside the images or to measure on",
    )


def _add_recipe(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--quick", action="store_true", help="by a short recipe: 99 %% of MNIST in seconds")
    add("--epochs", type=int, help="passes over the training examples")
    add("--batch-size", type=int, help="examples in a step")
    add("--seed", type=int, help="for initial weights, order and augmentation")
    add(
        "--optimizer",
        choices=OPTIMIZERS,
        help="rule of the steps, see model/training/optimizers.py",
    )
    add("--schedule", choices=SCHEDULES, help="course of the learning rate")
    add("--rate", type=float, help="the highest learning rate")
    add("--weight-decay", type=float, help="a step shrinks the weights by this × rate")
    add("--no-augment", action="store_true", help="do not distort the images")
    add("--workers", type=int, default=1, help="processes (1): one for each core")
    add("--resume", action="store_true", help="continue a run that was interrupted")
    add("--replace", action="store_true", help="a weight file at --out is replaced, and kept aside")
    add("--snapshots", action="store_true", help="keep the network at some moments of the training")
    add("--trial", action="store_true", help="do not read test images and test drawings")


def _add_ink(group: argparse._ArgumentGroup) -> None:
    for option, meaning in (
        ("--ink-test", "with --ink: digits by other people, read once at the end"),
        ("--outliers", "with --model gate: pen strokes that are no digits"),
        ("--outliers-test", "with --model gate: the same by other people, read once at the end"),
    ):
        group.add_argument(option, type=Path, nargs="+", metavar="FILE", default=[], help=meaning)
    group.add_argument(
        "--fold", type=int, default=1, choices=FOLDS, help="writers for validation, 0: none (1)"
    )


def _add_uses(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--from",
        dest="base",
        type=Path,
        metavar="WEIGHTS",
        help="teach this weight file the drawings of --ink, and write it into --out",
    )
    add("--evaluate", type=Path, metavar="WEIGHTS", help="measure this weight file")
    add("--json", action="store_true", help="with --evaluate: print only one JSON object")
    add(
        "--without",
        nargs="+",
        choices=[step.name for step in fields(Normalise)],
        default=[],
        help="with --evaluate --ink: steps of normalisation to leave out",
    )
    add("--report", type=Path, metavar="WEIGHTS", help="write a page about it into --out (report/)")
    add("--export", type=Path, metavar="WEIGHTS", help="write it into --out as ONNX (WEIGHTS.onnx)")


def recipe_of(args: argparse.Namespace) -> Recipe:
    """The recipe of the network, or of --from, with the options that are given in place of its own.

    RecipeError for a network without a recipe and for a number that makes no sense.
    """
    if not (args.base or args.quick or args.model in RECIPES):
        raise RecipeError(
            f"{args.model}: found no recipe, wanted one in RECIPES of model/recipes.py: add "
            f'"{args.model}": Recipe(20, 64, "adam", "warm-cosine", rate=0.002)'
        )
    options = {field.name: getattr(args, field.name, None) for field in fields(Recipe)}
    options["augment"] = False if args.no_augment else None
    given = {name: value for name, value in options.items() if value is not None}
    recipes = QUICK if args.quick else RECIPES
    return replace(FINE_TUNING if args.base else recipes[args.model], **given)
