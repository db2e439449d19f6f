"""The workflows for GitHub: linted, pinned, with few rights. What can run here of them is run."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.version import VERSION
from model.variants import READERS
from tests.model.data.fileserver import serving
from tests.model.data.test_emnist import ZIP
from tests.test_architecture import imported
from tests.workflows import FOLDER, NAMES, ROOT, environment, jobs, run, step, steps, workflow

PROGRAMS = Path(sys.executable).parent
UNIX = {"app", "gunicorn", "fcntl", "pwd", "resource", "termios"}  # not, or not wholly, on Windows
PINNED = re.compile(r"uses: ([\w-]+/[\w/-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")
SCHEMAS = {
    "vendor.github-workflows": sorted(FOLDER.glob("*.yml")),
    "custom.github-workflows-require-timeout": sorted(FOLDER.glob("*.yml")),
    "vendor.dependabot": [ROOT / ".github" / "dependabot.yml"],
}
# A Python for the steps: train.py takes the made EMNIST of tests/model/data for the real one.
PROGRAM = """
import runpy, sys
sys.path.insert(0, {root!r})
import model.data.datasets
from tests.model.data.test_emnist import MEMBERS
model.data.datasets.EMNIST_MEMBERS = MEMBERS
if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    runpy.run_path({root!r} + "/" + sys.argv[0], run_name="__main__")
"""


def call(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# --- lint ---------------------------------------------------------------------------------------


def test_zizmor_finds_nothing() -> None:
    call(PROGRAMS / "zizmor", "--offline", "--no-config", "--persona=pedantic", ".github")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_file_follows_its_schema(schema: str) -> None:
    call(PROGRAMS / "check-jsonschema", "--builtin-schema", schema, *SCHEMAS[schema])


# --- rights and pins ----------------------------------------------------------------------------


def test_every_action_is_pinned_to_a_commit_and_says_its_version() -> None:
    used: dict[str, set[tuple[str, str]]] = {}
    for name in NAMES:
        text = (FOLDER / f"{name}.yml").read_text()
        assert len(PINNED.findall(text)) == text.count("uses:")
        for action, commit, version in PINNED.findall(text):
            used.setdefault(action, set()).add((commit, version))
    assert used
    assert {action: pins for action, pins in used.items() if len(pins) > 1} == {}


def test_no_workflow_may_more_than_it_must() -> None:
    for name in NAMES:
        assert workflow(name)["permissions"] in ({}, {"contents": "read"})
        assert workflow(name)["concurrency"]
    writes = {
        (name, right)
        for name, _, job in jobs()
        for right, kind in job.get("permissions", {}).items()
        if kind == "write"
    }
    assert writes == {("release", right) for right in ("packages", "id-token", "attestations")}


def test_no_step_keeps_the_token_or_runs_what_someone_else_may_write() -> None:
    for one in steps():
        if "checkout" in one.get("uses", ""):
            assert one["with"]["persist-credentials"] is False
        assert "${{" not in one.get("run", "")


def test_new_versions_of_every_kind_are_looked_for_and_cool_down() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    kinds = {one["package-ecosystem"]: one for one in updates}
    assert set(kinds) == {"pip", "npm", "github-actions", "docker"}
    assert all(one["cooldown"]["default-days"] >= 7 for one in updates)
    assert (ROOT / kinds["npm"]["directory"].strip("/") / "package.json").exists()


# --- test.yml -----------------------------------------------------------------------------------


def test_all_tests_run_on_linux_and_macos_and_those_of_the_engine_on_windows() -> None:
    found = workflow("test")["jobs"]
    pythons = ["3.11", "3.12", "3.13", "3.14"]
    whole, windows = found["whole"]["strategy"]["matrix"], found["windows"]["strategy"]["matrix"]
    assert whole == {"system": ["ubuntu-latest", "macos-latest"], "python": pythons}
    assert windows == {"python": pythons}
    assert set(workflow("test")["on"]) == {"push", "pull_request"}


MAKE = [one["run"] for one in steps() if "make " in one.get("run", "")]


@pytest.mark.parametrize("command", MAKE)
def test_every_make_command_is_one(command: str) -> None:
    target = command.split()[1]
    assert command.startswith("make ")
    call("make", "--dry-run", "--always-make", target, "PYTHON=python")


def test_the_tests_for_windows_are_there_and_need_nothing_that_it_lacks() -> None:
    command = step("test", "windows", "Test the engine")["run"].split()
    assert command[:3] == ["python", "-m", "pytest"]
    folders = [ROOT / word for word in command[3:] if not word.startswith("-")]
    left_out = {ROOT / word.removeprefix("--ignore=") for word in command[3:] if "=" in word}
    assert folders
    assert [path for path in [*folders, *left_out] if not path.exists()] == []
    files = {file for folder in folders for file in folder.rglob("*.py")} - left_out
    assert {name for file in files for name in imported(file)} & UNIX == set()
    signals = re.compile(r"SIGKILL|os\.kill|killpg|pthread_sigmask|os\.fork|geteuid")
    assert {file.name for file in files if signals.search(file.read_text())} == set()


# --- retrain.yml --------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder like a checkout that `make setup` has been run in."""
    program, python = tmp_path / "program.py", tmp_path / ".venv" / "bin" / "python"
    program.write_text(PROGRAM.format(root=str(ROOT)))
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / "weights").symlink_to(ROOT / "weights")
    return tmp_path


