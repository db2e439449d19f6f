"""The workflows of .github, parsed, and a way to run their steps as Actions would."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yml"))
EXPRESSION = re.compile(r"\$\{\{ *([\w.]+) *\}\}")


def workflow(name: str) -> dict[str, Any]:
    """A parsed workflow. YAML reads the key `on` as true; here it has its name."""
    parsed = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    return {"on" if key is True else key: value for key, value in parsed.items()}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The name of the workflow, of the job, and the job."""
    for name in NAMES:
        for job, content in workflow(name)["jobs"].items():
            yield name, job, content


def steps() -> list[dict[str, Any]]:
    """All steps of all jobs."""
    return [step for _, _, job in jobs() for step in job["steps"]]


def step(name: str, job: str, title: str) -> dict[str, Any]:
    """The step of that title."""
    (found,) = (one for one in workflow(name)["jobs"][job]["steps"] if one.get("name") == title)
    return dict(found)


def environment(name: str, values: Mapping[str, str]) -> dict[str, str]:
    """The variables of a workflow, its expressions replaced; KeyError for an unknown one."""
    written = workflow(name).get("env", {})
    return {
        variable: EXPRESSION.sub(lambda found: values[found[1]], str(text))
        for variable, text in written.items()
    }


def run(
    script: str, folder: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the text of a step in a folder, by the shell that Actions takes on Linux and macOS."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
