"""Settings and fixtures for every test."""

import os

# As in train.py and gunicorn.conf.py, before NumPy is imported. On a busy machine BLAS threads wait
# for each other, which makes these small products ten times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import pytest

from tests.notebooks import FOLDERS


@pytest.fixture
def jupyter_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter, IPython and Matplotlib write their files into the test's own folder."""
    for name in FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name))
