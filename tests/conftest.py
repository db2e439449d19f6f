"""For every test."""

import os

# As train.py and gunicorn.conf.py have it, and before NumPy is imported: BLAS threads that
# wait for each other on a busy machine make these small products ten times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import pytest

from tests.notebooks import FOLDERS


@pytest.fixture
def jupyter_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Jupyter and its friends write, they write into this test's own folder."""
    for name in FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name))