def test_the_networks_that_can_be_retrained_are_all_that_read() -> None:
    inputs = workflow("retrain")["on"]["workflow_dispatch"]["inputs"]
    assert inputs["network"]["options"] == list(READERS)
    assert inputs["network"]["default"] == "lenet"
    assert inputs["epochs"]["default"] == 0


def test_retraining_downloads_trains_measures_and_reports(place: Path) -> None:
    variables = environment("retrain", {"inputs.network": "lenet", "inputs.epochs": "1"})
    with serving() as server:
        server.content = ZIP
        variables |= {"EMNIST_URL": server.url, "no_proxy": "*"}
        for title in ("Train", "Measure", "Report", "Sums"):
            done = run(step("retrain", "train", title)["run"], place, variables)
            assert done.returncode == 0, done.stdout + done.stderr
        assert len(server.answered) == 1
    uploaded: dict[str, Any] = workflow("retrain")["jobs"]["train"]["steps"][-1]
    trained = place / uploaded["with"]["path"]
    measured = json.loads((trained / "measured.json").read_text())
    assert (measured["model"], measured["dataset"]) == ("lenet", "emnist-digits")
    assert measured["images"] == 10
    assert "lenet.npz" in (trained / "SHA256SUMS").read_text()
    names = {str(path.relative_to(trained)) for path in trained.rglob("*") if path.is_file()}
    assert names == {"lenet.npz", "lenet.history.json", "measured.json", "report/index.html",
                     "SHA256SUMS"}  # fmt: skip


@pytest.mark.parametrize(("epochs", "wanted"), [("0", []), ("3", ["--epochs", "3"])])
def test_no_number_of_epochs_is_that_of_the_recipe(
    place: Path, epochs: str, wanted: list[str]
) -> None:
    (place / ".venv" / "bin" / "python").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    hostile = "lenet; touch hacked"
    variables = environment("retrain", {"inputs.network": hostile, "inputs.epochs": epochs})
    done = run(step("retrain", "train", "Train")["run"], place, variables)
    arguments = done.stdout.splitlines()
    assert arguments[arguments.index("--model") + 1] == hostile
    assert arguments[arguments.index("--out") + 2 :] == wanted
    assert not (place / "hacked").exists()


# --- release.yml --------------------------------------------------------------------------------


@pytest.mark.parametrize(("tag", "status"), [(f"v{VERSION}", 0), ("v0.0.1", 1), (VERSION, 1)])
def test_a_release_has_the_tag_of_its_version(tag: str, status: int) -> None:
    script = step("release", "image", "Compare the tag with the version")["run"]
    done = run(script, ROOT, {"GITHUB_REF_NAME": tag})
    assert done.returncode == status
    assert done.stdout.count("::error::") == status


def test_the_image_has_a_list_of_its_parts_and_a_signed_record() -> None:
    built = step("release", "image", "Build and push")["with"]
    assert (built["push"], built["sbom"], built["provenance"]) == (True, True, "mode=max")
    signed = step("release", "image", "Sign the record of the build")["with"]
    assert signed["subject-digest"] == "${{ steps.image.outputs.digest }}"
    assert workflow("release")["on"] == {"push": {"tags": ["v*"]}}
