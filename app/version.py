"""Which version of this program runs, and which commit."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

VERSION = "1.0.0"

# Platforms tell the commit in these variables: Heroku (with runtime-dyno-metadata), Render,
# Railway, Koyeb, Scalingo, Dokku.
VARIABLES = (
    *("HEROKU_BUILD_COMMIT", "HEROKU_SLUG_COMMIT", "RENDER_GIT_COMMIT", "RAILWAY_GIT_COMMIT_SHA"),
    *("KOYEB_GIT_SHA", "SOURCE_VERSION", "GIT_REV"),
)
HASH = re.compile(r"[0-9a-f]{7,64}")


def commit_from(environment: Mapping[str, str], folder: Path) -> str | None:
    """The hash of the commit that runs, from a platform's variable or from the folder's .git.

    None where neither tells it. The git program is not needed.
    """
    for name in VARIABLES:
        if HASH.fullmatch(found := environment.get(name, "")):
            return found
    with suppress(OSError, UnicodeError):
        return _head(folder / ".git")
    return None


def _head(git: Path) -> str | None:
    """The commit that is checked out; OSError where the folder cannot be read.

    Git's manual page gitrepository-layout describes the files.
    """
    if git.is_file():  # of a second working tree: it names the folder
        git = git.parent / git.read_text().removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text().strip()
    if head.startswith("ref:"):
        head = _commit_of(git, head.removeprefix("ref:").strip())
    return head if HASH.fullmatch(head) else None


def _commit_of(git: Path, branch: str) -> str:
    """The commit of a branch such as refs/heads/main: in a file of its own, or in the list."""
    common = git / "commondir"
    shared = git / common.read_text().strip() if common.exists() else git
    for folder in (git, shared):
        if (folder / branch).is_file():
            return (folder / branch).read_text().strip()
    for line in (shared / "packed-refs").read_text().splitlines():
        commit, _, name = line.partition(" ")
        if name == branch:
            return commit
    return ""
