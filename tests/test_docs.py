"""README.md and the pages in docs/ agree with the program."""

import contextlib
import io
import json
import re
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import create_app
from app.limits import LIMITS
from app.settings import SETTINGS
from docs.make_link_picture import main as make_link_picture
from docs.make_steps_picture import main as make_steps_picture
from model import load
from model.array_file import MAX_CARD_BYTES
from model.data.idx import MAX_ITEMS, MAX_PIXELS
from model.data.ink_files import MAX_FILE_BYTES, MAX_LINE_BYTES
from model.frames import SIDE
from model.recipes import RECIPES
from model.training.command_line import parse
from model.variants import GATE, READERS, VARIANTS
from tests.pages import FENCE, FOLDERS, NETWORKS, NOW, README, ROOT, TEXTS, anchors, commands, rows


def test_the_readme_fits_on_150_lines() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_has_a_target(name: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", TEXTS[name]))
    dead = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        if ":" not in link and not (
            target.exists() and (not anchor or anchor in anchors(target.read_text()))
        ):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("name", NOW)
def test_every_file_named_on_a_page_exists(name: str) -> None:
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", NOW[name])
    made = {"benchmarks/results.json", "weights/mine.npz", "weights/wide.npz"}
    made |= {"weights/lenet.npz.previous"}
    made |= {"static/js/room/name.js", "tests/browser/test_name.py"}
    assert [path for path in named if path not in made and not (ROOT / path).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[\w.-]+\.md)", README))
    assert {name for name in TEXTS if name.startswith("docs/")} <= linked


def test_the_changelog_knows_the_version() -> None:
    assert f"## [{create_app().config['VERSION']}]" in TEXTS["CHANGELOG.md"]


# --- commands -------------------------------------------------------------------------------------


def test_every_command_of_make_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join(chain.from_iterable(commands(text) for text in NOW.values()))
    named = set(re.findall(r"\bmake ([a-z]+)\b", code))
    assert {"run", "test", "check", "setup", "train", "bench", "mutants"} <= named
    assert named <= targets


@pytest.mark.parametrize("name", NOW)
def test_every_module_in_a_command_exists(name: str) -> None:
    modules = re.findall(r"python -m ((?:benchmarks|docs|tests)[\w.]*)", NOW[name])
    found = [(ROOT / module.replace(".", "/")).with_suffix(".py").exists() for module in modules]
    assert all(found), modules


def test_the_options_of_train_py_are_those_in_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    wanted = set(re.findall(r"^ +(?:-h, )?(--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    table = [row[0].strip("`") for row in rows(TEXTS["docs/training.md"], "| option |")]
    assert sorted(wanted) == sorted(table)


@pytest.mark.parametrize("name", NOW)
def test_train_py_accepts_every_option_in_a_command(name: str) -> None:
    known = {row[0].strip("`") for row in rows(TEXTS["docs/training.md"], "| option |")}
    lines = re.findall(r"train\.py (.*(?:\\\n.*)*)", "\n".join(commands(NOW[name])))
    assert set(re.findall(r"(?<!\S)--[a-z-]+", " ".join(lines))) <= known


# --- numbers --------------------------------------------------------------------------------------


def metrics_of(name: str, kind: str = "metrics") -> dict[str, Any]:
    """The metrics in a weight file: on the test images, or another entry of its card."""
    with np.load(ROOT / "weights" / f"{name}.npz") as file:
        metrics: dict[str, Any] = json.loads(file["card"].tobytes())[kind]
    return metrics


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("page", ["README.md", "docs/networks.md"])
def test_the_tables_have_the_numbers_of_the_cards(page: str, name: str) -> None:
    size, metrics = load(ROOT / "weights" / f"{name}.npz").size, metrics_of(name)
    low, high = (100 * (1 - accuracy) for accuracy in reversed(metrics["interval"]))
    wanted = f"| {size:,} | {100 * (1 - metrics['accuracy']):.2f} %, {low:.2f} to {high:.2f} |"
    assert any(wanted in row for row in re.findall(rf"^\| `{name}` .*$", TEXTS[page], re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "docs/networks.md"])
def test_the_tables_have_the_numbers_of_the_gate(page: str) -> None:
    gate = load(ROOT / "weights" / f"{GATE}.npz")
    ink, wanted = gate.card.ink_metrics, "–"
    if ink:  # it was measured on drawings
        kept, away = ink["accepted"], ink["no_digits"]["rejected"] or 0.0
        wanted = f"{100 * kept:.1f} % of digits kept, {100 * away:.1f} % of letters turned away"
    (row,) = re.findall(rf"^\| `{GATE}` .*\| {gate.size:,} .*$", TEXTS[page], re.MULTILINE)
    assert row.endswith(f"| {wanted} |")


def test_the_first_sentences_have_the_numbers_of_the_default_network() -> None:
    network = load(ROOT / "weights" / "lenet.npz")
    start = " ".join(README.partition("![")[0].split())
    assert f"{network.size:,} parameters" in start
    assert f"{metrics_of('lenet')['accuracy']:.2%}".replace("%", " %") in start


def test_the_recipes_in_the_table_are_those_of_the_program() -> None:
    table = {row[0].strip("`"): row[-1] for row in rows(NETWORKS, "| network | convolutions")}
    assert {name: int(recipe.split()[0]) for name, recipe in table.items()} == {
        name: RECIPES[name].epochs for name in VARIANTS
    }


def test_the_fields_of_json_are_those_that_are_measured() -> None:
    named = set(re.findall(r"`(\w+)`", TEXTS["docs/training.md"]))
    assert metrics_of("lenet", "ink_metrics").keys() | {"model", "dataset"} <= named


def test_the_sizes_of_files_are_those_of_the_program() -> None:
    table = {row[0]: row[1] for row in rows(TEXTS["docs/limits.md"], "| file |")}
    assert table == {
        "an array of weights or of a checkpoint": "the size that the network has",
        "a card, a checkpoint's state, a history": f"{MAX_CARD_BYTES:,} bytes",
        "a line of ink": f"{MAX_LINE_BYTES:,} bytes",
        "a file of ink, unpacked": f"{MAX_FILE_BYTES:,} bytes",
        "an IDX file": f"{MAX_ITEMS:,} images of {SIDE} × {SIDE}, as many as labels",
    }
    assert MAX_PIXELS == SIDE * SIDE


def test_the_limits_are_those_of_the_program() -> None:
    table = {row[0].strip("`"): row[1] for row in rows(TEXTS["docs/limits.md"], "| limit |")}
    assert table == {name: f"{limit.most:,.0f} {limit.unit}" for name, limit in LIMITS.items()}


def test_the_environment_variables_are_those_of_the_program() -> None:
    table = rows(TEXTS["docs/deploy.md"], "| variable |")
    assert [[row[0].strip("`"), *row[1:]] for row in table] == [
        [name, setting.meaning, setting.wanted, setting.default]
        for name, setting in SETTINGS.items()
    ]


def test_the_command_that_starts_the_server_is_that_of_the_procfile() -> None:
    command = (ROOT / "Procfile").read_text().removeprefix("web: ").strip()
    assert f"$ {command}\n" in TEXTS["docs/deploy.md"]


# --- examples -------------------------------------------------------------------------------------


def test_the_curl_example_is_answered_as_shown() -> None:
    (body,) = re.findall(r"-d '(.*?)'", README)
    answer = json.loads(create_app().test_client().post("/api/predict", json=json.loads(body)).data)
    (shown,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    expected = json.loads(shown)
    assert list(answer) == list(expected)
    assert (answer["verdict"], answer["digit"]) == (expected["verdict"], expected["digit"])
    assert answer["confidence"] == pytest.approx(expected["confidence"], abs=5e-4)


def printed(code: str) -> str:
    """The output of a piece of Python."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, {})
    return output.getvalue()


@pytest.mark.parametrize("page", ["README.md", "docs/how-a-drawing-is-read.md"])
def test_the_python_example_prints_the_output_on_the_page(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = [code for language, code in FENCE.findall(TEXTS[page]) if language == "python"]
    promised = re.findall(r"^print\(.*\)  # (.*)$", example, re.MULTILINE)
    lines = printed(example).splitlines()
    if page == "README.md":
        assert promised.pop(0) == "the table of its layers"
        assert lines[0].startswith("lenet: 44,426 parameters")
    assert lines[-len(promised) :] == promised


def test_the_table_of_layers_is_what_a_network_prints() -> None:
    table = str(load(ROOT / "weights" / "lenet.npz"))
    assert "\n".join(line.rstrip() for line in table.splitlines()) in NETWORKS


def test_the_picture_of_the_steps_can_be_drawn_anew(tmp_path: Path) -> None:
    make_steps_picture(tmp_path / "steps.png")
    assert (tmp_path / "steps.png").read_bytes().startswith(b"\x89PNG")


def test_the_picture_of_a_link_can_be_drawn_anew_and_stays_small(tmp_path: Path) -> None:
    make_link_picture(tmp_path / "link.png")
    made = (tmp_path / "link.png").read_bytes()
    assert made.startswith(b"\x89PNG")
    assert len(made) < 100_000


# --- words ----------------------------------------------------------------------------------------


def test_every_word_of_the_glossary_is_in_the_file_that_it_names() -> None:
    for words, *_, file in rows(TEXTS["docs/glossary.md"], "| word |"):
        text = (ROOT / file.strip("`")).read_text().lower()
        assert any(word.strip() in text for word in words.split(",")), (words, file)
