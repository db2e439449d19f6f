"""Which commit runs: by a platform's variable, or by the files of git, without the git program."""

import subprocess
from pathlib import Path

import pytest

from app.version import VARIABLES, commit_from

HASH = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("name", VARIABLES)
def test_the_platform_tells_it(tmp_path: Path, name: str) -> None:
    assert commit_from({name: HASH}, tmp_path) == HASH


@pytest.mark.parametrize("found", ["", "main", "<script>", HASH.upper(), HASH + "\n"])
def test_what_is_no_hash_is_not_told(tmp_path: Path, found: str) -> None:
    assert commit_from(dict.fromkeys(VARIABLES, found), tmp_path) is None


def test_without_git_it_is_unknown(tmp_path: Path) -> None:
    assert commit_from({}, tmp_path) is None


def git(folder: Path, *command: str) -> str:
    setting = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    run = subprocess.run(
        ["git", *setting, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    return run.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder of git with one commit."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "feature/one")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "One")
    return folder


@pytest.mark.parametrize("state", [(), ("pack-refs", "--all"), ("checkout", "-q", "--detach")])
def test_git_tells_it(clone: Path, state: tuple[str, ...]) -> None:
    if state:
        git(clone, *state)
    assert commit_from({}, clone) == git(clone, "rev-parse", "HEAD")


@pytest.mark.parametrize("is_packed", [False, True])
def test_git_tells_it_in_a_second_working_tree(clone: Path, is_packed: bool) -> None:
    tree = clone.parent / "tree"
    git(clone, "worktree", "add", "--quiet", "-b", "two", str(tree))
    git(tree, "commit", "--quiet", "--allow-empty", "--message", "Two")
    if is_packed:
        git(clone, "pack-refs", "--all")
    assert commit_from({}, tree) == git(tree, "rev-parse", "HEAD")
    assert commit_from({}, tree) != commit_from({}, clone)


def test_a_folder_without_a_commit_is_unknown(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert commit_from({}, tmp_path) is None
