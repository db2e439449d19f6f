"""The steps of a Dockerfile, read and done in a folder of this machine, without Docker.

The folders that the image makes at its root (/venv, /srv) are made below another folder; the base
image is this machine with its Python.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePath
from string import Template

from dockerfile_parse import DockerfileParser

from app.settings import SETTINGS

OWN = re.compile(r"(?<![\w.])/(venv|srv)(?=[/:\s\"']|$)")
SECONDS = 300


@dataclass(frozen=True)
class Step:
    """An instruction such as RUN, and what stands after it."""

    instruction: str
    value: str


@dataclass
class Config:
    """What a container of the image is started with."""

    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)


def steps_of(dockerfile: Path) -> list[Step]:
    """All instructions, without comments and continued lines."""
    parser = DockerfileParser(path=str(dockerfile))
    return [
        Step(part["instruction"], part["value"])
        for part in parser.structure
        if part["instruction"] != "COMMENT"
    ]


def config_of(steps: list[Step]) -> Config:
    """What the instructions after the last FROM set."""
    config, arguments = Config(), dict[str, str]()
    for step in steps:
        if step.instruction == "FROM":
            config, arguments = Config(), {}
        elif step.instruction == "ARG":
            arguments |= variables(step.value)
        elif step.instruction == "ENV":
            config.environment |= variables(Template(step.value).safe_substitute(arguments))
        elif step.instruction == "WORKDIR":
            config.folder = step.value
        elif step.instruction == "USER":
            config.user = step.value
        elif step.instruction == "CMD":
            config.command = json.loads(step.value)
        elif step.instruction == "HEALTHCHECK":
            config.health = json.loads(step.value.partition("CMD ")[2])
    return config


def variables(value: str) -> dict[str, str]:
    """The names and values of an ENV or ARG; $PATH stays as it stands."""
    return dict(word.partition("=")[::2] for word in shlex.split(value))


def moved(text: str, root: Path) -> str:
    """A text whose folders of the image are those below `root`."""
    return OWN.sub(lambda own: f"{root}/{own[1]}", text)


def build(steps: list[Step], context: Path, root: Path, tools: Path) -> None:
    """Do the steps; afterwards `root` holds what the last stage made.

    context: the folder that COPY takes files from
    tools:   a folder with the commands of the base image, `python` and `pip`

    Every stage is made at `root`, because programs such as gunicorn name their Python by its path.
    """
    stages: dict[str, Path] = {}
    folder, name = root, ""
    for number, step in enumerate(steps):
        if step.instruction == "FROM":
            if root.exists():
                stages[name] = root.rename(root.parent / f"stage-{number}")
            name = step.value.partition(" AS ")[2]
            folder = root
            root.mkdir()
        elif step.instruction == "WORKDIR":
            folder = Path(moved(step.value, root))
            folder.mkdir(exist_ok=True)
        elif step.instruction == "RUN":
            _run(moved(step.value, root), folder, tools)
        elif step.instruction == "COPY":
            _copy(step.value, context, folder, root, stages)


def _run(command: str, folder: Path, tools: Path) -> None:
    others = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    environment = others | {"PATH": f"{tools}:/usr/bin:/bin"}
    subprocess.run(
        ["sh", "-euc", command], cwd=folder, env=environment, check=True, timeout=SECONDS
    )


def _copy(value: str, context: Path, folder: Path, root: Path, stages: Mapping[str, Path]) -> None:
    *sources, target = value.split()
    if sources[0].startswith("--from="):
        stage, source = stages[sources[0].removeprefix("--from=")], sources[1].lstrip("/")
        shutil.copytree(stage / source, moved(target, root), symlinks=True, dirs_exist_ok=True)
        return
    for path in (path for pattern in sources for path in context.glob(pattern)):
        if path.is_dir():
            shutil.copytree(path, folder / target)
        else:
            shutil.copy2(path, folder / target)


def sent(project: Path) -> Iterator[Path]:
    """The files that Docker would get from a folder with a .dockerignore, relative to it."""
    lines = (project / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.is_file() and not _is_ignored(relative, rules):
            yield relative


def _is_ignored(path: PurePath, rules: list[str]) -> bool:
    """The last rule that names the path, or a folder above it, counts."""
    is_ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        for part in (path, *path.parents[:-1]):
            text = part.name if pattern.startswith("**/") else str(part)
            if fnmatch(text, pattern.removeprefix("**/")):
                is_ignored = not rule.startswith("!")
    return is_ignored
