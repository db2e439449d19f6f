"""Fixtures of several tests of data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model.data.fileserver import FileServer, serving


@pytest.fixture
def file_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A file server on loopback that misbehaves on request, reached without any proxy."""
    monkeypatch.setenv("no_proxy", "*")
    with serving() as server:
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a download is to end."""
    return tmp_path / "gzip.zip"
