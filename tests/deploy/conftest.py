"""A clean copy of the project, and the image that its Dockerfile makes, once for all tests here."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.server import ROOT
from tests.deploy.dockerfile import build, sent, steps_of
from tests.deploy.started import USER, can_be_read_only
from tests.deploy.targets import Place

NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"


@pytest.fixture(scope="session")
def outside() -> Iterator[Path]:
    """A folder that every user may read; pytest's own are for one."""
    folder = Path(tempfile.mkdtemp(prefix="deploy-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def shipped(outside: Path) -> Path:
    """What a commit of the working tree would hold: all that git does not ignore, and a .git."""
    list_files = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(list_files, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    folder = outside / "shipped"
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():  # a deleted file is still in git's list
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="session")
def context(shipped: Path, outside: Path) -> Path:
    """What Docker gets of it."""
    folder = outside / "context"
    for path in sent(shipped):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(shipped / path, folder / path)
    return folder


@pytest.fixture(scope="session")
def image(context: Path, shipped: Path, outside: Path) -> Path:
    """The root of the image that the Dockerfile makes."""
    tools = outside / "tools"
    tools.mkdir()
    for name, command in (("python", base_python()), ("pip", f"{sys.executable} -m pip")):
        (tools / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (tools / name).chmod(0o755)
    build(steps_of(shipped / "Dockerfile"), context, outside / "image", tools)
    return outside / "image"


@pytest.fixture(scope="session")
def space(shipped: Path, outside: Path) -> Path:
    """The folder that deploy/huggingface/prepare.sh fills."""
    script = ["sh", "shipped/deploy/huggingface/prepare.sh", "space"]
    subprocess.run(script, cwd=outside, check=True)
    return outside / "space"


@pytest.fixture(scope="session")
def place(shipped: Path, image: Path, space: Path, outside: Path) -> Place:
    """Where the targets start."""
    return Place(shipped, image, space, outside / "home")


@pytest.fixture(scope="session")
def read_only() -> bool:
    """Whether the image can be started with nothing to write to but /dev/shm."""
    return can_be_read_only()


def base_python() -> str:
    """A Python that the image's user may start: this one, or the system's."""
    found = [os.path.realpath(sys.executable), "/usr/local/bin/python3", "/usr/bin/python3"]
    if os.geteuid() != 0:
        return found[0]
    for path in found:
        try:
            if not subprocess.run([path, "-c", NEW_ENOUGH], user=USER, group=USER).returncode:
                return path
        except OSError:
            continue  # it is not there, or in a folder of another user
    pytest.skip("no Python here may be started by another user")
