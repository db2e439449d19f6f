"""The command line: defaults, options that replace the recipe's, and what is refused."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from model.recipes import QUICK, RECIPES, Recipe, RecipeError
from model.training.command_line import parse, recipe_of
from model.variants import VARIANTS


def test_without_options_the_default_network_is_trained_by_its_own_recipe() -> None:
    args = parse([])
    assert (args.model, args.dataset, args.data) == ("lenet", "emnist-digits", Path("data"))
    assert (args.out, args.workers, args.fold) == (Path("weights/lenet.npz"), 1, 1)
    files = (args.ink, args.ink_test, args.outliers, args.outliers_test, args.without)
    assert files == ([], [], [], [], [])
    assert not any((args.resume, args.trial, args.json, args.snapshots))
    assert recipe_of(args) == RECIPES["lenet"]


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        (["--model", "lenet-tanh"], "weights/lenet-tanh.npz"),
        (["--report", "weights/lenet.npz"], "report"),
        (["--report", "weights/lenet.npz", "--out", "page"], "page"),
        (["--export", "weights/lenet.npz"], "weights/lenet.onnx"),
        (["--export", "weights/lenet.npz", "--out", "a.onnx"], "a.onnx"),
        (["--out", "mine.npz"], "mine.npz"),
    ],
)
def test_the_output_has_a_default_for_each_use(arguments: list[str], out: str) -> None:
    assert parse(arguments).out == Path(out)


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (["--epochs", "7"], {"epochs": 7}),
        (["--batch-size", "128"], {"batch_size": 128}),
        (["--seed", "0"], {"seed": 0}),
        (["--optimizer", "momentum"], {"optimizer": "momentum"}),
        (["--schedule", "constant"], {"schedule": "constant"}),
        (["--rate", "0.5"], {"rate": 0.5}),
        (["--weight-decay", "0"], {"weight_decay": 0.0}),
        (["--no-augment"], {"augment": False}),
        (["--trial", "--workers", "2"], {}),
    ],
)
def test_an_option_replaces_one_number_of_the_recipe(
    arguments: list[str], changed: dict[str, Any]
) -> None:
    assert asdict(recipe_of(parse(arguments))) == asdict(RECIPES["lenet"]) | changed


def test_quick_is_a_short_recipe_on_mnist_that_writes_beside_the_trained_networks() -> None:
    args = parse(["--quick"])
    assert (args.dataset, args.out) == ("mnist", Path("quick.npz"))
    assert recipe_of(args) == QUICK["lenet"]
    other = parse(["--quick", "--dataset", "idx", "--frame", "emnist", "--out", "a.npz"])
    assert (other.dataset, other.out) == ("idx", Path("a.npz"))


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (["--epochs", "7"], {"epochs": 7}),
        (["--rate", "0.5", "--seed", "3"], {"rate": 0.5, "seed": 3}),
        (["--no-augment"], {"augment": False}),
    ],
)
def test_an_option_replaces_one_number_of_the_quick_recipe(
    arguments: list[str], changed: dict[str, Any]
) -> None:
    found = recipe_of(parse(["--quick", *arguments]))
    assert asdict(found) == asdict(QUICK["lenet"]) | changed


@pytest.mark.parametrize("model", sorted(VARIANTS.keys() - QUICK.keys()))
def test_quick_names_the_networks_that_it_is_for(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    needed = ["--ink", "a", "--outliers", "b"] if model == "gate" else []
    with pytest.raises(SystemExit):
        parse(["--quick", "--model", model, *needed])
    assert f"for --model lenet, found --model {model}; leave" in capsys.readouterr().err


def test_a_network_without_a_recipe_is_refused_with_what_to_add(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(VARIANTS, "wide", VARIANTS["lenet"])
    with pytest.raises(RecipeError) as refusal:
        recipe_of(parse(["--model", "wide"]))
    assert str(refusal.value).startswith("wide: found no recipe, wanted one in RECIPES of")
    _, _, proposed = str(refusal.value).partition("add ")
    added = eval("{" + proposed + "}", {"Recipe": Recipe})
    monkeypatch.setitem(RECIPES, "wide", added["wide"])
    assert recipe_of(parse(["--model", "wide"])) == added["wide"]


def test_only_training_has_a_data_set_of_its_own() -> None:
    for use in ("--evaluate", "--report"):
        assert parse([use, "a.npz"]).dataset is None
        assert parse([use, "a.npz", "--dataset", "mnist"]).dataset == "mnist"


def test_every_network_has_its_own_recipe() -> None:
    for name, recipe in RECIPES.items():
        needed = ["--ink", "a", "--outliers", "b"] if name == "gate" else []
        assert recipe_of(parse(["--model", name, *needed])) == recipe


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json"], "--json and --without go with --evaluate"),
        (["--without", "size"], "--json and --without go with --evaluate"),
        (["--outliers", "a"], "--outliers and --outliers-test go with --model gate"),
        (["--outliers-test", "a"], "--outliers and --outliers-test go with --model gate"),
        (["--ink", "a", "--outliers", "b"], "go with --model gate; the others learn digits"),
        (["--report", "a.npz", "--outliers", "b"], "go with --model gate"),
        (["--model", "gate"], "--model gate needs --ink and --outliers"),
        (["--model", "gate", "--ink", "a"], "--model gate needs --ink and --outliers"),
        (["--model", "gate", "--outliers", "a"], "--model gate needs --ink and --outliers"),
        (["--model", "gate", "--ink", "a", "--outliers", "b", "--snapshots"], "--snapshots are"),
        (["--ink-test", "a"], "--ink-test goes with --ink"),
        *(
            (["--evaluate", "a.npz", option, "b"], "--evaluate measures on the files of --ink")
            for option in ("--ink-test", "--outliers", "--outliers-test")
        ),
        (["--export", "a.onnx"], "--export weights/lenet.npz --out a.onnx"),
        (["--export", "a.npz", "--out", "a.npz"], "found --out a.npz, wanted another name"),
        (["--workers", "0"], "found --workers 0, wanted 1 or more"),
        *(
            (["--quick", use, "a.npz"], f"--quick is a way to train: not with {use}")
            for use in ("--evaluate", "--report", "--export")
        ),
        (["--quick", "--from", "a", "--ink", "b", "--out", "c"], "--quick: not with --from"),
        (["--fold", "11"], "--fold"),
        (["--ink", "a", "--held-out"], "--held-out"),
        (["--ink", "a", "--calibration", "b"], "--calibration"),
        (["--model", "alexnet"], "--model"),
        (["--ink"], "--ink"),
        (["--epochs", "many"], "--epochs"),
    ],
)
def test_options_that_do_not_go_together_end_the_program_with_a_reason(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--evaluate", "a.npz", "--json", "--ink", "b", "--without", "size"],
        ["--evaluate", "gate.npz", "--model", "gate", "--ink", "a"],
        ["--ink", "a", "b", "--ink-test", "c", "--fold", "0", "--workers", "1", "--snapshots"],
        ["--model", "gate", "--ink", "a", "--outliers", "b", "c", "--fold", "10"],
        [
            *("--model", "gate", "--ink", "a", "--ink-test", "b"),
            *("--outliers", "c", "--outliers-test", "d"),
        ],
    ],
)
def test_options_that_go_together_are_accepted(arguments: list[str]) -> None:
    assert parse(arguments).ink
